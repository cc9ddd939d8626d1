//! `ОбменДанными`: whether an object is written by an exchange.

use std::cell::{Cell, RefCell};

use crate::failure::{Outcome, messages};
use crate::machine::Machine;
use crate::machine::operators::to_boolean;
use crate::name::Name;
use crate::object::Object;
use crate::types::TypeName;
use crate::value::Value;

#[derive(Default)]
pub(crate) struct DataExchange {
    is_loading: Cell<bool>,
    sender: RefCell<Value>,
}

impl Object for DataExchange {
    fn type_name(&self) -> TypeName {
        TypeName::made("ПараметрыОбменаДанными", "DataExchangeParameters")
    }

    fn get(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        match name.folded.as_ref() {
            "загрузка" | "load" => Ok(self.is_loading.get().into()),
            "отправитель" | "sender" => Ok(self.sender.borrow().clone()),
            _ => Err(messages::no_field(&name.shown)),
        }
    }

    fn set(&self, _machine: &mut Machine, name: &Name, value: Value) -> Outcome<()> {
        match name.folded.as_ref() {
            "загрузка" | "load" => self.is_loading.set(to_boolean(&value)?),
            "отправитель" | "sender" => *self.sender.borrow_mut() = value,
            _ => return Err(messages::no_field(&name.shown)),
        }
        Ok(())
    }
}
