//! From a suggestion to what editors insert: one line is replaced, from the start of the word to the caret, by a text that
//! begins with what is typed.

use ai::Suggestion;
use tower_lsp::gen_lsp_types as lsp;

use crate::assistant::Prepared;

/// A suggestion in the terms of the word at the caret.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fitted {
    /// Replaces the word.
    pub(crate) text: String,
    /// What editors compare with the text that is there; `None` if that is `text`.
    pub(crate) filter: Option<String>,
}

/// `None` for a suggestion that adds nothing or does not continue the word.
pub(crate) fn fit(prepared: &Prepared, suggestion: &Suggestion) -> Option<Fitted> {
    let typed = prepared.typed();
    let text = replace_word(prepared, &typed, suggestion)?;
    let split = text.char_indices().nth(typed.chars().count()).map_or(text.len(), |(at, _)| at);
    let (head, rest) = text.split_at(split);
    if !base::same_name(head, &typed) && head != typed {
        return None;
    }
    let adds = !rest.trim().is_empty() && rest.trim_end() != prepared.rest.trim_end();
    adds.then(|| Fitted { filter: (head != typed).then(|| format!("{typed}{rest}")), text: text.clone() })
}

/// The text that replaces the word alone, whatever the suggestion replaces.
fn replace_word(prepared: &Prepared, typed: &str, suggestion: &Suggestion) -> Option<String> {
    let Some(extra) = suggestion.replaced.checked_sub(typed.len()) else {
        let kept = typed.get(..typed.len() - suggestion.replaced)?;
        return Some(format!("{kept}{}", suggestion.text));
    };
    let start = prepared.word.start.checked_sub(u32::try_from(extra).ok()?)?;
    let before = prepared.document.slice(base::TextRange { start, end: prepared.word.start });
    suggestion.text.strip_prefix(before.as_str()).map(str::to_owned)
}

/// The proposal that is selected in a list of the editor, with the place that it would replace.
pub(crate) struct Selected {
    pub(crate) range: lsp::Range,
    pub(crate) text: String,
}

/// `range` is that of the word at the caret.
pub(crate) fn to_item(
    fitted: Fitted,
    prepared: &Prepared,
    range: lsp::Range,
    selected: Option<&Selected>,
) -> Option<lsp::InlineCompletionItem> {
    let (text, filter_text, range) = match selected {
        None => (fitted.text, fitted.filter, range),
        // Shown only if it begins with the selected text.
        Some(selected) => {
            let length = prepared.typed().chars().count();
            let rest: String = fitted.text.chars().skip(length).collect();
            (format!("{}{rest}", selected.text), None, selected.range)
        }
    };
    (!text.is_empty()).then_some(lsp::InlineCompletionItem {
        insert_text: lsp::InsertText::String(text),
        filter_text,
        range: Some(range),
        command: None,
    })
}

#[cfg(test)]
mod tests {
    use ai::Source;
    use base::TextRange;
    use syntax::Document;

    use super::*;

    #[track_caller]
    fn check(line: &str, text: &str, replaced: &str, expected: Option<(&str, Option<&str>)>) {
        let (before, after) = line.split_once('|').expect("invariant: the line has a caret");
        let is_word = |letter: char| letter.is_alphanumeric();
        let word = before.trim_end_matches(is_word).len() as u32;
        let caret = before.len() as u32;
        let prepared = Prepared {
            context: ai::Context::default(),
            document: Document::new(&format!("{before}{after}")),
            caret,
            word: TextRange { start: word, end: caret },
            rest: after.to_owned(),
        };
        let suggestion = Suggestion {
            text: text.to_owned(),
            replaced: replaced.len(),
            source: Source::Model,
            confidence: 1.0,
        };
        let fitted = fit(&prepared, &suggestion);
        let fitted = fitted.as_ref().map(|it| (it.text.as_str(), it.filter.as_deref()));
        assert_eq!(fitted, expected, "{line}");
    }

    #[test]
    fn the_text_begins_with_what_is_typed() {
        check("\tСооб|", "Сообщить(А);", "Сооб", Some(("Сообщить(А);", None)));
        check("\tсооб|", "Сообщить(А);", "сооб", Some(("Сообщить(А);", Some("сообщить(А);"))));
        check("А = Сооб|", " Сообщение;", " Сооб", Some(("Сообщение;", None)));
        check("\tСооб|", "щить();", "", Some(("Сообщить();", None)));
        check("\tСооб|", "Предупредить();", "Сооб", None);
        check("😀Ж|", "Жук", "Ж", Some(("Жук", None)));
    }

    #[test]
    fn what_adds_nothing_is_dropped() {
        check("\tСооб|", "Сооб", "Сооб", None);
        check("\tСооб|", "Сооб  ", "Сооб", None);
        check("Ф(|)", ")", "", None);
        check("Ф(|)", "А)", "", Some(("А)", None)));
        check("|", "", "", None);
    }
}
