//! What the model makes of windows that it was not trained on.

use super::corpus::{Encode, Window};
use super::loss::Prediction;

/// Sums over windows; shares and means are computed from them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Measure {
    pub windows: usize,
    pub tokens: usize,
    pub loss: f64,
    /// Tokens of gaps, the end of each one included.
    pub gap_tokens: usize,
    pub gap_loss: f64,
    /// Gaps whose first token is the most likely one.
    pub first: usize,
    /// Gaps that greedy decoding fills exactly and ends at the right place.
    pub exact: usize,
}

impl Measure {
    pub fn new(windows: &[Window], predictions: &[Vec<Prediction>], encode: &dyn Encode) -> Self {
        let mut measure = Self { windows: windows.len(), ..Self::default() };
        for (window, predictions) in windows.iter().zip(predictions) {
            measure.add(window, predictions, encode);
        }
        measure
    }

    /// Per token of all windows.
    pub fn mean_loss(&self) -> f64 {
        self.loss / self.tokens.max(1) as f64
    }

    pub fn mean_gap_loss(&self) -> f64 {
        self.gap_loss / self.gap_tokens.max(1) as f64
    }

    pub fn first_share(&self) -> f64 {
        self.first as f64 / self.windows.max(1) as f64
    }

    pub fn exact_share(&self) -> f64 {
        self.exact as f64 / self.windows.max(1) as f64
    }

    fn add(&mut self, window: &Window, predictions: &[Prediction], encode: &dyn Encode) {
        self.tokens += predictions.len();
        self.loss += predictions.iter().map(|prediction| f64::from(prediction.loss)).sum::<f64>();
        // Prediction n is about token n + 1.
        let predicted = |place: usize| place.checked_sub(1).and_then(|index| predictions.get(index));
        let is_right = |place: usize| {
            predicted(place).is_some_and(|prediction| window.tokens.get(place) == Some(&prediction.best))
        };
        for prediction in (window.gap.start..=window.gap.end).filter_map(predicted) {
            self.gap_tokens += 1;
            self.gap_loss += f64::from(prediction.loss);
        }
        let ends = predicted(window.gap.end).is_some_and(|prediction| encode.ends_line(prediction.best));
        self.first += usize::from(is_right(window.gap.start));
        // With every right token before it, the most likely token is the one that greedy decoding takes.
        self.exact += usize::from(ends && window.gap.clone().all(is_right));
    }
}
