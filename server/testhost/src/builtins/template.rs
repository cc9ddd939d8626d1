//! `СтрШаблон` and `НСтр`.

use crate::arguments::Arguments;
use crate::builtins::Entry;
use crate::failure::{Failure, Outcome};
use crate::machine::Machine;

pub(super) const TABLE: &[Entry] =
    &[("СтрШаблон", "StrTemplate", 1, 11, template), ("НСтр", "NStr", 1, 2, localized)];

/// `%1` or `%(1)` is the first value, `%%` a percent sign.
fn template(machine: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    let pattern = arguments.text(0)?;
    let mut result = String::with_capacity(pattern.len());
    let mut rest = pattern.as_ref();
    while let Some(at) = rest.find('%') {
        result.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('%') {
            result.push('%');
            rest = after;
            continue;
        }
        let (digits, after) = match rest.strip_prefix('(').and_then(|inner| inner.split_once(')')) {
            Some((digits, after)) => (digits, after),
            None => {
                let length =
                    if rest.starts_with("10") { 2 } else { rest.chars().next().map_or(0, char::len_utf8) };
                rest.split_at(length)
            }
        };
        let number = digits.parse::<usize>().ok().filter(|number| (1..=10).contains(number));
        let number = number.ok_or_else(|| Failure::runtime("Неверный формат строки шаблона"))?;
        result.push_str(&arguments.value(number).presentation());
        rest = after;
    }
    result.push_str(rest);
    machine.check_text(result.len())?;
    Ok(result.into())
}

/// Reads `ru = 'Текст'; en = 'Text'`; a text without languages is given back.
fn localized(_: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    let text = arguments.text(0)?;
    let wanted = arguments.text_or(1, "ru")?;
    let mut first = None;
    let mut rest = text.as_ref();
    while let Some((language, after)) = rest.split_once('=') {
        let after = after.trim_start();
        let quote = after.chars().next().filter(|letter| matches!(letter, '\'' | '"'));
        let Some(quote) = quote else { break };
        let mut value = String::new();
        let mut letters = after.char_indices().skip(1).peekable();
        let mut end = after.len();
        while let Some((at, letter)) = letters.next() {
            if letter == quote {
                if letters.next_if(|(_, next)| *next == quote).is_none() {
                    end = at + quote.len_utf8();
                    break;
                }
                value.push(quote);
            } else {
                value.push(letter);
            }
        }
        if base::same_name(language.trim(), &wanted) {
            return Ok(value.into());
        }
        first.get_or_insert(value);
        rest = after[end..].trim_start_matches([';', ' ', '\n', '\t', '\r']);
    }
    Ok(first.map_or_else(|| text.as_ref().into(), Into::into))
}
