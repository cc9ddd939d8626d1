//! Blanks between two tokens on one line.

use syntax::{NodeKind, SyntaxTree, Token, TokenKind};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spacing {
    Nothing,
    One,
    AtLeastOne,
    AtMostOne,
    AsWritten,
}

impl Spacing {
    /// The text to put between the tokens.
    pub(crate) fn apply(self, gap: &str) -> &str {
        match self {
            Self::Nothing => "",
            Self::One => " ",
            Self::AtLeastOne if gap.is_empty() => " ",
            Self::AtMostOne if !gap.is_empty() => " ",
            Self::AtLeastOne | Self::AtMostOne | Self::AsWritten => gap,
        }
    }
}

/// What a sign is, where the sign alone does not tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SignRole {
    Plain,
    /// A minus or plus with one operand.
    Unary,
    /// Opens arguments or parameters.
    Call,
}

pub(crate) struct SpacingRules {
    roles: Vec<SignRole>,
}

impl SpacingRules {
    pub(crate) fn new(tree: &SyntaxTree) -> Self {
        let mut roles = vec![SignRole::Plain; tree.tokens().len()];
        for (id, node) in tree.nodes() {
            let role = match node.kind {
                NodeKind::Unary => SignRole::Unary,
                NodeKind::Arguments | NodeKind::Parameters | NodeKind::AnnotationArguments => SignRole::Call,
                _ => continue,
            };
            let span = tree.token_span(id);
            if !span.is_empty() {
                roles[span.start] = role;
            }
        }
        Self { roles }
    }

    /// Between the token at `index` and the one before it.
    pub(crate) fn before(&self, index: usize, previous: &Token, next: &Token) -> Spacing {
        match (previous.kind, next.kind) {
            (TokenKind::Unknown, _) => Spacing::AsWritten,
            (kind, _) if kind.is_directive() => Spacing::AsWritten,
            (_, TokenKind::Comment) => Spacing::AtLeastOne,
            // An omitted argument is written `А(, , Б)` or `А(,, Б)`.
            (TokenKind::Comma, TokenKind::Comma) => Spacing::AtMostOne,
            (_, kind) if kind.is_trivia() => Spacing::AsWritten,
            (
                _,
                TokenKind::Comma
                | TokenKind::Semicolon
                | TokenKind::RightParen
                | TokenKind::RightBracket
                | TokenKind::LeftBracket
                | TokenKind::Dot
                | TokenKind::Colon,
            ) => Spacing::Nothing,
            (
                TokenKind::LeftParen
                | TokenKind::LeftBracket
                | TokenKind::Dot
                | TokenKind::Ampersand
                | TokenKind::Tilde
                | TokenKind::Question,
                _,
            ) => Spacing::Nothing,
            (TokenKind::Minus | TokenKind::Plus, _) if self.roles[index - 1] == SignRole::Unary => {
                Spacing::Nothing
            }
            // Both `ВызватьИсключение(…)` and `ВызватьИсключение (…)` are common.
            (TokenKind::Raise | TokenKind::Execute, TokenKind::LeftParen) => Spacing::AtMostOne,
            (_, TokenKind::LeftParen) if self.roles[index] == SignRole::Call => Spacing::Nothing,
            _ => Spacing::One,
        }
    }
}
