//! The suggestions that the user sees, or will see when the caret gets there. Typing along one of them, or accepting it
//! word by word, needs no new answer: the rest of it is the answer.

use ai::{Source, Suggestion};
use base::TextRange;
use syntax::Document;
use tower_lsp::gen_lsp_types::Uri;

use crate::assistant::Prepared;

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shown {
    uri: Uri,
    /// Where the suggestions begin in the document.
    start: u32,
    /// The line up to there.
    before: String,
    /// The line behind the caret.
    rest: String,
    texts: Vec<String>,
}

impl Shown {
    /// `None` if there is nothing to see.
    pub(crate) fn new(uri: &Uri, prepared: &Prepared, suggestions: &[Suggestion]) -> Option<Self> {
        let start = prepared.word.start;
        let texts: Vec<String> = suggestions
            .iter()
            .filter_map(|it| {
                let extra = it.replaced.checked_sub(prepared.word.len() as usize)?;
                Some(it.text.get(extra..)?.to_owned())
            })
            .collect();
        (!texts.is_empty()).then(|| Self {
            uri: uri.clone(),
            start,
            before: line_before(&prepared.document, start),
            rest: prepared.rest.clone(),
            texts,
        })
    }

    /// What is left of the suggestions at a caret further on.
    pub(crate) fn rest_at(&self, uri: &Uri, prepared: &Prepared) -> Vec<Suggestion> {
        let is_here = self.uri == *uri && self.start <= prepared.caret && self.rest == prepared.rest;
        if !is_here || line_before(&prepared.document, self.start) != self.before {
            return Vec::new();
        }
        let typed = prepared.document.slice(TextRange { start: self.start, end: prepared.caret });
        let word = prepared.typed();
        let left = self.texts.iter().filter_map(|text| text.strip_prefix(typed.as_str()));
        let left = left.filter(|rest| !rest.trim().is_empty());
        left.map(|rest| Suggestion {
            text: format!("{word}{rest}"),
            replaced: word.len(),
            source: Source::Cache,
            confidence: 1.0,
        })
        .collect()
    }

    /// The document holds the whole of a suggestion, which ends at the caret.
    pub(crate) fn is_accepted(&self, uri: &Uri, document: &Document, caret: u32) -> bool {
        let held = TextRange { start: self.start, end: caret };
        self.uri == *uri
            && self.start < caret
            && caret <= document.len()
            && self
                .texts
                .iter()
                .any(|text| text.len() == held.len() as usize && *text == document.slice(held))
            && line_before(document, self.start) == self.before
    }
}

/// The line of an offset up to it; nothing behind the end of the text.
fn line_before(document: &Document, offset: u32) -> String {
    if offset > document.len() {
        return String::new();
    }
    let rope = document.rope();
    let start = rope.line_to_byte(rope.byte_to_line(offset as usize)) as u32;
    document.slice(TextRange { start, end: offset })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prepared(text: &str, word: usize) -> Prepared {
        let (before, after) = text.split_once('|').expect("invariant: the text has a caret");
        let caret = before.len() as u32;
        Prepared {
            context: ai::Context::default(),
            document: Document::new(&format!("{before}{after}")),
            caret,
            word: TextRange { start: caret - word as u32, end: caret },
            rest: after.lines().next().unwrap_or_default().to_owned(),
        }
    }

    fn shown(at: &Prepared, text: &str) -> (Uri, Shown) {
        let uri: Uri = "file:///a.bsl".parse().expect("a correct address");
        let suggestion = Suggestion {
            text: text.to_owned(),
            replaced: at.word.len() as usize,
            source: Source::Model,
            confidence: 1.0,
        };
        let shown = Shown::new(&uri, at, &[suggestion]).expect("something to see");
        (uri, shown)
    }

    #[test]
    fn typing_along_needs_no_new_answer() {
        let (uri, shown) = shown(&prepared("А;\n\tСоо|\n", "Соо".len()), "Сообщить(Текст);");
        let next = shown.rest_at(&uri, &prepared("А;\n\tСообщить(Те|\n", "Те".len()));
        assert_eq!((next[0].text.as_str(), next[0].replaced), ("Текст);", 4));
        assert!(shown.rest_at(&uri, &prepared("А;\n\tСообщать|\n", 0)).is_empty());
        assert!(shown.rest_at(&uri, &prepared("А;\nБ\tСооб|\n", 0)).is_empty());
        assert!(shown.rest_at(&uri, &prepared("А;\n\tСообщить(Текст);|\n", 0)).is_empty());
    }

    #[test]
    fn acceptance_is_seen_in_the_text() {
        let (uri, shown) = shown(&prepared("А;\n\tСоо|\n", "Соо".len()), "Сообщить(Текст);");
        let now = prepared("А;\n\tСообщить(Текст);|\n", 0);
        assert!(shown.is_accepted(&uri, &now.document, now.caret));
        let other = prepared("А;\n\tСообщить(Тексту)|;\n", 0);
        assert!(!shown.is_accepted(&uri, &other.document, other.caret));
        assert!(!shown.is_accepted(&uri, &Document::new(""), 40));
    }
}
