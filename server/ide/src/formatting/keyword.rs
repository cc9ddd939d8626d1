//! Spelling of keywords; the language of the author stays.

use syntax::TokenKind;

use crate::formatting::FormatOptions;

/// The spelling to use instead of `text`, if it is another one.
pub(crate) fn respelled(kind: TokenKind, text: &str, options: &FormatOptions) -> Option<String> {
    let is_operator = matches!(kind, TokenKind::And | TokenKind::Or | TokenKind::Not);
    if is_operator && options.upper_case_operators {
        let upper = text.to_uppercase();
        return (upper != text).then_some(upper);
    }
    let spellings = kind.canonical_spellings();
    if !options.canonical_keywords || spellings.contains(&text) {
        return None;
    }
    spellings.iter().find(|spelling| base::same_name(spelling, text)).map(|spelling| (*spelling).to_owned())
}
