//! Words of a directive line. The grammar gives one token per directive; features that look inside cut
//! it here.

use base::TextRange;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DirectiveWordKind {
    /// The first word after `#`.
    Instruction,
    /// A later word: a region name, an environment symbol or a keyword of the condition.
    Word,
    Parenthesis,
}

/// A word with its range in the text that holds the directive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DirectiveWord<'a> {
    pub kind: DirectiveWordKind,
    pub text: &'a str,
    pub range: TextRange,
}

/// Words of the directive that stands at `range`.
pub fn directive_words(text: &str, range: TextRange) -> Vec<DirectiveWord<'_>> {
    let directive = range.slice(text);
    let mut words = Vec::new();
    let mut start = None;
    for (index, letter) in directive.char_indices().chain([(directive.len(), ' ')]) {
        let is_word = letter.is_alphanumeric() || letter == '_';
        match start {
            None if is_word => start = Some(index),
            Some(from) if !is_word => {
                words.push((from, index));
                start = None;
            }
            _ => {}
        }
        if matches!(letter, '(' | ')') {
            words.push((index, index + 1));
        }
    }
    let to_word = |(position, (from, to)): (usize, (usize, usize))| {
        let text = &directive[from..to];
        let kind = match (position, text) {
            (_, "(" | ")") => DirectiveWordKind::Parenthesis,
            (0, _) => DirectiveWordKind::Instruction,
            _ => DirectiveWordKind::Word,
        };
        DirectiveWord { kind, text, range: TextRange::from(from..to).shifted(range.start) }
    };
    words.into_iter().enumerate().map(to_word).collect()
}

/// Name of a region with its range; `None` while it is not typed yet.
pub fn region_name(text: &str, range: TextRange) -> Option<DirectiveWord<'_>> {
    directive_words(text, range).into_iter().nth(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_is_cut_into_words() {
        let text = "  # Если НЕ (Клиент) Тогда";
        let words = directive_words(text, TextRange::from(2..text.len()));
        let texts: Vec<_> = words.iter().map(|word| word.text).collect();
        assert_eq!(texts, ["Если", "НЕ", "(", "Клиент", ")", "Тогда"]);
        assert!(words.iter().all(|word| word.range.slice(text) == word.text));
        assert_eq!(words[0].kind, DirectiveWordKind::Instruction);
    }

    #[test]
    fn a_region_may_have_no_name_yet() {
        assert_eq!(region_name("#Region", TextRange::from(0..7)), None);
        let text = "#Область Имя_1";
        assert_eq!(region_name(text, TextRange::from(0..text.len())).map(|word| word.text), Some("Имя_1"));
    }
}
