//! A walk over statements that never looks into expressions: it touches a fraction of the nodes.

use syntax::{NodeId, NodeKind, SyntaxTree};

/// Statements and their clauses and blocks below a node, in document order. Text with syntax errors is
/// left out.
pub(crate) fn statements(tree: &SyntaxTree, node: NodeId) -> impl Iterator<Item = NodeId> {
    let end = tree.subtree_end(node);
    let mut next = NodeId(node.0 + 1);
    std::iter::from_fn(move || {
        while next < end {
            let current = next;
            let kind = tree.kind(current);
            next = if holds_statements(kind) { NodeId(current.0 + 1) } else { tree.subtree_end(current) };
            if kind.is_statement() || holds_statements(kind) {
                return Some(current);
            }
        }
        None
    })
}

fn holds_statements(kind: NodeKind) -> bool {
    kind.is_loop()
        || matches!(
            kind,
            NodeKind::Block
                | NodeKind::If
                | NodeKind::ElsifClause
                | NodeKind::ElseClause
                | NodeKind::Try
                | NodeKind::ExceptClause
                | NodeKind::LabeledStatement
        )
}
