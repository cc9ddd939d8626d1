//! Figures about what was offered.

use crate::lines::is_word_character;

/// What was offered at one place.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    pub expected: String,
    /// What would be inserted right of the caret; `None` if nothing is shown.
    pub offered: Option<String>,
    /// How sure the completion is of it.
    pub confidence: f32,
}

impl Outcome {
    pub fn is_exact(&self) -> bool {
        self.offered.as_ref().is_some_and(|offered| offered.trim_end() == self.expected.trim_end())
    }
}

/// Sums over places.
#[derive(Clone, Copy, Debug, Default)]
pub struct Figures {
    pub cases: usize,
    pub shown: usize,
    pub exact: usize,
    pub first_identifier: usize,
    pub similarity: f64,
}

impl Figures {
    pub fn of<'a>(outcomes: impl IntoIterator<Item = &'a Outcome>) -> Self {
        let mut figures = Self::default();
        for outcome in outcomes {
            figures.add(outcome);
        }
        figures
    }

    fn add(&mut self, outcome: &Outcome) {
        self.cases += 1;
        let Some(offered) = &outcome.offered else { return };
        self.shown += 1;
        self.exact += usize::from(outcome.is_exact());
        let same_first = first_identifier(offered) == first_identifier(&outcome.expected);
        self.first_identifier += usize::from(same_first);
        self.similarity += edit_similarity(offered.trim_end(), outcome.expected.trim_end());
    }

    pub fn shown_rate(&self) -> f64 {
        rate(self.shown, self.cases)
    }

    pub fn exact_rate(&self) -> f64 {
        rate(self.exact, self.cases)
    }

    pub fn precision(&self) -> f64 {
        rate(self.exact, self.shown)
    }

    pub fn first_identifier_rate(&self) -> f64 {
        rate(self.first_identifier, self.cases)
    }

    /// Mean over all places; where nothing is shown it is zero.
    pub fn mean_similarity(&self) -> f64 {
        if self.cases == 0 { 0.0 } else { self.similarity / self.cases as f64 }
    }
}

fn rate(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// The first word of a text, with whatever signs stand before it.
pub fn first_identifier(text: &str) -> &str {
    let text = text.trim_start();
    let start = text.find(is_word_character).unwrap_or(text.len());
    let length = text[start..].find(|letter| !is_word_character(letter)).unwrap_or(text.len() - start);
    &text[..start + length]
}

/// 1 for equal texts, 0 for texts that share nothing: edit distance over the longer length, in characters.
pub fn edit_similarity(left: &str, right: &str) -> f64 {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let longest = left.len().max(right.len());
    if longest == 0 {
        return 1.0;
    }
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, a) in left.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, b) in right.iter().enumerate() {
            let substituted = diagonal + usize::from(a != b);
            diagonal = row[column + 1];
            row[column + 1] = substituted.min(row[column] + 1).min(diagonal + 1);
        }
    }
    1.0 - row[right.len()] as f64 / longest as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similarity_counts_edits() {
        assert_eq!(edit_similarity("абв", "абв"), 1.0);
        assert_eq!(edit_similarity("", "аб"), 0.0);
        assert!((edit_similarity("Сумма;", "Сумма") - 5.0 / 6.0).abs() < 1e-9);
    }

    #[test]
    fn first_word_with_its_signs() {
        assert_eq!(first_identifier("(Отказ, Истина)"), "(Отказ");
        assert_eq!(first_identifier(";"), ";");
    }

    #[test]
    fn rates_count_what_is_shown() {
        let outcome = |expected: &str, offered: Option<&str>| Outcome {
            expected: expected.to_owned(),
            offered: offered.map(str::to_owned),
            confidence: 0.5,
        };
        let outcomes = [
            outcome("а;", Some("а;")),
            outcome("б", None),
            outcome("в(г)", Some("в(д)")),
            outcome("е", None),
        ];
        let figures = Figures::of(&outcomes);
        assert_eq!((figures.shown, figures.exact, figures.first_identifier), (2, 1, 2));
        assert_eq!((figures.shown_rate(), figures.precision()), (0.5, 0.5));
    }
}
