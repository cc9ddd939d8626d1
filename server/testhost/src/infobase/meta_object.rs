//! What `Ссылка.Метаданные()` gives: names.

use std::rc::Rc;

use crate::arguments::Arguments;
use crate::failure::{Failure, Outcome, messages};
use crate::infobase::entity::Entity;
use crate::machine::Machine;
use crate::name::Name;
use crate::object::Object;
use crate::types::TypeName;
use crate::value::Value;

pub(crate) struct MetaObject {
    entity: Rc<Entity>,
}

impl MetaObject {
    pub(crate) fn of(entity: Rc<Entity>) -> Value {
        Value::object(Self { entity })
    }
}

impl Object for MetaObject {
    fn type_name(&self) -> TypeName {
        TypeName::made("ОбъектМетаданных", "MetadataObject")
    }

    fn presentation(&self) -> String {
        self.entity.synonym.to_string()
    }

    fn key(&self) -> Option<String> {
        Some(format!("metadata:{}", self.entity.index))
    }

    fn is_equal(&self, other: &dyn Object) -> bool {
        self.key() == other.key()
    }

    fn get(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        Ok(match name.folded.as_ref() {
            "имя" | "name" => self.entity.name.shown.as_ref().into(),
            "синоним" | "synonym" => self.entity.synonym.as_ref().into(),
            _ => return Err(Failure::unsupported(format!("ОбъектМетаданных.{}", name.shown))),
        })
    }

    fn call(&self, _machine: &mut Machine, name: &Name, _arguments: &mut Arguments<'_>) -> Outcome {
        match name.folded.as_ref() {
            "полноеимя" | "fullname" => Ok(self.entity.full_name().into()),
            "представление" | "presentation" => Ok(self.entity.synonym.as_ref().into()),
            _ => Err(messages::no_method(&name.shown)),
        }
    }
}
