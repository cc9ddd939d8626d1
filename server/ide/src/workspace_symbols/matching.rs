//! How well a name fits what somebody typed, in either alphabet: the whole name, its beginning, initials of its words,
//! a part of it, its letters in order.

use base::fold_case;

const EXACT: u8 = 0;
const PREFIX: u8 = 1;
const INITIALS: u8 = 2;
const WORD: u8 = 3;
const PART: u8 = 4;
const LETTERS: u8 = 5;
/// Shorter queries would fit nearly every name letter by letter.
const MIN_LETTERS: usize = 3;

/// What somebody typed: a name, or `Модуль.Имя`.
#[derive(Debug)]
pub(super) struct Query {
    name: String,
    characters: Vec<char>,
    letters: u64,
    /// Before the last dot.
    container: String,
}

impl Query {
    pub(super) fn new(text: &str) -> Self {
        let text: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
        let (container, name) = text.rsplit_once('.').unwrap_or(("", &text));
        let name = fold_case(name).into_owned();
        Self {
            characters: name.chars().collect(),
            letters: letters_of(&name),
            container: fold_case(container).into_owned(),
            name,
        }
    }

    /// False if the name lacks a letter of the query.
    pub(super) fn may_match(&self, letters: u64) -> bool {
        self.letters & !letters == 0
    }

    /// The name belongs to what stands before the dot.
    pub(super) fn is_in(&self, container: &str) -> bool {
        self.container.is_empty() || container.contains(&self.container)
    }

    /// How well a name in lower case fits; smaller is better.
    pub(super) fn rank(&self, name: &str, humps: u64) -> Option<u8> {
        if let Some(rest) = name.strip_prefix(&*self.name) {
            return Some(if rest.is_empty() { EXACT } else { PREFIX });
        }
        if fits_initials(&self.characters, name, humps) {
            return Some(INITIALS);
        }
        if let Some(at) = name.find(&self.name) {
            let before = name.get(..at).map_or(0, |before| before.chars().count());
            let starts_word = before < 64 && humps >> before & 1 == 1;
            return Some(if starts_word { WORD } else { PART });
        }
        (self.characters.len() >= MIN_LETTERS && fits_letters(&self.characters, name)).then_some(LETTERS)
    }
}

/// Letters as bits.
pub(super) fn letters_of(folded: &str) -> u64 {
    folded.chars().fold(0, |letters, letter| letters | 1 << (u32::from(letter) % 64))
}

/// Characters that start a word: `ПолучитьТекст`, `Get_Text`, `РегламентноеЗадание1С`.
pub(super) fn humps_of(name: &str) -> u64 {
    let mut humps = 0;
    let mut previous = '_';
    for (at, letter) in name.chars().enumerate().take(64) {
        let starts = previous == '_'
            || letter.is_uppercase() && !previous.is_uppercase()
            || letter.is_numeric() && !previous.is_numeric();
        if starts && letter != '_' {
            humps |= 1 << at;
        }
        previous = letter;
    }
    humps
}

/// Every word of the query starts a word of the name, beginning with the first one: `олт`, `ПолТекст`. A letter either
/// goes on with the word or starts one of the next.
fn fits_initials(query: &[char], name: &str, humps: u64) -> bool {
    let Some((first, rest)) = query.split_first() else { return false };
    let mut letters = name.chars().enumerate();
    if letters.next().map(|(_, letter)| letter) != Some(*first) {
        return false;
    }
    let mut rest = rest.iter().peekable();
    let mut is_in_word = true;
    for (at, letter) in letters {
        let Some(wanted) = rest.peek() else { return true };
        let is_start = at < 64 && humps >> at & 1 == 1;
        if letter == **wanted && (is_in_word || is_start) {
            rest.next();
            is_in_word = true;
        } else {
            is_in_word = false;
        }
    }
    rest.peek().is_none()
}

fn fits_letters(query: &[char], name: &str) -> bool {
    let mut query = query.iter().peekable();
    for letter in name.chars() {
        if query.peek().is_some_and(|wanted| **wanted == letter) {
            query.next();
        }
    }
    query.peek().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(query: &str, name: &str, expected: Option<u8>) {
        let query = Query::new(query);
        let folded = fold_case(name);
        let fits = query.may_match(letters_of(&folded));
        assert_eq!(fits.then(|| query.rank(&folded, humps_of(name))).flatten(), expected, "{name}");
    }

    #[test]
    fn better_matches_come_first() {
        check("значениереквизитаобъекта", "ЗначениеРеквизитаОбъекта", Some(EXACT));
        check("Значение", "ЗначениеРеквизитаОбъекта", Some(PREFIX));
        check("ЗРО", "ЗначениеРеквизитаОбъекта", Some(INITIALS));
        check("знреоб", "ЗначениеРеквизитаОбъекта", Some(INITIALS));
        check("GOV", "GetObjectValue", Some(INITIALS));
        check("gv", "Get_Value2", Some(INITIALS));
        check("Реквизита", "ЗначениеРеквизитаОбъекта", Some(WORD));
        check("еквизит", "ЗначениеРеквизитаОбъекта", Some(PART));
        check("чниб", "ЗначениеРеквизитаОбъекта", Some(LETTERS));
        check("чи", "ЗначениеРеквизитаОбъекта", None);
        check("xyz", "ЗначениеРеквизитаОбъекта", None);
        check("", "Любое", Some(PREFIX));
    }

    #[test]
    fn a_dot_names_the_owner() {
        let query = Query::new("Общего.Знач");
        assert!(query.is_in("общегоназначения"));
        assert!(!query.is_in("продажи"));
        assert_eq!(query.rank("значение", 1), Some(PREFIX));
    }
}
