//! What the code of a section does with members of values, and what it compares with booleans. What the values are is
//! told as far as the section alone can know it; the project makes types of that.

use std::sync::Arc;

use base::{Edit, TextRange};
use platform::Platform;
use semantics::{DocComment, Flow, ModuleScope, QueryShape, Shape, query_text_shape};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use syntax::{NodeId, NodeKind, Role, Source, SyntaxTree};

use super::comparisons::{Candidate, comparisons_in};
use crate::argument_list::is_word;
use crate::facts::is_assigned;
use crate::operators::without_parentheses;

/// How much a rule wants to know about values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ValuesNeeded {
    Nothing,
    /// Comparisons with booleans, assignments to members, and members whose name is worth a question.
    Few,
    /// All members besides those.
    All,
}

/// Offsets are relative to the section. In the order of the text.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct ValueFacts {
    pub uses: Vec<MemberUse>,
    pub comparisons: Vec<Comparison>,
}

/// `Значение.Имя`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct MemberUse {
    pub receiver: Shape,
    pub name: SmolStr,
    /// Of the name.
    pub range: TextRange,
    pub access: Access,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Access {
    Read,
    Write,
    Call,
}

/// `Значение = Истина`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Comparison {
    /// What is compared with the literal.
    pub operand: Operand,
    pub range: TextRange,
    pub fix: Option<Edit>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Operand {
    /// A boolean, whatever the project says.
    Boolean,
    Other(Shape),
}

/// Prefixes of members that are about to be deleted, in lower case.
const DOOMED: [&str; 2] = ["удалить", "delete"];

/// The name says that its bearer is about to be deleted.
pub(crate) fn is_doomed(name: &str) -> bool {
    DOOMED.iter().any(|prefix| {
        name.len() > prefix.len()
            && name.get(..prefix.len()).is_some_and(|start| base::same_name(start, prefix))
    })
}

enum Wanted {
    Member(NodeId, Access),
    Comparison(Candidate),
}

/// `None` if there is nothing that rules ask about.
pub(crate) fn value_facts(source: Source<'_>, needed: ValuesNeeded) -> Option<ValueFacts> {
    let mut wanted = wanted_in(source, needed);
    if wanted.is_empty() {
        return None;
    }
    wanted.sort_by_key(|(method, _)| *method);
    let read_query = |text: &str| -> Option<Arc<QueryShape>> { Some(Arc::new(query_text_shape(text))) };
    let scope = ModuleScope::new(source, &read_query);
    let mut facts = ValueFacts::default();
    for of_method in wanted.chunk_by(|left, right| left.0 == right.0) {
        let Some((method, _)) = of_method.first() else { continue };
        let flow = match method {
            Some(method) => Flow::of_method(&scope, *method, &parameters(source, *method)),
            None => Flow::of_body(&scope),
        };
        for (_, wanted) in of_method {
            match wanted {
                Wanted::Member(member, access) => {
                    facts.uses.extend(member_use(source, &flow, *member, *access))
                }
                Wanted::Comparison(candidate) => {
                    facts.comparisons.extend(comparison(source, &flow, candidate))
                }
            }
        }
    }
    facts.uses.sort_by_key(|member| member.range.start);
    facts.comparisons.sort_by_key(|comparison| comparison.range.start);
    Some(facts)
}

/// Places to ask about with the methods around them. Code with errors is left alone.
fn wanted_in(source: Source<'_>, needed: ValuesNeeded) -> Vec<(Option<NodeId>, Wanted)> {
    let tree = source.tree;
    let mut wanted = Vec::new();
    let mut candidates = Vec::new();
    for (id, node) in tree.nodes() {
        match node.kind {
            _ if node.has_error => {}
            NodeKind::Member => {
                let access = access(tree, id);
                if is_wanted(source, id, access, needed) {
                    wanted.push((tree.enclosing_method(id), Wanted::Member(id, access)));
                }
            }
            NodeKind::Binary => {
                comparisons_in(source, id, &mut candidates);
                let method = if candidates.is_empty() { None } else { tree.enclosing_method(id) };
                wanted.extend(candidates.drain(..).map(|found| (method, Wanted::Comparison(found))));
            }
            _ => {}
        }
    }
    wanted.retain(|(method, _)| method.is_none_or(|method| !tree.node(method).has_error));
    wanted
}

fn access(tree: &SyntaxTree, member: NodeId) -> Access {
    let parent = tree.parent(member).map(|parent| tree.kind(parent));
    match (tree.node(member).role, parent) {
        (Role::Left, Some(NodeKind::Assignment)) => Access::Write,
        (Role::Function, Some(NodeKind::Call)) => Access::Call,
        _ => Access::Read,
    }
}

fn is_wanted(source: Source<'_>, member: NodeId, access: Access, needed: ValuesNeeded) -> bool {
    if needed == ValuesNeeded::All || access == Access::Write {
        return true;
    }
    let Some(name) = source.tree.child(member, Role::Property) else { return false };
    let name = source.node_text(name);
    (access == Access::Read && is_doomed(name)) || Platform::embedded().may_have_versions(name)
}

fn member_use(source: Source<'_>, flow: &Flow<'_>, member: NodeId, access: Access) -> Option<MemberUse> {
    let tree = source.tree;
    let name = tree.child(member, Role::Property)?;
    let receiver = flow.shape_of(tree.child(member, Role::Object)?);
    let range = tree.range(name);
    (receiver != Shape::Unknown).then(|| MemberUse {
        receiver,
        name: source.slice(range).into(),
        range,
        access,
    })
}

/// Elements of maps and keys of structures may turn out to be anything.
fn comparison(source: Source<'_>, flow: &Flow<'_>, candidate: &Candidate) -> Option<Comparison> {
    let tree = source.tree;
    let Some(operand) = candidate.operand else { return Some(candidate.found(Operand::Boolean)) };
    let operand = without_parentheses(tree, operand);
    if tree.kind(operand) == NodeKind::Name && !is_surely_assigned(source, operand) {
        return None;
    }
    let shape = match tree.kind(operand) {
        NodeKind::Index => return None,
        NodeKind::Member => {
            let receiver = flow.shape_of(tree.child(operand, Role::Object)?);
            if matches!(receiver, Shape::Structure { .. } | Shape::Extended { .. } | Shape::Table { .. }) {
                return None;
            }
            flow.shape_of(operand)
        }
        _ => flow.shape_of(operand),
    };
    let operand = match shape {
        Shape::Unknown => return None,
        Shape::Named(name) => {
            let is_boolean = ["Булево", "Boolean"].iter().any(|known| base::same_name(known, &name));
            return is_boolean.then(|| candidate.found(Operand::Boolean));
        }
        shape => Operand::Other(shape),
    };
    Some(candidate.found(operand))
}

/// False for a variable that only some paths to its use assign: on the others it is empty.
fn is_surely_assigned(source: Source<'_>, name: NodeId) -> bool {
    let tree = source.tree;
    let text = source.node_text(name);
    let scope = tree.enclosing_method(name).unwrap_or(SyntaxTree::ROOT);
    let mut is_assigned_somewhere = false;
    for node in tree.descendants(scope).filter(|node| tree.kind(*node) == NodeKind::Name) {
        let is_parameter = tree.node(node).role == Role::Name
            && tree.parent(node).is_some_and(|parent| tree.kind(parent) == NodeKind::Parameter);
        if !(is_parameter || is_assigned(tree, node)) || !is_word(source.node_text(node), &[text]) {
            continue;
        }
        is_assigned_somewhere = true;
        // The statement stands in a block around the use.
        let block = tree.parent(node).and_then(|statement| tree.parent(statement));
        if is_parameter || (node < name && block.is_some_and(|block| tree.is_within(name, block))) {
            return true;
        }
    }
    !is_assigned_somewhere
}

/// Types that the comment above a method gives to its parameters. A default value tells nothing about other calls.
fn parameters(source: Source<'_>, method: NodeId) -> Vec<(SmolStr, Shape)> {
    let tree = source.tree;
    let Some(list) = tree.child(method, Role::Parameters) else { return Vec::new() };
    let names: Vec<&str> = crate::argument_list::parameters(tree, list)
        .filter_map(|parameter| tree.child(parameter, Role::Name))
        .map(|name| source.node_text(name))
        .collect();
    if names.is_empty() {
        return Vec::new();
    }
    let tokens = tree.tokens();
    let comments = source.leading_comments(tree.token_span(method).start);
    let range = comments.first().zip(comments.last()).and_then(|(first, last)| {
        Some(TextRange { start: tokens.get(*first)?.start, end: tokens.get(*last)?.end })
    });
    let described = range.map(|range| DocComment::parse(source.slice(range))).unwrap_or_default();
    let shape = |name: &str| described.parameter(name).map(|it| it.shape.clone()).unwrap_or_default();
    names.into_iter().map(|name| (name.into(), shape(name))).collect()
}
