//! Dropout before the thin matrices: in the training some numbers of their inputs become zero and the others grow so
//! much that the mean stays. What is left out follows from the seed, the window and the matrix alone, so it does not
//! depend on threads, on the device or on a resume.

use super::batch::Batch;
use super::random::Random;

/// Equally likely draws: four of them come from one random number.
const DRAWS: u64 = 1 << 16;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Dropout {
    /// Of [`DRAWS`].
    left_out: u64,
}

impl Dropout {
    /// `None` if nothing is left out.
    pub(super) fn new(share: f32) -> Option<Self> {
        let left_out = (f64::from(share) * DRAWS as f64).round() as u64;
        (left_out > 0).then(|| Self { left_out: left_out.min(DRAWS - 1) })
    }

    /// By what the other numbers grow.
    pub(super) fn factor(self) -> f32 {
        DRAWS as f32 / (DRAWS - self.left_out) as f32
    }

    /// What stays of the numbers that a pair of thin matrices reads of a sequence with this seed.
    pub(super) fn draw<T>(self, seed: u64, pair: usize, values: &mut [T], take: impl Fn(&mut T, bool)) {
        let mut random = Random::of(seed, pair as u64);
        for values in values.chunks_mut(4) {
            let mut bits = random.next();
            for value in values {
                take(value, bits % DRAWS >= self.left_out);
                bits /= DRAWS;
            }
        }
    }

    /// Leaves numbers out of the rows of a batch.
    pub(super) fn thin_out(self, batch: &Batch, pair: usize, rows: &mut [f32]) {
        let width = rows.len() / batch.tokens.len().max(1);
        let factor = self.factor();
        for (sequence, seed) in batch.sequences.iter().zip(&batch.seeds) {
            let rows = &mut rows[sequence.start * width..sequence.end * width];
            self.draw(*seed, pair, rows, |value, stays| *value *= if stays { factor } else { 0.0 });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_and_the_mean_are_kept() {
        let mut batch = Batch::default();
        batch.push(&[1; 501], 7);
        batch.push(&[1; 501], 8);
        let dropout = Dropout::new(0.25).expect("a quarter");
        let mut rows = vec![1.0; 1000 * 20];
        dropout.thin_out(&batch, 3, &mut rows);
        let zeros = rows.iter().filter(|value| **value == 0.0).count();
        assert!((4800..5200).contains(&zeros), "{zeros}");
        let mean = rows.iter().sum::<f32>() / rows.len() as f32;
        assert!((mean - 1.0).abs() < 0.02, "{mean}");
        let mut again = vec![1.0; rows.len()];
        dropout.thin_out(&batch, 3, &mut again);
        assert_eq!(rows, again);
        dropout.thin_out(&batch, 4, &mut again);
        assert_ne!(rows, again);
        assert_ne!(rows[..10_000], rows[10_000..]);
    }

    #[test]
    fn nothing_is_left_out_without_a_share() {
        assert_eq!(Dropout::new(0.0), None);
    }
}
