//! What every object of the machine can do.

use std::any::Any;

use crate::arguments::Arguments;
use crate::failure::{Outcome, messages};
use crate::machine::{Machine, Tracer};
use crate::name::Name;
use crate::types::TypeName;
use crate::value::Value;

/// Gives access to the concrete type behind `dyn Object`.
pub trait AsAny {
    fn as_any(&self) -> &dyn Any;
}

impl<T: Any> AsAny for T {
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// An object. What is not overridden raises the platform's error.
pub trait Object: AsAny + 'static {
    fn type_name(&self) -> TypeName;

    fn presentation(&self) -> String {
        self.type_name().russian().to_owned()
    }

    fn is_filled(&self) -> bool {
        true
    }

    /// Names the values that the object holds, for the budget of memory.
    fn trace(&self, _tracer: &mut Tracer) {}

    fn is_equal(&self, _other: &dyn Object) -> bool {
        false
    }

    /// Equal objects have equal keys; `None` for objects that are equal to themselves only.
    fn key(&self) -> Option<String> {
        None
    }

    fn get(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        Err(messages::no_field(&name.shown))
    }

    fn set(&self, _machine: &mut Machine, name: &Name, _value: Value) -> Outcome<()> {
        Err(messages::no_field(&name.shown))
    }

    fn call(&self, _machine: &mut Machine, name: &Name, _arguments: &mut Arguments<'_>) -> Outcome {
        Err(messages::no_method(&name.shown))
    }

    fn get_index(&self, _machine: &mut Machine, _index: &Value) -> Outcome {
        Err(crate::failure::Failure::runtime("Получение элемента по индексу для значения не определено"))
    }

    fn set_index(&self, _machine: &mut Machine, _index: &Value, _value: Value) -> Outcome<()> {
        Err(crate::failure::Failure::runtime("Установка элемента по индексу для значения не определена"))
    }

    /// The module of the object, whose exported methods code may call.
    fn instance(&self, _machine: &mut Machine) -> Outcome<Option<std::rc::Rc<crate::machine::Instance>>> {
        Ok(None)
    }

    /// A field as queries read it: references cost nothing more there.
    fn query_field(&self, machine: &mut Machine, name: &Name) -> Outcome {
        self.get(machine, name)
    }

    /// False for properties that `ЗаполнитьЗначенияСвойств` leaves alone.
    fn is_writable(&self, _name: &Name) -> bool {
        true
    }

    /// A name that the module of the object may use without a dot.
    fn has_property(&self, _name: &Name) -> bool {
        false
    }

    /// Names of the properties that `ЗаполнитьЗначенияСвойств` copies.
    fn property_names(&self) -> Vec<Name> {
        Vec::new()
    }

    fn has_method(&self, _name: &Name) -> bool {
        false
    }

    /// The item at a position of an iteration, `None` at the end. Positions count from zero.
    fn item(&self, _position: usize) -> Outcome<Option<Value>> {
        Err(crate::failure::Failure::runtime("Итератор для значения не определен"))
    }
}
