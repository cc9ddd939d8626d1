//! How sure we are of a candidate: a logistic model with few coefficients. `strizh model eval --calibrate` prints the
//! tables below from configurations that are not those it is measured on.

use super::features::{FEATURES, Features};

pub type Coefficients = [f32; FEATURES];

/// Coefficients with and without the model.
#[derive(Clone, Debug)]
pub struct Ranking {
    pub without_model: Coefficients,
    pub with_model: Coefficients,
    gate: f32,
}

impl Ranking {
    pub fn new(without_model: Coefficients, with_model: Coefficients, gate: f32) -> Self {
        Self { without_model, with_model, gate }
    }

    pub fn gate(&self) -> f32 {
        self.gate
    }

    /// The probability that the user wants exactly this candidate.
    pub fn confidence(&self, features: &Features) -> f32 {
        let coefficients = if features.has_model { &self.with_model } else { &self.without_model };
        let sum: f32 = coefficients.iter().zip(&features.values).map(|(left, right)| left * right).sum();
        1.0 / (1.0 + (-sum).exp())
    }
}

impl Default for Ranking {
    fn default() -> Self {
        Self { without_model: WITHOUT_MODEL, with_model: WITH_MODEL, gate: GATE }
    }
}

const GATE: f32 = 0.10;

const WITHOUT_MODEL: Coefficients = [
    -1.189, 0.300, 0.453, -0.352, 0.788, 0.834, 0.000, 0.064, 0.032, 0.195, 1.701, 0.080, 0.345, 0.549,
    -0.996, 0.194, -0.337, -0.375, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
];

const WITH_MODEL: Coefficients = [
    -0.787, 0.073, 0.413, -0.265, 0.429, 0.588, -0.278, -0.010, 0.346, 0.337, 1.240, -0.360, 0.165, 0.556,
    0.020, 0.100, -0.119, -0.193, -0.014, 0.628, -0.026, 0.310, 0.792, -1.630,
];
