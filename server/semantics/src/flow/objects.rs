//! Values that code builds step by step: structures, tables, arrays, maps, queries. An object is the place that
//! creates it; variables that hold the same object see each other's changes.

use crate::flow::environment::Slot;
use crate::flow::types::{NameId, TypeId, Types};

/// Keys of a structure, columns of a table.
const MAX_FIELDS: usize = 200;
/// Fields of all contents of one method. Objects stop changing behind that.
const MAX_KEPT_FIELDS: usize = 400_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ObjectKind {
    Structure,
    Map,
    Array,
    List,
    Table,
    Query,
    /// Something else to which keys are added.
    Extended,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Object {
    pub kind: ObjectKind,
    /// Its type as written.
    pub name: NameId,
    /// `None` for objects that nothing can change.
    pub slot: Option<Slot>,
    /// As it is created.
    pub initial: StateId,
    /// Of an extended value.
    pub base: TypeId,
}

/// Contents of an object at some moment; they never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StateId(pub u32);

impl StateId {
    /// The object does not exist on this path.
    pub(super) const NONE: Self = Self(0);
    pub(super) const EMPTY: Self = Self(1);
}

#[derive(Clone, Debug, Default)]
pub(super) struct State {
    pub fields: Vec<FieldState>,
    /// What is added to an array or inserted into a map.
    pub element: Option<TypeId>,
    /// Of a query.
    pub text: Option<TypeId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FieldState {
    /// Of the name without case.
    pub key: u64,
    pub name: NameId,
    pub value: TypeId,
    pub offset: Option<u32>,
    pub description: NameId,
}

impl State {
    /// Sets a field, unless there are too many.
    pub(super) fn set(&mut self, field: FieldState) {
        if let Some(known) = self.fields.iter_mut().find(|known| known.key == field.key) {
            known.value = field.value;
        } else if self.fields.len() < MAX_FIELDS {
            self.fields.push(field);
        }
    }
}

pub(super) struct States {
    states: Vec<State>,
    fields_left: usize,
}

impl States {
    pub(super) fn new() -> Self {
        Self { states: vec![State::default(), State::default()], fields_left: MAX_KEPT_FIELDS }
    }

    pub(super) fn get(&self, id: StateId) -> &State {
        &self.states[id.0 as usize]
    }

    pub(super) fn add(&mut self, state: State) -> StateId {
        self.fields_left = self.fields_left.saturating_sub(state.fields.len());
        self.states.push(state);
        StateId(self.states.len() as u32 - 1)
    }

    pub(super) fn field(&self, id: StateId, key: u64) -> Option<&FieldState> {
        self.get(id).fields.iter().find(|field| field.key == key)
    }

    /// The contents with a field set.
    pub(super) fn with_field(&mut self, id: StateId, field: FieldState) -> StateId {
        let state = self.get(id);
        let known = state.fields.iter().position(|known| known.key == field.key);
        let is_same = known.is_some_and(|index| state.fields[index].value == field.value);
        let is_full = known.is_none() && state.fields.len() >= MAX_FIELDS;
        if is_same || is_full || self.fields_left == 0 {
            return id;
        }
        let mut state = state.clone();
        state.set(field);
        self.add(state)
    }

    pub(super) fn without_field(&mut self, id: StateId, key: u64) -> StateId {
        if self.field(id, key).is_none() || self.fields_left == 0 {
            return id;
        }
        let mut state = self.get(id).clone();
        state.fields.retain(|field| field.key != key);
        self.add(state)
    }

    pub(super) fn with_element(&mut self, id: StateId, element: TypeId, types: &mut Types) -> StateId {
        let known = self.get(id).element;
        let joined = known.map_or(element, |known| types.join(known, element));
        if known == Some(joined) || self.fields_left == 0 {
            return id;
        }
        let state = State { element: Some(joined), ..self.get(id).clone() };
        self.add(state)
    }

    pub(super) fn with_text(&mut self, id: StateId, text: TypeId) -> StateId {
        if self.get(id).text == Some(text) || self.fields_left == 0 {
            return id;
        }
        let state = State { text: Some(text), ..self.get(id).clone() };
        self.add(state)
    }

    /// Contents of an object that is the same on two paths.
    pub(super) fn join(&mut self, left: StateId, right: StateId, types: &mut Types) -> StateId {
        if left == right || right == StateId::NONE {
            return left;
        }
        if left == StateId::NONE {
            return right;
        }
        let (a, b) = (self.get(left), self.get(right));
        let is_rest_same = a.element == b.element && a.text == b.text;
        if is_rest_same && b.fields.starts_with(&a.fields) {
            return right;
        }
        if (is_rest_same && a.fields.starts_with(&b.fields)) || self.fields_left == 0 {
            return left;
        }
        let mut joined = a.clone();
        let b = b.clone();
        for field in b.fields {
            match joined.fields.iter_mut().find(|known| known.key == field.key) {
                Some(known) => known.value = types.join(known.value, field.value),
                None => joined.set(field),
            }
        }
        joined.element = join_optional(joined.element, b.element, types);
        joined.text = join_optional(joined.text, b.text, types);
        self.add(joined)
    }
}

fn join_optional(left: Option<TypeId>, right: Option<TypeId>, types: &mut Types) -> Option<TypeId> {
    match (left, right) {
        (Some(left), Some(right)) => Some(types.join(left, right)),
        (left, right) => left.or(right),
    }
}
