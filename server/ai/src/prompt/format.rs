//! In which order a model wants the parts of a prompt, and how much of each.

use crate::Tokenizer;

/// Which part comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Suffix, prefix, middle: prefix and middle are one text and typing only appends.
    SuffixFirst,
    /// Prefix, suffix, middle: the usual order of public models. The current line stands after the middle token, so
    /// that typing only appends here too.
    PrefixFirst,
    /// The model knows nothing of suffixes.
    Plain,
}

impl Order {
    /// By its name in the metadata of a model: `spm`, `psm`, `plain`.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "spm" => Some(Self::SuffixFirst),
            "psm" => Some(Self::PrefixFirst),
            "plain" => Some(Self::Plain),
            _ => None,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::SuffixFirst => "spm",
            Self::PrefixFirst => "psm",
            Self::Plain => "plain",
        }
    }
}

/// The shape of prompts of one model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromptFormat {
    pub order: Order,
    /// Tokens of prompt and answer together.
    pub window: usize,
    /// Of these, tokens kept for the answer.
    pub reserve: usize,
    pub suffix_tokens: usize,
    /// Tokens for snippets. None unless the model was trained with them or measures better with them.
    pub snippet_tokens: usize,
    pub(super) prefix_marker: Option<u32>,
    pub(super) suffix_marker: Option<u32>,
    pub(super) middle_marker: Option<u32>,
}

/// Why there is no such format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromptFormatError(&'static str);

impl std::fmt::Display for PromptFormatError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "the tokenizer has no token {}", self.0)
    }
}

impl std::error::Error for PromptFormatError {}

const OWN_WINDOW: usize = 512;
const OWN_SUFFIX: usize = 96;
const FOREIGN_WINDOW: usize = 1024;
const MIN_WINDOW: usize = 32;

impl PromptFormat {
    /// The format that fits a tokenizer: ours reads the suffix first, those of public models the prefix first.
    pub fn of(tokenizer: &Tokenizer) -> Self {
        let has = |name| tokenizer.special(name).is_some();
        let order = match (has("fim_suffix") && has("fim_middle"), tokenizer.has_own_splitter()) {
            (true, true) => Order::SuffixFirst,
            (true, false) if has("fim_prefix") => Order::PrefixFirst,
            _ => Order::Plain,
        };
        Self::new(tokenizer, order).unwrap_or_else(|_| Self::with_markers(tokenizer, Order::Plain))
    }

    /// A format in a given order; the markers it needs must exist.
    pub fn new(tokenizer: &Tokenizer, order: Order) -> Result<Self, PromptFormatError> {
        let format = Self::with_markers(tokenizer, order);
        let needed: &[(&'static str, Option<u32>)] = match order {
            Order::Plain => &[],
            Order::SuffixFirst => {
                &[("fim_suffix", format.suffix_marker), ("fim_middle", format.middle_marker)]
            }
            Order::PrefixFirst => &[
                ("fim_prefix", format.prefix_marker),
                ("fim_suffix", format.suffix_marker),
                ("fim_middle", format.middle_marker),
            ],
        };
        match needed.iter().find(|(_, marker)| marker.is_none()) {
            Some((name, _)) => Err(PromptFormatError(name)),
            None => Ok(format),
        }
    }

    fn with_markers(tokenizer: &Tokenizer, order: Order) -> Self {
        let is_own = tokenizer.has_own_splitter();
        let window = if is_own { OWN_WINDOW } else { FOREIGN_WINDOW };
        Self {
            order,
            window,
            reserve: window / 8,
            suffix_tokens: if is_own { OWN_SUFFIX } else { window / 4 },
            snippet_tokens: 0,
            prefix_marker: tokenizer.special("fim_prefix"),
            suffix_marker: tokenizer.special("fim_suffix"),
            middle_marker: tokenizer.special("fim_middle"),
        }
    }

    /// The same with another window, and parts of it that fit.
    #[must_use]
    pub fn with_window(mut self, window: usize) -> Self {
        self.window = window.max(MIN_WINDOW);
        self.reserve = self.window / 8;
        self.suffix_tokens = self.suffix_tokens.min(self.window / 4);
        self.snippet_tokens = self.snippet_tokens.min(self.window / 4);
        self
    }

    /// Tokens for the text left of the caret.
    pub(super) fn prefix_budget(&self) -> usize {
        let markers = 3;
        let suffix = if self.order == Order::Plain { 0 } else { self.suffix_tokens };
        let others = self.reserve + suffix + self.snippet_tokens + markers;
        self.window.saturating_sub(others).max(MIN_WINDOW / 4)
    }
}
