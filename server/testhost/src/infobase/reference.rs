//! References: an entity and an identifier. Reading an attribute through the dot is a query of its own.

use std::rc::{Rc, Weak};

use crate::arguments::Arguments;
use crate::failure::{Failure, Outcome, messages};
use crate::infobase::World;
use crate::infobase::entity::{Entity, Role};
use crate::infobase::lines::read_only_lines;
use crate::infobase::meta_object::MetaObject;
use crate::infobase::object::EntityObject;
use crate::machine::Machine;
use crate::name::Name;
use crate::object::Object;
use crate::types::TypeName;
use crate::value::Value;

pub(crate) struct Reference {
    pub(crate) world: Weak<World>,
    pub(crate) entity: Rc<Entity>,
    /// 0 is the empty reference.
    pub(crate) id: u64,
}

impl Reference {
    fn world(&self) -> Outcome<Rc<World>> {
        self.world.upgrade().ok_or_else(|| Failure::runtime("Информационная база закрыта"))
    }

    /// A field or a tabular section; `None` for names that are neither.
    fn field(&self, name: &Name) -> Outcome<Option<Value>> {
        let world = self.world()?;
        let row = world.store.row(self.entity.index, self.id);
        if let Some(place) = self.entity.field(name) {
            let stored = row.and_then(|row| row.values.get(place).cloned());
            let value = stored.unwrap_or_else(|| self.entity.fields[place].field_type.default_value(&world));
            return Ok(Some(value));
        }
        let Some(section) = self.entity.section(name) else { return Ok(None) };
        let lines = row.and_then(|row| row.sections.get(section).cloned()).unwrap_or_default();
        Ok(Some(read_only_lines(&world, &self.entity, section, &lines)))
    }

    fn is_own_reference(&self, name: &Name) -> bool {
        self.entity.field(name).is_some_and(|place| self.entity.fields[place].role == Role::Reference)
    }
}

impl Object for Reference {
    fn type_name(&self) -> TypeName {
        self.entity.reference_type.clone()
    }

    fn presentation(&self) -> String {
        self.world.upgrade().map(|world| world.presentation(&self.entity, self.id)).unwrap_or_default()
    }

    fn is_filled(&self) -> bool {
        self.id != 0
    }

    fn is_equal(&self, other: &dyn Object) -> bool {
        let other = other.as_any().downcast_ref::<Self>();
        other.is_some_and(|other| other.id == self.id && other.entity.index == self.entity.index)
    }

    fn key(&self) -> Option<String> {
        Some(format!("{}:{}", self.entity.index, self.id))
    }

    fn get(&self, machine: &mut Machine, name: &Name) -> Outcome {
        if self.is_own_reference(name) {
            return self.world().map(|world| world.reference(self.entity.index, self.id));
        }
        let value = self.field(name)?.ok_or_else(|| messages::no_field(&name.shown))?;
        if self.id != 0 {
            machine.clock.query();
        }
        Ok(value)
    }

    fn set(&self, _machine: &mut Machine, name: &Name, _value: Value) -> Outcome<()> {
        let is_known = self.entity.field(name).is_some() || self.entity.section(name).is_some();
        Err(if is_known { messages::read_only(&name.shown) } else { messages::no_field(&name.shown) })
    }

    fn query_field(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        if self.id == 0 {
            return match self.entity.field(name) {
                Some(_) => Ok(Value::Null),
                None => Err(Failure::runtime(format!("Поле не найдено \"{}\"", name.shown))),
            };
        }
        self.field(name)?.ok_or_else(|| Failure::runtime(format!("Поле не найдено \"{}\"", name.shown)))
    }

    fn property_names(&self) -> Vec<Name> {
        self.entity.fields.iter().map(|field| field.name.clone()).collect()
    }

    fn call(&self, machine: &mut Machine, name: &Name, arguments: &mut Arguments<'_>) -> Outcome {
        match name.folded.as_ref() {
            "пустая" | "isempty" => Ok((self.id == 0).into()),
            "метаданные" | "metadata" => Ok(MetaObject::of(self.entity.clone())),
            "уникальныйидентификатор" | "uuid" => {
                Ok(Value::text(uuid(&self.entity, self.id)))
            }
            "получитьобъект" | "getobject" => {
                arguments.expect(0, 0)?;
                let world = self.world()?;
                machine.clock.query();
                Ok(EntityObject::read(&world, &self.entity, self.id)
                    .map_or(Value::Undefined, EntityObject::into_value))
            }
            _ => Err(messages::no_method(&name.shown)),
        }
    }
}

/// Made of the number, so that it is the same in every run.
fn uuid(entity: &Entity, id: u64) -> String {
    if id == 0 {
        return "00000000-0000-0000-0000-000000000000".to_owned();
    }
    format!("{:08x}-0000-4000-8000-{id:012x}", entity.index + 1)
}
