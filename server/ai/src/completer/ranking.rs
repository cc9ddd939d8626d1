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

const GATE: f32 = 0.12;

const WITHOUT_MODEL: Coefficients = [
    -0.989, -0.035, 0.476, -0.350, 0.867, 0.884, -0.006, 0.043, -0.399, 0.133, 1.842, 0.294, 0.387, 0.798,
    -1.154, 0.129, -0.149, -0.563, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
];

const WITH_MODEL: Coefficients = [
    -0.195, -0.029, -0.038, -0.082, 0.489, 0.502, -0.188, -0.064, 0.053, 0.418, 1.266, -0.207, -0.106, 0.649,
    -0.363, 0.089, -0.039, -0.373, -0.150, 0.861, -0.028, 0.351, 0.631, -1.933,
];
