//! Text as the training data had it: `\n` ends lines and nothing blank stands before it.

/// Copies text with plain line ends and without blanks before them. Blanks at the very end stay.
pub(super) fn normalize(text: &str, out: &mut String) {
    let mut lines = text.split('\n').peekable();
    while let Some(line) = lines.next() {
        if lines.peek().is_none() {
            out.push_str(line);
        } else {
            out.push_str(line.trim_end_matches([' ', '\t', '\r']));
            out.push('\n');
        }
    }
}

/// The end of a text in whole lines of at most `most` bytes; of one longer line only its end.
pub(super) fn tail(text: &str, most: usize) -> &str {
    if text.len() <= most {
        return text;
    }
    let rest = &text[next_boundary(text, text.len() - most)..];
    match rest.find('\n') {
        Some(line_end) => &rest[line_end + 1..],
        None => rest,
    }
}

/// The beginning of a text of at most `most` bytes.
pub(super) fn head(text: &str, most: usize) -> &str {
    &text[..last_boundary(text, most)]
}

/// Where the line of a place begins.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |line_end| line_end + 1)
}

/// How many bytes two texts share at their beginning, in whole characters of the first.
pub(super) fn common_prefix(left: &str, right: &str) -> usize {
    let common = left.bytes().zip(right.bytes()).take_while(|(left, right)| left == right).count();
    last_boundary(left, common)
}

/// The first place from `at` on where a character begins, or the end.
pub(super) fn next_boundary(text: &str, at: usize) -> usize {
    (at..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

/// The last place up to `at` where a character begins, or the end.
fn last_boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}
