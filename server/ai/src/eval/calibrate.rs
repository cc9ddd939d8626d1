//! Fits the coefficients of the ranking: logistic regression by Newton's method.

use crate::completer::{Coefficients, FEATURES, Features};

/// A candidate and whether it was what stood there.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    pub features: Features,
    pub is_exact: bool,
}

const STEPS: usize = 12;
/// Keeps coefficients small that the data say little about.
const PENALTY: f64 = 2.0;

/// Coefficients under which the examples are most likely.
pub fn fit(examples: &[Example]) -> Coefficients {
    let mut coefficients = [0.0f64; FEATURES];
    for _ in 0..STEPS {
        let mut gradient = [0.0f64; FEATURES];
        let mut curvature = vec![[0.0f64; FEATURES]; FEATURES];
        for example in examples {
            let values = example.features.values.map(f64::from);
            let sum: f64 = coefficients.iter().zip(&values).map(|(left, right)| left * right).sum();
            let probability = 1.0 / (1.0 + (-sum).exp());
            let error = f64::from(u8::from(example.is_exact)) - probability;
            let weight = probability * (1.0 - probability);
            for row in 0..FEATURES {
                gradient[row] += error * values[row];
                for column in 0..FEATURES {
                    curvature[row][column] += weight * values[row] * values[column];
                }
            }
        }
        for index in 0..FEATURES {
            gradient[index] -= PENALTY * coefficients[index];
            curvature[index][index] += PENALTY;
        }
        let step = solve(curvature, gradient);
        for index in 0..FEATURES {
            coefficients[index] += step[index];
        }
    }
    coefficients.map(|value| value as f32)
}

/// Gauss elimination; the matrix is positive definite.
fn solve(mut matrix: Vec<[f64; FEATURES]>, mut right: [f64; FEATURES]) -> [f64; FEATURES] {
    for pivot in 0..FEATURES {
        let divisor = matrix[pivot][pivot].max(1e-12);
        for row in pivot + 1..FEATURES {
            let factor = matrix[row][pivot] / divisor;
            let above = matrix[pivot];
            for (value, above) in matrix[row].iter_mut().zip(above).skip(pivot) {
                *value -= factor * above;
            }
            right[row] -= factor * right[pivot];
        }
    }
    let mut solution = [0.0; FEATURES];
    for row in (0..FEATURES).rev() {
        let rest: f64 = (row + 1..FEATURES).map(|column| matrix[row][column] * solution[column]).sum();
        solution[row] = (right[row] - rest) / matrix[row][row].max(1e-12);
    }
    solution
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_tells_right_from_wrong() {
        let example = |value: f32, is_exact| {
            let mut values = [0.0; FEATURES];
            values[0] = 1.0;
            values[3] = value;
            Example { features: Features { values, has_model: false }, is_exact }
        };
        let mut examples = Vec::new();
        for index in 0..400 {
            let value = (index % 20) as f32 / 10.0 - 1.0;
            examples.push(example(value, value > 0.2 || index % 7 == 0));
        }
        let coefficients = fit(&examples);
        assert!(coefficients[3] > 1.0, "{coefficients:?}");
        assert!(coefficients[5].abs() < 1e-6);
    }
}
