//! Our splitter: cuts text into pieces that tokens never reach across. CamelCase is cut into its parts, a line break
//! keeps the indentation after it, one blank belongs to the word it precedes. The same as the regular expression
//! [`PATTERN`], by hand.

use std::sync::OnceLock;

use regex::Regex;

/// What the pieces match; text that matches nothing (letters without case) is a piece as a whole.
pub(super) const PATTERN: &str =
    r" ?(?:\p{Lu}\p{Ll}+|\p{Lu}+(?!\p{Ll})|\p{Ll}+)|\d{1,3}|\n[\t ]*|[\t ]+(?=\S)| ?[^\s\p{L}\d]{1,4}|\s+";

const MAX_DIGITS: usize = 3;
const MAX_SIGNS: usize = 4;

#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Class {
    Sign,
    Upper,
    Lower,
    /// A letter without case.
    Letter,
    Digit,
    LineBreak,
    /// Tab or space.
    Blank,
    /// Any other white space.
    Space,
}

/// The pieces of a text, in order and without gaps.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at;
        at = piece_end(text, start)?;
        Some(&text[start..at])
    })
}

fn piece_end(text: &str, start: usize) -> Option<usize> {
    let (class, after) = class_at(text, start)?;
    Some(match class {
        Class::Upper | Class::Lower => word_end(text, start, class, after),
        Class::Letter => run(text, after, usize::MAX, |class| class == Class::Letter),
        Class::Digit => run(text, after, MAX_DIGITS - 1, |class| class == Class::Digit),
        Class::Sign => run(text, after, MAX_SIGNS - 1, |class| class == Class::Sign),
        Class::LineBreak => run(text, after, usize::MAX, |class| class == Class::Blank),
        Class::Space => space_end(text, after),
        Class::Blank => match class_at(text, after) {
            Some((next @ (Class::Upper | Class::Lower), after_next)) if text.as_bytes()[start] == b' ' => {
                word_end(text, after, next, after_next)
            }
            _ => {
                let end = run(text, after, usize::MAX, |class| class == Class::Blank);
                match class_at(text, end) {
                    Some((Class::LineBreak | Class::Space, _)) | None => space_end(text, end),
                    Some(_) => end,
                }
            }
        },
    })
}

/// End of a part of a word: a capital with small letters, capitals as long as none of them starts such a part, or
/// small letters.
fn word_end(text: &str, start: usize, class: Class, after: usize) -> usize {
    let is_lower = |class| class == Class::Lower;
    if class == Class::Lower {
        return run(text, after, usize::MAX, is_lower);
    }
    let small = run(text, after, usize::MAX, is_lower);
    if small > after {
        return small;
    }
    let mut end = after;
    let mut last = start;
    while let Some((Class::Upper, next)) = class_at(text, end) {
        last = end;
        end = next;
    }
    let begins_part = matches!(class_at(text, end), Some((Class::Lower, _)));
    if begins_part { last } else { end }
}

fn space_end(text: &str, at: usize) -> usize {
    run(text, at, usize::MAX, |class| matches!(class, Class::Blank | Class::LineBreak | Class::Space))
}

fn run(text: &str, mut at: usize, most: usize, wanted: impl Fn(Class) -> bool) -> usize {
    for _ in 0..most {
        match class_at(text, at) {
            Some((class, after)) if wanted(class) => at = after,
            _ => break,
        }
    }
    at
}

fn class_at(text: &str, at: usize) -> Option<(Class, usize)> {
    let bytes = text.as_bytes();
    let first = *bytes.get(at)?;
    if first < 0x80 {
        return Some((ascii_class(first), at + 1));
    }
    // Modern Russian letters without decoding.
    if let (0xD0 | 0xD1, Some(&second)) = (first, bytes.get(at + 1)) {
        let code = u32::from(first & 0x1F) << 6 | u32::from(second & 0x3F);
        match code {
            0x400..=0x42F => return Some((Class::Upper, at + 2)),
            0x430..=0x45F => return Some((Class::Lower, at + 2)),
            _ => {}
        }
    }
    let character = text[at..].chars().next()?;
    Some((rare_class(character), at + character.len_utf8()))
}

fn ascii_class(byte: u8) -> Class {
    match byte {
        b'\n' => Class::LineBreak,
        b'\t' | b' ' => Class::Blank,
        b'\r' | 0x0B | 0x0C => Class::Space,
        b'0'..=b'9' => Class::Digit,
        b'A'..=b'Z' => Class::Upper,
        b'a'..=b'z' => Class::Lower,
        _ => Class::Sign,
    }
}

/// Classes of the basic plane, made at the first character outside of English and Russian.
fn rare_class(character: char) -> Class {
    static PLANE: OnceLock<Vec<Class>> = OnceLock::new();
    let plane = PLANE.get_or_init(|| {
        let all: String = (0..=0xFFFF).filter_map(char::from_u32).collect();
        let mut plane = vec![Class::Sign; 0x1_0000];
        for (class, pattern) in patterns() {
            for found in pattern.find_iter(&all) {
                for character in found.as_str().chars() {
                    plane[character as usize] = *class;
                }
            }
        }
        plane
    });
    if let Some(class) = plane.get(character as usize) {
        return *class;
    }
    let mut buffer = [0; 4];
    let text = character.encode_utf8(&mut buffer);
    patterns()
        .iter()
        .rev()
        .find(|(_, pattern)| pattern.is_match(text))
        .map_or(Class::Sign, |(class, _)| *class)
}

/// Later ones win.
fn patterns() -> &'static [(Class, Regex)] {
    static PATTERNS: OnceLock<Vec<(Class, Regex)>> = OnceLock::new();
    PATTERNS.get_or_init(|| {
        [
            (Class::Space, r"\s+"),
            (Class::Digit, r"\d+"),
            (Class::Letter, r"\p{L}+"),
            (Class::Lower, r"\p{Ll}+"),
            (Class::Upper, r"\p{Lu}+"),
            (Class::Blank, r"[\t ]+"),
            (Class::LineBreak, r"\n+"),
        ]
        .into_iter()
        .filter_map(|(class, pattern)| Some((class, Regex::new(pattern).ok()?)))
        .collect()
    })
}
