//! Types behind the variables that get their first value, where the code beside does not tell them.

use base::fold_case;
use metadata::ObjectAspect;
use rustc_hash::FxHashSet;
use semantics::{Flow, Primitive, Type};
use syntax::{NodeId, NodeKind, Role};

use crate::inlay_hints::{Hints, InlayHintKind};
use crate::meaning::Meaning;

/// Longer names of types would push the code away.
const MAX_LETTERS: usize = 60;

impl Hints<'_, '_> {
    /// The hint of an assignment or a loop; `assigned` holds the names that have a value already.
    pub(super) fn add_type(&mut self, flow: &Flow<'_>, node: NodeId, assigned: &mut FxHashSet<String>) {
        let source = self.section.source();
        let tree = source.tree;
        let role = match tree.kind(node) {
            NodeKind::Assignment => Role::Left,
            NodeKind::For | NodeKind::ForEach => Role::Variable,
            _ => Role::Name,
        };
        let Some(name) = tree.child(node, role).filter(|name| tree.kind(*name) == NodeKind::Name) else {
            return;
        };
        let text = source.node_text(name);
        let is_first = assigned.insert(fold_case(text).to_string());
        let is_counter = matches!(tree.kind(node), NodeKind::For | NodeKind::Parameter);
        if !is_first || is_counter || !self.is_in_range(name) {
            return;
        }
        let right = tree.child(node, Role::Right).map(|right| self.unwrapped(right));
        if right.is_some_and(|right| is_plain(tree.kind(right))) {
            return;
        }
        let value = self.section.type_in(flow, name);
        if !is_certain(&value) || is_place(&value) {
            return;
        }
        if !matches!(self.section.meaning_in(flow, name), Some(Meaning::Local { .. })) {
            return;
        }
        let label = value.display(self.section.of.project, self.script);
        let says = right.is_some_and(|right| self.names_type(right, &label));
        if label.is_empty() || label.chars().count() > MAX_LETTERS || says || base::same_name(text, &label) {
            return;
        }
        self.add(tree.range(name).end, InlayHintKind::Type, format!(": {label}"));
    }

    fn unwrapped(&self, mut node: NodeId) -> NodeId {
        let tree = self.section.source().tree;
        while tree.kind(node) == NodeKind::Parenthesized {
            let Some(inner) = tree.children(node).next() else { break };
            node = inner;
        }
        node
    }

    /// `Число(Х)`; `Перечисления.ВидыЦен.Оптовая`, whose type is `ПеречислениеСсылка.ВидыЦен`.
    fn names_type(&self, right: NodeId, label: &str) -> bool {
        let source = self.section.source();
        let tree = source.tree;
        match tree.kind(right) {
            NodeKind::Call => {
                let called = tree.child(right, Role::Function);
                called.is_some_and(|called| base::same_name(source.node_text(called), label))
            }
            NodeKind::Member => {
                let last = label.rsplit('.').next().unwrap_or(label);
                source.node_text(right).split('.').any(|part| base::same_name(part.trim(), last))
            }
            _ => false,
        }
    }
}

/// The kind of the expression is its type, or hardly anybody wonders.
fn is_plain(kind: NodeKind) -> bool {
    kind.is_literal() || matches!(kind, NodeKind::New | NodeKind::Binary | NodeKind::Unary | NodeKind::Error)
}

/// Nothing else can be there.
fn is_certain(value: &Type) -> bool {
    match value {
        Type::Unknown | Type::Primitive(Primitive::Undefined | Primitive::Null) => false,
        Type::Collection { element, .. } => is_certain(element),
        Type::Union { is_open, .. } => !is_open,
        _ => true,
    }
}

/// A value that is spelled like its type: a module, a manager, an enumeration.
fn is_place(value: &Type) -> bool {
    matches!(
        value,
        Type::Module(_)
            | Type::ManagerCollection(_)
            | Type::SystemEnum(_)
            | Type::SystemEnumValue(_)
            | Type::Object { aspect: ObjectAspect::Manager, .. }
    )
}
