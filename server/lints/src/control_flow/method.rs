//! What several rules ask of a method.

use base::TextRange;
use syntax::{NodeId, NodeKind, Role, SyntaxErrorKind, SyntaxTree, TokenKind};

use crate::control_flow::statements;

/// The closing keyword was typed.
pub(crate) fn is_complete(tree: &SyntaxTree, method: NodeId) -> bool {
    tree.last_token(method)
        .is_some_and(|token| matches!(token.kind, TokenKind::EndProcedure | TokenKind::EndFunction))
}

/// Place of the name of a method that has a closing keyword.
pub(crate) fn complete_method_name(tree: &SyntaxTree, method: NodeId) -> Option<TextRange> {
    let name = tree.child(method, Role::Name)?;
    is_complete(tree, method).then(|| tree.range(name))
}

/// Return statements of a method; those with a syntax error too.
pub(crate) fn returns(tree: &SyntaxTree, method: NodeId) -> impl Iterator<Item = NodeId> {
    statements(tree, method).filter(|node| tree.kind(*node) == NodeKind::Return)
}

/// No text is missing or left over that would change which statement lies in which.
pub(crate) fn is_well_nested(tree: &SyntaxTree, range: TextRange) -> bool {
    !tree.errors().iter().any(|error| {
        let is_about_nesting = match error.kind {
            SyntaxErrorKind::Unexpected => true,
            SyntaxErrorKind::Missing(kind) => {
                matches!(kind, TokenKind::EndIf | TokenKind::EndDo | TokenKind::EndTry | TokenKind::Except)
            }
            _ => false,
        };
        is_about_nesting && range.touches(error.range.start)
    })
}
