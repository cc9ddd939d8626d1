//! What every engine can do, here or elsewhere: continue a text, and tell how likely given continuations are.

mod candle;
mod choose;
mod decode;
mod distribution;
#[cfg(test)]
pub(crate) mod fake;
mod healing;
mod language_model;
mod local;
mod mailbox;
mod memories;
mod path;
mod replay;
mod scoring;
mod status;
mod table;
#[cfg(test)]
mod tests;
mod watch;
mod worker;

use std::time::Instant;

use base::CancelToken;

use crate::{Context, Extent};

pub(crate) use candle::weights_size;
pub use candle::{CandleModel, ModelOptions, ModelSource, load};
pub use language_model::{LanguageModel, TokenMemory};
pub use local::{EngineOptions, Loaded, LocalEngine};
pub use replay::{ReplayReport, replay};
pub use status::{EngineState, EngineStatus, ModelFacts};

/// Continues text. Calls block; the binary makes them off its protocol task. An engine works on one request at a time
/// and the newest wins: an older one is answered with what it has and [`Finish::Cancelled`].
pub trait Engine: Send + Sync {
    /// Name and size for people: status, logs, `strizh model`.
    fn describe(&self) -> String;

    /// Continuations of the text at the caret, the most likely first, none if nothing is to be added. When the work
    /// was stopped before there was any text, one without text tells why.
    fn complete(
        &self,
        context: &Context,
        limits: &Limits,
        cancel: &CancelToken,
    ) -> Result<Vec<Generated>, EngineError>;

    /// For each candidate (text put in place of the last `replaced` bytes before the caret) how likely it is.
    /// `None` where the engine cannot tell.
    fn score(
        &self,
        context: &Context,
        candidates: &[(String, usize)],
        cancel: &CancelToken,
    ) -> Result<Vec<Option<Score>>, EngineError>;

    /// Reads the context in idle time, so that the next request only appends to it.
    fn warm(&self, context: &Context, cancel: &CancelToken);
}

/// Where generation ends at the latest.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub extent: Extent,
    pub max_tokens: usize,
    /// How many different continuations are wanted; more than one costs more.
    pub candidates: usize,
    /// Then what is there is returned with [`Finish::Deadline`].
    pub deadline: Option<Instant>,
}

/// One continuation as the engine made it, not yet checked by anybody.
#[derive(Clone, Debug, PartialEq)]
pub struct Generated {
    /// Begins with what was typed of the current word (token healing may have changed its letter case).
    pub text: String,
    /// How many bytes before the caret `text` replaces.
    pub replaced: usize,
    pub score: Score,
    pub finish: Finish,
}

/// How likely a continuation is, by the unmasked distribution of the model.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Score {
    /// Sum of the natural logarithms of the probabilities of its tokens, the end of the continuation included.
    pub log_probability: f32,
    pub tokens: usize,
    /// The least likely token's natural logarithm.
    pub weakest: f32,
    /// How likely the typed part of the current word was, as a natural logarithm, zero if there was none. What was
    /// typed is certain, so `log_probability - typed` is about what was not.
    pub typed: f32,
}

/// Why generation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finish {
    /// The model ended it, or the wanted extent was reached.
    Complete,
    /// `max_tokens`, or the window of the model.
    Limit,
    Deadline,
    Cancelled,
}

/// Why there is no answer. Messages are for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EngineError {
    /// Not loaded yet.
    NotReady,
    /// Switched off for now after failures.
    Unavailable(String),
    Failed(String),
}

impl std::fmt::Display for EngineError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotReady => formatter.write_str("the model is still loading"),
            Self::Unavailable(why) => write!(formatter, "the engine is switched off for now: {why}"),
            Self::Failed(why) => write!(formatter, "the engine failed: {why}"),
        }
    }
}

impl std::error::Error for EngineError {}
