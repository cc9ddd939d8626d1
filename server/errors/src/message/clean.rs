//! What the way over a clipboard leaves in a text: tags and entities of HTML, escapes of JSON, odd blanks, bullets, lines
//! glued together. Everything is bounded, for the text may come from anybody.

use std::borrow::Cow;

use super::mark::find_mark;

const MAX_INPUT: usize = 1 << 20;
const MAX_LINES: usize = 20_000;
const MAX_LINE: usize = 8_000;

/// Lines ready for reading; true if some of the text was left out.
pub(super) fn clean_lines(text: &str) -> (Vec<String>, bool) {
    let (text, is_cut) = cut(text, MAX_INPUT);
    let text = unescape_json(text);
    let text = strip_tags(&text);
    let text = plain_letters(&text);
    let mut lines = Vec::new();
    let mut is_cut = is_cut;
    for line in text.lines() {
        if lines.len() >= MAX_LINES {
            return (lines, true);
        }
        let (line, is_long) = cut(line, MAX_LINE);
        is_cut |= is_long;
        split_at_marks(line, &mut lines);
    }
    (lines, is_cut)
}

/// The start of a text, in whole letters.
fn cut(text: &str, limit: usize) -> (&str, bool) {
    if text.len() <= limit {
        return (text, false);
    }
    let end = (0..=limit).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    (&text[..end], true)
}

/// A value copied out of JSON: `…(45)}: Текст\n{…`. Paths have backslashes too, so what follows has to tell.
fn unescape_json(text: &str) -> Cow<'_, str> {
    const SIGNS: [&str; 6] = ["\\n{", "\\n\\t", "\\nпо причине", "\\ndue to", "\\nby reason", "\\r\\n"];
    if !SIGNS.iter().any(|sign| text.contains(sign)) {
        return Cow::Borrowed(text);
    }
    let text = text.replace("\\r\\n", "\n").replace("\\n", "\n").replace("\\t", "\t");
    Cow::Owned(text.replace("\\\"", "\""))
}

const BREAKING: [&str; 14] =
    ["br", "p", "div", "li", "tr", "ul", "ol", "table", "pre", "h1", "h2", "h3", "blockquote", "body"];
const OTHER: [&str; 17] = [
    "a", "b", "i", "u", "s", "em", "strong", "span", "font", "code", "td", "th", "tbody", "html", "head",
    "tt", "small",
];
const MAX_TAG: usize = 400;

/// Known tags go, some of them end a line; entities become letters. `<<?>>` of the platform stays.
fn strip_tags(text: &str) -> Cow<'_, str> {
    if !text.contains(['<', '&']) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['<', '&']) {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((length, is_breaking)) = tag(rest) {
            if is_breaking {
                plain.push('\n');
            }
            rest = &rest[length..];
        } else if let Some((length, letter)) = entity(rest) {
            plain.push(letter);
            rest = &rest[length..];
        } else {
            plain.push_str(&rest[..1]);
            rest = &rest[1..];
        }
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// Length of the tag that a text begins with, and whether it ends a line.
fn tag(text: &str) -> Option<(usize, bool)> {
    let inner = text.strip_prefix('<')?;
    let inner = inner.strip_prefix('/').unwrap_or(inner);
    let length = inner.find(|letter: char| !letter.is_ascii_alphanumeric())?;
    let name = inner[..length].to_ascii_lowercase();
    let is_breaking = BREAKING.contains(&name.as_str());
    if !is_breaking && !OTHER.contains(&name.as_str()) {
        return None;
    }
    let end = text.find('>').filter(|end| *end < MAX_TAG)?;
    let attributes = inner[length..].split('>').next().unwrap_or_default().trim_end_matches('/').trim();
    // `Если a<b И c>d`: no tag.
    (attributes.is_empty() || attributes.contains('=')).then_some((end + 1, is_breaking))
}

fn entity(text: &str) -> Option<(usize, char)> {
    let end = text.bytes().take(12).position(|byte| byte == b';')?;
    let name = text.get(1..end)?;
    let letter = match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "laquo" => '«',
        "raquo" => '»',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((end + 1, letter))
}

/// One kind of blanks and line ends, nothing invisible.
fn plain_letters(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\r' => {
                if letters.peek() != Some(&'\n') {
                    plain.push('\n');
                }
            }
            '\u{2028}' | '\u{2029}' | '\u{85}' => plain.push('\n'),
            '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{ad}' | '\u{202a}'..='\u{202e}' => {}
            '\n' | '\t' => plain.push(letter),
            other if other.is_whitespace() || other.is_control() => plain.push(' '),
            other => plain.push(other),
        }
    }
    plain
}

/// Marks begin lines of their own; bullets, numbers and quotes before them go.
fn split_at_marks(line: &str, lines: &mut Vec<String>) {
    let mut rest = line;
    let mut is_quoted = false;
    let push = |text: &str, is_quoted: bool, lines: &mut Vec<String>| {
        let text = if is_quoted { text.trim_end().trim_end_matches(',').trim_end_matches('"') } else { text };
        lines.push(text.to_owned());
    };
    let Some(first) = find_mark(rest, 0) else {
        lines.push(line.to_owned());
        return;
    };
    let before = &rest[..first.start];
    if !before.chars().all(is_decoration) {
        lines.push(before.to_owned());
    }
    is_quoted |= before.trim_end().ends_with('"');
    rest = &rest[first.start..];
    // The mark itself is no place to look for the next one.
    while let Some(next) = find_mark(rest, 1).filter(|next| !is_in_literal(&rest[..next.start])) {
        push(rest[..next.start].trim_end(), is_quoted, lines);
        rest = &rest[next.start..];
    }
    push(rest, is_quoted, lines);
}

fn is_in_literal(before: &str) -> bool {
    before.matches('"').count() % 2 == 1
}

fn is_decoration(letter: char) -> bool {
    letter.is_whitespace() || letter.is_ascii_digit() || ".)>*-–—•·#|\"'«:`".contains(letter)
}
