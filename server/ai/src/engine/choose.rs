//! The likeliest ways to go on, within what was typed and what is wanted.

use super::distribution::Distribution;
use super::healing::{Agreement, Healing};
use super::path::{Choice, Path};
use super::table::{Role, TokenTable};
use crate::{Extent, Tokenizer};

/// What was typed keeps its letter case unless another is this much likelier (natural logarithm).
const CASE_MARGIN: f32 = 3.0;

/// What choices depend on, besides the model.
pub(crate) struct Chooser<'a> {
    pub(crate) tokenizer: &'a Tokenizer,
    pub(crate) table: &'a TokenTable,
    pub(crate) healing: &'a Healing,
    pub(crate) extent: Extent,
}

impl Chooser<'_> {
    /// Puts the best `most` ways to go on into `choices`, the best first.
    pub(crate) fn choose(&self, path: &Path, logits: &[f32], most: usize, choices: &mut Vec<Choice>) {
        choices.clear();
        let distribution = Distribution::new(logits);
        if self.healing.is_done(&path.text) {
            self.choose_freely(path, &distribution, most, choices);
        } else {
            self.choose_typed(path, &distribution, most, choices);
        }
    }

    fn choose_typed(&self, path: &Path, distribution: &Distribution, most: usize, choices: &mut Vec<Choice>) {
        let mut share = 0.0f32;
        for byte in self.healing.next_bytes(&path.text) {
            for &token in self.table.starting_with(byte) {
                let agreement = self.healing.agreement(&path.text, self.tokenizer.token_bytes(token));
                let Some(agreement) = agreement else { continue };
                let log_probability = distribution.log_probability(token);
                share += log_probability.exp();
                let margin = if agreement == Agreement::Exact { 0.0 } else { CASE_MARGIN };
                let choice = Choice {
                    token: Some(token),
                    log_probability,
                    typed: 0.0,
                    rank: log_probability - margin,
                };
                insert(choices, choice, most);
            }
        }
        for choice in choices {
            choice.typed = share.ln().max(choice.log_probability);
        }
    }

    fn choose_freely(
        &self,
        path: &Path,
        distribution: &Distribution,
        most: usize,
        choices: &mut Vec<Choice>,
    ) {
        let ends = self.table.ends().iter();
        let line_breaks = if path.is_last_line(self.extent) { self.table.line_breaks() } else { &[] };
        let end = distribution.log_probability_of_any(ends.chain(line_breaks).copied());
        insert(choices, Choice { token: None, log_probability: end, typed: 0.0, rank: end }, most);
        let breaks_end = !line_breaks.is_empty();
        // Logits are compared as they are; only those that are good enough become probabilities.
        let mut least = f32::NEG_INFINITY;
        for ((token, &logit), role) in (0u32..).zip(distribution.logits()).zip(self.table.roles()) {
            let is_wanted = match role {
                Role::Text | Role::TextAndLineBreak => true,
                Role::LineBreak => !breaks_end,
                Role::End | Role::Void => false,
            };
            if logit > least && is_wanted {
                let log_probability = distribution.log_probability(token);
                let choice =
                    Choice { token: Some(token), log_probability, typed: 0.0, rank: log_probability };
                insert(choices, choice, most);
                if choices.len() == most {
                    let worst = choices.last().and_then(|choice| choice.token);
                    least = worst.map_or(least, |worst| distribution.logits()[worst as usize]);
                }
            }
        }
    }
}

/// Keeps the best few in order; of equals the first.
fn insert(choices: &mut Vec<Choice>, choice: Choice, most: usize) {
    if choice.rank.is_nan()
        || choices.len() == most && choices.last().is_some_and(|last| choice.rank <= last.rank)
    {
        return;
    }
    let at = choices.partition_point(|other| other.rank >= choice.rank);
    choices.insert(at, choice);
    choices.truncate(most);
}
