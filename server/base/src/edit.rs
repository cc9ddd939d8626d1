//! Replacement of a piece of text, and the application of several of them.

use serde::{Deserialize, Serialize};

use crate::TextRange;

/// Replaces `range` by `text`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Edit {
    pub range: TextRange,
    pub text: String,
}

impl Edit {
    pub fn replace(range: TextRange, text: impl Into<String>) -> Self {
        Self { range, text: text.into() }
    }

    pub fn insert(offset: u32, text: impl Into<String>) -> Self {
        Self { range: TextRange::empty(offset), text: text.into() }
    }

    pub fn delete(range: TextRange) -> Self {
        Self { range, text: String::new() }
    }
}

/// Applies edits that refer to the original text. Edits that overlap an earlier one are left out and
/// returned as skipped, so that a caller can try them again on the new text. Equal edits count once: two
/// findings may ask for the same repair.
pub fn apply_edits(text: &str, mut edits: Vec<Edit>) -> (String, Vec<Edit>) {
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    edits.dedup();
    let mut result = String::with_capacity(text.len());
    let mut skipped = Vec::new();
    let mut position = 0;
    for edit in edits {
        let range = edit.range.as_usize();
        let Some(before) = text.get(position..range.start) else {
            skipped.push(edit);
            continue;
        };
        if text.get(range.clone()).is_none() {
            skipped.push(edit);
            continue;
        }
        result.push_str(before);
        result.push_str(&edit.text);
        position = range.end;
    }
    result.push_str(&text[position..]);
    (result, skipped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_refer_to_the_original_text() {
        let edits = vec![Edit::insert(6, "!"), Edit::replace(TextRange::new(0, 1), "J")];
        assert_eq!(apply_edits("hello world", edits).0, "Jello !world");
    }

    #[test]
    fn equal_edits_count_once() {
        let edits = vec![Edit::insert(1, " "), Edit::insert(2, " "), Edit::insert(1, " ")];
        assert_eq!(apply_edits("a-b", edits).0, "a - b");
    }

    #[test]
    fn overlapping_edits_are_returned() {
        let edits = vec![Edit::delete(TextRange::new(0, 4)), Edit::delete(TextRange::new(2, 6))];
        let (text, skipped) = apply_edits("abcdefgh", edits);
        assert_eq!(text, "efgh");
        assert_eq!(skipped, [Edit::delete(TextRange::new(2, 6))]);
    }

    #[test]
    fn an_edit_outside_the_text_or_inside_a_letter_is_skipped() {
        let edits = vec![Edit::delete(TextRange::new(1, 2)), Edit::insert(90, "x")];
        let (text, skipped) = apply_edits("Ж", edits);
        assert_eq!((text.as_str(), skipped.len()), ("Ж", 2));
    }
}
