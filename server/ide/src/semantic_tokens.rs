//! Colours by meaning.

use base::{CancelToken, TextRange};
use syntax::Document;

/// Kinds in the order of the legend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SemanticTokenKind {
    Keyword,
    Comment,
    String,
    Number,
    Operator,
    Function,
    Method,
    Parameter,
    Variable,
    Property,
    Class,
    Decorator,
    Macro,
    Namespace,
    Label,
}

impl SemanticTokenKind {
    pub const ALL: [Self; 15] = [
        Self::Keyword,
        Self::Comment,
        Self::String,
        Self::Number,
        Self::Operator,
        Self::Function,
        Self::Method,
        Self::Parameter,
        Self::Variable,
        Self::Property,
        Self::Class,
        Self::Decorator,
        Self::Macro,
        Self::Namespace,
        Self::Label,
    ];
}

/// Bit set of modifiers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SemanticTokenModifiers(pub u32);

impl SemanticTokenModifiers {
    pub const DECLARATION: Self = Self(1);
    pub const DOCUMENTATION: Self = Self(2);
    pub const DEFAULT_LIBRARY: Self = Self(4);
    /// Names of the bits, lowest first.
    pub const NAMES: [&'static str; 3] = ["declaration", "documentation", "defaultLibrary"];
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SemanticToken {
    /// Never spans lines.
    pub range: TextRange,
    pub kind: SemanticTokenKind,
    pub modifiers: SemanticTokenModifiers,
}

/// Tokens sorted by position, of the whole module or of those lines that `range` touches.
pub fn semantic_tokens(
    _document: &Document,
    _range: Option<TextRange>,
    _token: &CancelToken,
) -> Vec<SemanticToken> {
    Vec::new()
}
