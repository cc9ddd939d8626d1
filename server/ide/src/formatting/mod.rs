//! Layout of a module: indents, blanks around operators, case of keywords. Comments and the insides of
//! strings are never touched, line ends stay what they are, and formatting twice changes nothing more.

mod frozen;
mod indent;
mod keyword;
mod layout;
mod on_type;
mod spacing;
mod units;

use base::{CancelToken, Edit, TextRange};
use syntax::Document;

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

/// Minimal edits that lay out the module, or the lines that `range` touches.
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
    layout::layout(&code, bounds, options, token)
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
fn whole_lines(code: &Code, range: TextRange) -> TextRange {
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
