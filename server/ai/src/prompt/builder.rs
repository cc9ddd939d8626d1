//! Builds the prompts of one document so that each shares as much as possible with the one before.

use super::format::{Order, PromptFormat};
use super::text::{common_prefix, head, line_start, normalize, tail};
use super::typed::Typed;
use super::{Prompt, text};
use crate::{Context, Place, Tokenizer, WordCache};

/// Bytes of text worth looking at for each token of the budget.
const MAX_BYTES_PER_TOKEN: usize = 24;
/// The anchor is recognized by this much text.
const LANDMARK_BYTES: usize = 96;
/// Less in common does not make it worth to keep an anchor.
const MIN_COMMON_BYTES: usize = 32;
const MAX_SNIPPET_BYTES: usize = 2000;

/// Remembers what the last prompt of a document was made of.
#[derive(Default)]
pub struct PromptBuilder {
    /// Text from the anchor to the caret.
    anchored: String,
    suffix: Option<FrozenSuffix>,
    snippets: Vec<u32>,
    cache: WordCache,
    /// Buffers.
    text: String,
    tokens: Vec<u32>,
}

/// The text right of the caret as it was when the caret came to its line.
struct FrozenSuffix {
    /// What tells the line again: the text before it and after it.
    lines_above: String,
    rest_of_line: String,
    below: String,
    tokens: Vec<u32>,
}

impl PromptBuilder {
    /// The prompt for a place. What was typed since the last prompt is appended to it, if possible.
    pub fn build(&mut self, tokenizer: &Tokenizer, format: &PromptFormat, context: &Context) -> Prompt {
        let budget = format.prefix_budget();
        let mut text = std::mem::take(&mut self.text);
        text.clear();
        let whole = tail(&context.prefix, budget * MAX_BYTES_PER_TOKEN);
        normalize(whole, &mut text);
        self.freeze(tokenizer, format, &text, context);
        let line = line_start(&text, text.len());
        let mut typed = Typed::of(&text[line..], tokenizer.has_own_splitter());
        if format.order == Order::PrefixFirst && text[line..].trim().is_empty() {
            typed = Typed { text: text[line..].to_owned(), word: text.len() - line, ..Typed::default() };
        }
        typed.is_prose = !matches!(context.place, Place::Code | Place::Query);
        let end = text.len() - typed.text.len();
        let start = self.anchor(tokenizer, budget, &text, end);
        self.anchored.clear();
        self.anchored.push_str(&text[start..]);
        self.text = text;
        let tokens = self.assemble(tokenizer, format, start, line.clamp(start, end), end);
        Prompt { tokens, typed }
    }

    /// Keeps the suffix while the caret stays on its line and the rest of the line is what it was, but for brackets
    /// and quotes that editors insert.
    fn freeze(&mut self, tokenizer: &Tokenizer, format: &PromptFormat, prefix: &str, context: &Context) {
        if format.order == Order::Plain {
            return;
        }
        let most = format.suffix_tokens * MAX_BYTES_PER_TOKEN;
        let rest_end = context.suffix.find('\n').unwrap_or(context.suffix.len());
        let (rest, below) = context.suffix.split_at(rest_end);
        let mut suffix = String::new();
        normalize(head(rest, most), &mut suffix);
        suffix.truncate(suffix.trim_end().len());
        let rest_end = suffix.len();
        normalize(head(below, most), &mut suffix);
        let (rest, below) = suffix.split_at(rest_end);
        let above = tail(&prefix[..line_start(prefix, prefix.len())], LANDMARK_BYTES);
        if let Some(frozen) = &self.suffix {
            let is_same_rest =
                without_closers(rest) == without_closers(&frozen.rest_of_line) || is_typed_over(rest, frozen);
            if frozen.lines_above == above && frozen.below == below && is_same_rest {
                return;
            }
        }
        let mut tokens = Vec::new();
        tokenizer.encode_with(&suffix, &mut self.cache, &mut tokens);
        tokens.truncate(format.suffix_tokens);
        self.suffix = Some(FrozenSuffix {
            lines_above: above.to_owned(),
            rest_of_line: rest.to_owned(),
            below: below.to_owned(),
            tokens,
        });
        self.snippets.clear();
        self.add_snippets(tokenizer, format, context);
    }

    /// Snippets are comments before the text, as many whole ones as fit.
    fn add_snippets(&mut self, tokenizer: &Tokenizer, format: &PromptFormat, context: &Context) {
        let mut comment = String::new();
        for snippet in &context.snippets {
            comment.clear();
            for line in head(&snippet.text, MAX_SNIPPET_BYTES).lines() {
                comment.push_str("// ");
                comment.push_str(line.trim());
                comment.push('\n');
            }
            self.tokens.clear();
            tokenizer.encode_with(&comment, &mut self.cache, &mut self.tokens);
            if self.snippets.len() + self.tokens.len() <= format.snippet_tokens {
                self.snippets.extend_from_slice(&self.tokens);
            }
        }
    }

    /// Where the text starts: where it did before, unless that is too far or too near.
    fn anchor(&mut self, tokenizer: &Tokenizer, budget: usize, text: &str, end: usize) -> usize {
        if let Some(start) = self.old_anchor(text).filter(|start| *start <= end) {
            let tokens = self.count(tokenizer, &text[start..end]);
            let is_near = tokens < budget / 4 && start > 0;
            if tokens <= budget && !is_near {
                return start;
            }
            if tokens > budget {
                return self.start_for(tokenizer, budget / 2, text, end);
            }
        }
        self.start_for(tokenizer, budget - budget / 4, text, end)
    }

    /// The place of the last anchor in a new text: where the landmark is and most of the old text follows.
    fn old_anchor(&self, text: &str) -> Option<usize> {
        let landmark = head(&self.anchored, LANDMARK_BYTES);
        if landmark.len() < MIN_COMMON_BYTES {
            return None;
        }
        let found = text.match_indices(landmark).map(|(start, _)| start);
        found.max_by_key(|start| common_prefix(&text[*start..], &self.anchored))
    }

    /// The first line start from which at most `budget` tokens lead to the caret, or a place within the only line.
    fn start_for(&mut self, tokenizer: &Tokenizer, budget: usize, text: &str, end: usize) -> usize {
        let mut start = end;
        let mut tokens = 0;
        loop {
            // A line break belongs to the line after it: there our splitter always cuts.
            let line_break = text[..start].rfind('\n').unwrap_or(0);
            tokens += self.count(tokenizer, &text[line_break..start]);
            if tokens > budget {
                break;
            }
            start = line_break;
            if start == 0 {
                return 0;
            }
        }
        if start < end {
            return start + 1;
        }
        let line = text::line_start(text, end);
        let mut from = line;
        while self.count(tokenizer, &text[from..end]) > budget {
            from = text::next_boundary(text, from + (end - from).div_ceil(2));
        }
        from
    }

    fn count(&mut self, tokenizer: &Tokenizer, text: &str) -> usize {
        self.tokens.clear();
        tokenizer.encode_with(text, &mut self.cache, &mut self.tokens);
        self.tokens.len()
    }

    /// Puts the parts together: text from `start` to `end`, of which the current line begins at `line`.
    fn assemble(
        &mut self,
        tokenizer: &Tokenizer,
        format: &PromptFormat,
        start: usize,
        line: usize,
        end: usize,
    ) -> Vec<u32> {
        let mut tokens = Vec::with_capacity(format.window);
        let suffix = self.suffix.as_ref().map_or(&[][..], |suffix| &suffix.tokens);
        match format.order {
            Order::Plain => {}
            Order::SuffixFirst => {
                tokens.extend(format.suffix_marker);
                tokens.extend_from_slice(suffix);
                tokens.extend(format.middle_marker);
            }
            Order::PrefixFirst => tokens.extend(format.prefix_marker),
        }
        tokens.extend_from_slice(&self.snippets);
        if format.order == Order::PrefixFirst {
            tokenizer.encode_with(&self.text[start..line], &mut self.cache, &mut tokens);
            tokens.extend(format.suffix_marker);
            tokens.extend_from_slice(suffix);
            tokens.extend(format.middle_marker);
            tokenizer.encode_with(&self.text[line..end], &mut self.cache, &mut tokens);
        } else {
            tokenizer.encode_with(&self.text[start..end], &mut self.cache, &mut tokens);
        }
        if tokens.is_empty() {
            // Nothing to read: a model needs one token to begin with.
            tokens.push(tokenizer.special("endoftext").unwrap_or_default());
        }
        tokens
    }
}

/// The rest of a line without what editors insert by themselves.
fn without_closers(rest: &str) -> &str {
    rest.trim_start_matches([')', ']', '"', ' ', '\t']).trim_end()
}

/// Whether the caret only moved on within the line.
fn is_typed_over(rest: &str, frozen: &FrozenSuffix) -> bool {
    !rest.is_empty() && frozen.rest_of_line.ends_with(rest)
}
