//! `МенеджерЗаписи` of an information register: one record by its key.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::arguments::Arguments;
use crate::failure::{Outcome, messages};
use crate::infobase::World;
use crate::infobase::entity::Entity;
use crate::infobase::records::RecordSet;
use crate::machine::Machine;
use crate::name::Name;
use crate::object::Object;
use crate::types::TypeName;
use crate::value::Value;

pub(crate) struct RecordManager {
    world: Rc<World>,
    entity: Rc<Entity>,
    values: RefCell<Vec<Value>>,
    /// The key that was read, which a changed key replaces.
    old_key: RefCell<Option<Vec<Value>>>,
    is_selected: Cell<bool>,
}

impl RecordManager {
    pub(crate) fn value(world: &Rc<World>, entity: &Rc<Entity>) -> Value {
        let values = entity.fields.iter().map(|field| field.field_type.default_value(world)).collect();
        Value::object(Self {
            world: world.clone(),
            entity: entity.clone(),
            values: RefCell::new(values),
            old_key: RefCell::new(None),
            is_selected: Cell::new(false),
        })
    }

    fn key(&self) -> Vec<Value> {
        let key = self.world.store.tables[self.entity.index].borrow().key.clone();
        key.into_iter().map(|place| self.values.borrow()[place].clone()).collect()
    }

    fn read(&self, machine: &mut Machine) {
        machine.clock.query();
        let table = self.world.store.tables[self.entity.index].borrow();
        let id = table.find(&self.key()).first().copied();
        let row = id.and_then(|id| table.row(id).cloned());
        self.is_selected.set(row.is_some());
        if let Some(row) = row {
            self.values.replace(row.values.as_ref().clone());
            let key = table.key.iter().map(|place| row.values[*place].clone()).collect();
            self.old_key.replace(Some(key));
        }
    }

    /// Writes a set with the given key: this record, or none.
    fn replace(&self, machine: &mut Machine, key: &[Value], is_kept: bool) -> Outcome<()> {
        let set = RecordSet::new(&self.world, &self.entity);
        let places = self.world.store.tables[self.entity.index].borrow().key.clone();
        for (place, value) in places.into_iter().zip(key) {
            set.filter.borrow_mut()[place] = Some(value.clone());
        }
        if is_kept {
            set.lines.fill(&[Rc::new(self.values.borrow().clone())]);
        }
        set.write(machine, true)
    }

    fn write(&self, machine: &mut Machine) -> Outcome<()> {
        let key = self.key();
        if let Some(old) = self.old_key.borrow().clone()
            && old != key
        {
            self.replace(machine, &old, false)?;
        }
        self.replace(machine, &key, true)?;
        self.old_key.replace(Some(key));
        self.is_selected.set(true);
        Ok(())
    }
}

impl Object for RecordManager {
    fn type_name(&self) -> TypeName {
        let name = &self.entity.name.shown;
        let (russian, english) = (self.entity.kind.name_ru(), self.entity.kind.name());
        TypeName::made(format!("{russian}МенеджерЗаписи.{name}"), format!("{english}RecordManager.{name}"))
    }

    fn property_names(&self) -> Vec<Name> {
        self.entity.fields.iter().map(|field| field.name.clone()).collect()
    }

    fn get(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        let place = self.entity.field(name).ok_or_else(|| messages::no_field(&name.shown))?;
        Ok(self.values.borrow()[place].clone())
    }

    fn set(&self, _machine: &mut Machine, name: &Name, value: Value) -> Outcome<()> {
        let place = self.entity.field(name).ok_or_else(|| messages::no_field(&name.shown))?;
        let value = self.entity.fields[place].field_type.adjusted(&self.world, value);
        self.values.borrow_mut()[place] = value;
        Ok(())
    }

    fn call(&self, machine: &mut Machine, name: &Name, _arguments: &mut Arguments<'_>) -> Outcome {
        match name.folded.as_ref() {
            "прочитать" | "read" => self.read(machine),
            "записать" | "write" => self.write(machine)?,
            "удалить" | "delete" => {
                let key = self.old_key.borrow().clone().unwrap_or_else(|| self.key());
                self.replace(machine, &key, false)?;
                self.is_selected.set(false);
            }
            "выбран" | "selected" => return Ok(self.is_selected.get().into()),
            _ => return Err(messages::no_method(&name.shown)),
        }
        Ok(Value::Undefined)
    }
}
