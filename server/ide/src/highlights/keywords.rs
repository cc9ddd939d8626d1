//! Keywords that belong to one statement or method.

use syntax::{NodeId, NodeKind, SyntaxTree, Token, TokenKind};

use crate::code::Code;
use crate::highlights::{Highlight, HighlightKind};

/// All keywords of the construct that the keyword at `index` is a part of.
pub(crate) fn paired_keywords(code: &Code<'_>, index: usize) -> Vec<Highlight> {
    let tree = code.tree();
    let Some(owner) = owner_of(tree, tree.node_of_token(index)) else { return Vec::new() };
    let mut keywords = Vec::new();
    match tree.kind(owner) {
        NodeKind::If | NodeKind::Try => {
            keywords.extend(own_keywords(tree, owner));
            for clause in tree.children(owner).filter(|child| is_clause(tree.kind(*child))) {
                keywords.extend(own_keywords(tree, clause));
            }
        }
        kind if kind.is_loop() => {
            keywords.extend(own_keywords(tree, owner));
            keywords.extend(jumps(tree, owner));
        }
        _ => {
            keywords.extend(own_keywords(tree, owner));
            let returns = tree.descendants(owner).filter(|id| tree.kind(*id) == NodeKind::Return);
            keywords.extend(returns.flat_map(|id| tree.first_token(id).copied()));
        }
    }
    if !keywords.contains(&tree.tokens()[index]) {
        return Vec::new();
    }
    let to_highlight = |token: Token| Highlight { range: token.range(), kind: HighlightKind::Text };
    keywords.into_iter().map(to_highlight).collect()
}

/// The statement or method whose keywords are shown for a keyword of `node`.
fn owner_of(tree: &SyntaxTree, node: NodeId) -> Option<NodeId> {
    match tree.kind(node) {
        NodeKind::If | NodeKind::Try => Some(node),
        kind if kind.is_loop() || kind.is_method() => Some(node),
        kind if is_clause(kind) => tree.parent(node),
        NodeKind::Break | NodeKind::Continue => tree.ancestors(node).find(|id| tree.kind(*id).is_loop()),
        NodeKind::Return => tree.enclosing_method(node),
        _ => None,
    }
}

fn is_clause(kind: NodeKind) -> bool {
    matches!(kind, NodeKind::ElsifClause | NodeKind::ElseClause | NodeKind::ExceptClause)
}

/// `Экспорт` pairs with nothing.
fn own_keywords(tree: &SyntaxTree, node: NodeId) -> impl Iterator<Item = Token> {
    let is_paired = |token: &&Token| token.kind.is_keyword() && token.kind != TokenKind::Export;
    tree.own_tokens(node).filter(is_paired).copied()
}

/// Jumps out of or to the head of this loop, not of those inside it.
fn jumps(tree: &SyntaxTree, owner: NodeId) -> Vec<Token> {
    let end = tree.subtree_end(owner);
    let mut jumps = Vec::new();
    let mut id = NodeId(owner.0 + 1);
    while id < end {
        match tree.kind(id) {
            kind if kind.is_loop() => {
                id = tree.subtree_end(id);
                continue;
            }
            NodeKind::Break | NodeKind::Continue => jumps.extend(tree.first_token(id).copied()),
            _ => {}
        }
        id.0 += 1;
    }
    jumps
}
