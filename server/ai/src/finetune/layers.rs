//! The small operations between the matrix products, forward and backward: norms, rotary positions, the gate.

use super::numbers::{dot, exp, sum_of_squares};

/// Root mean square norm of each row; returns the reciprocal roots too, which the way back needs.
pub(super) fn norm(rows: &[f32], weight: &[f32], epsilon: f64) -> (Vec<f32>, Vec<f32>) {
    let width = weight.len();
    let mut normed = vec![0.0; rows.len()];
    let mut scales = Vec::with_capacity(rows.len() / width.max(1));
    for (row, normed) in rows.chunks_exact(width).zip(normed.chunks_exact_mut(width)) {
        let scale = (f64::from(sum_of_squares(row)) / width as f64 + epsilon).sqrt().recip() as f32;
        for ((normed, value), weight) in normed.iter_mut().zip(row).zip(weight) {
            *normed = value * scale * weight;
        }
        scales.push(scale);
    }
    (normed, scales)
}

/// Adds to `gradients` (those of the rows) what comes back through their norm.
pub(super) fn add_norm_gradient(
    gradients: &mut [f32],
    normed_gradients: &[f32],
    rows: &[f32],
    scales: &[f32],
    weight: &[f32],
) {
    let width = weight.len();
    let mut weighted = vec![0.0; width];
    let rows = rows.chunks_exact(width).zip(normed_gradients.chunks_exact(width)).zip(scales);
    for (gradient, ((row, normed), scale)) in gradients.chunks_exact_mut(width).zip(rows) {
        for ((weighted, normed), weight) in weighted.iter_mut().zip(normed).zip(weight) {
            *weighted = normed * weight;
        }
        let along = dot(&weighted, row) * scale * scale / width as f32;
        for ((gradient, weighted), value) in gradient.iter_mut().zip(&weighted).zip(row) {
            *gradient += scale * (weighted - value * along);
        }
    }
}

/// Cosines and sines of the rotary positions: per position half a head of each.
pub(super) struct Rotation {
    half: usize,
    cosines: Vec<f32>,
    sines: Vec<f32>,
}

impl Rotation {
    pub(super) fn new(positions: usize, head: usize, base: f64) -> Self {
        let half = head / 2;
        let angle = |index: usize| {
            let frequency = base.powf(-2.0 * (index % half) as f64 / head as f64);
            (index / half) as f64 * frequency
        };
        let count = positions * half;
        Self {
            half,
            cosines: (0..count).map(|index| angle(index).cos() as f32).collect(),
            sines: (0..count).map(|index| angle(index).sin() as f32).collect(),
        }
    }

    pub(super) fn positions(&self) -> usize {
        self.cosines.len() / self.half.max(1)
    }

    /// Turns each head of a row at a position and multiplies it. A direction of -1 turns back.
    pub(super) fn turn(&self, row: &mut [f32], position: usize, direction: f32, factor: f32) {
        let at = position * self.half..(position + 1) * self.half;
        let (cosines, sines) = (&self.cosines[at.clone()], &self.sines[at]);
        for head in row.chunks_exact_mut(2 * self.half) {
            let (left, right) = head.split_at_mut(self.half);
            for (((left, right), cosine), sine) in left.iter_mut().zip(right).zip(cosines).zip(sines) {
                let (cosine, sine) = (cosine * factor, sine * direction * factor);
                (*left, *right) = (*left * cosine - *right * sine, *right * cosine + *left * sine);
            }
        }
    }
}

/// `silu(gate) * up` for rows that hold the gate and then `up`.
pub(super) fn gated(rows: &[f32], width: usize) -> Vec<f32> {
    let mut products = vec![0.0; rows.len() / 2];
    for (row, products) in rows.chunks_exact(2 * width).zip(products.chunks_exact_mut(width)) {
        let (gate, up) = row.split_at(width);
        for ((product, gate), up) in products.iter_mut().zip(gate).zip(up) {
            *product = gate / (1.0 + exp(-gate)) * up;
        }
    }
    products
}

/// Computes [`gated`] again and the gradients of its input from those of its output.
pub(super) fn gated_backward(rows: &[f32], gradients: &[f32], width: usize) -> (Vec<f32>, Vec<f32>) {
    let mut products = vec![0.0; rows.len() / 2];
    let mut back = vec![0.0; rows.len()];
    let outputs = products.chunks_exact_mut(width).zip(back.chunks_exact_mut(2 * width));
    let inputs = rows.chunks_exact(2 * width).zip(gradients.chunks_exact(width));
    for ((row, gradient), (products, back)) in inputs.zip(outputs) {
        let (gate, up) = row.split_at(width);
        let (back_gate, back_up) = back.split_at_mut(width);
        let inputs = gate.iter().zip(up).zip(gradient);
        let outputs = products.iter_mut().zip(back_gate).zip(back_up);
        for (((gate, up), gradient), ((product, back_gate), back_up)) in inputs.zip(outputs) {
            let sigmoid = 1.0 / (1.0 + exp(-gate));
            let silu = gate * sigmoid;
            *product = silu * up;
            *back_up = gradient * silu;
            *back_gate = gradient * up * (sigmoid + silu * (1.0 - sigmoid));
        }
    }
    (products, back)
}

/// Adds one row to each row.
pub(super) fn add_to_rows(rows: &mut [f32], row: &[f32]) {
    for target in rows.chunks_exact_mut(row.len()) {
        super::numbers::add(target, row);
    }
}
