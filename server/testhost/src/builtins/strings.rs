//! Functions of texts. Positions count characters from one.

use std::rc::Rc;

use crate::arguments::Arguments;
use crate::builtins::Entry;
use crate::failure::{Outcome, messages};
use crate::machine::Machine;
use crate::name::Name;
use crate::object::Object;
use crate::objects::Array;
use crate::objects::enumeration::value_name;
use crate::types::TypeName;
use crate::value::Value;

pub(super) const TABLE: &[Entry] = &[
    ("СтрДлина", "StrLen", 1, 1, |_, arguments| Ok(arguments.text(0)?.chars().count().into())),
    ("СокрЛ", "TrimL", 1, 1, |_, arguments| Ok(arguments.text(0)?.trim_start().into())),
    ("СокрП", "TrimR", 1, 1, |_, arguments| Ok(arguments.text(0)?.trim_end().into())),
    ("СокрЛП", "TrimAll", 1, 1, |_, arguments| Ok(arguments.text(0)?.trim().into())),
    ("Лев", "Left", 2, 2, left),
    ("Прав", "Right", 2, 2, right),
    ("Сред", "Mid", 2, 3, middle),
    ("СтрНайти", "StrFind", 2, 5, find),
    ("Найти", "Find", 2, 2, find),
    ("ВРег", "Upper", 1, 1, |_, arguments| Ok(arguments.text(0)?.to_uppercase().into())),
    ("НРег", "Lower", 1, 1, |_, arguments| Ok(arguments.text(0)?.to_lowercase().into())),
    ("ТРег", "Title", 1, 1, title),
    ("Символ", "Char", 1, 1, character),
    ("КодСимвола", "CharCode", 1, 2, character_code),
    ("ПустаяСтрока", "IsBlankString", 1, 1, |_, arguments| {
        Ok(arguments.text(0)?.trim().is_empty().into())
    }),
    ("СтрЗаменить", "StrReplace", 3, 3, replace),
    ("СтрЧислоСтрок", "StrLineCount", 1, 1, |_, arguments| {
        Ok(arguments.text(0)?.split('\n').count().into())
    }),
    ("СтрПолучитьСтроку", "StrGetLine", 2, 2, line),
    ("СтрЧислоВхождений", "StrOccurrenceCount", 2, 2, occurrences),
    ("СтрСравнить", "StrCompare", 2, 2, compare),
    ("СтрНачинаетсяС", "StrStartsWith", 2, 2, |_, arguments| {
        Ok(arguments.text(0)?.starts_with(arguments.text(1)?.as_ref()).into())
    }),
    ("СтрЗаканчиваетсяНа", "StrEndsWith", 2, 2, |_, arguments| {
        Ok(arguments.text(0)?.ends_with(arguments.text(1)?.as_ref()).into())
    }),
    ("СтрРазделить", "StrSplit", 2, 3, split),
    ("СтрСоединить", "StrConcat", 1, 2, join),
];

fn take(text: &str, from: usize, count: usize) -> &str {
    let start = byte_of(text, from);
    let rest = &text[start..];
    &rest[..byte_of(rest, count)]
}

/// Offset of a character counted from zero, or the end.
fn byte_of(text: &str, character: usize) -> usize {
    if text.is_ascii() {
        return character.min(text.len());
    }
    text.char_indices().nth(character).map_or(text.len(), |(offset, _)| offset)
}

fn count(arguments: &Arguments<'_>, index: usize) -> Outcome<usize> {
    Ok(usize::try_from(arguments.integer(index)?).unwrap_or(0))
}

fn left(_: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    Ok(take(&arguments.text(0)?, 0, count(arguments, 1)?).into())
}

fn right(_: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    let text = arguments.text(0)?;
    let skipped = text.chars().count().saturating_sub(count(arguments, 1)?);
    Ok(text[byte_of(&text, skipped)..].into())
}

fn middle(_: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    let text = arguments.text(0)?;
    let start = arguments.integer(1)?;
    // A start before the text means the first character.
    let skipped = usize::try_from(start.max(1) - 1).unwrap_or(0);
    let length = if arguments.is_given(2) { count(arguments, 2)? } else { usize::MAX };
    Ok(take(&text, skipped, length).into())
}

fn find(_: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    let (text, wanted) = (arguments.text(0)?, arguments.text(1)?);
    let is_backward = value_name(&arguments.value(2)) == Some("СКонца");
    let occurrence = count(arguments, 4).ok().filter(|_| arguments.is_given(4)).unwrap_or(1).max(1);
    let length = text.chars().count();
    let default = if is_backward { length as i64 } else { 1 };
    let start = arguments.integer_or(3, default)?;
    if wanted.is_empty() {
        return Ok(1_i64.into());
    }
    if start < 1 || start > length as i64 {
        return if text.is_empty() { Ok(0_i64.into()) } else { Err(messages::wrong_value(4)) };
    }
    let offset = byte_of(&text, (start - 1) as usize);
    let found = if is_backward {
        let matches = text.match_indices(wanted.as_ref()).filter(|(at, _)| *at <= offset);
        matches.collect::<Vec<_>>().into_iter().rev().nth(occurrence - 1).map(|(at, _)| at)
    } else {
        text[offset..].match_indices(wanted.as_ref()).nth(occurrence - 1).map(|(at, _)| at + offset)
    };
    Ok(found.map_or(0, |at| text[..at].chars().count() + 1).into())
}

fn title(_: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    let text = arguments.text(0)?;
    let mut titled = String::with_capacity(text.len());
    let mut is_start = true;
    for letter in text.chars() {
        if is_start {
            titled.extend(letter.to_uppercase());
        } else {
            titled.extend(letter.to_lowercase());
        }
        is_start = !letter.is_alphanumeric();
    }
    Ok(titled.into())
}

fn character(_: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    let code = u32::try_from(arguments.integer(0)?).ok().and_then(char::from_u32);
    Ok(code.map(String::from).unwrap_or_default().into())
}

fn character_code(_: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    let position = arguments.integer_or(1, 1)?.max(1) as usize;
    let letter = arguments.text(0)?.chars().nth(position - 1);
    Ok(letter.map_or(-1, |letter| i64::from(u32::from(letter))).into())
}

fn replace(machine: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    let (text, from, to) = (arguments.text(0)?, arguments.text(1)?, arguments.text(2)?);
    if from.is_empty() || !text.contains(from.as_ref()) {
        return Ok(Value::Text(text));
    }
    let growth = to.len().saturating_sub(from.len()).saturating_mul(text.matches(from.as_ref()).count());
    machine.check_text(text.len().saturating_add(growth))?;
    Ok(text.replace(from.as_ref(), &to).into())
}

fn line(_: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    let number = usize::try_from(arguments.integer(1)?.saturating_sub(1)).unwrap_or(usize::MAX);
    Ok(arguments.text(0)?.split('\n').nth(number).unwrap_or_default().into())
}

fn occurrences(_: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    let wanted = arguments.text(1)?;
    if wanted.is_empty() {
        return Ok(0_i64.into());
    }
    Ok(arguments.text(0)?.matches(wanted.as_ref()).count().into())
}

fn compare(_: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    let (left, right): (Rc<str>, Rc<str>) = (arguments.text(0)?, arguments.text(1)?);
    let order = left.chars().flat_map(char::to_lowercase).cmp(right.chars().flat_map(char::to_lowercase));
    Ok((order as i64).into())
}

fn split(machine: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    let (text, separators) = (arguments.text(0)?, arguments.text(1)?);
    let keeps_empty = arguments.boolean_or(2, true)?;
    let parts =
        text.split(|letter| separators.contains(letter)).filter(|part| keeps_empty || !part.is_empty());
    let values: Vec<Value> = parts.map(Value::from).collect();
    machine.check_size(values.len())?;
    machine.charge_items(values.len());
    machine.charge(text.len());
    Ok(Array::of(values))
}

fn join(machine: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    let list = arguments.value(0);
    let parts = list.downcast::<Array>().ok_or_else(|| messages::wrong_type(1))?.values();
    let separator = arguments.text_or(1, "")?;
    let parts: Vec<Rc<str>> = parts.iter().map(Value::presentation).collect();
    machine.check_text(parts.iter().map(|part| part.len() + separator.len()).sum())?;
    Ok(parts.join(separator.as_ref()).into())
}

/// `Символы`.
pub(super) struct Characters;

impl Object for Characters {
    fn type_name(&self) -> TypeName {
        TypeName::made("Символы", "Chars")
    }

    fn get(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        let text = match name.folded.as_ref() {
            "пс" | "lf" => "\n",
            "вк" | "cr" => "\r",
            "вт" | "vtab" => "\u{b}",
            "нпп" | "nbsp" => "\u{a0}",
            "пф" | "ff" => "\u{c}",
            "таб" | "tab" => "\t",
            _ => return Err(messages::no_field(&name.shown)),
        };
        Ok(text.into())
    }
}
