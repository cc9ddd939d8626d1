//! Links of descriptions: `См. Модуль.Метод`, `See Module.Method`.

use smol_str::SmolStr;

use crate::doc_comment::DocLink;
use crate::doc_comment::lines::Line;
use crate::doc_comment::types::{path_length, see_length};

/// Adds the links of a line.
pub(super) fn find(line: Line<'_>, links: &mut Vec<DocLink>) {
    let found = links_of(line.text);
    links.extend(
        found.map(|(start, end)| DocLink {
            path: line.text[start..end].into(),
            range: line.range(start..end),
        }),
    );
}

/// Where the paths of the links of a line stand.
pub(crate) fn links_of(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut is_word_start = true;
    let mut next = 0;
    text.char_indices().filter_map(move |(at, letter)| {
        let is_start = is_word_start && at >= next;
        is_word_start = !letter.is_alphanumeric();
        if !is_start || !matches!(letter, 'С' | 'с' | 'S' | 's') {
            return None;
        }
        let found = link_at(text, at)?;
        next = found.1;
        Some(found)
    })
}

/// The path of a link that starts at a byte.
fn link_at(text: &str, at: usize) -> Option<(usize, usize)> {
    let start = at + see_length(&text[at..])?;
    let length = path_length(&text[start..]);
    let is_path = text[start..].chars().next().is_some_and(char::is_uppercase);
    (is_path && length > 0).then_some((start, start + length))
}

/// The path, if a text is one link and nothing else.
pub(super) fn only_link(text: &str) -> Option<SmolStr> {
    let (start, end) = link_at(text, 0)?;
    let behind = text[end..].trim_start_matches("()").trim_end_matches('.').trim();
    behind.is_empty().then(|| text[start..end].into())
}
