//! Places of a section by a key: does something stand further down in the same block or in the same method?

use rustc_hash::FxHashMap;
use syntax::{NodeId, NodeKind, Source, SyntaxTree};

use crate::argument_list::arguments_of;
use crate::name_hash::code_hash;

/// Nodes with the lines where they start, in document order, by the hash of a text.
#[derive(Default)]
pub(crate) struct LaterPlaces {
    places: FxHashMap<u64, Vec<(NodeId, u32)>>,
}

impl LaterPlaces {
    /// Nodes come in document order.
    pub(crate) fn add(&mut self, source: Source<'_>, key: u64, node: NodeId) {
        if let Some(first) = source.tree.first_token(node) {
            self.places.entry(key).or_default().push((node, first.line));
        }
    }

    /// Adds a call for the text of each of its arguments.
    pub(crate) fn add_arguments(&mut self, source: Source<'_>, call: NodeId) {
        for argument in arguments_of(source.tree, call).flatten() {
            self.add(source, code_hash(source, argument), call);
        }
    }

    /// One of the places with this key lies behind `from`, before `end` and below a line.
    pub(crate) fn has_below(&self, key: u64, from: NodeId, end: NodeId, line: u32) -> bool {
        let Some(places) = self.places.get(&key) else { return false };
        let inside = places.partition_point(|(node, _)| *node < end);
        // Lines grow from node to node, so the last one decides.
        places[..inside].last().is_some_and(|(node, below)| *node > from && *below > line)
    }
}

/// The nearest block around a node; code outside methods is the block of the module.
pub(crate) fn block_around(tree: &SyntaxTree, node: NodeId) -> NodeId {
    let is_block = |id: &NodeId| matches!(tree.kind(*id), NodeKind::Block | NodeKind::Module);
    tree.ancestors(node).find(is_block).unwrap_or(SyntaxTree::ROOT)
}

/// The first node behind the block around a node. Methods end the code outside them.
pub(crate) fn end_of_block(tree: &SyntaxTree, node: NodeId) -> NodeId {
    match block_around(tree, node) {
        SyntaxTree::ROOT => end_of_outside_code(tree, node),
        block => tree.subtree_end(block),
    }
}

/// The first node behind the method around a node, or behind the code outside methods.
pub(crate) fn end_of_code(tree: &SyntaxTree, node: NodeId) -> NodeId {
    match tree.enclosing_method(node) {
        Some(method) => tree.subtree_end(method),
        None => end_of_outside_code(tree, node),
    }
}

fn end_of_outside_code(tree: &SyntaxTree, node: NodeId) -> NodeId {
    let mut methods = tree.children(SyntaxTree::ROOT).filter(|child| tree.kind(*child).is_method());
    methods.find(|method| *method > node).unwrap_or(tree.subtree_end(SyntaxTree::ROOT))
}
