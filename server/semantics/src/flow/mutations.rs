//! What statements do to objects: `Вставить`, `Добавить`, assignments to properties, arguments passed by reference.

use syntax::{NodeId, NodeKind, Role};

use crate::flow::analysis::Analysis;
use crate::flow::names::{Word, name_key, word};
use crate::flow::objects::{Object, ObjectKind, StateId};
use crate::flow::syntax_text::{argument, arguments, is_identifier, short_literal, without_parentheses};
use crate::flow::types::{ObjectId, Type, TypeId};

impl Analysis<'_> {
    /// `X.Метод(…)` as a statement.
    pub(super) fn apply_call(&mut self, call: NodeId) {
        let tree = self.tree;
        let Some(function) = tree.child(call, Role::Function) else { return };
        let Some(property) = tree.child(function, Role::Property) else { return };
        let Some(object) = tree.child(function, Role::Object) else { return };
        let Some(method) = word(self.source.node_text(property)).filter(|method| is_change(*method)) else {
            return;
        };
        let receiver = self.eval(object);
        let (parts, _) = self.types.parts(receiver);
        let mut is_known = false;
        for part in parts {
            match *self.types.get(part) {
                Type::Object(id) => {
                    self.apply_method(call, id, method);
                    is_known = true;
                }
                Type::Member(owner, name) if word(self.types.name(name)) == Some(Word::Columns) => {
                    if let Some((id, Object { kind: ObjectKind::Table, .. })) = self.object_of(owner) {
                        self.apply_to_columns(call, id, method);
                        is_known = true;
                    }
                }
                _ => {}
            }
        }
        if !is_known && method == Word::Insert {
            self.extend(call, object, receiver);
        }
    }

    fn apply_method(&mut self, call: NodeId, id: ObjectId, method: Word) {
        let first = argument(self.tree, call, 0);
        let kind = self.object(id).kind;
        match (kind, method) {
            (ObjectKind::Structure | ObjectKind::Extended, Word::Insert) => {
                let Some((name, offset)) = first.and_then(|first| short_literal(self.source, first)) else {
                    return;
                };
                if is_identifier(name) {
                    self.set_field(id, name, argument(self.tree, call, 1), offset);
                }
            }
            (ObjectKind::Structure | ObjectKind::Extended, Word::Delete) => {
                let literal = first.and_then(|first| short_literal(self.source, first));
                if let Some((name, _)) = literal {
                    self.change(id, |states, _, state| states.without_field(state, name_key(name)));
                }
            }
            (ObjectKind::Map, Word::Insert) => self.add_element(id, argument(self.tree, call, 1)),
            (ObjectKind::Array, Word::Insert) => self.add_element(id, argument(self.tree, call, 1)),
            (ObjectKind::List, Word::Insert) => self.add_element(id, argument(self.tree, call, 1)),
            (ObjectKind::Array | ObjectKind::List, Word::Add) => self.add_element(id, first),
            (ObjectKind::List, Word::LoadValues) => {
                let values = first.map_or(TypeId::UNKNOWN, |first| self.eval(first));
                let element = self.element(values);
                if element != TypeId::UNKNOWN {
                    self.change(id, |states, types, state| states.with_element(state, element, types));
                }
            }
            (ObjectKind::Structure | ObjectKind::Map | ObjectKind::Array | ObjectKind::List, Word::Clear) => {
                self.change(id, |_, _, _| StateId::EMPTY);
            }
            _ => {}
        }
    }

    fn apply_to_columns(&mut self, call: NodeId, id: ObjectId, method: Word) {
        let tree = self.tree;
        let position = usize::from(method == Word::Insert);
        let name = argument(tree, call, position).and_then(|name| short_literal(self.source, name));
        match (method, name) {
            (Word::Add | Word::Insert, Some((name, offset))) if is_identifier(name) => {
                let types = argument(tree, call, position + 1).map(|types| self.eval(types));
                let value = match types.map(|types| self.types.get(types)) {
                    Some(Type::Description(value)) => *value,
                    _ => TypeId::UNKNOWN,
                };
                let field = self.field(name, value, Some(offset));
                self.change(id, |states, _, state| states.with_field(state, field));
            }
            (Word::Delete, Some((name, _))) => {
                self.change(id, |states, _, state| states.without_field(state, name_key(name)));
            }
            (Word::Clear, _) => self.change(id, |_, _, _| StateId::EMPTY),
            _ => {}
        }
    }

    fn set_field(&mut self, id: ObjectId, name: &str, value: Option<NodeId>, offset: u32) {
        let value = value.map_or(TypeId::UNKNOWN, |value| self.eval(value));
        let field = self.field(name, value, Some(offset));
        self.change(id, |states, _, state| states.with_field(state, field));
    }

    fn add_element(&mut self, id: ObjectId, value: Option<NodeId>) {
        let value = value.map_or(TypeId::UNKNOWN, |value| self.eval(value));
        self.change(id, |states, types, state| states.with_element(state, value, types));
    }

    /// A key inserted into a value that came from elsewhere.
    fn extend(&mut self, call: NodeId, receiver: NodeId, base: TypeId) {
        let tree = self.tree;
        let literal = argument(tree, call, 0).and_then(|first| short_literal(self.source, first));
        let Some((name, offset)) = literal.filter(|(name, _)| is_identifier(name)) else { return };
        let receiver = without_parentheses(tree, receiver);
        let is_local = tree.kind(receiver) == NodeKind::Name;
        let variable = is_local.then(|| self.variable(self.source.node_text(receiver))).flatten();
        let Some(variable) = variable else { return };
        let word_of_base = match self.types.get(base) {
            Type::Named(name) => word(self.types.name(*name)),
            _ => None,
        };
        let kind = match word_of_base {
            Some(Word::Structure) => ObjectKind::Structure,
            Some(_) => return,
            None => ObjectKind::Extended,
        };
        let name_of_type = match *self.types.get(base) {
            Type::Named(name) => name,
            _ => crate::flow::types::NameId::EMPTY,
        };
        let object = Object { kind, name: name_of_type, slot: None, initial: StateId::EMPTY, base };
        let extended = self.create_from(call, object);
        self.assign(variable, extended, self.epoch);
        if let Some((id, _)) = self.object_of(extended) {
            self.set_field(id, name, argument(tree, call, 1), offset);
        }
    }

    /// `X.Свойство = …`.
    pub(super) fn set_property(&mut self, target: NodeId, value: TypeId) {
        let Some((object, property)) = self.object_and_property(target) else { return };
        let offset = self.tree.child(target, Role::Property).map(|name| self.tree.range(name).start);
        let (parts, _) = self.types.parts(object);
        for part in parts {
            let Some((id, object)) = self.object_of(part) else { continue };
            match object.kind {
                ObjectKind::Structure | ObjectKind::Extended => {
                    let field = self.field(property, value, offset);
                    self.change(id, |states, _, state| match states.field(state, field.key) {
                        Some(_) => states.with_field(state, field),
                        // Only `Вставить` adds keys; others are properties of something unknown.
                        None => state,
                    });
                }
                ObjectKind::Query if word(property) == Some(Word::Text) => {
                    self.change(id, |states, _, state| states.with_text(state, value));
                }
                _ => {}
            }
        }
    }

    /// `X[…] = …`.
    pub(super) fn set_element(&mut self, target: NodeId, value: TypeId) {
        let tree = self.tree;
        let object = self.eval_child(target, Role::Object);
        let key = tree.child(target, Role::Index).and_then(|key| short_literal(self.source, key));
        let (parts, _) = self.types.parts(object);
        for part in parts {
            let Some((id, object)) = self.object_of(part) else { continue };
            match object.kind {
                ObjectKind::Array | ObjectKind::Map => {
                    self.change(id, |states, types, state| states.with_element(state, value, types));
                }
                ObjectKind::Structure => {
                    let Some((name, offset)) = key.filter(|(name, _)| is_identifier(name)) else { continue };
                    let field = self.field(name, value, Some(offset));
                    self.change(id, |states, _, state| states.with_field(state, field));
                }
                _ => {}
            }
        }
    }

    /// Variables that calls inside an expression may set: parameters are passed by reference.
    pub(super) fn apply_references(&mut self, expression: NodeId) {
        let tree = self.tree;
        if tree.kind(expression) == NodeKind::Call {
            self.apply_references_of(expression);
        }
        for node in tree.descendants(expression) {
            if tree.kind(node) == NodeKind::Call {
                self.apply_references_of(node);
            }
        }
    }

    fn apply_references_of(&mut self, call: NodeId) {
        let tree = self.tree;
        let mut method = None;
        for (position, argument) in arguments(tree, call) {
            if tree.kind(argument) != NodeKind::Name {
                continue;
            }
            let Some(variable) = self.variable(self.source.node_text(argument)) else { continue };
            let method = *method.get_or_insert_with(|| self.called_word(call));
            match method {
                Some(Word::Property) if position == 1 => self.read_property(call, variable),
                Some(_) => return,
                None => {
                    let value = self.value_of(variable);
                    let (parts, is_open) = self.types.parts(value);
                    if parts.contains(&TypeId::UNDEFINED) && !is_open {
                        let value = if parts.len() == 1 {
                            TypeId::UNKNOWN
                        } else {
                            self.types.join(value, TypeId::UNKNOWN)
                        };
                        self.assign(variable, value, self.epoch);
                    }
                }
            }
        }
    }

    fn called_word(&self, call: NodeId) -> Option<Word> {
        let function = self.tree.child(call, Role::Function)?;
        let name = self.tree.child(function, Role::Property).unwrap_or(function);
        word(self.source.node_text(name))
    }

    /// `С.Свойство("Ключ", Переменная)`.
    fn read_property(&mut self, call: NodeId, variable: usize) {
        let tree = self.tree;
        let receiver =
            tree.child(call, Role::Function).and_then(|function| tree.child(function, Role::Object));
        let literal = argument(tree, call, 0).and_then(|first| short_literal(self.source, first));
        let mut value = TypeId::UNKNOWN;
        if let (Some(receiver), Some((name, _))) = (receiver, literal.filter(|(name, _)| is_identifier(name)))
        {
            let receiver = self.eval(receiver);
            let member = self.member(receiver, name);
            value = self.types.join(member, TypeId::UNDEFINED);
        }
        self.assign(variable, value, self.epoch);
    }
}

fn is_change(method: Word) -> bool {
    matches!(method, Word::Insert | Word::Add | Word::Delete | Word::Clear | Word::LoadValues)
}
