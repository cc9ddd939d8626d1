//! System enumerations: all that the platform's tables know.

use platform::{EnumId, Names, Platform};

use crate::failure::{Outcome, messages};
use crate::machine::Machine;
use crate::name::Name;
use crate::object::Object;
use crate::types::TypeName;
use crate::value::Value;

/// `НаправлениеПоиска`
struct Enumeration {
    id: EnumId,
}

/// `НаправлениеПоиска.СКонца`
struct EnumerationValue {
    id: EnumId,
    names: &'static Names,
}

/// An enumeration by one of its names.
pub(crate) fn enumeration(name: &str) -> Option<Value> {
    Platform::embedded().enum_id(name).map(|id| Value::passing_object(Enumeration { id }))
}

/// A value by the Russian names of its enumeration and of itself.
pub(crate) fn enumeration_value(enumeration: &str, value: &str) -> Value {
    let platform = Platform::embedded();
    let found = platform.enum_id(enumeration).and_then(|id| {
        let names = platform.enum_info(id).value(value)?;
        Some(Value::passing_object(EnumerationValue { id, names }))
    });
    found.unwrap_or_default()
}

/// The Russian name of a value of any enumeration.
pub(crate) fn value_name(value: &Value) -> Option<&'static str> {
    value.downcast::<EnumerationValue>().map(|value| value.names.ru.as_str())
}

impl Object for Enumeration {
    fn type_name(&self) -> TypeName {
        let names = &Platform::embedded().enum_info(self.id).names;
        TypeName::made(format!("Перечисление{}", names.ru), format!("Enum{}", names.en))
    }

    fn get(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        let info = Platform::embedded().enum_info(self.id);
        let names = info.value(&name.shown).ok_or_else(|| messages::no_field(&name.shown))?;
        Ok(Value::passing_object(EnumerationValue { id: self.id, names }))
    }
}

impl Object for EnumerationValue {
    fn type_name(&self) -> TypeName {
        let names = &Platform::embedded().enum_info(self.id).names;
        TypeName::made(names.ru.as_str(), names.en.as_str())
    }

    fn presentation(&self) -> String {
        self.names.ru.to_string()
    }

    fn is_equal(&self, other: &dyn Object) -> bool {
        let other = other.as_any().downcast_ref::<Self>();
        other.is_some_and(|other| self.id == other.id && std::ptr::eq(self.names, other.names))
    }

    fn key(&self) -> Option<String> {
        Some(format!("{}.{}", self.id.0, self.names.ru))
    }
}
