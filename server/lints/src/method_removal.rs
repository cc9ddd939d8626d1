//! What to delete to get rid of a method.

use base::TextRange;

use crate::facts::{MethodFact, ModuleFacts};
use crate::layout::end_of_blank_line;

/// Lines of the method with the comment above it and one empty line behind it; `None` if it shares a line.
pub(crate) fn removal(facts: &ModuleFacts<'_>, offset: u32, method: &MethodFact) -> Option<TextRange> {
    let read = facts.text;
    let range = method.range.shifted(offset);
    let before = read(TextRange { start: offset, end: range.start });
    let mut kept = before.trim_end_matches([' ', '\t']);
    if !(kept.is_empty() || kept.ends_with(['\n', '\r'])) {
        return None;
    }
    while let Some(line) = last_line(kept).filter(|line| line.trim_start().starts_with("//")) {
        kept = &kept[..kept.len() - line.len()];
    }
    let start = offset + kept.len() as u32;
    let Some(end) = end_of_blank_line(read, range.end) else {
        return Some(TextRange { start, end: range.end });
    };
    let is_first = kept.trim().is_empty() && offset == 0;
    let is_apart = is_first || last_line(kept).is_none_or(|line| line.trim().is_empty());
    let end = if is_apart { end_of_blank_line(read, end).unwrap_or(end) } else { end };
    Some(TextRange { start, end })
}

/// The last line with its end.
fn last_line(text: &str) -> Option<&str> {
    let content = text.strip_suffix('\n').unwrap_or(text);
    let content = content.strip_suffix('\r').unwrap_or(content);
    (!text.is_empty()).then(|| &text[content.rfind(['\n', '\r']).map_or(0, |at| at + 1)..])
}
