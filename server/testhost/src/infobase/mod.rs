//! An infobase in memory: the objects of a configuration, their modules, their data.

mod builder;
mod configuration;
mod entity;
mod exchange;
mod field_type;
mod lines;
mod manager;
mod meta_object;
mod modules;
mod object;
mod points;
mod records;
mod reference;
mod session;
mod session_parameters;
mod store;
mod subscriptions;
mod system_enums;
mod tables;
mod virtual_tables;

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use base::Files;
use metadata::ObjectKind;
use rustc_hash::FxHashMap;

pub use self::configuration::{Configuration, ReplaceError};

use self::entity::{Entity, Role};
use self::manager::Manager;
use self::modules::{LazyModule, ModuleSlot};
use self::reference::Reference;
use self::store::Store;
use self::subscriptions::Subscription;
use crate::value::Value;

/// Everything that sessions share.
pub(crate) struct World {
    /// The variant of the language that the configuration is written in.
    pub(crate) is_english: bool,
    pub(crate) me: Weak<World>,
    pub(crate) files: Rc<dyn Files>,
    pub(crate) entities: Vec<Rc<Entity>>,
    /// Entities by kind and name in lower case.
    numbers: FxHashMap<(ObjectKind, Rc<str>), usize>,
    pub(crate) store: Store,
    pub(crate) slots: Vec<Rc<ModuleSlot>>,
    /// Modules of objects and of record sets, by entity.
    object_modules: FxHashMap<usize, Rc<ModuleSlot>>,
    manager_modules: FxHashMap<usize, Rc<ModuleSlot>>,
    pub(crate) common_modules: Vec<Rc<LazyModule>>,
    /// Modules whose exported methods need no prefix.
    global_modules: Vec<Rc<LazyModule>>,
    session_module: Option<Rc<ModuleSlot>>,
    session_parameters: Vec<(crate::name::Name, field_type::FieldType)>,
    managers: RefCell<FxHashMap<usize, Value>>,
    subscriptions: Vec<Subscription>,
    /// Objects of the metadata that this host has no data for, by kind and name in lower case.
    unsupported: Vec<(ObjectKind, Rc<str>)>,
}

impl World {
    pub(crate) fn number(&self, kind: ObjectKind, name: &str) -> Option<usize> {
        self.numbers.get(&(kind, base::fold_case(name).as_ref().into())).copied()
    }

    pub(crate) fn reference(&self, entity: usize, id: u64) -> Value {
        Value::object(Reference { world: self.me.clone(), entity: self.entities[entity].clone(), id })
    }

    pub(crate) fn object_module(&self, entity: &Entity) -> Option<&Rc<ModuleSlot>> {
        self.object_modules.get(&entity.index)
    }

    pub(crate) fn manager_module(&self, entity: &Entity) -> Option<&Rc<ModuleSlot>> {
        self.manager_modules.get(&entity.index)
    }

    pub(crate) fn manager(&self, entity: usize) -> Value {
        if let Some(manager) = self.managers.borrow().get(&entity) {
            return manager.clone();
        }
        let manager = Manager::value(self.me.clone(), self.entities[entity].clone());
        self.managers.borrow_mut().insert(entity, manager.clone());
        manager
    }

    /// How a reference is shown.
    pub(crate) fn presentation(&self, entity: &Entity, id: u64) -> String {
        if entity.kind == ObjectKind::Enum {
            let item = usize::try_from(id).ok().and_then(|id| entity.named_items.get(id.checked_sub(1)?));
            return item.map(|item| item.presentation.to_string()).unwrap_or_default();
        }
        match self.store.row(entity.index, id) {
            Some(row) => self.row_presentation(entity, &row.values),
            None if id == 0 => String::new(),
            None => format!("<Объект не найден> ({}:{id})", entity.index + 1),
        }
    }

    pub(crate) fn row_presentation(&self, entity: &Entity, values: &[Value]) -> String {
        let text = |role| {
            let value = entity.role(role).and_then(|place| values.get(place));
            value.map(|value| value.presentation().to_string()).unwrap_or_default()
        };
        if entity.role(Role::Date).is_some() {
            return format!("{} {} от {}", entity.synonym, text(Role::Code), text(Role::Date));
        }
        let description = text(Role::Description);
        if description.is_empty() { text(Role::Code) } else { description }
    }

    /// Rows of a register whose fields have the values that are given.
    pub(crate) fn matching(&self, entity: &Entity, wanted: &[Option<Value>]) -> Vec<u64> {
        let table = self.store.tables[entity.index].borrow();
        let key: Option<Vec<Value>> =
            table.key.iter().map(|place| wanted.get(*place).cloned().flatten()).collect();
        if let Some(key) = key.filter(|key| !key.is_empty()) {
            return table.find(&key).to_vec();
        }
        let fits = |values: &[Value]| {
            let mut pairs = wanted.iter().zip(values);
            pairs.all(|(wanted, value)| wanted.as_ref().is_none_or(|wanted| wanted == value))
        };
        table.rows().filter(|(_, row)| fits(&row.values)).map(|(id, _)| id).collect()
    }

    pub(crate) fn has_records(&self, register: &Entity, recorder: &Value) -> bool {
        let table = self.store.tables[register.index].borrow();
        !table.find(std::slice::from_ref(recorder)).is_empty()
    }
}
