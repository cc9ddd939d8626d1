//! `ОписаниеТипов`: which types a value may have, and how others are brought to them.

use crate::arguments::Arguments;
use crate::date::Date;
use crate::failure::{Outcome, messages};
use crate::machine::Machine;
use crate::machine::operators::{to_boolean, to_number};
use crate::name::Name;
use crate::number::Number;
use crate::object::Object;
use crate::objects::Array;
use crate::types::TypeName;
use crate::value::Value;

/// The list of types.
pub struct TypeDescription {
    types: Vec<TypeName>,
}

/// `Новый ОписаниеТипов("Число, Строка")`, or an array of types.
pub(super) fn construct(machine: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    let given = arguments.value(0);
    let mut types = Vec::new();
    if let Some(source) = given.downcast::<TypeDescription>() {
        types.extend(source.types.iter().cloned());
    } else if let Some(array) = given.downcast::<Array>() {
        for value in array.values() {
            match value {
                Value::Type(name) => types.push(name),
                _ => return Err(messages::wrong_type(1)),
            }
        }
    } else {
        for name in arguments.text_or(0, "")?.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            let known = TypeName::find(name).or_else(|| machine.host.type_name(name));
            types.push(known.unwrap_or_else(|| TypeName::made(name, name)));
        }
    }
    Ok(Value::object(TypeDescription { types }))
}

impl TypeDescription {
    /// The value itself if its type fits, else what the first type makes of it, else its empty value.
    fn adjusted(&self, value: Value) -> Value {
        if self.types.is_empty() || self.types.contains(&value.type_name()) {
            return value;
        }
        let [only] = self.types.as_slice() else { return Value::Undefined };
        match only {
            name if *name == TypeName::NUMBER => to_number(&value).unwrap_or(Number::ZERO).into(),
            name if *name == TypeName::TEXT => Value::Text(value.presentation()),
            name if *name == TypeName::BOOLEAN => to_boolean(&value).unwrap_or(false).into(),
            name if *name == TypeName::DATE => Value::Date(Date::EMPTY),
            _ => Value::Undefined,
        }
    }
}

impl Object for TypeDescription {
    fn type_name(&self) -> TypeName {
        TypeName::TYPE_DESCRIPTION
    }

    fn presentation(&self) -> String {
        self.types.iter().map(TypeName::presentation).collect::<Vec<_>>().join(", ")
    }

    fn call(&self, _machine: &mut Machine, name: &Name, arguments: &mut Arguments<'_>) -> Outcome {
        match name.folded.as_ref() {
            "типы" | "types" => Ok(Array::of(self.types.iter().cloned().map(Value::Type).collect())),
            "содержиттип" | "containstype" => match arguments.value(0) {
                Value::Type(name) => Ok(self.types.contains(&name).into()),
                _ => Err(messages::wrong_type(1)),
            },
            "привестизначение" | "adjustvalue" => Ok(self.adjusted(arguments.value(0))),
            _ => Err(messages::no_method(&name.shown)),
        }
    }
}
