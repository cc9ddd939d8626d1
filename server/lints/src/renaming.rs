//! Another name for what only one method knows, for rules about names.

use base::Edit;
use syntax::{NodeId, NodeKind, Role, Source, SyntaxTree};

use crate::argument_list::is_global_call;

const EVALUATE: &[&str] = &["Вычислить", "Eval"];

/// Renames a parameter or a declared variable in the whole method. `None` for other names, if the new name is in use, or
/// if code in texts may use the old one.
pub(crate) fn renamed(source: Source<'_>, declared: NodeId, new_name: &str) -> Option<Vec<Edit>> {
    let tree = source.tree;
    let declaration = tree.parent(declared)?;
    let method = tree.enclosing_method(declaration)?;
    let is_local = matches!(tree.kind(declaration), NodeKind::Parameter | NodeKind::Variable);
    if !is_local || tree.node(method).has_error {
        return None;
    }
    let old_name = source.node_text(declared);
    let mut edits = Vec::new();
    for node in tree.descendants(method) {
        if tree.kind(node) == NodeKind::Execute || is_global_call(source, node, EVALUATE) {
            return None;
        }
        if tree.kind(node) != NodeKind::Name || !may_be_variable(tree, node) {
            continue;
        }
        let name = source.node_text(node);
        if base::same_name(name, new_name) {
            return None;
        }
        if base::same_name(name, old_name) {
            edits.push(Edit::replace(tree.range(node), new_name));
        }
    }
    Some(edits)
}

/// Members, called functions, types, labels and annotations have names of their own.
fn may_be_variable(tree: &SyntaxTree, name: NodeId) -> bool {
    match tree.node(name).role {
        Role::Property | Role::Function | Role::Type => false,
        Role::Name => tree
            .parent(name)
            .is_some_and(|parent| matches!(tree.kind(parent), NodeKind::Parameter | NodeKind::Variable)),
        _ => true,
    }
}
