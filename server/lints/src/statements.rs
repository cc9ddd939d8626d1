//! Statements in the order of their text, and directives that stand between them.

use base::TextRange;
use syntax::{NodeId, NodeKind, Role, Source, SyntaxTree, Token, TokenKind};

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

/// A statement with its whole lines, if it stands alone on them; a comment at the end goes with it. `None` if comments
/// above the keyword describe the statement.
pub(crate) fn statement_removal(source: Source<'_>, statement: NodeId, keyword: &Token) -> Option<TextRange> {
    let tree = source.tree;
    if !source.leading_comments(tree.token_at_or_after(keyword.start)).is_empty() {
        return None;
    }
    let range = tree.statement_range(statement);
    let first = tree.token_span(statement).start;
    let before = first.checked_sub(1).map(|index| tree.tokens()[index]);
    let last_line = tree.line_of(range.end) as usize;
    let behind = tree.tokens()[tree.token_at_or_after(range.end)..].iter();
    let mut on_line = behind.take_while(|token| token.line as usize == last_line);
    let is_alone = on_line.all(|token| token.kind == TokenKind::Comment);
    let first_line = tree.tokens().get(first)?.line;
    if !is_alone || before.is_some_and(|token| tree.line_of(token.end) == first_line) {
        return Some(range);
    }
    let line_starts = tree.line_starts();
    let start = *line_starts.get(first_line as usize)?;
    Some(TextRange {
        start,
        end: line_starts.get(last_line + 1).map_or(source.text.len() as u32, |end| *end),
    })
}
