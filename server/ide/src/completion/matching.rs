//! How well a name fits what is typed, without case: `знрек` finds `ЗначениеРеквизита`. Nothing is allocated, since
//! thousands of names are asked per key.

/// The best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum MatchLevel {
    Exact,
    Prefix,
    /// Starts of the words of the name from its first one.
    Humps,
    /// The same from a later word.
    Inside,
    /// All letters in order.
    Subsequence,
}

/// Longest part of a name that is looked at: one bit per letter.
const LETTERS: usize = 128;
/// Letters scattered over a name mean something only if there are a few.
const MIN_SCATTERED: usize = 3;

/// What is typed, prepared for many comparisons.
#[derive(Clone, Debug, Default)]
pub(crate) struct Matcher {
    typed: Vec<char>,
}

impl Matcher {
    pub(crate) fn new(typed: &str) -> Self {
        Self { typed: typed.chars().map(lower).take(LETTERS).collect() }
    }

    /// Number of letters typed.
    pub(crate) fn len(&self) -> usize {
        self.typed.len()
    }

    /// What is typed first, in lower case.
    pub(crate) fn first(&self) -> Option<char> {
        self.typed.first().copied()
    }

    pub(crate) fn fits(&self, name: &str) -> bool {
        self.level(name).is_some()
    }

    /// `None` if the name does not fit.
    pub(crate) fn level(&self, name: &str) -> Option<MatchLevel> {
        let Some(first) = self.typed.first() else { return Some(MatchLevel::Prefix) };
        let mut letters = ['\0'; LETTERS];
        let mut humps = 0_u128;
        let mut count = 0;
        let mut previous = '_';
        for letter in name.chars().take(LETTERS) {
            if starts_word(previous, letter) {
                humps |= 1 << count;
            }
            letters[count] = lower(letter);
            previous = letter;
            count += 1;
        }
        let letters = &letters[..count];
        if letters.starts_with(&self.typed) {
            return Some(if count == self.typed.len() { MatchLevel::Exact } else { MatchLevel::Prefix });
        }
        if self.typed.len() > count {
            return None;
        }
        let starts = positions(letters, *first) & humps;
        if starts == 0 {
            return None;
        }
        if starts & 1 == 1 && self.follows(letters, humps, 1) {
            return Some(MatchLevel::Humps);
        }
        if self.follows(letters, humps, starts & !1) {
            return Some(MatchLevel::Inside);
        }
        let is_scattered = self.typed.len() >= MIN_SCATTERED && self.is_scattered(letters, starts);
        is_scattered.then_some(MatchLevel::Subsequence)
    }

    /// The typed letters stand next to each other or at starts of words; the first one at one of `starts`.
    fn follows(&self, letters: &[char], humps: u128, starts: u128) -> bool {
        let mut reached = starts;
        for typed in self.typed.iter().skip(1) {
            if reached == 0 {
                return false;
            }
            // All places behind the first one that is reached.
            let behind = !((reached & reached.wrapping_neg()) | ((reached & reached.wrapping_neg()) - 1));
            reached = positions(letters, *typed) & ((reached << 1) | (humps & behind));
        }
        reached != 0
    }

    fn is_scattered(&self, letters: &[char], starts: u128) -> bool {
        let mut rest = &letters[starts.trailing_zeros() as usize + 1..];
        for typed in self.typed.iter().skip(1) {
            let Some(at) = rest.iter().position(|letter| letter == typed) else { return false };
            rest = &rest[at + 1..];
        }
        true
    }
}

fn positions(letters: &[char], wanted: char) -> u128 {
    letters
        .iter()
        .enumerate()
        .filter(|(_, letter)| **letter == wanted)
        .fold(0, |bits, (at, _)| bits | 1 << at)
}

fn starts_word(previous: char, letter: char) -> bool {
    previous == '_' || previous == '.' || (letter.is_uppercase() && !previous.is_uppercase()) || {
        letter.is_numeric() && !previous.is_numeric()
    }
}

/// Letters of names have lower forms of one letter.
fn lower(letter: char) -> char {
    match letter {
        'А'..='Я' => char::from_u32(letter as u32 + 32).unwrap_or(letter),
        _ if letter.is_ascii() => letter.to_ascii_lowercase(),
        _ => letter.to_lowercase().next().unwrap_or(letter),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, name: &str, expected: Option<MatchLevel>) {
        assert_eq!(Matcher::new(typed).level(name), expected, "{typed} in {name}");
    }

    #[test]
    fn names_fit_by_their_words() {
        check("", "Имя", Some(MatchLevel::Prefix));
        check("имя", "Имя", Some(MatchLevel::Exact));
        check("знач", "ЗначениеРеквизита", Some(MatchLevel::Prefix));
        check("ЗнРек", "ЗначениеРеквизитаОбъекта", Some(MatchLevel::Humps));
        check("ЗРО", "ЗначениеРеквизитаОбъекта", Some(MatchLevel::Humps));
        check("реквоб", "ЗначениеРеквизитаОбъекта", Some(MatchLevel::Inside));
        check("знчкв", "ЗначениеРеквизитаОбъекта", Some(MatchLevel::Subsequence));
        check("ttp", "HTTPСоединение", None);
        check("httpс", "HTTPСоединение", Some(MatchLevel::Prefix));
        check("объект", "Об", None);
        check("val", "ValueTable", Some(MatchLevel::Prefix));
        check("vt", "ValueTable", Some(MatchLevel::Humps));
        check("table", "ValueTable", Some(MatchLevel::Inside));
        check("ёл", "Ёлка", Some(MatchLevel::Prefix));
    }
}
