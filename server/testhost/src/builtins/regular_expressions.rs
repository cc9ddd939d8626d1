//! Functions of regular expressions. The library takes time in proportion to the text, so what would need to go back (looking
//! around, repeating what a group has found) is not supported and says so.

use std::rc::Rc;

use regex::{Captures, Regex, RegexBuilder};
use rustc_hash::FxHashMap;

use crate::arguments::Arguments;
use crate::builtins::Entry;
use crate::failure::{Failure, Outcome, messages};
use crate::machine::Machine;
use crate::objects::Array;
use crate::objects::enumeration::value_name;
use crate::objects::regular_match::{RegularMatch, Span};
use crate::value::Value;

pub(super) const TABLE: &[Entry] = &[
    ("СтрНайтиПоРегулярномуВыражению", "StrFindByRegularExpression", 2, 7, find),
    ("СтрНайтиВсеПоРегулярномуВыражению", "StrFindAllByRegularExpression", 2, 4, find_all),
    ("СтрЗаменитьПоРегулярномуВыражению", "StrReplaceByRegularExpression", 3, 5, replace),
    ("СтрПодобнаПоРегулярномуВыражению", "StrLikeByRegularExpression", 2, 4, is_like),
];

/// A compiled pattern takes at most this much memory.
const MAX_COMPILED_BYTES: usize = 4 << 20;
/// Patterns that a session keeps.
const MAX_KEPT: usize = 64;

/// Compiled patterns of a session, by what they were compiled from.
#[derive(Default)]
pub(crate) struct Patterns {
    known: FxHashMap<String, Regex>,
}

/// The pattern with the flags that follow it. `is_whole`: it has to fit the whole text.
fn pattern(machine: &mut Machine, arguments: &Arguments<'_>, flags: usize, is_whole: bool) -> Outcome<Regex> {
    let written = arguments.text(1)?;
    let ignores_case = arguments.boolean_or(flags, false)?;
    let has_lines = arguments.boolean_or(flags + 1, false)?;
    let text = if is_whole { format!(r"\A(?:{written})\z") } else { written.to_string() };
    let key = format!("{}{}{text}", u8::from(ignores_case), u8::from(has_lines));
    if let Some(known) = machine.patterns.known.get(&key) {
        return Ok(known.clone());
    }
    let mut builder = RegexBuilder::new(&text);
    builder.case_insensitive(ignores_case).multi_line(has_lines).crlf(true).size_limit(MAX_COMPILED_BYTES);
    let compiled = builder.build().map_err(|error| wrong_pattern(&written, &error))?;
    machine.work(text.len());
    if machine.patterns.known.len() >= MAX_KEPT {
        machine.patterns.known.clear();
    }
    machine.patterns.known.insert(key, compiled.clone());
    Ok(compiled)
}

fn wrong_pattern(written: &str, error: &regex::Error) -> Box<Failure> {
    let text = error.to_string();
    let unsupported = if text.contains("look-around") {
        "просмотр вперед и назад"
    } else if text.contains("backreferences") {
        "обратные ссылки"
    } else if matches!(error, regex::Error::CompiledTooBig(_)) {
        "слишком большой шаблон"
    } else {
        return Failure::runtime(format!("Ошибка в регулярном выражении: {written}"));
    };
    Failure::unsupported(format!("{unsupported} в регулярном выражении {written}"))
}

/// Nothing is found by nothing, nor in nothing.
fn is_findable(text: &str, arguments: &Arguments<'_>) -> Outcome<bool> {
    Ok(!text.is_empty() && !arguments.text(1)?.is_empty())
}

fn find(machine: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    let text = arguments.text(0)?;
    let pattern = pattern(machine, arguments, 5, false)?;
    let is_backward = value_name(&arguments.value(2)) == Some("СКонца");
    let length = text.chars().count();
    let start = arguments.integer_or(3, if is_backward { length as i64 } else { 1 })?;
    let number = usize::try_from(arguments.integer_or(4, 1)?).ok().filter(|number| *number > 0);
    let number = number.ok_or_else(|| messages::wrong_value(5))? - 1;
    if !is_findable(&text, arguments)? {
        return Ok(Value::object(RegularMatch::nothing()));
    }
    let skipped = usize::try_from(start - 1).ok().filter(|skipped| *skipped < length);
    let skipped = skipped.ok_or_else(|| messages::wrong_value(4))?;
    let offset = text.char_indices().nth(skipped).map_or(text.len(), |(offset, _)| offset);
    machine.work(text.len());
    let found = if is_backward {
        backward(machine, &pattern, &text, offset)?.into_iter().nth(number)
    } else {
        // Looking from a place keeps what stands before it in sight: `^` and `\b` know it.
        matches_from(machine, &pattern, &text, offset)?.into_iter().nth(number)
    };
    Ok(Value::object(found.unwrap_or_else(RegularMatch::nothing)))
}

fn find_all(machine: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    let text = arguments.text(0)?;
    let pattern = pattern(machine, arguments, 2, false)?;
    if !is_findable(&text, arguments)? {
        return Ok(Array::of(Vec::new()));
    }
    let found = matches_from(machine, &pattern, &text, 0)?;
    machine.charge_items(found.len());
    Ok(Array::of(found.into_iter().map(Value::object).collect()))
}

/// Matches from left to right that do not touch each other.
fn matches_from(
    machine: &Machine,
    pattern: &Regex,
    text: &Rc<str>,
    offset: usize,
) -> Outcome<Vec<RegularMatch>> {
    let mut found = Vec::new();
    let mut places = Places::new(text);
    let mut next = offset;
    while next <= text.len() {
        let Some(captures) = pattern.captures_at(text, next) else { break };
        let Some(whole) = captures.get(0) else { break };
        next = if whole.is_empty() { after(text, whole.end()) } else { whole.end() };
        found.push(match_of(&captures, &mut places));
        machine.check_size(found.len())?;
        machine.charge(whole.len());
        machine.work(whole.len() + 1);
    }
    Ok(found)
}

/// Matches from right to left: the last place where one begins, then the last one before it that does not reach it.
fn backward(machine: &Machine, pattern: &Regex, text: &Rc<str>, offset: usize) -> Outcome<Vec<RegularMatch>> {
    let mut begins = Vec::new();
    let mut next = 0;
    while next <= offset {
        let Some(found) = pattern.find_at(text, next).filter(|found| found.start() <= offset) else { break };
        begins.push((found.start(), found.end()));
        next = after(text, found.start());
        machine.check_size(begins.len())?;
        machine.work(found.len() + 1);
    }
    let mut places = Places::new(text);
    let mut border = usize::MAX;
    let mut found = Vec::new();
    for (start, end) in begins.into_iter().rev() {
        if end > border || (end == border && start == end) {
            continue;
        }
        border = start;
        if let Some(captures) = pattern.captures_at(text, start) {
            found.push(match_of(&captures, &mut places));
            machine.charge(end - start);
        }
    }
    Ok(found)
}

/// The offset after the character at an offset.
fn after(text: &str, offset: usize) -> usize {
    let letter = text.get(offset..).and_then(|rest| rest.chars().next());
    offset + letter.map_or(1, char::len_utf8)
}

fn match_of(captures: &Captures<'_>, places: &mut Places<'_>) -> RegularMatch {
    let mut spans = captures.iter().map(|group| match group {
        Some(group) => Span {
            value: group.as_str().into(),
            start: places.of(group.start()),
            length: group.as_str().chars().count(),
        },
        None => Span::default(),
    });
    let whole = spans.next().unwrap_or_default();
    RegularMatch { whole, groups: spans.collect() }
}

/// Counts characters up to offsets, from the last one asked for.
struct Places<'a> {
    text: &'a str,
    known: (usize, usize),
}

impl<'a> Places<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, known: (0, 1) }
    }

    /// The number of the character at an offset, counted from one.
    fn of(&mut self, offset: usize) -> usize {
        let (from, number) = self.known;
        let count = |range: std::ops::Range<usize>| self.text.get(range).unwrap_or_default().chars().count();
        let number = if offset >= from { number + count(from..offset) } else { number - count(offset..from) };
        self.known = (offset, number);
        number
    }
}

fn is_like(machine: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    let text = arguments.text(0)?;
    let pattern = pattern(machine, arguments, 2, true)?;
    machine.work(text.len());
    Ok(pattern.is_match(&text).into())
}

fn replace(machine: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    let (text, template) = (arguments.text(0)?, arguments.text(2)?);
    let pattern = pattern(machine, arguments, 3, false)?;
    machine.work(text.len());
    let last_group = pattern.captures_len() - 1;
    let pieces = pieces(&template, last_group);
    let mut result = String::new();
    let mut copied = 0;
    for captures in pattern.captures_iter(&text) {
        let Some(whole) = captures.get(0) else { continue };
        result.push_str(text.get(copied..whole.start()).unwrap_or_default());
        copied = whole.end();
        for piece in &pieces {
            match piece {
                Piece::Text(text) => result.push_str(text),
                Piece::Group(number) if *number <= last_group => {
                    result.push_str(captures.get(*number).map_or("", |group| group.as_str()));
                }
                // The platform ends there with what it has.
                Piece::Group(_) => return Ok(result.into()),
            }
        }
        machine.check_text(result.len())?;
    }
    result.push_str(text.get(copied..).unwrap_or_default());
    machine.check_text(result.len())?;
    Ok(result.into())
}

/// What a replacement is made of.
#[derive(Debug, PartialEq)]
enum Piece {
    Text(String),
    Group(usize),
}

/// `$1` is a group, with as many digits as the number of the last group has; a backslash takes the next character as it is.
fn pieces(template: &str, last_group: usize) -> Vec<Piece> {
    let most_digits = last_group.to_string().len();
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut rest = template;
    while let Some(letter) = rest.chars().next() {
        rest = &rest[letter.len_utf8()..];
        let digits = rest.bytes().take(most_digits).take_while(u8::is_ascii_digit).count();
        match letter {
            '$' if digits > 0 => {
                pieces.push(Piece::Text(std::mem::take(&mut text)));
                pieces.push(Piece::Group(rest[..digits].parse().unwrap_or(usize::MAX)));
                rest = &rest[digits..];
            }
            '\\' => {
                if let Some(escaped) = rest.chars().next() {
                    text.push(escaped);
                    rest = &rest[escaped.len_utf8()..];
                }
            }
            letter => text.push(letter),
        }
    }
    pieces.push(Piece::Text(text));
    pieces
}
