//! How likely given continuations are: all of them after one reading of the prompt.

use super::Score;
use super::decode::{Decoder, Reader};
use super::distribution::Distribution;
use super::language_model::LanguageModel;
use super::watch::Watch;
use crate::{Prompt, Tokenizer, Typed};

impl Decoder {
    /// Scores of candidates, each put in place of the last bytes before the caret. Nothing for those that replace more
    /// than the current word or do not begin with it, and for all that remain when the work is stopped.
    pub(crate) fn score<L: LanguageModel>(
        &mut self,
        tokenizer: &Tokenizer,
        reader: &mut Reader<L>,
        prompt: &Prompt,
        candidates: &[(String, usize)],
        watch: &Watch,
    ) -> Result<Vec<Option<Score>>, String> {
        self.healing.start(&prompt.typed);
        let mut scores = vec![None; candidates.len()];
        let is_stopped = || watch.stop().is_some();
        let first = reader.remembered.read(reader.model, &prompt.tokens, self.piece, is_stopped)?;
        let Some(first) = first.map(<[f32]>::to_vec) else { return Ok(scores) };
        let mut tokens = Vec::new();
        let mut cache = crate::WordCache::default();
        let mut text = String::new();
        for (slot, (candidate, replaced)) in scores.iter_mut().zip(candidates) {
            if is_stopped() {
                break;
            }
            if !continuation(&prompt.typed, candidate, *replaced, &mut text) {
                continue;
            }
            tokens.clear();
            tokenizer.encode_with(&text, &mut cache, &mut tokens);
            tokens.truncate(self.window.saturating_sub(prompt.tokens.len()));
            reader.remembered.truncate(prompt.tokens.len());
            if tokens.is_empty() {
                continue;
            }
            let vocabulary = reader.model.vocabulary();
            let after = reader.remembered.append_all(reader.model, &tokens)?;
            *slot = self.score_of(tokenizer, &tokens, &first, after, vocabulary);
        }
        reader.remembered.truncate(prompt.tokens.len());
        Ok(scores)
    }

    /// The score of tokens by the logits before the first and after each.
    fn score_of(
        &self,
        tokenizer: &Tokenizer,
        tokens: &[u32],
        first: &[f32],
        after: &[f32],
        vocabulary: usize,
    ) -> Option<Score> {
        let mut score = Score { tokens: tokens.len() + 1, ..Score::default() };
        let mut text = Vec::new();
        let mut rows = std::iter::once(first).chain(after.chunks_exact(vocabulary));
        for token in tokens {
            let distribution = Distribution::new(rows.next()?);
            let log_probability = distribution.log_probability(*token);
            let bytes = tokenizer.token_bytes(*token);
            let typed = if self.healing.is_done(&text) {
                0.0
            } else {
                self.healing.agreement(&text, bytes)?;
                self.agreeing(tokenizer, &distribution, &text)
            };
            text.extend_from_slice(bytes);
            score.log_probability += log_probability;
            score.typed += typed;
            score.weakest = score.weakest.min(log_probability - typed);
        }
        let distribution = Distribution::new(rows.next()?);
        let ends = self.table.ends().iter().chain(self.table.line_breaks());
        let end = distribution.log_probability_of_any(ends.copied());
        score.log_probability += end;
        score.weakest = score.weakest.min(end);
        Some(score)
    }

    /// Logarithm of the share of tokens that agree with what was typed.
    fn agreeing(&self, tokenizer: &Tokenizer, distribution: &Distribution, text: &[u8]) -> f32 {
        let agree = |token: &u32| self.healing.agreement(text, tokenizer.token_bytes(*token)).is_some();
        let tokens = self.healing.next_bytes(text).flat_map(|byte| self.table.starting_with(byte));
        distribution.log_probability_of_any(tokens.copied().filter(agree))
    }
}

/// What a candidate puts behind the prompt. Nothing if it replaces what the prompt keeps by something else.
fn continuation(typed: &Typed, candidate: &str, replaced: usize, text: &mut String) -> bool {
    text.clear();
    let candidate = candidate.trim_end_matches(['\r', '\n']);
    let Some(outside) = replaced.checked_sub(typed.text.len()).filter(|outside| *outside > 0) else {
        let kept = typed.text.get(..typed.text.len() - replaced.min(typed.text.len()));
        text.push_str(kept.unwrap_or_default());
        text.push_str(candidate);
        return kept.is_some();
    };
    let kept = typed.kept.len().checked_sub(outside).and_then(|start| typed.kept.get(start..));
    let rest = kept.and_then(|kept| Some((kept, candidate.get(..kept.len())?, candidate.get(kept.len()..)?)));
    match rest {
        Some((kept, same, rest)) if kept.to_lowercase() == same.to_lowercase() => {
            text.push_str(rest);
            true
        }
        _ => false,
    }
}
