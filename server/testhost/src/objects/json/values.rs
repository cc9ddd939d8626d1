//! Whole values: `ПрочитатьJSON`, `ЗаписатьJSON`, and dates in texts.

use super::reader::{JsonReader, Token};
use super::writer::JsonWriter;
use crate::arguments::Arguments;
use crate::builtins::name_list;
use crate::date::{Date, DateParts};
use crate::failure::{Failure, Outcome, messages};
use crate::machine::Machine;
use crate::name::Name;
use crate::objects::{Array, Map, Structure};
use crate::value::Value;

/// `ПрочитатьJSON(Чтение, ПрочитатьВСоответствие, ИменаСвойствСоЗначениямиДата, ФорматДаты)`
pub(crate) fn read_value(machine: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    let given = arguments.value(0);
    let reader = given.downcast::<JsonReader>().ok_or_else(|| messages::wrong_type(1))?;
    let dates = match arguments.value(2) {
        Value::Undefined => Vec::new(),
        list => match list.downcast::<Array>() {
            Some(array) => array.values().iter().map(|name| Name::new(&name.presentation())).collect(),
            None => name_list(&list.presentation()),
        },
    };
    let reading = Reading { reader, is_map: arguments.boolean_or(1, false)?, dates };
    match reader.token()? {
        Some(token) => reading.value(machine, token),
        None => Err(Failure::runtime("Непредвиденный конец текста JSON")),
    }
}

struct Reading<'a> {
    reader: &'a JsonReader,
    is_map: bool,
    /// Names of the properties that hold dates.
    dates: Vec<Name>,
}

impl Reading<'_> {
    fn value(&self, machine: &mut Machine, token: Token) -> Outcome {
        match token {
            Token::Scalar(value) => Ok(value),
            Token::ArrayStart => {
                let mut items = Vec::new();
                loop {
                    match self.token()? {
                        Token::ArrayEnd => return Ok(Array::of(items)),
                        token => items.push(self.value(machine, token)?),
                    }
                    machine.check_size(items.len())?;
                }
            }
            Token::ObjectStart => self.object(machine),
            _ => Err(Failure::runtime("Неверная структура JSON")),
        }
    }

    fn object(&self, machine: &mut Machine) -> Outcome {
        let mut fields: Vec<(std::rc::Rc<str>, Value)> = Vec::new();
        while let Token::Property(name) = self.token()? {
            let token = self.token()?;
            let mut value = self.value(machine, token)?;
            if self.dates.contains(&Name::new(&name))
                && let Value::Text(text) = &value
            {
                value = parse_date(text).map(Value::Date).ok_or_else(|| messages::no_conversion("Дата"))?;
            }
            fields.push((name, value));
            machine.check_size(fields.len())?;
        }
        if self.is_map {
            return Ok(Map::of(fields.into_iter().map(|(name, value)| (Value::Text(name), value))));
        }
        let structure = Structure::default();
        for (name, value) in fields {
            structure.insert_checked(Name::new(&name), value)?;
        }
        Ok(Value::object(structure))
    }

    fn token(&self) -> Outcome<Token> {
        self.reader.token()?.ok_or_else(|| Failure::runtime("Непредвиденный конец текста JSON"))
    }
}

/// `ЗаписатьJSON(Запись, Значение)`
pub(crate) fn write_value(machine: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    let given = arguments.value(0);
    let writer = given.downcast::<JsonWriter>().ok_or_else(|| messages::wrong_type(1))?;
    write(machine, writer, &arguments.value(1))?;
    Ok(Value::Undefined)
}

fn write(machine: &mut Machine, writer: &JsonWriter, value: &Value) -> Outcome<()> {
    machine.count_step()?;
    if let Some(array) = value.downcast::<Array>() {
        writer.open(false)?;
        for item in array.values() {
            write(machine, writer, &item)?;
        }
        return writer.close(false);
    }
    if let Some(structure) = value.downcast::<Structure>() {
        writer.open(true)?;
        for (name, value) in structure.fields() {
            writer.name(&name.shown)?;
            write(machine, writer, &value)?;
        }
        return writer.close(true);
    }
    if let Some(map) = value.downcast::<Map>() {
        writer.open(true)?;
        for (key, value) in map.entries() {
            let Value::Text(name) = key else { return Err(messages::wrong_type(2)) };
            writer.name(&name)?;
            write(machine, writer, &value)?;
        }
        return writer.close(true);
    }
    match value {
        Value::Date(date) => writer.scalar(machine, &date_text(*date).into()),
        Value::Object(_) | Value::Type(_) => Err(messages::wrong_type(2)),
        value => writer.scalar(machine, value),
    }
}

/// `2024-05-06T07:08:09`
pub(crate) fn date_text(date: Date) -> String {
    let DateParts { year, month, day, hour, minute, second } = date.parts();
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
}

/// A date of ISO 8601, with or without time; the offset of `Z` or `+03:00` brings it to universal time.
pub(crate) fn parse_date(text: &str) -> Option<Date> {
    let (day, time) = text.split_once('T').unwrap_or((text, ""));
    let (time, offset) = match time.find(['Z', '+', '-']) {
        Some(place) => time.split_at(place),
        None => (time, ""),
    };
    let time = time.split('.').next().unwrap_or_default();
    let numbers = |text: &str, separator: char| -> Option<Vec<i64>> {
        text.split(separator).filter(|part| !part.is_empty()).map(|part| part.parse().ok()).collect()
    };
    let [year, month, day] = numbers(day, '-')?[..] else { return None };
    let time = numbers(time, ':')?;
    let part = |index: usize| time.get(index).copied().unwrap_or(0);
    let parts = DateParts { year, month, day, hour: part(0), minute: part(1), second: part(2) };
    let offset = match offset.strip_prefix(['+', '-']) {
        Some(digits) => {
            let digits = numbers(digits, ':')?;
            let seconds = digits.first().copied()? * 3600 + digits.get(1).copied().unwrap_or(0) * 60;
            if offset.starts_with('-') { seconds } else { -seconds }
        }
        None => 0,
    };
    Date::from_parts(parts).map(|date| date.shifted(offset))
}
