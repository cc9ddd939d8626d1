//! Functions of JSON and XML texts.

use crate::arguments::Arguments;
use crate::builtins::{Entry, base64};
use crate::failure::{Failure, Outcome, messages};
use crate::machine::Machine;
use crate::number::Number;
use crate::objects::binary::Binary;
use crate::objects::json::{date_text, parse_date, read_value, write_value};
use crate::objects::uuid::Uuid;
use crate::types::TypeName;
use crate::value::Value;

pub(super) const TABLE: &[Entry] = &[
    ("ПрочитатьJSON", "ReadJSON", 1, 8, read_value),
    ("ЗаписатьJSON", "WriteJSON", 2, 6, write_value),
    ("ПрочитатьДатуJSON", "ReadJSONDate", 2, 2, |_, arguments| {
        let date = parse_date(&arguments.text(0)?);
        date.map(Value::Date).ok_or_else(|| messages::no_conversion("Дата"))
    }),
    ("ЗаписатьДатуJSON", "WriteJSONDate", 2, 3, |_, arguments| match arguments.value(0) {
        Value::Date(date) => Ok(date_text(date).into()),
        _ => Err(messages::wrong_type(1)),
    }),
    ("XMLСтрока", "XMLString", 1, 1, xml_string),
    ("XMLЗначение", "XMLValue", 2, 2, xml_value),
];

fn xml_string(_: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    Ok(match arguments.value(0) {
        Value::Boolean(value) => value.to_string().into(),
        Value::Number(number) => number.to_string().into(),
        Value::Date(date) => date_text(date).into(),
        value => match value.downcast::<Binary>() {
            Some(binary) => base64(&binary.bytes()).into(),
            None => Value::Text(value.presentation()),
        },
    })
}

fn xml_value(_: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    let Value::Type(name) = arguments.value(0) else { return Err(messages::wrong_type(1)) };
    let text = arguments.text(1)?;
    let text = text.trim();
    let value = match name {
        name if name == TypeName::TEXT => Some(Value::Text(arguments.text(1)?)),
        name if name == TypeName::NUMBER => {
            Number::parse(text).filter(|_| !text.contains(',')).map(Value::Number)
        }
        name if name == TypeName::BOOLEAN => match text {
            "true" | "1" => Some(true.into()),
            "false" | "0" => Some(false.into()),
            _ => None,
        },
        name if name == TypeName::DATE => parse_date(text).map(Value::Date),
        name if name == TypeName::UUID => Uuid::parse(text).map(Value::passing_object),
        name => return Err(Failure::unsupported(format!("XMLЗначение: {}", name.russian()))),
    };
    value.ok_or_else(|| messages::wrong_value(2))
}
