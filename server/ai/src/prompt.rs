//! What the model reads: the text around the caret as tokens, in the order the model was trained in.
//!
//! Typing must only append tokens, or everything after the change is computed again. So the text starts at an anchor
//! that seldom moves, what follows the caret is frozen while the caret stays on its line, and the last word is left
//! out and generated again (see [`Typed`]), because tokens rarely end where somebody stopped typing.

mod builder;
mod format;
#[cfg(test)]
mod tests;
mod text;
mod typed;

pub use builder::PromptBuilder;
pub use format::{Order, PromptFormat, PromptFormatError};
pub use typed::Typed;

/// Tokens for the model, and the text that its answer must begin with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prompt {
    pub tokens: Vec<u32>,
    pub typed: Typed,
}
