//! Words that are often misspelled. A spelling engine with a whole dictionary takes names of products, abbreviations and
//! inflected names for errors; this list is short and certain.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

/// Shorter words are not in the list.
const KEY_LETTERS: usize = 4;

struct Entry {
    wrong: &'static str,
    right: &'static str,
    is_whole_word: bool,
}

struct Dictionary {
    /// Whether a misspelling begins with these letters: most words are done with after one look.
    beginnings: [bool; 1 << BEGINNING_BITS],
    entries: FxHashMap<[char; KEY_LETTERS], Vec<Entry>>,
}

const BEGINNING_BITS: u32 = 12;

/// The right spelling of a word that is known to be wrong, in the case of the word.
pub(crate) fn corrected(word: &str) -> Option<String> {
    let dictionary = dictionary();
    let key = key(word)?;
    if !dictionary.beginnings[beginning(&key)] {
        return None;
    }
    let entries = dictionary.entries.get(&key)?;
    let matching = entries.iter().filter_map(|entry| {
        let rest = rest_after(word, entry.wrong)?;
        (!entry.is_whole_word || rest.is_empty()).then_some((entry, rest))
    });
    let (entry, rest) = matching.max_by_key(|(entry, _)| entry.wrong.len())?;
    let is_upper = |letters: &str| !letters.chars().any(char::is_lowercase);
    let mut right = entry.right.chars();
    let start = match word.chars().next() {
        _ if is_upper(word) => entry.right.to_uppercase(),
        Some(first) if first.is_uppercase() => {
            right.next().into_iter().flat_map(char::to_uppercase).chain(right).collect()
        }
        _ => entry.right.to_owned(),
    };
    Some(start + rest)
}

fn dictionary() -> &'static Dictionary {
    static DICTIONARY: OnceLock<Dictionary> = OnceLock::new();
    DICTIONARY.get_or_init(|| {
        let mut dictionary =
            Dictionary { beginnings: [false; 1 << BEGINNING_BITS], entries: FxHashMap::default() };
        for line in include_str!("misspellings.txt").lines().filter(|line| !line.starts_with('#')) {
            let Some((wrong, right)) = line.split_once(' ') else { continue };
            let is_whole_word = wrong.ends_with('.');
            let wrong = wrong.trim_end_matches('.');
            if let Some(key) = key(wrong) {
                dictionary.beginnings[beginning(&key)] = true;
                dictionary.entries.entry(key).or_default().push(Entry { wrong, right, is_whole_word });
            }
        }
        dictionary
    })
}

/// The low bits of letters tell those of one alphabet apart.
fn beginning(key: &[char; KEY_LETTERS]) -> usize {
    let bits = key.iter().fold(0_usize, |bits, letter| (bits << 3) ^ (*letter as usize & 31));
    bits & ((1 << BEGINNING_BITS) - 1)
}

/// The first letters in lower case.
fn key(word: &str) -> Option<[char; KEY_LETTERS]> {
    let mut letters = word.chars().map(lower);
    let mut key = [' '; KEY_LETTERS];
    for place in &mut key {
        *place = letters.next()?;
    }
    Some(key)
}

/// What follows the beginning of a word.
fn rest_after<'a>(word: &'a str, beginning: &str) -> Option<&'a str> {
    let mut letters = word.chars();
    let begins_so = beginning.chars().all(|letter| letters.next().map(lower) == Some(letter));
    begins_so.then_some(letters.as_str())
}

fn lower(letter: char) -> char {
    match letter {
        'А'..='Я' | 'A'..='Z' => char::from_u32(letter as u32 + 32).unwrap_or(letter),
        _ => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_order() {
        let lines: Vec<&str> =
            include_str!("misspellings.txt").lines().filter(|line| !line.starts_with('#')).collect();
        assert!(lines.iter().all(|line| line.split(' ').count() == 2), "two words a line");
        assert!(lines.is_sorted() && lines.windows(2).all(|pair| pair[0] != pair[1]));
        for line in lines {
            let (wrong, right) = line.split_once(' ').expect("two words");
            let wrong = wrong.trim_end_matches('.');
            assert!(wrong.chars().count() >= KEY_LETTERS, "{wrong} is too short to be certain");
            assert!(corrected(wrong).is_some(), "{wrong} is found");
            assert_eq!(corrected(right), None, "{right} is no error");
        }
    }

    #[test]
    fn corrections_have_the_case_of_the_word() {
        assert_eq!(corrected("Количесвто").as_deref(), Some("Количество"));
        assert_eq!(corrected("КОЛИЧЕСВТО").as_deref(), Some("КОЛИЧЕСТВО"));
        assert_eq!(corrected("lenght").as_deref(), Some("length"));
        assert_eq!(corrected("Количество"), None);
        assert_eq!(corrected("Код"), None);
    }
}
