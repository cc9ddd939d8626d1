//! Layout of a module: indents, blanks around operators, case of keywords. Comments and the insides of
//! strings are never touched, line ends stay what they are, and formatting twice changes nothing more.

mod frozen;
mod indent;
mod keyword;
mod layout;
mod on_type;
mod spacing;
mod units;

use base::{CancelToken, Edit, TextRange, apply_edits, same_name};
use syntax::{Document, Token};

use crate::code::Code;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Indent {
    Tab,
    Spaces(u8),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormatOptions {
    pub indent: Indent,
    /// Give keywords their canonical spelling.
    pub canonical_keywords: bool,
    /// Spell `И`, `ИЛИ`, `НЕ` in capitals.
    pub upper_case_operators: bool,
    pub trim_trailing_whitespace: bool,
    pub insert_final_newline: bool,
}

/// Minimal edits that lay out the module, or the lines that `range` touches. What a parser makes of broken
/// code may depend on blanks, so there the result is parsed again: no edits if it would not be stable.
pub fn format(
    document: &Document,
    range: Option<TextRange>,
    options: &FormatOptions,
    token: &CancelToken,
) -> Vec<Edit> {
    let code = Code::new(document);
    let bounds = match range {
        Some(range) => whole_lines(&code, range),
        None => TextRange::from(0..code.text().len()),
    };
    let edits = layout::layout(&code, bounds, options, token);
    let is_safe = !frozen::is_broken(code.tree()) || {
        let document = Document::new(&apply_edits(code.text(), edits.clone()).0);
        let result = Code::new(&document);
        let again = TextRange::from(0..result.text().len());
        is_same_code(&code, &result)
            && (range.is_some() || layout::layout(&result, again, options, token).is_empty())
    };
    if is_safe { edits } else { Vec::new() }
}

/// Edits after `typed` (`;` or a line end) was inserted right before `offset`.
pub fn format_on_type(document: &Document, offset: u32, typed: char, options: &FormatOptions) -> Vec<Edit> {
    let code = Code::new(document);
    match typed {
        ';' => on_type::after_semicolon(&code, offset, options),
        '\n' | '\r' => on_type::after_line_end(&code, offset, options),
        _ => Vec::new(),
    }
}

/// The lines that a range touches; a line that is selected only up to its start is not one of them.
fn whole_lines(code: &Code<'_>, range: TextRange) -> TextRange {
    let tree = code.tree();
    let first = tree.line_of(range.start);
    let mut last = tree.line_of(range.end);
    let is_at_start = tree.line_starts().get(last as usize) == Some(&range.end);
    if is_at_start && last > first {
        last -= 1;
    }
    let start = tree.line_starts().get(first as usize).copied().unwrap_or_default();
    TextRange { start, end: code.line_end(last).max(start) }
}

/// True if two texts have the same tokens, the case of keywords apart, and the second no new errors.
fn is_same_code(before: &Code<'_>, after: &Code<'_>) -> bool {
    let (old, new) = (before.tree().tokens(), after.tree().tokens());
    let is_same = |(old, new): (&Token, &Token)| {
        let old_text = before.source().token_text(old).trim_end();
        let new_text = after.source().token_text(new).trim_end();
        let is_same_text =
            if old.kind.is_keyword() { same_name(old_text, new_text) } else { old_text == new_text };
        old.kind == new.kind && is_same_text
    };
    after.tree().errors().len() <= before.tree().errors().len()
        && old.len() == new.len()
        && old.iter().zip(new).all(is_same)
}
