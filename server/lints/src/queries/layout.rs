//! How the query rules read a text: what stands in braces is invisible, and a string ends with its line at the latest.
//! Strings next to each other are pieces of one.

use base::TextRange;
use syntax::QueryLiteral;

#[derive(Default)]
pub(super) struct Layout {
    /// The text with the same offsets, rewritten so that the parser sees it that way; `None` if it does anyway.
    pub text: Option<String>,
    /// Strings of several pieces.
    pub broken_strings: Vec<TextRange>,
}

pub(super) fn lay_out(text: &str, literal: &QueryLiteral) -> Layout {
    let mut scanner = Scanner {
        bytes: text.as_bytes(),
        offsets: literal.parts.iter().flat_map(|part| part.start..part.end).collect(),
        strings: Vec::new(),
        fragments: Vec::new(),
    };
    scanner.scan();
    let Scanner { offsets, strings, fragments, .. } = scanner;
    if fragments.is_empty() && strings.iter().all(PlacedString::is_whole) {
        return Layout::default();
    }
    let mut bytes = text.as_bytes().to_vec();
    for at in fragments.iter().flat_map(|(start, end)| &offsets[*start..*end]) {
        if !matches!(bytes[*at as usize], b'\n' | b'\r') {
            bytes[*at as usize] = b' ';
        }
    }
    for string in strings.iter().filter(|string| !string.is_whole()) {
        string.rewrite(&offsets, &mut bytes);
    }
    // What stands behind the last piece on its line is the closing quote of the literal.
    let end_of = |string: &PlacedString| match offsets.get(string.end) {
        None if !string.is_closed => literal.range.end,
        _ => offsets[string.end - 1] + 1,
    };
    let broken_strings = strings
        .iter()
        .filter(|string| string.pieces > 1)
        .map(|string| TextRange { start: offsets[string.start], end: end_of(string) })
        .collect();
    Layout { text: String::from_utf8(bytes).ok(), broken_strings }
}

/// Of a doubled quote that opens a string the second half belongs to it, of one that closes it the first.
pub(super) fn shown_range(text: &str, literal: &QueryLiteral, range: TextRange) -> TextRange {
    let is_quote = |at: Option<u32>| at.is_some_and(|at| text.as_bytes().get(at as usize) == Some(&b'"'));
    let opens = |at: u32| {
        let before = literal.parts.iter().map(|part| TextRange { start: part.start, end: part.end.min(at) });
        let parts = before.filter(|part| part.start < part.end);
        parts.map(|part| part.slice(text).matches('"').count()).sum::<usize>() % 2 == 0
    };
    let last = range.end.checked_sub(1);
    TextRange {
        start: range.start + u32::from(is_quote(Some(range.start)) && opens(range.start)),
        end: range.end
            + u32::from(is_quote(last) && last.is_some_and(|last| last > range.start && opens(last))),
    }
}

/// A string of a query; places are indexes into the offsets of the text.
struct PlacedString {
    start: usize,
    /// One past its last character.
    end: usize,
    pieces: u32,
    /// The last piece ends with a quote.
    is_closed: bool,
}

impl PlacedString {
    fn is_whole(&self) -> bool {
        self.pieces == 1 && self.is_closed
    }

    /// Makes one string on one line of it.
    fn rewrite(&self, offsets: &[u32], bytes: &mut [u8]) {
        let inner = self.start + 1..self.end - usize::from(self.is_closed && self.end > self.start + 1);
        for at in offsets.get(inner).unwrap_or_default() {
            bytes[*at as usize] = b'_';
        }
        if self.is_closed {
            return;
        }
        // A lone quote at the end of a line takes the line end.
        let closing = if self.end > self.start + 1 { self.end - 1 } else { self.end };
        if let Some(at) = offsets.get(closing) {
            bytes[*at as usize] = b'"';
        }
    }
}

struct Scanner<'a> {
    bytes: &'a [u8],
    /// Of the bytes that belong to the query.
    offsets: Vec<u32>,
    strings: Vec<PlacedString>,
    fragments: Vec<(usize, usize)>,
}

impl Scanner<'_> {
    fn byte(&self, index: usize) -> Option<u8> {
        self.offsets.get(index).map(|at| self.bytes[*at as usize])
    }

    fn find(&self, from: usize, is_it: impl Fn(u8) -> bool) -> Option<usize> {
        (from..self.offsets.len()).find(|index| self.byte(*index).is_some_and(&is_it))
    }

    fn scan(&mut self) {
        let is_line_end = |byte| matches!(byte, b'\n' | b'\r');
        let mut index = 0;
        let mut follows_string = false;
        while let Some(byte) = self.byte(index) {
            match byte {
                b'"' => {
                    index = self.string(index, follows_string);
                    follows_string = true;
                }
                b'/' if self.byte(index + 1) == Some(b'/') => {
                    index = self.find(index, is_line_end).unwrap_or(self.offsets.len());
                }
                b'{' => match self.find(index, |byte| byte == b'}') {
                    Some(end) => {
                        self.fragments.push((index, end + 1));
                        index = end + 1;
                    }
                    None => index += 1,
                },
                _ => {
                    follows_string &= byte.is_ascii_whitespace();
                    index += 1;
                }
            }
        }
    }

    /// Reads one piece and tells where it ends.
    fn string(&mut self, start: usize, follows_string: bool) -> usize {
        let mut end = start + 1;
        let mut is_closed = false;
        while let Some(byte) = self.byte(end) {
            match byte {
                b'\n' | b'\r' => break,
                b'"' if self.byte(end + 1) == Some(b'"') => end += 2,
                b'"' => {
                    end += 1;
                    is_closed = true;
                    break;
                }
                _ => end += 1,
            }
        }
        match self.strings.last_mut().filter(|_| follows_string) {
            Some(string) => {
                string.pieces += 1;
                (string.end, string.is_closed) = (end, is_closed);
            }
            None => self.strings.push(PlacedString { start, end, pieces: 1, is_closed }),
        }
        end
    }
}

#[cfg(test)]
mod tests {
    use syntax::{Source, SyntaxTree, parse_text};

    use super::*;
    use crate::queries::section_queries;

    /// The text as the rules see it, and the broken strings.
    #[track_caller]
    fn check(query: &str, expected: &str, broken: &[&str]) {
        let text = format!("А = \"{query}\";");
        let mut tree = SyntaxTree::default();
        tree.lower(&parse_text(&text), TextRange::from(0..text.len()), &text);
        let queries = section_queries(Source { text: &text, tree: &tree });
        let layout = lay_out(&text, &queries[0].literal);
        let seen = layout.text.unwrap_or_else(|| text.clone());
        assert_eq!(seen.trim_start_matches("А = \"").trim_end_matches("\";"), expected);
        let strings: Vec<_> = layout.broken_strings.iter().map(|range| range.slice(&text)).collect();
        assert_eq!(strings, broken);
    }

    #[test]
    fn sound_texts_stay_as_they_are() {
        for text in [
            "ВЫБРАТЬ \"\"а\"\" КАК А, \"\"\"\" КАК Б, \"\"в\"\"\"\"г\"\" КАК В // \"\" {\n|ИЗ Т",
            "ВЫБРАТЬ А КАК А",
        ] {
            check(text, text, &[]);
        }
    }

    #[test]
    fn fragments_in_braces_are_blank() {
        check("ВЫБРАТЬ А КАК А {ГДЕ\n|\tА}\n|ИЗ Т", "ВЫБРАТЬ А КАК А        \n|    \n|ИЗ Т", &[]);
    }

    #[test]
    fn strings_end_with_their_lines() {
        check(
            "ВЫБРАТЬ\n|\"\" как А,\n|\"\" как Б\n|ИЗ Т",
            "ВЫБРАТЬ\n|\"\"____________|_\"_________\"\n|ИЗ Т",
            &["\"\" как А,\n|\"\" как Б"],
        );
    }
}
