//! Comments that switch rules off (`// BSLLS:Key-off`), and methods that a change-and-control extension
//! copies from somebody else's module.

use base::TextRange;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use syntax::{Source, TokenKind};

use crate::facts::ModuleFacts;
use crate::finding::Finding;

const MARK: &str = "BSLLS";

/// One directive in a comment.
#[derive(Clone, Debug)]
pub(crate) struct SuppressionMark {
    /// The line of the comment, line end excluded.
    pub line_range: TextRange,
    /// `None` means all rules.
    pub key: Option<SmolStr>,
    pub switches_off: bool,
    /// Code stands on the same line, so only that line is meant.
    pub is_trailing: bool,
}

/// All directives of a section.
pub(crate) fn suppression_marks(source: Source<'_>) -> Vec<SuppressionMark> {
    let tokens = source.tree.tokens();
    let comments = tokens.iter().enumerate().filter(|(_, token)| token.kind == TokenKind::Comment);
    comments
        .filter_map(|(index, token)| {
            let (key, switches_off) = parse_mark(source.token_text(token))?;
            let before = tokens[..index].iter().rev().take_while(|other| other.line == token.line);
            let is_trailing = before.into_iter().any(|other| !other.kind.is_trivia());
            let line_start = source.tree.line_starts()[token.line as usize];
            let line_range = TextRange { start: line_start, end: token.end };
            Some(SuppressionMark { line_range, key, switches_off, is_trailing })
        })
        .collect()
}

/// Reads the first directive of a comment; tests run in the order all-off, all-on, key-off, key-on.
fn parse_mark(comment: &str) -> Option<(Option<SmolStr>, bool)> {
    let start = find_ignoring_case(comment, MARK)?;
    let rest = &comment[start + MARK.len()..];
    if let Some(state) = parse_state(rest) {
        return Some((None, state));
    }
    let rest = rest.strip_prefix(':')?;
    let key_length = rest.find(|letter: char| !letter.is_ascii_alphanumeric())?;
    let (key, rest) = rest.split_at(key_length);
    Some((Some(SmolStr::new(key)), parse_state(rest)?))
}

/// `-off`, `-выкл` give true; `-on`, `-вкл` false.
fn parse_state(text: &str) -> Option<bool> {
    let word: String = text.strip_prefix('-')?.chars().take(4).flat_map(char::to_lowercase).collect();
    if word.starts_with("off") || word.starts_with("выкл") {
        Some(true)
    } else if word.starts_with("on") || word.starts_with("вкл") {
        Some(false)
    } else {
        None
    }
}

fn find_ignoring_case(text: &str, ascii: &str) -> Option<usize> {
    let (text, ascii) = (text.as_bytes(), ascii.as_bytes());
    (0..text.len().saturating_sub(ascii.len() - 1))
        .find(|at| text[*at..at + ascii.len()].eq_ignore_ascii_case(ascii))
}

/// Ranges of the module where findings are dropped.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Suppressions {
    ranges: Vec<(Option<SmolStr>, TextRange)>,
    /// Parts of an extension's method that come from the vendor.
    controlled: Vec<TextRange>,
}

impl Suppressions {
    pub(crate) fn new(facts: &ModuleFacts<'_>) -> Self {
        Self { ranges: marked_ranges(facts), controlled: controlled_ranges(facts) }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.ranges.is_empty() && self.controlled.is_empty()
    }

    pub(crate) fn covers(&self, finding: &Finding) -> bool {
        let start = finding.range.start;
        let key = finding.rule.info().key;
        self.controlled.iter().any(|range| range.start <= start && start < range.end)
            || self.ranges.iter().any(|(suppressed, range)| {
                range.touches(start) && suppressed.as_ref().is_none_or(|suppressed| suppressed == key)
            })
    }
}

/// An "off" opens a range that the next "on" of the same key, or of all, closes; ranges nest.
fn marked_ranges(facts: &ModuleFacts<'_>) -> Vec<(Option<SmolStr>, TextRange)> {
    let mut ranges = Vec::new();
    let mut open: Vec<(Option<SmolStr>, u32)> = Vec::new();
    for (offset, section) in &facts.sections {
        for mark in &section.marks {
            let line = mark.line_range.shifted(*offset);
            match (mark.switches_off, mark.is_trailing) {
                (true, true) => ranges.push((mark.key.clone(), line)),
                (true, false) => open.push((mark.key.clone(), line.start)),
                (false, _) => {
                    while let Some(at) =
                        open.iter().rposition(|(key, _)| *key == mark.key || mark.key.is_none())
                    {
                        let (key, start) = open.remove(at);
                        ranges.push((key, TextRange { start, end: line.end }));
                        if mark.key.is_some() {
                            break;
                        }
                    }
                }
            }
        }
    }
    ranges.extend(open.into_iter().map(|(key, start)| (key, TextRange { start, end: u32::MAX })));
    ranges
}

/// Methods annotated `&ИзменениеИКонтроль`, without what stands between `#Вставка` and `#КонецВставки`.
fn controlled_ranges(facts: &ModuleFacts<'_>) -> Vec<TextRange> {
    let is_controlled = |name: &SmolStr| name == "изменениеиконтроль" || name == "changeandvalidate";
    let mut ranges = Vec::new();
    for (offset, method) in facts.methods() {
        if !method.annotations.iter().any(is_controlled) {
            continue;
        }
        let method = method.range.shifted(offset);
        let mut start = method.start;
        for directive in facts.directives().filter(|directive| method.contains(directive.range)) {
            match directive.kind {
                TokenKind::DirectiveInsert => ranges.push(TextRange { start, end: directive.range.end }),
                TokenKind::DirectiveEndInsert => start = directive.range.start,
                _ => {}
            }
        }
        ranges.push(TextRange { start: start.min(method.end), end: method.end });
    }
    ranges
}
