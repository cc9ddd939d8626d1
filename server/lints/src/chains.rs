//! Chains of accesses: a name, a global call, a constructor or a ternary operator with the properties, indexes and
//! calls that follow it.

use syntax::{NodeId, NodeKind, Role, SyntaxTree};

/// What a chain is for the statement around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChainPlace {
    /// An operand of an expression.
    Operand,
    /// A statement of its own.
    Statement,
    /// What an assignment changes.
    Target,
}

/// The whole chain around its head or around one of its parts.
pub(crate) fn chain_around(tree: &SyntaxTree, part: NodeId) -> NodeId {
    let mut chain = part;
    while matches!(tree.node(chain).role, Role::Object | Role::Function)
        && let Some(parent) = tree.parent(chain)
    {
        chain = parent;
    }
    chain
}

pub(crate) fn chain_place(tree: &SyntaxTree, chain: NodeId) -> ChainPlace {
    match tree.parent(chain).map(|parent| tree.kind(parent)) {
        Some(NodeKind::ExpressionStatement) => ChainPlace::Statement,
        Some(NodeKind::Assignment) if tree.node(chain).role == Role::Left => ChainPlace::Target,
        _ => ChainPlace::Operand,
    }
}

/// What a chain starts with.
pub(crate) fn chain_head(tree: &SyntaxTree, chain: NodeId) -> NodeId {
    let mut node = chain;
    loop {
        let next = match tree.kind(node) {
            NodeKind::Member | NodeKind::Index => tree.child(node, Role::Object),
            NodeKind::Call => {
                tree.child(node, Role::Function).filter(|function| tree.kind(*function) != NodeKind::Name)
            }
            _ => None,
        };
        match next {
            Some(inner) => node = inner,
            None => return node,
        }
    }
}

/// False for literals, for what starts with a parenthesis and for what is waited for.
pub(crate) fn is_chain(tree: &SyntaxTree, operand: NodeId) -> bool {
    let head = tree.kind(chain_head(tree, operand));
    matches!(head, NodeKind::Name | NodeKind::Call | NodeKind::New | NodeKind::Ternary)
}

/// True for a node that a chain starts with; the chain may be nothing else.
pub(crate) fn is_chain_start(tree: &SyntaxTree, node: NodeId) -> bool {
    let is_part = |node: NodeId| {
        matches!(
            tree.node(node).role,
            Role::Name | Role::Property | Role::Type | Role::Variable | Role::Function
        )
    };
    match tree.kind(node) {
        NodeKind::Name => !is_part(node),
        NodeKind::Call => {
            tree.child(node, Role::Function).is_some_and(|function| tree.kind(function) == NodeKind::Name)
        }
        NodeKind::New | NodeKind::Ternary => true,
        _ => false,
    }
}
