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
    -0.967, 0.658, -0.131, 0.042, 1.023, 0.448, -0.390, 0.207, 0.169, 0.430, 1.887, -0.146, 0.139, 0.128, -0.895, -0.120,
    -1.154, -0.157, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
];

const WITH_MODEL: Coefficients = [
    -0.967, 0.658, -0.131, 0.042, 1.023, 0.448, -0.390, 0.207, 0.169, 0.430, 1.887, -0.146, 0.139, 0.128, -0.895, -0.120,
    -1.154, -0.157, 0.5, 0.0, 0.0, 0.3, 0.3, 0.0,
];
