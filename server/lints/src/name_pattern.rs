//! Lists of names that settings give as alternatives of a regular expression. Most are plain words; these are
//! looked up by their hash, after their length was found to fit.

use regex::Regex;
use rustc_hash::FxHashSet;

use crate::literals::pattern;
use crate::name_hash::name_hash;

/// Lengths beyond this one share a bit.
const MAX_LENGTH: usize = 127;

/// Names that match as a whole, in any case.
pub(crate) struct NamePattern {
    lengths: u128,
    words: FxHashSet<u64>,
    /// For lists that are more than words.
    pattern: Option<Regex>,
}

impl NamePattern {
    /// A list that cannot be read gives way to the default.
    pub(crate) fn new(wanted: &str, default: &str) -> Self {
        if wanted.chars().all(|letter| is_word_letter(letter) || letter == '|') {
            return Self::of_words(wanted);
        }
        let whole = |words: &str| format!("^(?:{words})$");
        let pattern = pattern(&whole(wanted), &whole(default));
        Self { lengths: u128::MAX, words: FxHashSet::default(), pattern }
    }

    /// Names and paths of names; a dot stands for itself.
    pub(crate) fn of_paths(wanted: &str, default: &str) -> Self {
        if wanted.chars().all(|letter| is_word_letter(letter) || matches!(letter, '|' | '.')) {
            return Self::of_words(wanted);
        }
        Self::new(&wanted.replace('.', "\\."), default)
    }

    fn of_words(list: &str) -> Self {
        let words = list.split('|').filter(|word| !word.is_empty());
        Self {
            lengths: words.clone().fold(0, |lengths, word| lengths | length_bit(word)),
            words: words.map(name_hash).collect(),
            pattern: None,
        }
    }

    pub(crate) fn is_match(&self, name: &str) -> bool {
        if self.lengths & length_bit(name) == 0 {
            return false;
        }
        match &self.pattern {
            Some(pattern) => pattern.is_match(name),
            None => self.words.contains(&name_hash(name)),
        }
    }
}

fn is_word_letter(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Letters of both alphabets keep their size when case changes.
fn length_bit(name: &str) -> u128 {
    1 << name.len().min(MAX_LENGTH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_expressions() {
        let words = NamePattern::new("Запустить|RunApp|", "");
        assert!(words.is_match("ЗАПУСТИТЬ") && words.is_match("runapp"));
        assert!(!words.is_match("ЗапуститьВсё") && !words.is_match(""));
        let expression = NamePattern::new("Запустить.*|Run[AB]pp", "");
        assert!(expression.is_match("запуститьВсё") && expression.is_match("RunBpp"));
        assert!(!expression.is_match("ПереЗапустить"));
    }

    #[test]
    fn dots_of_paths_stand_for_themselves() {
        let plain = NamePattern::of_paths("Файлы.Удалить|УдалитьФайлы", "");
        assert!(plain.is_match("файлы.удалить") && !plain.is_match("ФайлыХУдалить"));
        let expression = NamePattern::of_paths("Файлы.Удалить(Все)?", "");
        assert!(expression.is_match("Файлы.УдалитьВсе") && !expression.is_match("ФайлыХУдалить"));
    }

    #[test]
    fn a_bad_expression_gives_way_to_the_default() {
        assert!(NamePattern::new("Запустить(", "RunApp").is_match("RunApp"));
    }
}
