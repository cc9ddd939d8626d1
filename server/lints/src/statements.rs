//! Statements in the order of their text, and directives that stand between them.

use syntax::{NodeId, NodeKind, Role, SyntaxTree, TokenKind};

/// What comes after a statement in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// A statement, at any level; a directive line counts as one and has no node.
    Statement(Option<NodeId>),
    /// The except part of a try, before any statement.
    Except,
    /// The end of the method or of the module.
    End,
}

/// True for directive lines that rules treat as statements.
pub(crate) fn is_instruction(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::DirectiveRegion
            | TokenKind::DirectiveEndRegion
            | TokenKind::DirectiveIf
            | TokenKind::DirectiveElsif
            | TokenKind::DirectiveElse
            | TokenKind::DirectiveEndIf
    )
}

/// What follows a simple statement, up to the end of its method.
pub(crate) fn next_of(tree: &SyntaxTree, statement: NodeId) -> Next {
    let mut next = Next::End;
    let mut first_token = tree.tokens().len();
    let after = tree.subtree_end(statement).0..tree.nodes().len() as u32;
    for id in after.map(NodeId) {
        let kind = tree.kind(id);
        if kind.is_statement() || kind == NodeKind::ExceptClause {
            next = if kind.is_statement() { Next::Statement(Some(id)) } else { Next::Except };
            first_token = tree.token_span(id).start;
            break;
        }
        if kind.is_method() {
            first_token = tree.token_span(id).start;
            break;
        }
    }
    let end = tree.token_span(statement).end;
    let between = tree.tokens().get(end..first_token).unwrap_or_default();
    let is_inside = |kind: TokenKind| !matches!(kind, TokenKind::EndProcedure | TokenKind::EndFunction);
    let mut kinds = between.iter().map(|token| token.kind).take_while(|kind| is_inside(*kind));
    if kinds.any(is_instruction) { Next::Statement(None) } else { next }
}

/// The global call that an expression statement starts with: the statement itself or the head of its
/// chain. A statement behind a label has none.
pub(crate) fn leading_global_call(tree: &SyntaxTree, statement: NodeId) -> Option<NodeId> {
    if tree.parent(statement).is_some_and(|parent| tree.kind(parent) == NodeKind::LabeledStatement) {
        return None;
    }
    let mut current = tree.children(statement).next()?;
    loop {
        current = match tree.kind(current) {
            NodeKind::Member | NodeKind::Index => tree.child(current, Role::Object)?,
            NodeKind::Call => {
                let function = tree.child(current, Role::Function)?;
                if tree.kind(function) == NodeKind::Name {
                    return Some(current);
                }
                function
            }
            _ => return None,
        };
    }
}
