//! `Отбор` of a record set: which records it reads and replaces.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use crate::arguments::Arguments;
use crate::failure::{Outcome, messages};
use crate::infobase::World;
use crate::infobase::entity::{Entity, Role};
use crate::machine::Machine;
use crate::machine::operators::to_boolean;
use crate::name::Name;
use crate::object::Object;
use crate::types::TypeName;
use crate::value::Value;

type Values = Rc<RefCell<Vec<Option<Value>>>>;

pub(crate) struct Filter {
    pub(crate) entity: Rc<Entity>,
    pub(crate) values: Values,
    pub(crate) world: Weak<World>,
}

impl Filter {
    fn is_part(&self, place: usize) -> bool {
        let role = self.entity.fields[place].role;
        if self.entity.has_recorder {
            role == Role::Recorder
        } else {
            matches!(role, Role::Period | Role::Dimension)
        }
    }

    fn part(&self, place: usize) -> Value {
        Value::object(FilterItem {
            entity: self.entity.clone(),
            values: self.values.clone(),
            world: self.world.clone(),
            place,
        })
    }
}

impl Object for Filter {
    fn type_name(&self) -> TypeName {
        TypeName::made("Отбор", "Filter")
    }

    fn get(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        let place = self.entity.field(name).filter(|place| self.is_part(*place));
        place.map(|place| self.part(place)).ok_or_else(|| messages::no_field(&name.shown))
    }

    fn call(&self, _machine: &mut Machine, name: &Name, arguments: &mut Arguments<'_>) -> Outcome {
        match name.folded.as_ref() {
            "сбросить" | "reset" => {
                self.values.borrow_mut().iter_mut().for_each(|value| *value = None);
                Ok(Value::Undefined)
            }
            "найти" | "find" => {
                let place = self.entity.field(&Name::new(&arguments.text(0)?));
                let place = place.filter(|place| self.is_part(*place));
                Ok(place.map_or(Value::Undefined, |place| self.part(place)))
            }
            "количество" | "count" => {
                Ok((0..self.entity.fields.len()).filter(|place| self.is_part(*place)).count().into())
            }
            _ => Err(messages::no_method(&name.shown)),
        }
    }

    fn item(&self, position: usize) -> Outcome<Option<Value>> {
        let place = (0..self.entity.fields.len()).filter(|place| self.is_part(*place)).nth(position);
        Ok(place.map(|place| self.part(place)))
    }
}

/// `ЭлементОтбора`.
struct FilterItem {
    entity: Rc<Entity>,
    values: Values,
    world: Weak<World>,
    place: usize,
}

impl FilterItem {
    fn put(&self, value: Option<Value>) {
        let adjusted = value.map(|value| match self.world.upgrade() {
            Some(world) => self.entity.fields[self.place].field_type.adjusted(&world, value),
            None => value,
        });
        self.values.borrow_mut()[self.place] = adjusted;
    }
}

impl Object for FilterItem {
    fn type_name(&self) -> TypeName {
        TypeName::made("ЭлементОтбора", "FilterItem")
    }

    fn get(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        let value = self.values.borrow()[self.place].clone();
        Ok(match name.folded.as_ref() {
            "значение" | "value" => value.unwrap_or_default(),
            "использование" | "use" => value.is_some().into(),
            "имя" | "name" => self.entity.fields[self.place].name.shown.as_ref().into(),
            _ => return Err(messages::no_field(&name.shown)),
        })
    }

    fn set(&self, _machine: &mut Machine, name: &Name, value: Value) -> Outcome<()> {
        match name.folded.as_ref() {
            "значение" | "value" => self.put(Some(value)),
            "использование" | "use" => {
                let old = self.values.borrow()[self.place].clone();
                self.put(to_boolean(&value)?.then(|| old.unwrap_or_default()));
            }
            _ => return Err(messages::no_field(&name.shown)),
        }
        Ok(())
    }

    fn call(&self, _machine: &mut Machine, name: &Name, arguments: &mut Arguments<'_>) -> Outcome {
        match name.folded.as_ref() {
            "установить" | "set" => {
                arguments.expect(1, 2)?;
                let is_used = arguments.boolean_or(1, true)?;
                self.put(is_used.then(|| arguments.value(0)));
                Ok(Value::Undefined)
            }
            _ => Err(messages::no_method(&name.shown)),
        }
    }
}
