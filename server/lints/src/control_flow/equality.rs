//! Groups of equal code, for rules about repeated conditions and branches.

use std::hash::Hasher;

use rustc_hash::FxHasher;
use syntax::{NodeId, Source, Token};

/// More candidates than this are told apart by a digest first.
const MAX_COMPARED_IN_PAIRS: usize = 8;

/// Groups of two or more equal nodes, in document order. Comments, blanks and the case of names do not
/// matter.
pub(crate) fn equal_groups(source: Source<'_>, nodes: &[NodeId]) -> Vec<Vec<NodeId>> {
    let is_long = nodes.len() > MAX_COMPARED_IN_PAIRS;
    let keys: Vec<u64> = nodes
        .iter()
        .map(|node| if is_long { digest(source, *node) } else { node_count(source, *node) })
        .collect();
    let mut is_grouped = vec![false; nodes.len()];
    let mut groups = Vec::new();
    for first in 0..nodes.len() {
        if is_grouped[first] {
            continue;
        }
        let mut group = Vec::new();
        for other in first + 1..nodes.len() {
            if keys[first] == keys[other] && is_equal(source, nodes[first], nodes[other]) {
                is_grouped[other] = true;
                group.push(nodes[other]);
            }
        }
        if !group.is_empty() {
            group.insert(0, nodes[first]);
            groups.push(group);
        }
    }
    groups
}

/// Equal code has equally many nodes.
fn node_count(source: Source<'_>, node: NodeId) -> u64 {
    u64::from(source.tree.subtree_end(node).0 - node.0)
}

fn digest(source: Source<'_>, node: NodeId) -> u64 {
    let mut hasher = FxHasher::default();
    for token in source.tree.code_tokens_of(node) {
        hasher.write_u8(token.kind as u8);
        for letter in source.token_text(token).chars().flat_map(char::to_lowercase) {
            hasher.write_u32(u32::from(letter));
        }
    }
    hasher.finish()
}

/// Directives are statements of their own.
fn is_equal(source: Source<'_>, left: NodeId, right: NodeId) -> bool {
    let directives = |node| significant_tokens(source, node).filter(|(_, token)| token.kind.is_directive());
    source.is_same_code(left, right)
        && directives(left)
            .map(|(place, token)| (place, token.kind))
            .eq(directives(right).map(|(place, token)| (place, token.kind)))
}

/// Tokens without comments, numbered.
fn significant_tokens<'a>(source: Source<'a>, node: NodeId) -> impl Iterator<Item = (usize, &'a Token)> {
    let tokens = source.tree.tokens_of(node).iter();
    tokens.filter(|token| !token.kind.is_trivia() || token.kind.is_directive()).enumerate()
}
