//! Results of calls, as far as they follow from what the receiver is known to hold.

use syntax::{NodeId, NodeKind, Role};

use crate::flow::analysis::Analysis;
use crate::flow::names::{Word, name_key, word};
use crate::flow::objects::{Object, ObjectKind};
use crate::flow::syntax_text::{argument, name_literal};
use crate::flow::types::{NameId, ObjectId, Type, TypeId};

impl Analysis<'_> {
    pub(super) fn eval_call(&mut self, call: NodeId) -> TypeId {
        let tree = self.tree;
        let Some(function) = tree.child(call, Role::Function) else { return TypeId::UNKNOWN };
        if tree.kind(function) == NodeKind::Name {
            return self.global_call(call, function);
        }
        let (Some(object), Some(property)) =
            (tree.child(function, Role::Object), tree.child(function, Role::Property))
        else {
            return TypeId::UNKNOWN;
        };
        let receiver = self.eval(object);
        self.method_call(call, receiver, self.source.node_text(property))
    }

    fn global_call(&mut self, call: NodeId, function: NodeId) -> TypeId {
        let name = self.source.node_text(function);
        match word(name) {
            Some(Word::Type) => {
                let literal = argument(self.tree, call, 0).and_then(|first| name_literal(self.source, first));
                let value = literal.map_or(TypeId::UNKNOWN, |literal| self.types.named(literal.trim()));
                return self.types.intern(Type::Description(value));
            }
            Some(Word::TypeOf) => {
                let value = argument(self.tree, call, 0).map_or(TypeId::UNKNOWN, |first| self.eval(first));
                return self.types.intern(Type::Description(value));
            }
            Some(Word::StrReplace) => {
                let text = argument(self.tree, call, 0).map_or(TypeId::UNKNOWN, |first| self.eval(first));
                return self.types.as_template(text);
            }
            _ => {}
        }
        let literal = self.first_literal(call);
        let function = self.types.name_id(name);
        self.types.intern(Type::GlobalCall { function, literal })
    }

    fn method_call(&mut self, call: NodeId, receiver: TypeId, method: &str) -> TypeId {
        match self.types.get(receiver).clone() {
            Type::Unknown | Type::Unassigned | Type::Text { .. } => TypeId::UNKNOWN,
            Type::Union { parts, is_open } => {
                self.of_each(&parts, is_open, |this, part| this.method_call(call, part, method))
            }
            Type::Object(id) => {
                let object = self.object(id);
                if object.kind == ObjectKind::Query {
                    let state = self.state_of(id);
                    let text = self.states.get(state).text.unwrap_or(TypeId::UNKNOWN);
                    let query = self.types.intern(Type::Query(text));
                    return self.symbolic_call(call, query, method);
                }
                let known = self.method_of_object(call, receiver, (id, object), method);
                known.unwrap_or_else(|| self.symbolic_call(call, receiver, method))
            }
            Type::Collection { element, .. } if word(method) == Some(Word::Get) => element,
            Type::Member(..) => match self.rows_of(receiver).zip(word(method)) {
                Some((table, Word::Add | Word::Insert | Word::Get)) => {
                    self.types.intern(Type::Element(table))
                }
                Some((table, Word::Find)) => {
                    let row = self.types.intern(Type::Element(table));
                    self.types.join(row, TypeId::UNDEFINED)
                }
                Some((table, Word::FindRows)) => {
                    let row = self.types.intern(Type::Element(table));
                    self.array_of(row)
                }
                _ => self.symbolic_call(call, receiver, method),
            },
            _ => self.symbolic_call(call, receiver, method),
        }
    }

    fn symbolic_call(&mut self, call: NodeId, receiver: TypeId, method: &str) -> TypeId {
        let literal = self.first_literal(call);
        let method = self.types.name_id(method);
        if method == NameId::EMPTY {
            return TypeId::UNKNOWN;
        }
        self.types.intern(Type::Call { receiver, method, literal })
    }

    fn method_of_object(
        &mut self,
        call: NodeId,
        receiver: TypeId,
        (id, object): (ObjectId, Object),
        method: &str,
    ) -> Option<TypeId> {
        let method = word(method)?;
        let state = self.state_of(id);
        match (object.kind, method) {
            (ObjectKind::Table, Word::Add | Word::Insert | Word::Get) => {
                Some(self.types.intern(Type::Element(receiver)))
            }
            (ObjectKind::Table, Word::Find) => {
                let row = self.types.intern(Type::Element(receiver));
                Some(self.types.join(row, TypeId::UNDEFINED))
            }
            (ObjectKind::Table, Word::FindRows) => {
                let row = self.types.intern(Type::Element(receiver));
                Some(self.array_of(row))
            }
            (ObjectKind::Table, Word::UnloadColumn) => {
                let column =
                    argument(self.tree, call, 0).and_then(|first| name_literal(self.source, first))?;
                let column = self.states.field(state, name_key(column))?.value;
                Some(self.array_of(column))
            }
            (ObjectKind::Table, Word::Copy | Word::CopyColumns) => {
                Some(self.create(call, object.kind, object.name, state))
            }
            (ObjectKind::List, Word::Add | Word::Insert | Word::Get) => {
                Some(self.types.intern(Type::Element(receiver)))
            }
            (ObjectKind::List, Word::Copy) => Some(self.create(call, object.kind, object.name, state)),
            (ObjectKind::List, Word::UnloadValues) => {
                let element = self.states.get(state).element.unwrap_or(TypeId::UNKNOWN);
                Some(self.array_of(element))
            }
            (ObjectKind::Array, Word::Get) => self.states.get(state).element,
            (ObjectKind::Map, Word::Get) => {
                let element = self.states.get(state).element?;
                Some(self.types.join(element, TypeId::UNDEFINED))
            }
            _ => None,
        }
    }

    fn array_of(&mut self, element: TypeId) -> TypeId {
        self.types.intern(Type::Collection { name: NameId::ARRAY, element })
    }
}
