//! The help of the rule that a suppression comment names.

use base::{Locale, TextRange};
use lints::rule_by_key;
use syntax::TokenKind;

use super::Hover;
use crate::meaning::Section;

const MARK: &str = "BSLLS:";

/// The rule at an offset of the document, if a comment such as `// BSLLS:Key-off` names one there.
pub(super) fn rule_hover(section: &Section<'_>, offset: u32, locale: Locale) -> Option<Hover> {
    let source = section.source();
    let inside = offset.checked_sub(section.start())?;
    let touches = |range: TextRange| range.touches(inside);
    let comments = source.tree.tokens().iter().filter(|token| token.kind == TokenKind::Comment);
    let comment = comments.map(|token| token.range()).find(|range| touches(*range))?;
    let text = comment.slice(source.text);
    let start = text.find(MARK)? + MARK.len();
    let rest = &text[start..];
    let length = rest.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(rest.len());
    let rule = rule_by_key(&rest[..length])?;
    let start = comment.start + start as u32;
    let range = TextRange { start: start - MARK.len() as u32, end: start + length as u32 };
    let markdown = rule.info().docs.get(locale).to_owned();
    touches(range).then(|| Hover { range: section.in_document(range), markdown })
}
