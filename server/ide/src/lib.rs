//! What an editor may ask about a module. Plain values with byte ranges; no protocol types, no IO.

mod code;
mod directives;
mod folding;
mod formatting;
mod highlights;
mod names;
mod selection;
mod semantic_tokens;
mod symbols;
#[cfg(test)]
mod tests;

pub use folding::{Fold, FoldKind, folding_ranges};
pub use formatting::{FormatOptions, Indent, format, format_on_type};
pub use highlights::{Highlight, HighlightKind, document_highlights};
pub use selection::selection_ranges;
pub use semantic_tokens::{SemanticToken, SemanticTokenKind, SemanticTokenModifiers, semantic_tokens};
pub use symbols::{Symbol, SymbolKind, document_symbols};
