//! AdamW over the thin matrices, with clipping of the whole gradient and a learning rate that warms up and then falls
//! like a cosine.

use super::compute::Gradients;

const BETAS: (f32, f32) = (0.9, 0.99);
const EPSILON: f32 = 1e-8;

/// How fast is learned.
#[derive(Clone, Debug, PartialEq)]
pub struct Rates {
    /// The highest rate.
    pub peak: f32,
    /// Part of the training in which it is reached.
    pub warm_up: f32,
    /// Part of the peak at the end.
    pub floor: f32,
    pub weight_decay: f32,
    /// Longer gradients are cut to this length.
    pub clip: f32,
}

impl Default for Rates {
    fn default() -> Self {
        Self { peak: 2e-3, warm_up: 0.04, floor: 0.05, weight_decay: 0.01, clip: 1.0 }
    }
}

impl Rates {
    /// The rate at a part of the training between 0 and 1.
    pub fn at(&self, progress: f32) -> f32 {
        let progress = progress.clamp(0.0, 1.0);
        if progress < self.warm_up {
            return self.peak * (progress / self.warm_up).max(0.02);
        }
        let rest = (progress - self.warm_up) / (1.0 - self.warm_up).max(f32::EPSILON);
        let cosine = 0.5 * (1.0 + (std::f32::consts::PI * rest).cos());
        self.peak * (self.floor + (1.0 - self.floor) * cosine)
    }
}

/// Running means of the gradients and of their squares.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Moments {
    pub(super) steps: u64,
    pub(super) means: Vec<Vec<f32>>,
    pub(super) squares: Vec<Vec<f32>>,
}

impl Moments {
    pub(super) fn new(sizes: &[usize]) -> Self {
        let zeros: Vec<Vec<f32>> = sizes.iter().map(|size| vec![0.0; *size]).collect();
        Self { steps: 0, means: zeros.clone(), squares: zeros }
    }

    /// Changes the numbers by one step at a learning rate.
    pub(super) fn step<'a>(
        &mut self,
        slices: impl Iterator<Item = &'a mut Vec<f32>>,
        gradients: &Gradients,
        rates: &Rates,
        rate: f32,
    ) {
        self.steps += 1;
        let steps = self.steps.min(100_000) as i32;
        let corrections = (1.0 - BETAS.0.powi(steps), 1.0 - BETAS.1.powi(steps));
        let moments = self.means.iter_mut().zip(&mut self.squares);
        for ((values, gradients), (means, squares)) in slices.zip(gradients).zip(moments) {
            let moments = means.iter_mut().zip(squares.iter_mut());
            for ((value, gradient), (mean, square)) in values.iter_mut().zip(gradients).zip(moments) {
                *mean += (1.0 - BETAS.0) * (gradient - *mean);
                *square += (1.0 - BETAS.1) * (gradient * gradient - *square);
                let length = (*square / corrections.1).sqrt() + EPSILON;
                *value -= rate * (*mean / corrections.0 / length + rates.weight_decay * *value);
            }
        }
    }
}

/// Shortens a gradient to a length; returns the length that it had.
pub(super) fn clip(gradients: &mut Gradients, longest: f32) -> f32 {
    let squares = gradients.iter().flatten().map(|value| f64::from(*value) * f64::from(*value));
    let length = squares.sum::<f64>().sqrt() as f32;
    if length > longest {
        let factor = longest / length;
        gradients.iter_mut().flatten().for_each(|value| *value *= factor);
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_rises_and_falls() {
        let rates = Rates::default();
        let curve: Vec<f32> =
            [0.0, 0.02, 0.04, 0.5, 1.0].map(|progress| rates.at(progress) / rates.peak).to_vec();
        assert!(curve[0] < 0.03 && (curve[1] - 0.5).abs() < 1e-5 && (curve[2] - 1.0).abs() < 1e-5);
        assert!(curve[3] > 0.4 && curve[3] < 0.7 && (curve[4] - 0.05).abs() < 1e-5);
    }

    #[test]
    fn a_slope_is_followed_to_its_lowest_point() {
        let (mut values, mut moments) = (vec![vec![3.0f32, -2.0]], Moments::new(&[2]));
        let rates = Rates { weight_decay: 0.0, ..Rates::default() };
        for _ in 0..600 {
            let gradients = vec![values[0].iter().map(|value| 2.0 * (value - 1.0)).collect()];
            moments.step(values.iter_mut(), &gradients, &rates, 0.02);
        }
        assert!(values[0].iter().all(|value| (value - 1.0).abs() < 0.01), "{values:?}");
    }

    #[test]
    fn long_gradients_are_cut() {
        let mut gradients = vec![vec![3.0], vec![4.0]];
        assert_eq!(clip(&mut gradients, 1.0), 5.0);
        assert_eq!(clip(&mut gradients, 2.0), 1.0);
    }
}
