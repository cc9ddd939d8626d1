//! Other occurrences of what stands under the cursor: a name in its scope, or the keywords of one statement.

mod keywords;
mod occurrences;

use base::TextRange;
use syntax::{Document, TokenKind};

use crate::code::Code;
use crate::directives::directive_chains;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HighlightKind {
    Text,
    Read,
    Write,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Highlight {
    pub range: TextRange,
    pub kind: HighlightKind,
}

/// Highlights sorted by position; empty when nothing meaningful stands at the offset.
pub fn document_highlights(document: &Document, offset: u32) -> Vec<Highlight> {
    let code = Code::new(document);
    let Some(index) = code.word_at(offset) else { return Vec::new() };
    let token = code.tree().tokens()[index];
    let mut highlights = match token.kind {
        TokenKind::Identifier => occurrences::occurrences(&code, index),
        kind if kind.is_keyword() => keywords::paired_keywords(&code, index),
        kind if kind.is_directive() => paired_directives(&code, index),
        _ => Vec::new(),
    };
    highlights.sort_by_key(|highlight| highlight.range);
    highlights
}

fn paired_directives(code: &Code<'_>, index: usize) -> Vec<Highlight> {
    let chains = directive_chains(code.tree());
    let Some(chain) = chains.iter().find(|chain| chain.tokens.contains(&index)) else { return Vec::new() };
    let ranges = chain.tokens.iter().map(|index| code.trimmed(&code.tree().tokens()[*index]));
    ranges.map(|range| Highlight { range, kind: HighlightKind::Text }).collect()
}
