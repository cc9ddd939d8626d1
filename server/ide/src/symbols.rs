//! Outline of a module: regions, methods, variables, nested as they stand in the text.

use base::{CancelToken, TextRange};
use syntax::Document;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SymbolKind {
    Region,
    Procedure,
    Function,
    Variable,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    pub name: String,
    /// Signature of a method, `Экспорт` and directive of a variable.
    pub detail: Option<String>,
    pub kind: SymbolKind,
    pub is_deprecated: bool,
    pub range: TextRange,
    /// The name, inside `range`.
    pub selection: TextRange,
    pub children: Vec<Symbol>,
}

pub fn document_symbols(_document: &Document, _token: &CancelToken) -> Vec<Symbol> {
    Vec::new()
}
