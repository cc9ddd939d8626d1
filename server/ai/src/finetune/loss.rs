//! Cross-entropy of the output layer, a few rows at a time: the logits of a whole batch never exist at once.

use candle_core::{Result, Tensor};

use super::numbers::{add, edit, exp_in_place, matrix, maximum, numbers, times_transposed};

/// Rows whose logits exist at the same time: 8 MiB with a vocabulary of 8,192.
const ROWS: usize = 256;

/// What the model made of one token that it had to predict.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prediction {
    /// Negative natural logarithm of the probability of the right token.
    pub loss: f32,
    /// The most likely token.
    pub best: u32,
}

/// Predictions of `targets` from the rows before the output layer.
pub(super) fn predictions(rows: &Tensor, output: &Tensor, targets: &[u32]) -> Result<Vec<Prediction>> {
    let mut predictions = Vec::with_capacity(targets.len());
    for (index, targets) in targets.chunks(ROWS).enumerate() {
        let logits = times_transposed(&rows.narrow(0, index * ROWS, targets.len())?, output)?;
        let vocabulary = logits.dim(1)?;
        edit(&logits, |logits| {
            for (row, target) in logits.chunks_exact_mut(vocabulary).zip(targets) {
                let shift = maximum(row);
                let best = row.iter().position(|value| *value == shift).unwrap_or_default() as u32;
                let right = row.get(*target as usize).copied().unwrap_or(f32::NEG_INFINITY);
                let loss = shift + exp_in_place(row, shift).ln() - right;
                predictions.push(Prediction { loss, best });
            }
        })?;
    }
    Ok(predictions)
}

/// Sum of the losses of `targets`, and the gradients of the rows if each loss counts `weight`.
pub(super) fn loss_backward(
    rows: &Tensor,
    output: &Tensor,
    targets: &[u32],
    weight: f32,
) -> Result<(f64, Tensor)> {
    let mut gradients = Vec::with_capacity(rows.elem_count());
    let mut sum = 0.0;
    for (index, targets) in targets.chunks(ROWS).enumerate() {
        let logits = times_transposed(&rows.narrow(0, index * ROWS, targets.len())?, output)?;
        let vocabulary = logits.dim(1)?;
        sum += edit(&logits, |logits| {
            let rows = logits.chunks_exact_mut(vocabulary).zip(targets);
            rows.map(|(row, target)| f64::from(row_backward(row, *target as usize, weight))).sum::<f64>()
        })?;
        gradients.extend_from_slice(&numbers(&logits.matmul(output)?)?);
    }
    Ok((sum, matrix(gradients, rows.dim(0)?, rows.dim(1)?)?))
}

/// Turns the logits of one row into their gradients; returns the loss.
fn row_backward(row: &mut [f32], target: usize, weight: f32) -> f32 {
    let shift = maximum(row);
    let right = row.get(target).copied().unwrap_or(f32::NEG_INFINITY);
    let sum = exp_in_place(row, shift);
    let factor = weight / sum;
    row.iter_mut().for_each(|value| *value *= factor);
    if let Some(value) = row.get_mut(target) {
        add(std::slice::from_mut(value), &[-weight]);
    }
    shift + sum.ln() - right
}
