//! Loops over collections whose body does not use the element.

use base::TextRange;
use smol_str::SmolStr;
use syntax::{NodeId, NodeKind, Role, Source, TokenKind};

/// Name of a loop variable as it is written in the header.
#[derive(Clone, Debug)]
pub(crate) struct IteratorFact {
    pub name: SmolStr,
    pub range: TextRange,
}

/// The variable of a for-each loop that its body does not use. Nothing is said about broken loops.
pub(crate) fn unused_iterator(source: Source<'_>, each: NodeId) -> Option<IteratorFact> {
    let tree = source.tree;
    let variable = tree.child(each, Role::Variable)?;
    let body = tree.child_of_kind(each, NodeKind::Block)?;
    let name = source.node_text(variable);
    let is_complete = tree.last_token(each).is_some_and(|token| token.kind == TokenKind::EndDo);
    let is_broken =
        || tree.node(each).has_error && tree.descendants(each).any(|node| tree.kind(node) == NodeKind::Error);
    let is_head = |node: NodeId| {
        let node = tree.node(node);
        let is_declared_or_called =
            matches!(node.role, Role::Property | Role::Function | Role::Type | Role::Name | Role::Variable);
        node.kind == NodeKind::Name && !is_declared_or_called
    };
    let is_used =
        || tree.descendants(body).any(|node| is_head(node) && base::same_name(source.node_text(node), name));
    (is_complete && !is_broken() && !is_used())
        .then(|| IteratorFact { name: SmolStr::new(name), range: tree.range(variable) })
}
