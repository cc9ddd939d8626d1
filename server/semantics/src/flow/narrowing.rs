//! What conditions tell about variables.

use syntax::{NodeId, NodeKind, Role, TokenKind};

use crate::flow::analysis::Analysis;
use crate::flow::environment::Change;
use crate::flow::names::{Word, word};
use crate::flow::objects::ObjectKind;
use crate::flow::syntax_text::{argument, operator, short_literal, without_parentheses};
use crate::flow::types::{Type, TypeId, Types, is_same_type_name};

impl Analysis<'_> {
    /// Narrows variables where a condition has an outcome, from a token on.
    pub(super) fn narrow_from(&mut self, condition: NodeId, is_true: bool, epoch: u32) {
        let base = self.overrides.len();
        self.narrow(condition, is_true);
        let narrowed = self.overrides.split_off(base);
        for (variable, value) in narrowed {
            let slot = self.variables[variable].slot;
            self.environment.set(slot, value.0, epoch, Change::Narrowing);
        }
    }

    /// Adds to `overrides` what an outcome of a condition says.
    pub(super) fn narrow(&mut self, condition: NodeId, is_true: bool) {
        if self.depth >= 64 {
            return;
        }
        self.depth += 1;
        let tree = self.tree;
        match tree.kind(condition) {
            NodeKind::Parenthesized => {
                let inner = without_parentheses(tree, condition);
                if inner != condition {
                    self.narrow(inner, is_true);
                }
            }
            NodeKind::Unary => {
                let is_not = tree.first_token(condition).is_some_and(|token| token.kind == TokenKind::Not);
                if let Some(operand) = tree.child(condition, Role::Operand).filter(|_| is_not) {
                    self.narrow(operand, !is_true);
                }
            }
            NodeKind::Binary => self.narrow_binary(condition, is_true),
            NodeKind::Call if is_true => self.narrow_call(condition),
            _ => {}
        }
        self.depth -= 1;
    }

    fn narrow_binary(&mut self, condition: NodeId, is_true: bool) {
        let tree = self.tree;
        let (Some(left), Some(right)) =
            (tree.child(condition, Role::Left), tree.child(condition, Role::Right))
        else {
            return;
        };
        match operator(tree, condition) {
            Some(TokenKind::And) if is_true => {
                self.narrow(left, true);
                self.narrow(right, true);
            }
            Some(TokenKind::Or) if !is_true => {
                self.narrow(left, false);
                self.narrow(right, false);
            }
            Some(TokenKind::And | TokenKind::Or) => self.narrow_either(left, right, is_true),
            Some(TokenKind::Equal) => self.narrow_comparison(left, right, is_true),
            Some(TokenKind::NotEqual) => self.narrow_comparison(left, right, !is_true),
            _ => {}
        }
    }

    /// One of two conditions has the outcome.
    fn narrow_either(&mut self, left: NodeId, right: NodeId, is_true: bool) {
        let base = self.overrides.len();
        self.narrow(left, is_true);
        let of_left = self.overrides.split_off(base);
        if of_left.is_empty() {
            return;
        }
        self.narrow(right, is_true);
        let of_right = self.overrides.split_off(base);
        for (index, (variable, value)) in of_left.iter().enumerate() {
            let is_last = !of_left[index + 1..].iter().any(|(other, _)| other == variable);
            let other = of_right.iter().rev().find(|(other, _)| other == variable);
            if let Some((_, other)) = other.filter(|_| is_last) {
                let joined = self.types.join(*value, *other);
                self.overrides.push((*variable, joined));
            }
        }
    }

    fn narrow_comparison(&mut self, left: NodeId, right: NodeId, is_equal: bool) {
        for (subject, other) in [(left, right), (right, left)] {
            let (subject, other) =
                (without_parentheses(self.tree, subject), without_parentheses(self.tree, other));
            if self.tree.kind(other) == NodeKind::Undefined {
                self.narrow_undefined(subject, is_equal);
                return;
            }
            if let Some(wanted) = self.named_type(other)
                && let Some(variable) = self.examined_variable(subject)
            {
                let value = self.value_of(variable);
                let narrowed = if is_equal { self.only(value, wanted) } else { self.without(value, wanted) };
                self.overrides.push((variable, narrowed));
                return;
            }
        }
    }

    fn narrow_undefined(&mut self, subject: NodeId, is_equal: bool) {
        let Some(variable) = self.variable_named(subject) else { return };
        let value = self.value_of(variable);
        let narrowed = if is_equal {
            TypeId::UNDEFINED
        } else {
            self.types.retain(value, |_, part| part != TypeId::UNDEFINED)
        };
        self.overrides.push((variable, narrowed));
    }

    /// `ЗначениеЗаполнено(X)`.
    fn narrow_call(&mut self, call: NodeId) {
        let tree = self.tree;
        let Some(function) = tree.child(call, Role::Function) else { return };
        let is_name = tree.kind(function) == NodeKind::Name;
        if !is_name || word(self.source.node_text(function)) != Some(Word::ValueIsFilled) {
            return;
        }
        let Some(variable) = argument(tree, call, 0).and_then(|first| self.variable_named(first)) else {
            return;
        };
        let value = self.value_of(variable);
        let is_filled = |_: &Types, part| !matches!(part, TypeId::UNDEFINED | TypeId::NULL);
        let narrowed = self.types.retain(value, is_filled);
        self.overrides.push((variable, narrowed));
    }

    fn variable_named(&self, node: NodeId) -> Option<usize> {
        let node = without_parentheses(self.tree, node);
        let is_name = self.tree.kind(node) == NodeKind::Name;
        is_name.then(|| self.variable(self.source.node_text(node))).flatten()
    }

    /// The variable of `ТипЗнч(X)`.
    fn examined_variable(&self, call: NodeId) -> Option<usize> {
        self.argument_of(call, Word::TypeOf).and_then(|first| self.variable_named(first))
    }

    /// The type of `Тип("X")`.
    fn named_type(&mut self, call: NodeId) -> Option<TypeId> {
        let literal = self.argument_of(call, Word::Type)?;
        let (name, _) = short_literal(self.source, literal)?;
        let name = name.trim();
        (!name.is_empty()).then(|| self.types.named(name))
    }

    fn argument_of(&self, call: NodeId, wanted: Word) -> Option<NodeId> {
        let tree = self.tree;
        let function = tree.child(call, Role::Function).filter(|_| tree.kind(call) == NodeKind::Call)?;
        let is_wanted =
            tree.kind(function) == NodeKind::Name && word(self.source.node_text(function)) == Some(wanted);
        is_wanted.then(|| argument(tree, call, 0)).flatten()
    }

    /// The parts of a value that have a type, else just that type.
    fn only(&mut self, value: TypeId, wanted: TypeId) -> TypeId {
        let (parts, _) = self.types.parts(value);
        let kept: Vec<TypeId> = parts.into_iter().filter(|part| self.has_type(*part, wanted)).collect();
        if kept.is_empty() { wanted } else { self.types.union(kept.into_iter()) }
    }

    fn without(&mut self, value: TypeId, wanted: TypeId) -> TypeId {
        let (parts, _) = self.types.parts(value);
        let dropped: Vec<TypeId> = parts.into_iter().filter(|part| self.has_type(*part, wanted)).collect();
        if dropped.is_empty() { value } else { self.types.retain(value, |_, part| !dropped.contains(&part)) }
    }

    fn has_type(&self, part: TypeId, wanted: TypeId) -> bool {
        if part == wanted {
            return true;
        }
        let Type::Named(wanted_name) = self.types.get(wanted) else { return false };
        let name = match self.types.get(part) {
            Type::Named(name) | Type::Collection { name, .. } => *name,
            Type::Object(id) if self.object(*id).kind != ObjectKind::Extended => self.object(*id).name,
            Type::Text { .. } => return wanted == TypeId::STRING || is_string(self.types.name(*wanted_name)),
            _ => return false,
        };
        is_same_type_name(self.types.name(name), self.types.name(*wanted_name))
    }
}

fn is_string(name: &str) -> bool {
    word(name) == Some(Word::String)
}
