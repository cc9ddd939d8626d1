//! Errors that are known: how their messages are worded, what they come from and what helps. Our own words; messages
//! are facts of the platform.

mod code;
mod data;
mod environment;
#[cfg(test)]
mod tests;

use base::Locale;

/// The same text in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    pub ru: &'static str,
    pub en: &'static str,
}

impl Words {
    pub fn get(self, locale: Locale) -> &'static str {
        match locale {
            Locale::Ru => self.ru,
            Locale::En => self.en,
        }
    }
}

/// What the code around a place can tell about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Check {
    /// A member of a value that has none.
    NotAnObject,
    Field,
    Method,
    NotWritable,
    Variable,
    Callable,
    TypeName,
    ArgumentCount,
    /// A wrong value or type of the argument with a number.
    Argument,
    Constructor,
    Conversion,
    Comparison,
    Bounds,
    Division,
    QueryField,
    QueryTable,
    QueryParameter,
    Transaction,
    Recursion,
    /// Only the message tells something.
    Nothing,
}

/// One known error.
#[derive(Debug)]
pub struct Entry {
    pub id: &'static str,
    /// As the platform groups errors.
    pub category: &'static str,
    /// Parts of messages in lower case; `*` stands for anything between.
    patterns: &'static [&'static str],
    pub cause: Words,
    pub advice: Words,
    pub check: Check,
}

const fn words(ru: &'static str, en: &'static str) -> Words {
    Words { ru, en }
}

/// All entries.
pub fn entries() -> impl Iterator<Item = &'static Entry> {
    code::ENTRIES.iter().chain(data::ENTRIES).chain(environment::ENTRIES)
}

/// The entry that a message belongs to: the one with the longest matching wording.
pub fn find_entry(message: &str) -> Option<&'static Entry> {
    let folded = fold(message);
    let matched = entries().filter_map(|entry| {
        let lengths = entry.patterns.iter().filter_map(|pattern| match_length(&folded, pattern));
        Some((lengths.max()?, entry))
    });
    // Of equal ones the first wins.
    matched.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, entry)| entry)
}

fn fold(message: &str) -> String {
    let lower = base::fold_case(message);
    lower.replace('ё', "е").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How many letters of a pattern are found in a message, all of them in order.
fn match_length(message: &str, pattern: &str) -> Option<usize> {
    let mut rest = message;
    let mut length = 0;
    for part in pattern.split('*') {
        let at = rest.find(part)?;
        rest = &rest[at + part.len()..];
        length += part.len();
    }
    Some(length)
}

/// What a message says besides its wording.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// The name in parentheses at the end, or the first one in quotes.
    pub name: Option<String>,
    /// `параметр номер '2'`.
    pub number: Option<usize>,
}

pub fn details(message: &str) -> Details {
    Details { name: name_in(message), number: number_in(message) }
}

fn name_in(message: &str) -> Option<String> {
    let message = message.trim().trim_end_matches('.').trim_end();
    let is_name = |text: &str| {
        let begins = text.chars().next().is_some_and(|letter| letter.is_alphabetic() || letter == '_');
        begins && text.chars().all(|letter| letter.is_alphanumeric() || "_.".contains(letter))
    };
    let behind = message.strip_suffix(')').and_then(|text| text.rsplit_once('('));
    let in_parentheses = behind.map(|(_, name)| name.trim()).filter(|name| is_name(name));
    let quoted = || {
        let pairs = [('"', '"'), ('«', '»'), ('\'', '\'')];
        pairs.iter().find_map(|(open, close)| {
            let (_, rest) = message.split_once(*open)?;
            let (name, _) = rest.split_once(*close)?;
            is_name(name.trim_start_matches('&')).then(|| name.trim_start_matches('&'))
        })
    };
    in_parentheses.or_else(quoted).map(str::to_owned)
}

fn number_in(message: &str) -> Option<usize> {
    let folded = base::fold_case(message);
    let (_, rest) = folded.split_once("параметр номер").or_else(|| folded.split_once("parameter number"))?;
    let digits: String =
        rest.chars().skip_while(|letter| !letter.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}
