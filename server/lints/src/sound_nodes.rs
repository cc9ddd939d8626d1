//! The nodes that rules may trust: those that the runner shows them one by one.

use syntax::{NodeId, NodeKind, SyntaxTree};

/// Nodes in document order, without broken ones and without what lies in text that does not fit the grammar.
pub(crate) fn sound_nodes(tree: &SyntaxTree) -> impl Iterator<Item = NodeId> {
    let mut end_of_error = 0;
    tree.nodes().filter_map(move |(id, node)| {
        if node.kind == NodeKind::Error {
            end_of_error = end_of_error.max(tree.subtree_end(id).0);
        }
        let is_sound = id.0 >= end_of_error && (!node.is_broken || node.kind == NodeKind::Module);
        is_sound.then_some(id)
    })
}
