//! Layout of a module: indents, blanks around operators, case of keywords. Comments and the insides of
//! strings are never touched, line ends stay what they are, and formatting twice changes nothing more.

use base::{CancelToken, Edit, TextRange};
use syntax::Document;

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
    _document: &Document,
    _range: Option<TextRange>,
    _options: &FormatOptions,
    _token: &CancelToken,
) -> Vec<Edit> {
    Vec::new()
}

/// Edits after `typed` (`;` or a line end) was inserted right before `offset`.
pub fn format_on_type(
    _document: &Document,
    _offset: u32,
    _typed: char,
    _options: &FormatOptions,
) -> Vec<Edit> {
    Vec::new()
}
