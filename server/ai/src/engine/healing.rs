//! The typed part of a word is generated again: only tokens that agree with it are allowed until it is used up.
//! BSL does not tell letter cases apart, so the model may write a name as it is written elsewhere.

use crate::Typed;

/// What is still to be generated as it was typed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Healing {
    characters: Vec<Spellings>,
    /// Where each byte of the typed text belongs: its character and its place in it.
    places: Vec<(u32, u8)>,
    typed: Vec<u8>,
}

/// The ways to write one character, all of the same length.
#[derive(Clone, Copy, Debug, Default)]
struct Spellings {
    count: u8,
    length: u8,
    bytes: [[u8; 4]; 3],
}

/// How a token goes with what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Agreement {
    Exact,
    /// But for letter case.
    Folded,
}

impl Healing {
    /// Begins a new answer; keeps its memory.
    pub(crate) fn start(&mut self, typed: &Typed) {
        self.characters.clear();
        self.places.clear();
        self.typed.clear();
        self.typed.extend_from_slice(typed.text.as_bytes());
        for character in typed.text.chars() {
            let spellings = Spellings::of(character, typed.is_prose);
            let number = self.characters.len() as u32;
            self.places.extend((0..spellings.length).map(|at| (number, at)));
            self.characters.push(spellings);
        }
    }

    /// Whether all that was typed is in the text.
    pub(crate) fn is_done(&self, text: &[u8]) -> bool {
        text.len() >= self.typed.len()
    }

    /// The bytes that may come after `text`.
    pub(crate) fn next_bytes(&self, text: &[u8]) -> impl Iterator<Item = u8> {
        let mut bytes = [None; 3];
        if let Some((spellings, before)) = self.at(text) {
            for (slot, spelling) in bytes.iter_mut().zip(spellings.all()) {
                *slot = spelling.starts_with(before).then(|| spelling[before.len()]);
            }
        }
        let [first, second, third] = bytes;
        let second = second.filter(|_| second != first);
        let third = third.filter(|_| third != first && third != second);
        [first, second, third].into_iter().flatten()
    }

    /// Whether a token may come after `text`.
    pub(crate) fn agreement(&self, text: &[u8], token: &[u8]) -> Option<Agreement> {
        let Some((spellings, before)) = self.at(text) else { return Some(Agreement::Exact) };
        // From the start of the current character, of which the text may have a part.
        let rest = &self.typed[text.len() - before.len()..];
        let (start, rest) = rest.split_at(before.len());
        let most = rest.len().min(token.len());
        if start == before && rest[..most] == token[..most] {
            return Some(Agreement::Exact);
        }
        let mut character = self.places[text.len()].0 as usize;
        let mut token = token;
        // The token ends within a character, finishes one, or begins with a whole one.
        let mut is_fitting = |spellings: &Spellings, before: &[u8]| {
            let missing = usize::from(spellings.length) - before.len();
            let part = &token[..missing.min(token.len())];
            let fits = spellings
                .all()
                .any(|spelling| spelling.starts_with(before) && spelling[before.len()..].starts_with(part));
            token = &token[part.len()..];
            fits.then_some(token.is_empty())
        };
        let mut is_used_up = is_fitting(spellings, before)?;
        while !is_used_up {
            character += 1;
            let Some(spellings) = self.characters.get(character) else { break };
            is_used_up = is_fitting(spellings, &[])?;
        }
        Some(Agreement::Folded)
    }

    /// The character that comes next and what the text has of it already.
    fn at<'a>(&self, text: &'a [u8]) -> Option<(&Spellings, &'a [u8])> {
        let (character, within) = *self.places.get(text.len())?;
        Some((&self.characters[character as usize], &text[text.len() - usize::from(within)..]))
    }
}

impl Spellings {
    fn of(character: char, is_prose: bool) -> Self {
        let mut spellings = Self { length: character.len_utf8() as u8, ..Self::default() };
        spellings.add(character);
        if is_prose {
            return spellings;
        }
        let mut lower = character.to_lowercase();
        let mut upper = character.to_uppercase();
        for folded in [(lower.next(), lower.next()), (upper.next(), upper.next())] {
            if let (Some(folded), None) = folded
                && folded != character
                && folded.len_utf8() == character.len_utf8()
            {
                spellings.add(folded);
            }
        }
        spellings
    }

    fn add(&mut self, character: char) {
        character.encode_utf8(&mut self.bytes[usize::from(self.count)]);
        self.count += 1;
    }

    fn all(&self) -> impl Iterator<Item = &[u8]> {
        let length = usize::from(self.length);
        self.bytes[..usize::from(self.count)].iter().map(move |bytes| &bytes[..length])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, text: &[u8], token: &[u8], expected: Option<Agreement>) {
        let mut healing = Healing::default();
        healing.start(&Typed { text: typed.into(), ..Typed::default() });
        assert_eq!(healing.agreement(text, token), expected);
        let next: Vec<u8> = healing.next_bytes(text).collect();
        if expected.is_some() && !healing.is_done(text) {
            assert!(next.contains(&token[0]), "{next:?}");
        }
    }

    #[test]
    fn tokens_agree_or_not() {
        use Agreement::{Exact, Folded};
        check("Соо", b"", "Сообщить".as_bytes(), Some(Exact));
        check("Соо", b"", "Со".as_bytes(), Some(Exact));
        check("Соо", b"", "соОбщить".as_bytes(), Some(Folded));
        check("Соо", b"", "Сорт".as_bytes(), None);
        check("Соо", "Со".as_bytes(), "ОН".as_bytes(), Some(Folded));
        check("", b"", b"x", Some(Exact));
        check(" стр", b"", " Строка".as_bytes(), Some(Folded));
        check("x", b"", "ж".as_bytes(), None);
    }

    #[test]
    fn parts_of_characters_agree_too() {
        use Agreement::{Exact, Folded};
        // п is D0 BF, П is D0 9F; р is D1 80, Р is D0 A0.
        check("п", b"", b"\xD0", Some(Exact));
        check("п", b"\xD0", b"\xBF", Some(Exact));
        check("п", b"\xD0", b"\x9F\xD0\xBE", Some(Folded));
        check("р", b"", b"\xD0", Some(Folded));
        check("р", b"\xD0", b"\xA0", Some(Folded));
        check("р", b"\xD0", b"\x80", None);
        check("р", b"\xD1", b"\xA0", None);
    }

    #[test]
    fn letter_case_of_prose_matters() {
        let mut healing = Healing::default();
        healing.start(&Typed { text: "подп".into(), is_prose: true, ..Typed::default() });
        assert_eq!(healing.agreement(b"", "Подпись".as_bytes()), None);
        assert_eq!(healing.agreement(b"", "подпись".as_bytes()), Some(Agreement::Exact));
    }

    #[test]
    fn lengths_never_change() {
        // The capital of ß is two letters, that of ſ is shorter, İ has a longer small letter.
        check("ß", b"", b"SS", None);
        check("ſ", b"", b"S", None);
        check("İ", b"", b"i", None);
    }
}
