//! Occurrences of a name. Methods, variables, members, classes, labels and annotations are name spaces of
//! their own; a variable that a method declares, takes or assigns hides the one of the module.

use base::same_name;
use rustc_hash::FxHashSet;
use syntax::{NodeId, NodeKind, Role};

use crate::code::Code;
use crate::highlights::{Highlight, HighlightKind};
use crate::names::{NameRole, NameUse, name_uses};

#[derive(Clone, Copy, PartialEq, Eq)]
enum NameSpace {
    Methods,
    Variables,
    Members,
    Classes,
    /// Labels of one method.
    Labels(Option<NodeId>),
    Annotations,
}

/// Uses of the name at a token that mean the same as it does.
pub(crate) fn occurrences(code: &Code<'_>, index: usize) -> Vec<Highlight> {
    let uses = name_uses(code);
    let Ok(target) = uses.binary_search_by_key(&index, |name| name.token) else { return Vec::new() };
    let target = uses[target];
    let Some(space) = space_of(&target) else { return Vec::new() };
    let text = code.token_text(index);
    let is_same =
        |name: &&NameUse| space_of(name) == Some(space) && same_name(code.token_text(name.token), text);
    let mut same: Vec<NameUse> = uses.iter().filter(is_same).copied().collect();
    if space == NameSpace::Variables {
        keep_scope(&mut same, &target);
    }
    same.iter().map(|name| highlight(code, name)).collect()
}

fn space_of(name: &NameUse) -> Option<NameSpace> {
    Some(match name.role {
        NameRole::Method | NameRole::Call => NameSpace::Methods,
        NameRole::MethodCall | NameRole::Property => NameSpace::Members,
        NameRole::Class => NameSpace::Classes,
        NameRole::Label => NameSpace::Labels(name.method),
        NameRole::Annotation => NameSpace::Annotations,
        NameRole::AnnotationArgument => return None,
        role if role.is_variable() => NameSpace::Variables,
        _ => return None,
    })
}

/// Of all variables with one name keeps those that are the target.
fn keep_scope(same: &mut Vec<NameUse>, target: &NameUse) {
    let is_of_module =
        same.iter().any(|name| name.role == NameRole::DeclaredVariable && name.method.is_none());
    let declares = |role: NameRole| match role {
        NameRole::Parameter | NameRole::DeclaredVariable => true,
        NameRole::AssignedVariable | NameRole::LoopVariable => !is_of_module,
        _ => false,
    };
    // Code outside methods is a scope as well unless the module declares the name.
    let owners: FxHashSet<Option<NodeId>> = same
        .iter()
        .filter(|name| declares(name.role) && (name.method.is_some() || !is_of_module))
        .map(|name| name.method)
        .collect();
    let scope = |name: &NameUse| owners.contains(&name.method).then_some(name.method);
    let target = scope(target);
    same.retain(|name| scope(name) == target);
}

fn highlight(code: &Code<'_>, name: &NameUse) -> Highlight {
    let is_written = match name.role {
        NameRole::Method
        | NameRole::Parameter
        | NameRole::DeclaredVariable
        | NameRole::LoopVariable
        | NameRole::AssignedVariable => true,
        NameRole::Property => is_assigned_property(code, name.node),
        NameRole::Label => is_label_definition(code, name.node),
        _ => false,
    };
    let kind = if is_written { HighlightKind::Write } else { HighlightKind::Read };
    Highlight { range: code.tree().range(name.node), kind }
}

fn is_assigned_property(code: &Code<'_>, name: NodeId) -> bool {
    let tree = code.tree();
    let Some(member) = tree.parent(name) else { return false };
    let is_in_assignment = tree.parent(member).is_some_and(|id| tree.kind(id) == NodeKind::Assignment);
    tree.node(member).role == Role::Left && is_in_assignment
}

fn is_label_definition(code: &Code<'_>, name: NodeId) -> bool {
    let tree = code.tree();
    let owner = tree.parent(name).and_then(|label| tree.parent(label));
    owner.is_some_and(|id| tree.kind(id) == NodeKind::LabeledStatement)
}
