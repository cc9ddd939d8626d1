//! Probabilities of what comes next, without rescaling anything.

/// Logits and what they sum up to.
pub(crate) struct Distribution<'a> {
    logits: &'a [f32],
    /// Logarithm of the sum of all exponentials.
    total: f32,
}

impl<'a> Distribution<'a> {
    pub(crate) fn new(logits: &'a [f32]) -> Self {
        let greatest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let sum: f32 = logits.iter().map(|logit| (logit - greatest).exp()).sum();
        Self { logits, total: greatest + sum.ln() }
    }

    /// Natural logarithm of the probability of a token.
    pub(crate) fn log_probability(&self, token: u32) -> f32 {
        let logit = self.logits.get(token as usize).copied().unwrap_or(f32::NEG_INFINITY);
        let log_probability = logit - self.total;
        // A model gone mad must not make every comparison false.
        if log_probability.is_nan() { f32::NEG_INFINITY } else { log_probability }
    }

    pub(crate) fn logits(&self) -> &[f32] {
        self.logits
    }

    /// Natural logarithm of the probability that one of some tokens comes.
    pub(crate) fn log_probability_of_any(&self, tokens: impl Iterator<Item = u32>) -> f32 {
        tokens.map(|token| self.log_probability(token).exp()).sum::<f32>().ln()
    }
}
