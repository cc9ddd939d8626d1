//! Texts in other languages inside XML, such as queries of dynamic lists. Parsers want the text without entities,
//! editors want places in the file: this type knows both.

use base::TextRange;
use serde::{Deserialize, Serialize};

use crate::xml::{self, Element};

/// A text with entities replaced and the way back to the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmbeddedText {
    pub text: String,
    /// The raw text in the file.
    pub range: TextRange,
    /// After every place where the raw text differs: an offset in `text` and its offset in the file.
    shifts: Vec<(u32, u32)>,
}

impl EmbeddedText {
    /// The text of an element without spaces around it; `None` if there is none.
    pub(crate) fn of(element: Element<'_>) -> Option<Self> {
        let range = element.text_range();
        (!range.is_empty()).then(|| Self::decode(element.raw_text(), range))
    }

    fn decode(raw: &str, range: TextRange) -> Self {
        let mut embedded = Self { text: String::with_capacity(raw.len()), range, shifts: Vec::new() };
        let mut rest = raw;
        while let Some(at) = rest.find(['&', '\r', '<']) {
            embedded.text.push_str(&rest[..at]);
            rest = &rest[at..];
            let length = unit_length(rest);
            embedded.text.push_str(&xml::decode(&rest[..length]));
            rest = &rest[length..];
            let offset = range.start + (raw.len() - rest.len()) as u32;
            embedded.shifts.push((embedded.text.len() as u32, offset));
        }
        embedded.text.push_str(rest);
        embedded
    }

    /// Place in the file of an offset in `text`.
    pub fn file_offset(&self, offset: u32) -> u32 {
        let after = self.shifts.partition_point(|(decoded, _)| *decoded <= offset);
        let (decoded, raw) = match after.checked_sub(1).and_then(|index| self.shifts.get(index)) {
            Some(shift) => *shift,
            None => (0, self.range.start),
        };
        (raw + (offset - decoded)).min(self.range.end)
    }

    /// Place in the file of a part of `text`.
    pub fn file_range(&self, range: TextRange) -> TextRange {
        let start = self.file_offset(range.start);
        TextRange::new(start, self.file_offset(range.end).max(start))
    }

    /// Offset in `text` of a place in the file; `None` outside of the text.
    pub fn text_offset(&self, offset: u32) -> Option<u32> {
        if !self.range.touches(offset) {
            return None;
        }
        let after = self.shifts.partition_point(|(_, raw)| *raw <= offset);
        let (decoded, raw) = match after.checked_sub(1).and_then(|index| self.shifts.get(index)) {
            Some(shift) => *shift,
            None => (0, self.range.start),
        };
        // Inside an entity: the letter that it stands for.
        let limit = self.shifts.get(after).map_or(self.text.len() as u32, |(decoded, _)| *decoded);
        Some((decoded + (offset - raw)).min(limit))
    }
}

/// Length of the entity, end of line or piece of markup that `rest` begins with.
fn unit_length(rest: &str) -> usize {
    let terminated = |end: &str| rest.find(end).map_or(rest.len(), |at| at + end.len());
    match rest.as_bytes().first() {
        Some(b'&') => {
            let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'#';
            let length = rest.bytes().skip(1).take_while(|byte| is_letter(byte)).count() + 1;
            if rest.as_bytes().get(length) == Some(&b';') { length + 1 } else { 1 }
        }
        Some(b'\r') if rest.starts_with("\r\n") => 2,
        Some(b'<') if rest.starts_with("<![CDATA[") => terminated("]]>"),
        Some(b'<') if rest.starts_with("<!--") => terminated("-->"),
        Some(b'<') => terminated(">"),
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::XmlFile;

    #[track_caller]
    fn check(xml: &str, text: &str, words: &[(&str, &str)]) {
        let (file, _) = XmlFile::parse(xml.to_owned());
        let embedded = file.root().and_then(EmbeddedText::of).expect("invariant: the element has a text");
        assert_eq!(embedded.text, text);
        for (word, raw) in words {
            let start = embedded.text.find(word).expect("invariant: the word is in the text");
            let range = TextRange::from(start..start + word.len());
            let place = embedded.file_range(range);
            assert_eq!(place.slice(file.text()), *raw);
            assert_eq!(embedded.text_offset(place.start), Some(range.start));
            assert_eq!(embedded.text_offset(place.end), Some(range.end));
        }
    }

    #[test]
    fn places_are_found_through_entities_and_line_ends() {
        check(
            "<q>\n ВЫБРАТЬ А ИЗ Т\r\nГДЕ А &lt;= &amp;Дата И Б = &#34;x&#34; </q>",
            "ВЫБРАТЬ А ИЗ Т\nГДЕ А <= &Дата И Б = \"x\"",
            &[
                ("ВЫБРАТЬ", "ВЫБРАТЬ"),
                ("ГДЕ", "ГДЕ"),
                ("<=", "&lt;="),
                ("&Дата", "&amp;Дата"),
                ("\"x\"", "&#34;x&#34;"),
            ],
        );
        check(
            "<q>SELECT A FROM T</q>",
            "SELECT A FROM T",
            &[("FROM", "FROM"), ("SELECT A FROM T", "SELECT A FROM T")],
        );
    }

    #[test]
    fn a_lone_ampersand_stays() {
        check("<q>a & b &c; d</q>", "a & b &c; d", &[("d", "d")]);
    }

    #[test]
    fn places_outside_belong_to_nothing() {
        let (file, _) = XmlFile::parse("<q>a</q>".to_owned());
        let embedded = file.root().and_then(EmbeddedText::of).unwrap_or_default();
        assert_eq!(
            (embedded.text_offset(2), embedded.text_offset(3), embedded.text_offset(5)),
            (None, Some(0), None)
        );
        assert_eq!(embedded.file_offset(100), 4);
    }
}
