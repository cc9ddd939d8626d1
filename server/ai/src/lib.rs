//! Completion of code by a small language model that runs here, offline: the engine on candle, LoRA, the index of a
//! project's own lines, optional remote engines, caches, and how all of them are joined and measured.
//!
//! The crate knows nothing of documents, trees or the protocol: whoever asks hands in a [`Context`] and an
//! [`Acceptor`] and gets [`Suggestion`]s.

pub mod cache;
mod completer;
mod context;
pub mod embedded;
pub mod engine;
pub mod eval;
pub mod files;
mod filter;
pub mod finetune;
mod lines;
pub mod lora;
pub mod model;
mod prompt;
pub mod pull;
pub mod remote;
pub mod router;
pub mod similar;
mod suggestion;
mod tokenizer;

pub use completer::{
    Candidate, Coefficients, Completer, FEATURE_NAMES, FEATURES, Features, Ranking, Request, Sources,
};
pub use context::{Context, Place, Snippet, SnippetKind};
pub use engine::{
    Engine, EngineError, EngineOptions, EngineState, EngineStatus, Finish, Generated, LanguageModel, Limits,
    Loaded, LocalEngine, ModelFacts, ModelOptions, ModelSource, Score, TokenMemory,
};
pub use filter::{accept, clean};
pub use lines::{Asked, LineCandidate, ProjectLines};
pub use prompt::{Order, Prompt, PromptBuilder, PromptFormat, PromptFormatError, Typed};
pub use suggestion::{Acceptor, Extent, Source, Suggestion, Verdict};
pub use tokenizer::{Tokenizer, TokenizerError, WordCache};
