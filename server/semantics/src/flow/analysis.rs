//! The state of an analysis: variables, objects, types, and where in the text it is.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use syntax::{NodeId, Source, SyntaxTree};

use crate::flow::ModuleScope;
use crate::flow::environment::{Change, Environment, Slot};
use crate::flow::names::name_key;
use crate::flow::objects::{Object, ObjectKind, State, StateId, States};
use crate::flow::shapes::Queries;
use crate::flow::types::{NameId, ObjectId, Type, TypeId, Types};
use crate::shape::{Field, Shape};

/// Shapes of parameters are followed this deep.
const MAX_GIVEN_DEPTH: usize = 8;

pub(super) struct Variable {
    pub name: SmolStr,
    pub slot: Slot,
    pub offset: u32,
    /// A parameter, or named by `Перем`.
    pub is_declared: bool,
    pub is_of_module: bool,
}

pub(super) struct Analysis<'a> {
    pub scope: &'a ModuleScope<'a>,
    pub source: Source<'a>,
    pub tree: &'a SyntaxTree,
    pub types: Types,
    pub states: States,
    pub objects: Vec<Object>,
    objects_by_node: FxHashMap<NodeId, ObjectId>,
    pub environment: Environment,
    pub variables: Vec<Variable>,
    by_key: FxHashMap<u64, usize>,
    /// Per slot: it holds the state of an object.
    is_object_slot: Vec<bool>,
    /// Where the question stands, once the walk is over.
    pub asked_at: Option<u32>,
    /// First token that sees the effects of the current statement.
    pub epoch: u32,
    /// Values that a condition gives to variables; the last one counts.
    pub overrides: Vec<(usize, TypeId)>,
    /// Expressions of `Возврат`.
    pub returned: Vec<NodeId>,
    pub depth: u32,
    pub nesting: u32,
    /// Per open loop: it is left or continued from within.
    pub loops: Vec<bool>,
    /// Nodes that may still be visited again.
    pub repeats_left: u32,
    pub has_directives: bool,
    /// The code outside methods is analysed.
    is_body: bool,
    pub queries: Queries,
}

impl<'a> Analysis<'a> {
    pub(super) fn new(scope: &'a ModuleScope<'a>, is_body: bool) -> Self {
        Self {
            scope,
            source: scope.source,
            tree: scope.source.tree,
            types: Types::new(),
            states: States::new(),
            objects: Vec::new(),
            objects_by_node: FxHashMap::default(),
            environment: Environment::default(),
            variables: Vec::new(),
            by_key: FxHashMap::default(),
            is_object_slot: Vec::new(),
            asked_at: None,
            epoch: 0,
            overrides: Vec::new(),
            returned: Vec::new(),
            depth: 0,
            nesting: 0,
            loops: Vec::new(),
            repeats_left: 0,
            has_directives: false,
            is_body,
            queries: Queries::default(),
        }
    }

    // ---- variables

    /// The variable of a name that is assigned or declared there.
    pub(super) fn declare(&mut self, name: &str, offset: u32, is_declared: bool) -> usize {
        let key = name_key(name);
        if let Some(index) = self.by_key.get(&key) {
            self.variables[*index].is_declared |= is_declared;
            return *index;
        }
        let is_of_module = (self.is_body || !is_declared) && self.scope.module_variables.contains(&key);
        let initial = if is_of_module { self.global(name) } else { TypeId::UNASSIGNED };
        let slot = self.add_slot(initial.0, false);
        let index = self.variables.len();
        self.variables.push(Variable { name: SmolStr::new(name), slot, offset, is_declared, is_of_module });
        self.by_key.insert(key, index);
        index
    }

    pub(super) fn variable(&self, name: &str) -> Option<usize> {
        self.by_key.get(&name_key(name)).copied()
    }

    /// What a variable holds at the current place.
    pub(super) fn value_of(&mut self, variable: usize) -> TypeId {
        if let Some((_, value)) = self.overrides.iter().rev().find(|(other, _)| *other == variable) {
            return *value;
        }
        let slot = self.variables[variable].slot;
        TypeId(match self.asked_at {
            Some(epoch) => self.environment.at(slot, epoch),
            None => self.environment.read(slot),
        })
    }

    /// What a name means at the current place.
    pub(super) fn name_value(&mut self, name: &str) -> TypeId {
        let Some(variable) = self.variable(name) else { return self.global(name) };
        match self.value_of(variable) {
            TypeId::UNASSIGNED if self.variables[variable].is_declared => TypeId::UNKNOWN,
            TypeId::UNASSIGNED => self.global(name),
            value => value,
        }
    }

    pub(super) fn assign(&mut self, variable: usize, value: TypeId, epoch: u32) {
        let slot = self.variables[variable].slot;
        self.environment.set(slot, value.0, epoch, Change::Write);
    }

    pub(super) fn global(&mut self, name: &str) -> TypeId {
        let name = self.types.name_id(name);
        self.types.intern(Type::Global(name))
    }

    fn add_slot(&mut self, initial: u32, is_object: bool) -> Slot {
        self.is_object_slot.push(is_object);
        self.environment.add_slot(initial)
    }

    /// What a slot holds if it holds one of two things.
    pub(super) fn join_in(&mut self, slot: Slot, left: u32, right: u32) -> u32 {
        if self.is_object_slot[slot.0 as usize] {
            self.states.join(StateId(left), StateId(right), &mut self.types).0
        } else {
            self.types.join(TypeId(left), TypeId(right)).0
        }
    }

    // ---- objects

    /// The object that a node creates.
    pub(super) fn create(
        &mut self,
        node: NodeId,
        kind: ObjectKind,
        name: NameId,
        initial: StateId,
    ) -> TypeId {
        let object = Object { kind, name, slot: None, initial, base: TypeId::UNKNOWN };
        self.create_from(node, object)
    }

    pub(super) fn create_from(&mut self, node: NodeId, mut object: Object) -> TypeId {
        let known = self.objects_by_node.get(&node).copied();
        let id = match (known, self.asked_at) {
            (Some(id), Some(_)) => id,
            (Some(id), None) => {
                object.slot = self.objects[id.0 as usize].slot;
                self.objects[id.0 as usize] = object;
                id
            }
            (None, asked_at) => {
                object.slot = asked_at.is_none().then(|| self.add_slot(StateId::NONE.0, true));
                let id = self.add_object(object);
                self.objects_by_node.insert(node, id);
                id
            }
        };
        if self.asked_at.is_none()
            && let Some(slot) = object.slot
        {
            self.environment.set(slot, object.initial.0, self.epoch, Change::Write);
        }
        self.types.intern(Type::Object(id))
    }

    fn add_object(&mut self, object: Object) -> ObjectId {
        self.objects.push(object);
        ObjectId(self.objects.len() as u32 - 1)
    }

    pub(super) fn object(&self, id: ObjectId) -> Object {
        self.objects[id.0 as usize]
    }

    pub(super) fn object_of(&self, value: TypeId) -> Option<(ObjectId, Object)> {
        match self.types.get(value) {
            Type::Object(id) => Some((*id, self.object(*id))),
            _ => None,
        }
    }

    /// Contents of an object at the current place.
    pub(super) fn state_of(&mut self, id: ObjectId) -> StateId {
        let object = self.object(id);
        let Some(slot) = object.slot else { return object.initial };
        let state = StateId(match self.asked_at {
            Some(epoch) => self.environment.at(slot, epoch),
            None => self.environment.read(slot),
        });
        if state == StateId::NONE { object.initial } else { state }
    }

    /// Changes an object from the end of the current statement on.
    pub(super) fn change(
        &mut self,
        id: ObjectId,
        change: impl FnOnce(&mut States, &mut Types, StateId) -> StateId,
    ) {
        let object = self.object(id);
        let Some(slot) = object.slot else { return };
        let state = StateId(self.environment.get(slot));
        let state = if state == StateId::NONE { object.initial } else { state };
        let new = change(&mut self.states, &mut self.types, state);
        if new != state {
            self.environment.set(slot, new.0, self.epoch, Change::Write);
        }
    }

    // ---- shapes from outside

    pub(super) fn import(&mut self, shape: &Shape, depth: usize) -> TypeId {
        match shape {
            Shape::Unknown => TypeId::UNKNOWN,
            Shape::Named(name) => self.types.named(name),
            Shape::Global(name) => self.global(name),
            _ if depth >= MAX_GIVEN_DEPTH => self.types.give(shape.clone()),
            Shape::Union { parts, is_open } => {
                let mut all: Vec<_> = parts.iter().map(|part| self.import(part, depth + 1)).collect();
                all.extend(is_open.then_some(TypeId::UNKNOWN));
                self.types.union(all.into_iter())
            }
            Shape::Collection { name, element } => {
                let element = self.import(element, depth + 1);
                let name = self.types.name_id(name);
                self.types.intern(Type::Collection { name, element })
            }
            Shape::Structure { name, fields } => {
                self.import_object(ObjectKind::Structure, name, fields, depth)
            }
            Shape::Table { name, columns } => self.import_object(ObjectKind::Table, name, columns, depth),
            Shape::Element(of) => {
                let of = self.import(of, depth + 1);
                self.types.intern(Type::Element(of))
            }
            Shape::TypeValue(of) => {
                let of = self.import(of, depth + 1);
                self.types.intern(Type::Description(of))
            }
            _ => self.types.give(shape.clone()),
        }
    }

    fn import_object(&mut self, kind: ObjectKind, name: &str, fields: &[Field], depth: usize) -> TypeId {
        let mut state = State::default();
        for field in fields {
            let value = self.import(&field.shape, depth + 1);
            state.fields.push(crate::flow::objects::FieldState {
                key: name_key(&field.name),
                name: self.types.name_id(&field.name),
                value,
                offset: field.offset,
                description: self.types.name_id(&field.description),
            });
        }
        let initial = self.states.add(state);
        let slot = self.asked_at.is_none().then(|| self.add_slot(initial.0, true));
        let name = self.types.name_id(name);
        let id = self.add_object(Object { kind, name, slot, initial, base: TypeId::UNKNOWN });
        self.types.intern(Type::Object(id))
    }
}
