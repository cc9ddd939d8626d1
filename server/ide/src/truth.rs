//! Whether names exist: what a suggestion may not get wrong.

use base::TextRange;
use semantics::{Flow, Lookup};
use syntax::{NodeId, NodeKind, Role};

use crate::meaning::{ProjectDocument, Section};

/// What is known about a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameTruth {
    /// It exists.
    Found,
    /// Nobody has it: a member that its type certainly lacks, or a name that the project does not resolve.
    Missing,
    /// The type before the dot is not known.
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JudgedName {
    /// In the document.
    pub range: TextRange,
    pub is_member: bool,
    pub truth: NameTruth,
}

/// Names of a part of a method that are used there, not declared, in order.
pub fn judge_names(of: ProjectDocument<'_>, range: TextRange) -> Vec<JudgedName> {
    let section = of.section(range.start);
    let tree = section.source().tree;
    let is_inside = |node: &NodeId| {
        let place = section.in_document(tree.range(*node));
        tree.kind(*node) == NodeKind::Name && range.start <= place.start && place.end <= range.end
    };
    let names: Vec<NodeId> = tree.nodes().map(|(id, _)| id).filter(is_inside).collect();
    let Some(first) = names.first() else { return Vec::new() };
    section.in_flow(*first, |flow| {
        let judge = |name: &NodeId| {
            let truth = truth_of(&section, flow, *name)?;
            let is_member = tree.node(*name).role == Role::Property;
            Some(JudgedName { range: section.in_document(tree.range(*name)), is_member, truth })
        };
        names.iter().filter_map(judge).collect()
    })
}

fn truth_of(section: &Section<'_>, flow: &Flow<'_>, name: NodeId) -> Option<NameTruth> {
    let source = section.source();
    let tree = source.tree;
    let parent = tree.parent(name)?;
    if tree.node(name).role == Role::Property {
        let receiver = section.type_in(flow, tree.child(parent, Role::Object)?);
        if receiver.is_unknown() || receiver.is_open() {
            return Some(NameTruth::Unknown);
        }
        return Some(match section.of.scope().member(&receiver, source.node_text(name)) {
            Lookup::Found(_) => NameTruth::Found,
            Lookup::Missing => NameTruth::Missing,
            Lookup::Unknown => NameTruth::Unknown,
        });
    }
    let is_declaration = matches!(
        (tree.kind(parent), tree.node(name).role),
        (NodeKind::Parameter | NodeKind::Variable, Role::Name)
            | (NodeKind::Assignment, Role::Left)
            | (NodeKind::For | NodeKind::ForEach, Role::Variable)
    );
    let is_other = matches!(
        tree.kind(parent),
        NodeKind::Annotation | NodeKind::AnnotationArgument | NodeKind::Label | NodeKind::Error
    );
    if is_declaration || is_other {
        return None;
    }
    let is_known = flow.is_local(source.node_text(name)) || section.meaning_in(flow, name).is_some();
    Some(if is_known { NameTruth::Found } else { NameTruth::Missing })
}
