//! Variables of a method or of the code outside methods: how they come to be and whether they are read.

use base::TextRange;
use rustc_hash::FxHashMap;
use syntax::{NodeId, NodeKind, Role, Source, SyntaxTree, TokenKind};

use crate::argument_list::{is_word, parameters};
use crate::facts::is_assigned;
use crate::name_hash::name_hash;
use crate::statements::statement_removal;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    Parameter,
    /// `Перем` in a method.
    Declaration,
    /// The first assignment, or a loop.
    Assignment,
}

/// A variable at the place where it comes to be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LocalVariable {
    /// The name.
    pub node: NodeId,
    pub origin: Origin,
    pub is_assigned: bool,
    pub is_read: bool,
}

/// Variables that the given nodes create, in order. The nodes are those of one scope.
pub(crate) fn local_variables(
    source: Source<'_>,
    nodes: impl Iterator<Item = NodeId> + Clone,
) -> Vec<LocalVariable> {
    let tree = source.tree;
    let names = nodes.filter(|node| tree.kind(*node) == NodeKind::Name);
    let mut variables: Vec<LocalVariable> = Vec::new();
    let mut by_hash: FxHashMap<u64, usize> = FxHashMap::default();
    for name in names.clone() {
        let Some(origin) = origin(tree, name) else { continue };
        let is_assigned = origin == Origin::Assignment;
        let new = variables.len();
        let index = *by_hash.entry(name_hash(source.node_text(name))).or_insert(new);
        match variables.get_mut(index) {
            None => variables.push(LocalVariable { node: name, origin, is_assigned, is_read: false }),
            Some(known) => {
                known.is_assigned |= is_assigned;
                // Two names with one hash: better silent than wrong.
                known.is_read |= !base::same_name(source.node_text(known.node), source.node_text(name));
            }
        }
    }
    if variables.iter().all(|variable| variable.origin == Origin::Parameter) {
        return variables;
    }
    for name in names.filter(|name| is_read(tree, *name)) {
        if let Some(index) = by_hash.get(&name_hash(source.node_text(name))) {
            variables[*index].is_read = true;
        }
    }
    variables
}

fn origin(tree: &SyntaxTree, name: NodeId) -> Option<Origin> {
    if is_assigned(tree, name) {
        return Some(Origin::Assignment);
    }
    let parent = tree.parent(name).filter(|_| tree.node(name).role == Role::Name)?;
    match tree.kind(parent) {
        NodeKind::Variable => Some(Origin::Declaration),
        NodeKind::Parameter => Some(Origin::Parameter),
        _ => None,
    }
}

/// The value of a variable is used; a called function is not a variable of the same name.
pub(crate) fn is_read(tree: &SyntaxTree, name: NodeId) -> bool {
    let is_other = matches!(
        tree.node(name).role,
        Role::Name | Role::Property | Role::Type | Role::Variable | Role::Function
    );
    !is_other && !is_assigned(tree, name)
}

/// What to delete to undo the declaration of one variable: its name and a comma, or the whole statement.
/// `None` if comments would lose their place.
pub(crate) fn declaration_removal(source: Source<'_>, variable: NodeId) -> Option<TextRange> {
    let tree = source.tree;
    let declaration = tree.parent(variable)?;
    let variables = || tree.children(declaration).filter(|child| tree.kind(*child) == NodeKind::Variable);
    let next = variables().find(|other| *other > variable);
    let previous = variables().take_while(|other| *other < variable).last();
    let range = match (previous, next) {
        (Some(previous), _) => TextRange { start: tree.range(previous).end, end: tree.range(variable).end },
        (None, Some(next)) => TextRange { start: tree.range(variable).start, end: tree.range(next).start },
        (None, None) => {
            let keyword = tree.own_token(declaration, TokenKind::Var)?;
            return statement_removal(source, declaration, keyword);
        }
    };
    let first = tree.token_at_or_after(range.start);
    let mut inside = tree.tokens()[first..].iter().take_while(|token| token.start < range.end);
    inside.all(|token| !token.kind.is_trivia()).then_some(range)
}

/// Names of the parameters that a method takes by reference and never assigns.
pub(crate) fn unassigned_by_reference(source: Source<'_>, method: NodeId) -> Vec<TextRange> {
    let tree = source.tree;
    let Some(list) = tree.child(method, Role::Parameters) else { return Vec::new() };
    let by_reference =
        parameters(tree, list).filter(|parameter| tree.own_token(*parameter, TokenKind::Val).is_none());
    let mut names: Vec<NodeId> =
        by_reference.filter_map(|parameter| tree.child(parameter, Role::Name)).collect();
    for node in tree.descendants(method) {
        if names.is_empty() {
            break;
        }
        if tree.kind(node) == NodeKind::Name && is_assigned(tree, node) {
            let text = source.node_text(node);
            names.retain(|name| !is_word(text, &[source.node_text(*name)]));
        }
    }
    names.into_iter().map(|name| tree.range(name)).collect()
}
