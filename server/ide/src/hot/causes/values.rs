//! Slow values: attributes read through references, texts that grow.

use metadata::ObjectAspect;
use semantics::{Definition, Primitive, Type};
use syntax::{NodeId, NodeKind, Role, TokenKind};

use crate::hot::causes::{CauseKind, Scan};
use crate::meaning::Meaning;

impl Scan<'_, '_, '_> {
    /// `Ссылка.Реквизит` in a loop.
    pub(super) fn member(&mut self, member: NodeId) {
        let tree = self.tree();
        let Some(each) = self.loop_around(member) else { return };
        let is_called = tree.node(member).role == Role::Function;
        if is_called || self.is_target(member) || tree.node(member).has_error {
            return;
        }
        let (Some(object), Some(property)) =
            (tree.child(member, Role::Object), tree.child(member, Role::Property))
        else {
            return;
        };
        if self.is_description(member) {
            return self.description_in_loop(member, each);
        }
        match self.is_object(object, ObjectAspect::Ref) {
            Some(true) if self.is_stored(property) => {
                self.add(CauseKind::ReferenceFieldInLoop, member, self.text(property));
            }
            None if self.is_long_chain(object, each) => {
                self.add_guess(CauseKind::ReferenceFieldInLoop, member, self.text(property));
            }
            _ => {}
        }
    }

    /// The reference itself is in memory; what else it has is read.
    fn is_stored(&self, property: NodeId) -> bool {
        let name = self.text(property);
        if base::same_name(name, "Ссылка") || base::same_name(name, "Ref") {
            return false;
        }
        match self.section.meaning_in(self.flow, property) {
            Some(Meaning::Known { definition, .. }) => matches!(
                definition,
                Definition::Attribute(_) | Definition::StandardAttribute { .. } | Definition::Section { .. }
            ),
            _ => true,
        }
    }

    /// `Строка.Товар.Артикул` with the variable of the loop in front, where types say nothing.
    fn is_long_chain(&self, object: NodeId, each: NodeId) -> bool {
        let tree = self.tree();
        let head = tree.child(object, Role::Object).filter(|_| tree.kind(object) == NodeKind::Member);
        let variable = tree.child(each, Role::Variable).filter(|_| tree.kind(each) == NodeKind::ForEach);
        match (head, variable) {
            (Some(head), Some(variable)) => {
                tree.kind(head) == NodeKind::Name && base::same_name(self.text(head), self.text(variable))
            }
            _ => false,
        }
    }

    /// `Текст = Текст + …` in a loop.
    pub(super) fn growing_text(&mut self, assignment: NodeId) {
        let tree = self.tree();
        let (Some(left), Some(right)) =
            (tree.child(assignment, Role::Left), tree.child(assignment, Role::Right))
        else {
            return;
        };
        if tree.kind(left) != NodeKind::Name || self.loop_around(assignment).is_none() {
            return;
        }
        let mut first = right;
        let mut has_text = false;
        while tree.kind(first) == NodeKind::Binary && tree.own_token(first, TokenKind::Plus).is_some() {
            has_text |= tree.child(first, Role::Right).is_some_and(|it| tree.kind(it) == NodeKind::String);
            let Some(next) = tree.child(first, Role::Left) else { return };
            first = next;
        }
        let name = self.text(left);
        if first == right || !base::same_name(self.text(first), name) || tree.kind(first) != NodeKind::Name {
            return;
        }
        let is_text = |part: &Type| *part == Type::Primitive(Primitive::String);
        if has_text || self.type_of(first).parts().iter().any(is_text) {
            self.add(CauseKind::GrowingText, assignment, name);
        }
    }
}
