//! The small operations between the products. Sums are always taken in the same order, so that a token has the same
//! result alone and among others.

use std::ops::Range;

use super::simd::Simd;

/// Independent partial sums of a reduction.
const LANES: usize = 16;

/// Rows of `output` get, in the columns of `place`, the products of the rows of `input` and of `matrix`.
pub(crate) fn product(
    simd: Simd,
    input: &[f32],
    matrix: &[f32],
    width: usize,
    output: &mut [f32],
    stride: usize,
    place: Range<usize>,
) {
    simd.run(
        #[inline(always)]
        || {
            for (column, weights) in place.clone().zip(matrix.chunks_exact(width)) {
                for (row, target) in input.chunks_exact(width).zip(output.chunks_exact_mut(stride)) {
                    target[column] = dot(row, weights);
                }
            }
        },
    );
}

#[inline(always)]
fn dot(one: &[f32], other: &[f32]) -> f32 {
    let mut sums = [0.0_f32; LANES];
    let (one_chunks, other_chunks) = (one.chunks_exact(LANES), other.chunks_exact(LANES));
    let rest = one_chunks.remainder().iter().zip(other_chunks.remainder());
    let rest: f32 = rest.map(|(a, b)| a * b).sum();
    for (a, b) in one_chunks.zip(other_chunks) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum = a.mul_add(*b, *sum);
        }
    }
    sums.iter().sum::<f32>() + rest
}

/// RMS norm of each row over its first `width` values; the rest of a row is padding and stays zero, because the weights
/// are zero there.
pub(crate) fn rms_norm(
    simd: Simd,
    input: &[f32],
    weights: &[f32],
    width: usize,
    epsilon: f32,
    output: &mut [f32],
) {
    simd.run(
        #[inline(always)]
        || {
            let rows = input.chunks_exact(weights.len()).zip(output.chunks_exact_mut(weights.len()));
            for (row, target) in rows {
                let mean = dot(row, row) / width as f32;
                let factor = 1.0 / (mean + epsilon).sqrt();
                for ((target, value), weight) in target.iter_mut().zip(row).zip(weights) {
                    *target = value * factor * weight;
                }
            }
        },
    );
}

pub(crate) fn add(simd: Simd, target: &mut [f32], other: &[f32]) {
    simd.run(
        #[inline(always)]
        || {
            for (target, other) in target.iter_mut().zip(other) {
                *target += other;
            }
        },
    );
}

/// `silu(gate) * up` of each row: gates come first in `input`, then the ups.
pub(crate) fn gate(
    simd: Simd,
    input: &[f32],
    stride: usize,
    up_start: usize,
    width: usize,
    output: &mut [f32],
    output_stride: usize,
) {
    simd.run(
        #[inline(always)]
        || {
            for (row, target) in input.chunks_exact(stride).zip(output.chunks_exact_mut(output_stride)) {
                let (target, padding) = target.split_at_mut(width);
                padding.fill(0.0);
                let ups = &row[up_start..up_start + width];
                for ((target, gate), up) in target.iter_mut().zip(&row[..width]).zip(ups) {
                    *target = gate / (1.0 + exp(-gate)) * up;
                }
            }
        },
    );
}

/// Adds the bias and rotates the two halves of one head.
#[inline(always)]
pub(crate) fn rotate(head: &mut [f32], bias: &[f32], cosines: &[f32], sines: &[f32], scale: f32) {
    let half = head.len() / 2;
    let (first, second) = head.split_at_mut(half);
    let (first_bias, second_bias) = bias.split_at(half);
    let values = first.iter_mut().zip(second).zip(first_bias.iter().zip(second_bias));
    for (((one, other), (one_bias, other_bias)), (cosine, sine)) in values.zip(cosines.iter().zip(sines)) {
        let (a, b) = (*one + one_bias, *other + other_bias);
        *one = (a * cosine - b * sine) * scale;
        *other = (a * sine + b * cosine) * scale;
    }
}

/// Turns values into `exp(value - greatest)` and tells their sum.
#[inline(always)]
pub(crate) fn exp_of_differences(values: &mut [f32]) -> f32 {
    let greatest = maximum(values);
    let mut sums = [0.0_f32; LANES];
    let mut chunks = values.chunks_exact_mut(LANES);
    for chunk in &mut chunks {
        for (value, sum) in chunk.iter_mut().zip(&mut sums) {
            *value = exp(*value - greatest);
            *sum += *value;
        }
    }
    for (value, sum) in chunks.into_remainder().iter_mut().zip(&mut sums) {
        *value = exp(*value - greatest);
        *sum += *value;
    }
    sums.iter().sum()
}

#[inline(always)]
fn maximum(values: &[f32]) -> f32 {
    let mut greatest = [f32::NEG_INFINITY; LANES];
    let chunks = values.chunks_exact(LANES);
    for (value, greatest) in chunks.remainder().iter().zip(&mut greatest) {
        *greatest = value.max(*greatest);
    }
    for chunk in chunks {
        for (value, greatest) in chunk.iter().zip(&mut greatest) {
            *greatest = if value > greatest { *value } else { *greatest };
        }
    }
    greatest.into_iter().fold(f32::NEG_INFINITY, f32::max)
}

/// The natural logarithm of the sum of the exponentials.
pub(crate) fn log_sum_exp(simd: Simd, values: &[f32]) -> f32 {
    simd.run(
        #[inline(always)]
        || {
            let greatest = maximum(values);
            let mut sums = [0.0_f32; LANES];
            let chunks = values.chunks_exact(LANES);
            for (value, sum) in chunks.remainder().iter().zip(&mut sums) {
                *sum += exp(value - greatest);
            }
            for chunk in chunks {
                for (value, sum) in chunk.iter().zip(&mut sums) {
                    *sum += exp(value - greatest);
                }
            }
            greatest + sums.iter().sum::<f32>().ln()
        },
    )
}

/// `e` to the power of `x` with a relative error below 2e-7, without branches, so that loops over it become vector code.
#[inline(always)]
fn exp(x: f32) -> f32 {
    /// Adding it rounds to a whole number, which then stands in the low bits.
    const ROUNDING: f32 = 12_582_912.0;
    const LN_2_HIGH: f32 = 0.693_359_4;
    const LN_2_LOW: f32 = -2.121_944_4e-4;
    let x = if x > 88.0 { 88.0 } else { x };
    let x = if x < -87.0 { -87.0 } else { x };
    let rounded = x * std::f32::consts::LOG2_E + ROUNDING;
    let whole = rounded - ROUNDING;
    let rest = x - whole * LN_2_HIGH - whole * LN_2_LOW;
    let mut polynomial = 1.987_569_1e-4_f32;
    for coefficient in [1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 5.000_000_3e-1] {
        polynomial = polynomial * rest + coefficient;
    }
    let mantissa = polynomial * rest * rest + rest + 1.0;
    let exponent = rounded.to_bits().wrapping_sub(ROUNDING.to_bits()).wrapping_add(127) << 23;
    mantissa * f32::from_bits(exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_is_close() {
        for step in -8_600..8_700 {
            let x = step as f32 / 100.0;
            let wanted = f64::from(x).exp();
            let relative = (f64::from(exp(x)) - wanted).abs() / wanted;
            assert!(relative < 3e-7, "exp({x}) is off by {relative}");
        }
        assert!(exp(-1e30) < 1e-37);
        assert!(exp(1e30).is_finite());
    }

    #[test]
    fn reductions_of_odd_lengths() {
        let simd = Simd::detect();
        for length in 1..70 {
            let values: Vec<f32> = (0..length).map(|index| (index as f32 * 0.7).sin()).collect();
            let wanted: f64 = values.iter().map(|value| f64::from(*value).exp()).sum();
            assert!((f64::from(log_sum_exp(simd, &values)) - wanted.ln()).abs() < 1e-5);
            let wanted: f64 = values.iter().map(|value| f64::from(*value).powi(2)).sum();
            assert!((f64::from(dot(&values, &values)) - wanted).abs() < 1e-4);
        }
    }
}
