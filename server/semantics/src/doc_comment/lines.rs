//! Lines of a description without their slashes, and the headers of its sections.

use base::TextRange;

/// Content of a comment line without blanks around it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    pub text: &'a str,
    /// Blanks between the slashes and the content.
    pub indent: u32,
    /// Where the content starts in the comment.
    pub offset: u32,
}

impl<'a> Line<'a> {
    /// The rest of the line from a byte on, without blanks around it.
    pub(super) fn from(self, at: usize) -> Line<'a> {
        let rest = self.text.get(at..).unwrap_or_default();
        let text = rest.trim();
        let blanks = (rest.len() - rest.trim_start().len()) as u32;
        let moved = at as u32 + blanks;
        Line { text, indent: self.indent + moved, offset: self.offset + moved }
    }

    /// Range of a part of the content.
    pub(super) fn range(self, part: std::ops::Range<usize>) -> TextRange {
        TextRange::from(part).shifted(self.offset)
    }
}

pub(super) fn doc_lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut start = 0;
    text.split_inclusive(['\n', '\r']).filter_map(move |line| {
        let offset = start;
        start += line.len();
        let slashes = line.trim_start();
        let content = slashes.strip_prefix("//")?;
        let content_start = offset + line.len() - content.len();
        let trimmed = content.trim_start();
        let blanks = &content[..content.len() - trimmed.len()];
        let indent = blanks.chars().map(|blank| if blank == '\t' { 4 } else { 1 }).sum();
        let offset = (content_start + blanks.len()) as u32;
        Some(Line { text: trimmed.trim_end(), indent, offset })
    })
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum SectionKind {
    #[default]
    Description,
    Parameters,
    Returns,
    Examples,
    CallOptions,
    Deprecated,
}

/// Headers in lower case; behind all but the last stands a colon.
const HEADERS: [(&str, SectionKind); 16] = [
    ("параметры", SectionKind::Parameters),
    ("parameters", SectionKind::Parameters),
    ("возвращаемое значение", SectionKind::Returns),
    ("возвращаемые значения", SectionKind::Returns),
    ("returns", SectionKind::Returns),
    ("return value", SectionKind::Returns),
    ("return values", SectionKind::Returns),
    ("пример", SectionKind::Examples),
    ("примеры", SectionKind::Examples),
    ("example", SectionKind::Examples),
    ("examples", SectionKind::Examples),
    ("варианты вызова", SectionKind::CallOptions),
    ("call options", SectionKind::CallOptions),
    ("устарела", SectionKind::Deprecated),
    ("deprecated", SectionKind::Deprecated),
    ("deprecate", SectionKind::Deprecated),
];

/// The section that a line opens, and what stands behind the header.
pub(super) fn section_header(line: Line<'_>) -> Option<(SectionKind, Line<'_>)> {
    let end = line.text.find([':', '.']).unwrap_or(line.text.len());
    let (head, sign) = (line.text[..end].trim_end(), line.text[end..].chars().next());
    if head.len() > 60 {
        return None;
    }
    let folded = base::fold_case(head);
    let (_, kind) = HEADERS.iter().find(|(header, _)| *header == folded)?;
    let is_header = match kind {
        SectionKind::Deprecated => true,
        _ => sign == Some(':'),
    };
    is_header.then(|| (*kind, line.from(end + sign.map_or(0, char::len_utf8))))
}
