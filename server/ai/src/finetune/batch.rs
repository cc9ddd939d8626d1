//! Windows on their way through the model: one after the other, without padding between them.

use std::ops::Range;

use super::corpus::Window;

/// Windows one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Batch {
    pub(super) tokens: Vec<u32>,
    /// The token that follows each one.
    pub(super) targets: Vec<u32>,
    pub(super) sequences: Vec<Range<usize>>,
    /// One per sequence: what dropout leaves out of it follows from this.
    pub(super) seeds: Vec<u64>,
}

impl Batch {
    /// To predict only: nothing is left out of these windows.
    pub(super) fn of(windows: &[Window]) -> Self {
        let mut batch = Self::default();
        windows.iter().for_each(|window| batch.push(&window.tokens, 0));
        batch
    }

    /// Appends a window; its last token is only predicted.
    pub(super) fn push(&mut self, window: &[u32], seed: u64) {
        let [_, targets @ ..] = window else { return };
        self.append(&window[..targets.len()], targets, seed);
    }

    fn append(&mut self, tokens: &[u32], targets: &[u32], seed: u64) {
        let start = self.tokens.len();
        self.tokens.extend_from_slice(tokens);
        self.targets.extend_from_slice(targets);
        if !targets.is_empty() {
            self.sequences.push(start..self.tokens.len());
            self.seeds.push(seed);
        }
    }

    pub(super) fn longest(&self) -> usize {
        self.sequences.iter().map(ExactSizeIterator::len).max().unwrap_or_default()
    }

    /// The sequences in their order, each in a part of its own unless it `fits` into the part before it: that is asked
    /// with the part and the length of the sequence.
    pub(super) fn parts(&self, fits: impl Fn(&Self, usize) -> bool) -> Vec<Self> {
        let mut parts: Vec<Self> = Vec::new();
        for (sequence, seed) in self.sequences.iter().zip(&self.seeds) {
            let (tokens, targets) = (&self.tokens[sequence.clone()], &self.targets[sequence.clone()]);
            match parts.last_mut().filter(|part| fits(part, sequence.len())) {
                Some(part) => part.append(tokens, targets, *seed),
                None => {
                    let mut part = Self::default();
                    part.append(tokens, targets, *seed);
                    parts.push(part);
                }
            }
        }
        parts
    }
}
