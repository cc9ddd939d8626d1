//! The end of the text that is generated again, because tokens of the training text would not end there.

use crate::tokenizer::pieces;

/// What is left out of the prompt at the caret: the beginning of the answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    pub text: String,
    /// Where in it the current word begins; before it stands what tokens may share with a word.
    pub word: usize,
    /// The beginning of the current word that stays in the prompt: whole parts of CamelCase, whose tokens are certain.
    pub kept: String,
    /// Whether letter case matters: text for people, not names.
    pub is_prose: bool,
}

const MAX_WORD_BYTES: usize = 96;
/// Signs in one piece of our splitter.
const MAX_SIGNS: usize = 4;

impl Typed {
    /// The part of a line left of the caret that is generated again.
    pub(super) fn of(line: &str, has_own_splitter: bool) -> Self {
        let word_length: usize =
            line.chars().rev().take_while(|character| is_word(*character)).map(char::len_utf8).sum();
        let word_length = if word_length > MAX_WORD_BYTES { 0 } else { word_length };
        let word = line.len() - word_length;
        if !has_own_splitter {
            let start = foreign_start(line, word);
            return Self { text: line[start..].to_owned(), word: word - start, ..Self::default() };
        }
        let part = line.len() - last_part(&line[word..]);
        let start = if part > word { part } else { own_start(line, word) };
        let kept = line[word..start.max(word)].to_owned();
        Self { text: line[start..].to_owned(), word: word.saturating_sub(start), kept, ..Self::default() }
    }

    /// Bytes of the current word left of the caret.
    pub(crate) fn word_length(&self) -> usize {
        self.kept.len() + self.text.len() - self.word
    }
}

/// Length of the last part of a word; of the whole word if its letter case says nothing about its parts.
fn last_part(word: &str) -> usize {
    let mut last = 0;
    let mut parts = pieces(word).peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_some() && part.starts_with(char::is_lowercase) {
            return word.len();
        }
        last = part.len();
    }
    last
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// One blank belongs to the word after it, if other text stands before the blank. Without a word the last signs are
/// one piece.
fn own_start(line: &str, word: usize) -> usize {
    let before = &line[..word];
    if let Some(text) = before.strip_suffix(' ') {
        let is_glued = text.chars().next_back().is_some_and(|character| !character.is_whitespace())
            && !line[word..].starts_with(|first: char| first.is_numeric() || first == '_');
        return if is_glued { text.len() } else { word };
    }
    if word < line.len() {
        return word;
    }
    let signs: Vec<usize> = sign_starts(before).collect();
    match signs.len() {
        0 => word,
        count => signs[(count - 1) % MAX_SIGNS],
    }
}

/// Any one character may belong to the word after it; signs without a word are one piece with a blank before them.
fn foreign_start(line: &str, word: usize) -> usize {
    let before = &line[..word];
    if word < line.len() {
        return before.char_indices().next_back().map_or(word, |(start, _)| start);
    }
    if before.ends_with([' ', '\t']) {
        return before.len() - 1;
    }
    let start = sign_starts(before).take(2 * MAX_SIGNS).last().unwrap_or(word);
    if before[..start].ends_with(' ') { start - 1 } else { start }
}

/// Where the signs at the end of a text begin, the last one first.
fn sign_starts(text: &str) -> impl Iterator<Item = usize> {
    text.char_indices()
        .rev()
        .take_while(|(_, character)| !character.is_whitespace() && !character.is_alphanumeric())
        .map(|(start, _)| start)
}
