//! What `Новый` makes.

use syntax::{NodeId, NodeKind, Role};

use crate::flow::analysis::Analysis;
use crate::flow::names::{Word, name_key, word};
use crate::flow::objects::{FieldState, ObjectKind, State, StateId};
use crate::flow::syntax_text::{argument, arguments, is_identifier, literal_text, short_literal};
use crate::flow::types::{NameId, Type, TypeId};

impl Analysis<'_> {
    pub(super) fn eval_new(&mut self, node: NodeId) -> TypeId {
        let tree = self.tree;
        // `Новый("Имя", Аргументы)` passes its arguments as an array.
        let named = tree.child(node, Role::Type);
        let name = match named {
            Some(name) => self.source.node_text(name),
            None => {
                let first = argument(tree, node, 0).and_then(|first| short_literal(self.source, first));
                match first {
                    Some((name, _)) if is_identifier(name) => name,
                    Some((name, _)) if !name.is_empty() => return self.types.named(name),
                    _ => return TypeId::UNKNOWN,
                }
            }
        };
        let kind = match word(name) {
            Some(Word::Structure | Word::FixedStructure) => ObjectKind::Structure,
            Some(Word::Map | Word::FixedMap) => ObjectKind::Map,
            Some(Word::Array | Word::FixedArray) => ObjectKind::Array,
            Some(Word::ValueList) => ObjectKind::List,
            Some(Word::ValueTable | Word::ValueTree) => ObjectKind::Table,
            Some(Word::Query) => ObjectKind::Query,
            Some(Word::TypeDescription) if named.is_some() => return self.described_types(node),
            _ => return self.types.named(name),
        };
        let initial = if named.is_some() { self.initial_state(node, kind) } else { StateId::EMPTY };
        let name = self.types.name_id(name);
        self.create(node, kind, name, initial)
    }

    fn initial_state(&mut self, node: NodeId, kind: ObjectKind) -> StateId {
        let Some(first) = argument(self.tree, node, 0) else { return StateId::EMPTY };
        match kind {
            ObjectKind::Structure if self.tree.kind(first) == NodeKind::String => {
                self.structure_fields(node, first)
            }
            ObjectKind::Query => {
                let text = self.eval(first);
                self.states.with_text(StateId::EMPTY, text)
            }
            _ => self.copied_state(first, kind),
        }
    }

    /// Contents of another object of the same kind: `Новый ФиксированнаяСтруктура(С)`.
    fn copied_state(&mut self, original: NodeId, kind: ObjectKind) -> StateId {
        let original = self.eval(original);
        if let Type::Collection { element, .. } = *self.types.get(original)
            && kind == ObjectKind::Array
        {
            return self.states.with_element(StateId::EMPTY, element, &mut self.types);
        }
        let same = self.object_of(original).filter(|(_, object)| object.kind == kind);
        same.map_or(StateId::EMPTY, |(id, _)| self.state_of(id))
    }

    /// `("А, Б", x, y)`.
    fn structure_fields(&mut self, node: NodeId, keys: NodeId) -> StateId {
        let text = literal_text(self.source, keys);
        let start = short_literal(self.source, keys).map(|(_, start)| start);
        let fallback = self.tree.range(keys).start;
        let mut values = arguments(self.tree, node).skip(1).peekable();
        let mut state = State::default();
        let mut at = 0;
        for (position, part) in text.split(',').enumerate() {
            let key = part.trim();
            let indent = part.len() - part.trim_start().len();
            let offset = start.map_or(fallback, |start| start + (at + indent) as u32);
            at += part.len() + 1;
            let mut value = TypeId::UNKNOWN;
            if let Some((_, argument)) = values.next_if(|(index, _)| *index == position + 1) {
                value = self.eval(argument);
            }
            if is_identifier(key) {
                let field = self.field(key, value, Some(offset));
                state.set(field);
            }
        }
        self.states.add(state)
    }

    pub(super) fn field(&mut self, name: &str, value: TypeId, offset: Option<u32>) -> FieldState {
        let key = name_key(name);
        let name = self.types.name_id(name);
        FieldState { key, name, value, offset, description: NameId::EMPTY }
    }

    /// `Новый ОписаниеТипов("Строка, Число")`.
    fn described_types(&mut self, node: NodeId) -> TypeId {
        let mut members = Vec::new();
        for (_, argument) in arguments(self.tree, node).take(2) {
            if let Some((text, _)) = short_literal(self.source, argument) {
                let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
                members.extend(names.map(|name| self.types.named(name)));
            } else {
                let value = self.eval(argument);
                members.push(match *self.types.get(value) {
                    Type::Description(types) => types,
                    _ => TypeId::UNKNOWN,
                });
            }
            // Behind names stand qualifiers.
            if members.iter().any(|member| *member != TypeId::UNKNOWN) {
                break;
            }
        }
        let types = self.types.union(members.into_iter());
        self.types.intern(Type::Description(types))
    }
}
