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
use crate::objects::enumeration::value_name;
use crate::objects::record::Record;
use crate::types::TypeName;
use crate::value::Value;

/// The list of types.
#[derive(Default)]
pub struct TypeDescription {
    types: Vec<TypeName>,
    /// Qualifiers of numbers, texts and dates.
    qualifiers: Vec<Value>,
}

/// `Новый ОписаниеТипов("Число, Строка")`, an array of types, or another description with types that are added and taken
/// away; qualifiers come last, each known by its own type.
pub(super) fn construct(machine: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    let mut description = TypeDescription::default();
    let given = arguments.value(0);
    match given.downcast::<TypeDescription>() {
        Some(source) => {
            description.types.extend(source.types.iter().cloned());
            description.qualifiers.extend(source.qualifiers.iter().cloned());
            description.types.extend(types_of(machine, &arguments.value(1))?);
            let removed = types_of(machine, &arguments.value(2))?;
            description.types.retain(|name| !removed.contains(name));
        }
        None => description.types = types_of(machine, &given)?,
    }
    let mut seen = Vec::new();
    description.types.retain(|name| {
        !seen.contains(name) && {
            seen.push(name.clone());
            true
        }
    });
    for index in 1..arguments.len() {
        let value = arguments.value(index);
        if let Some(record) = value.downcast::<Record>() {
            description.qualifiers.retain(|known| known.type_name() != record.type_name());
            description.qualifiers.push(value);
        }
    }
    Ok(Value::object(description))
}

fn types_of(machine: &Machine, given: &Value) -> Outcome<Vec<TypeName>> {
    if let Some(array) = given.downcast::<Array>() {
        let types = array.values().into_iter().map(|value| match value {
            Value::Type(name) => Ok(name),
            _ => Err(messages::wrong_type(1)),
        });
        return types.collect();
    }
    let Value::Text(list) = given else { return Ok(Vec::new()) };
    let names = list.split(',').map(str::trim).filter(|name| !name.is_empty());
    let known = |name| TypeName::find(name).or_else(|| machine.host.type_name(name));
    Ok(names.map(|name| known(name).unwrap_or_else(|| TypeName::made(name, name))).collect())
}

impl TypeDescription {
    /// The value itself if its type fits, else what the only type makes of it, else its empty value.
    pub(crate) fn adjusted(&self, value: Value) -> Value {
        let fits = self.types.is_empty() || self.types.contains(&value.type_name());
        let value = match self.types.as_slice() {
            _ if fits => value,
            [only] => Self::converted(only, &value),
            _ => Value::Undefined,
        };
        self.qualified(value)
    }

    fn converted(name: &TypeName, value: &Value) -> Value {
        match name {
            name if *name == TypeName::NUMBER => to_number(value).unwrap_or(Number::ZERO).into(),
            name if *name == TypeName::TEXT => Value::Text(value.presentation()),
            name if *name == TypeName::BOOLEAN => to_boolean(value).unwrap_or(false).into(),
            name if *name == TypeName::DATE => {
                let date = match value {
                    Value::Text(text) => Date::from_digits(text),
                    _ => None,
                };
                Value::Date(date.unwrap_or(Date::EMPTY))
            }
            _ => Value::Undefined,
        }
    }

    fn qualifier(&self, name: &TypeName) -> Option<&Record> {
        self.qualifiers.iter().filter_map(Value::downcast::<Record>).find(|record| record.is(name))
    }

    /// The value within what the qualifiers allow.
    fn qualified(&self, value: Value) -> Value {
        let integer = |record: &Record, index| match record.value(index) {
            Value::Number(number) => number.to_i64().unwrap_or(0),
            _ => 0,
        };
        match &value {
            Value::Number(number) => {
                let Some(record) = self.qualifier(&TypeName::NUMBER_QUALIFIERS) else { return value };
                let (digits, fraction) = (integer(record, 0), integer(record, 1));
                let is_negative = *number < Number::ZERO;
                if is_negative && value_name(&record.value(2)) == Some("Неотрицательный") {
                    return Number::ZERO.into();
                }
                let number = number.rounded(fraction, true);
                let greatest = "9".repeat((digits - fraction).clamp(0, 28) as usize)
                    + "."
                    + &"9".repeat(fraction.clamp(0, 28) as usize);
                match Number::parse(&greatest).filter(|_| digits > 0) {
                    Some(greatest) if number > greatest => greatest.into(),
                    Some(greatest) => match greatest.negated() {
                        Ok(least) if number < least => least.into(),
                        _ => number.into(),
                    },
                    None => number.into(),
                }
            }
            Value::Text(text) => {
                let length =
                    self.qualifier(&TypeName::STRING_QUALIFIERS).map_or(0, |record| integer(record, 0));
                match usize::try_from(length) {
                    Ok(length) if length > 0 => text.chars().take(length).collect::<String>().into(),
                    _ => value,
                }
            }
            Value::Date(date) => {
                let parts = self.qualifier(&TypeName::DATE_QUALIFIERS).map(|record| record.value(0));
                match parts.as_ref().and_then(value_name) {
                    Some("Дата") => date.start_of_day().into(),
                    Some("Время") => Date(date.0 - date.start_of_day().0).into(),
                    _ => value,
                }
            }
            _ => value,
        }
    }

    /// The value of a new field of this type.
    pub(crate) fn initial(&self) -> Value {
        match self.types.as_slice() {
            [only] => Self::converted(only, &Value::Undefined),
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

    fn is_filled(&self) -> bool {
        !self.types.is_empty()
    }

    fn is_equal(&self, other: &dyn Object) -> bool {
        other.as_any().downcast_ref::<Self>().is_some_and(|other| self.types == other.types)
    }

    fn key(&self) -> Option<String> {
        Some(self.presentation())
    }

    fn get(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        let wanted = match name.folded.as_ref() {
            "квалификаторычисла" | "numberqualifiers" => TypeName::NUMBER_QUALIFIERS,
            "квалификаторыстроки" | "stringqualifiers" => TypeName::STRING_QUALIFIERS,
            "квалификаторыдаты" | "datequalifiers" => TypeName::DATE_QUALIFIERS,
            _ => return Err(messages::no_field(&name.shown)),
        };
        let known = self.qualifiers.iter().find(|value| value.type_name() == wanted).cloned();
        match known {
            Some(known) => Ok(known),
            None => crate::objects::construct_record(&Name::new(wanted.russian()), &Arguments::new(&mut []))
                .unwrap_or(Ok(Value::Undefined)),
        }
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
