//! Arguments of chosen calls by their text: is something passed to one of the calls further down?

use rustc_hash::FxHashMap;
use syntax::{NodeId, NodeKind, Source, SyntaxTree};

use crate::argument_list::arguments_of;
use crate::name_hash::code_hash;

/// Calls of a section by the texts of their arguments, case apart.
#[derive(Default)]
pub(crate) struct PassedArguments {
    /// Calls with the line where each starts, in document order.
    calls: FxHashMap<u64, Vec<(NodeId, u32)>>,
}

impl PassedArguments {
    /// Calls come in document order.
    pub(crate) fn add(&mut self, source: Source<'_>, call: NodeId) {
        let Some(line) = source.tree.first_token(call).map(|token| token.line) else { return };
        for argument in arguments_of(source.tree, call).flatten() {
            self.calls.entry(code_hash(source, argument)).or_default().push((call, line));
        }
    }

    /// The text is passed to a call in the block around a node, blocks inside it included, below a line.
    pub(crate) fn is_passed_below(&self, tree: &SyntaxTree, text: u64, node: NodeId, line: u32) -> bool {
        let Some(calls) = self.calls.get(&text) else { return false };
        let end = end_of_block(tree, node);
        let inside = calls.partition_point(|(call, _)| *call < end);
        // Lines grow from call to call, so the last one decides.
        calls[..inside].last().is_some_and(|(call, below)| *call > node && *below > line)
    }
}

/// The first node behind the block around a node. Methods end the code outside them.
fn end_of_block(tree: &SyntaxTree, node: NodeId) -> NodeId {
    let is_block = |id: &NodeId| matches!(tree.kind(*id), NodeKind::Block | NodeKind::Module);
    let block = tree.ancestors(node).find(is_block).unwrap_or(SyntaxTree::ROOT);
    let mut methods = tree.children(block).filter(|child| tree.kind(*child).is_method());
    let method = if block == SyntaxTree::ROOT { methods.find(|method| *method > node) } else { None };
    method.unwrap_or(tree.subtree_end(block))
}
