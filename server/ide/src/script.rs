//! Language of the words that a module is written in. New code has to read like the code around it.

use syntax::{Document, Source, TokenKind};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Script {
    #[default]
    Russian,
    English,
}

impl Script {
    /// Of a part of a module: its keywords decide, else those at the start of the module.
    pub(crate) fn of(document: &Document, part: Source<'_>) -> Self {
        of_keywords(part)
            .or_else(|| of_keywords(document.section_at(0).source()))
            .or_else(|| of_letters(part.text))
            .unwrap_or_default()
    }

    pub(crate) fn of_word(word: &str) -> Self {
        of_letters(word).unwrap_or_default()
    }

    pub(crate) fn pick<T>(self, russian: T, english: T) -> T {
        match self {
            Self::Russian => russian,
            Self::English => english,
        }
    }

    /// Canonical spelling of a keyword; empty for other tokens.
    pub(crate) fn keyword(self, kind: TokenKind) -> &'static str {
        let spellings = kind.canonical_spellings();
        let is_ours = |spelling: &&&str| spelling.is_ascii() == (self == Self::English);
        spellings.iter().find(is_ours).or(spellings.first()).copied().unwrap_or_default()
    }
}

/// `NULL` belongs to both languages.
fn of_keywords(source: Source<'_>) -> Option<Script> {
    let is_telling = |kind: TokenKind| kind.is_keyword() && kind != TokenKind::Null;
    let token = source.tree.tokens().iter().find(|token| is_telling(token.kind))?;
    of_letters(source.token_text(token))
}

fn of_letters(text: &str) -> Option<Script> {
    if text.chars().any(|letter| ('\u{400}'..='\u{4ff}').contains(&letter)) {
        return Some(Script::Russian);
    }
    text.chars().any(char::is_alphabetic).then_some(Script::English)
}
