//! The reference implementation, for splitters that are not ours.

use tokenizers::Tokenizer;

pub(super) struct Reference(Tokenizer);

impl Reference {
    pub(super) fn new(tokenizer: Tokenizer) -> Self {
        Self(tokenizer)
    }

    /// Appends the tokens of a text. What the reference refuses (its regular expressions have limits) is left out.
    pub(super) fn encode(&self, text: &str, tokens: &mut Vec<u32>) {
        if let Ok(encoding) = self.0.encode_fast(text, false) {
            tokens.extend_from_slice(encoding.get_ids());
        }
    }
}

/// Lines, each with the blank lines after it. Splitters of the usual kind keep line breaks that follow each other in
/// one piece and never reach from one line into the text of the next, so groups may be encoded apart.
pub(super) fn line_groups(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (group, after) = rest.split_at(group_end(rest));
        rest = after;
        Some(group)
    })
}

fn group_end(text: &str) -> usize {
    let mut searched = 0;
    while let Some(found) = text[searched..].find('\n') {
        let line_end = searched + found + 1;
        let blank = text[line_end..].len() - text[line_end..].trim_start().len();
        match text[line_end..line_end + blank].rfind(['\n', '\r']) {
            None => return line_end,
            Some(last) => searched = line_end + last,
        }
        if text[searched..].starts_with('\r') {
            // A lone carriage return is a line break for splitters, yet not for us.
            return searched + 1;
        }
    }
    text.len()
}
