//! Matrices of f32: candle multiplies them, everything else works on their slices. All of them are contiguous
//! CPU tensors with two dimensions; views into columns and rows cost nothing.

use std::cell::Cell;
use std::ops::Deref;

use candle_core::{CpuStorage, Device, InplaceOp1, Layout, Result, Storage, Tensor, bail};

/// A matrix that owns `values`.
pub(super) fn matrix(values: Vec<f32>, rows: usize, columns: usize) -> Result<Tensor> {
    Tensor::from_vec(values, (rows, columns), &Device::Cpu)
}

/// `left · rightᵀ`.
pub(super) fn times_transposed(left: &Tensor, right: &Tensor) -> Result<Tensor> {
    left.matmul(&right.t()?)
}

/// `leftᵀ · right`.
pub(super) fn transposed_times(left: &Tensor, right: &Tensor) -> Result<Tensor> {
    left.t()?.matmul(right)
}

/// Some rows and columns of a matrix, without a copy.
pub(super) fn part(tensor: &Tensor, rows: (usize, usize), columns: (usize, usize)) -> Result<Tensor> {
    tensor.narrow(0, rows.0, rows.1)?.narrow(1, columns.0, columns.1)
}

/// Some columns of a matrix, without a copy.
pub(super) fn columns(tensor: &Tensor, start: usize, len: usize) -> Result<Tensor> {
    tensor.narrow(1, start, len)
}

/// The numbers of a contiguous matrix.
pub(super) fn numbers(tensor: &Tensor) -> Result<impl Deref<Target = [f32]>> {
    let (storage, layout) = tensor.storage_and_layout();
    let Some((start, end)) = layout.contiguous_offsets() else { bail!("the matrix is not contiguous") };
    match &*storage {
        Storage::Cpu(CpuStorage::F32(values)) if end <= values.len() => {}
        _ => bail!("the matrix does not hold 32-bit numbers of this processor"),
    }
    Ok(Numbers { storage, start, end })
}

struct Numbers<S> {
    storage: S,
    start: usize,
    end: usize,
}

impl<S: Deref<Target = Storage>> Deref for Numbers<S> {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        match &*self.storage {
            Storage::Cpu(CpuStorage::F32(values)) => &values[self.start..self.end],
            _ => &[],
        }
    }
}

/// Changes the numbers of a contiguous matrix in place.
pub(super) fn edit<R>(tensor: &Tensor, change: impl FnOnce(&mut [f32]) -> R) -> Result<R> {
    let edit = Edit { change: Cell::new(Some(change)), result: Cell::new(None) };
    tensor.inplace_op1(&edit)?;
    match edit.result.into_inner() {
        Some(result) => Ok(result),
        None => bail!("the matrix does not hold 32-bit numbers of this processor"),
    }
}

struct Edit<F, R> {
    change: Cell<Option<F>>,
    result: Cell<Option<R>>,
}

impl<F: FnOnce(&mut [f32]) -> R, R> InplaceOp1 for Edit<F, R> {
    fn name(&self) -> &'static str {
        "edit"
    }

    fn cpu_fwd(&self, storage: &mut CpuStorage, layout: &Layout) -> Result<()> {
        let Some((start, end)) = layout.contiguous_offsets() else { bail!("the matrix is not contiguous") };
        if let (CpuStorage::F32(values), Some(change)) = (storage, self.change.take()) {
            self.result.set(Some(change(&mut values[start..end])));
        }
        Ok(())
    }
}

/// `target += source`.
pub(super) fn add(target: &mut [f32], source: &[f32]) {
    for (target, source) in target.iter_mut().zip(source) {
        *target += source;
    }
}

/// `e^x` with an error of about 1e-7, in a form that compilers turn into vector instructions.
#[inline(always)]
pub(super) fn exp(x: f32) -> f32 {
    // Adding 1.5 · 2²³ rounds to an integer, which then stands in the low bits; 127 is the bias of exponents.
    const ROUND: f32 = 12_582_912.0 + 127.0;
    let x = x.clamp(-87.0, 88.0);
    let rounded = x * std::f32::consts::LOG2_E + ROUND;
    let whole = rounded - ROUND;
    let rest = x - whole * 0.693_359_4 + whole * 2.121_944_4e-4;
    let mut sum = 1.0 / 5040.0;
    for factor in [1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0] {
        sum = sum * rest + factor;
    }
    sum * f32::from_bits(rounded.to_bits() << 23)
}

/// Sum of products; eight running sums, because the compiler may not reorder one.
pub(super) fn dot(left: &[f32], right: &[f32]) -> f32 {
    reduce(left, right, |left, right| left * right)
}

pub(super) fn sum_of_squares(values: &[f32]) -> f32 {
    dot(values, values)
}

#[inline(always)]
fn reduce(left: &[f32], right: &[f32], term: impl Fn(f32, f32) -> f32) -> f32 {
    let mut sums = [0.0f32; 8];
    let (left_chunks, right_chunks) = (left.chunks_exact(8), right.chunks_exact(8));
    let (left_rest, right_rest) = (left_chunks.remainder(), right_chunks.remainder());
    for (left, right) in left_chunks.zip(right_chunks) {
        for lane in 0..8 {
            sums[lane] += term(left[lane], right[lane]);
        }
    }
    let rest: f32 = left_rest.iter().zip(right_rest).map(|(left, right)| term(*left, *right)).sum();
    sums.iter().sum::<f32>() + rest
}

/// Replaces `values` by `e^(value - shift)` and returns their sum.
pub(super) fn exp_in_place(values: &mut [f32], shift: f32) -> f32 {
    for value in values.iter_mut() {
        *value = exp(*value - shift);
    }
    let mut sums = [0.0f32; 8];
    let chunks = values.chunks_exact(8);
    let rest: f32 = chunks.remainder().iter().sum();
    for chunk in chunks {
        for lane in 0..8 {
            sums[lane] += chunk[lane];
        }
    }
    sums.iter().sum::<f32>() + rest
}

/// The largest value; negative infinity if there is none.
pub(super) fn maximum(values: &[f32]) -> f32 {
    let larger = |left: f32, right: f32| if right > left { right } else { left };
    let mut lanes = [f32::NEG_INFINITY; 8];
    let chunks = values.chunks_exact(8);
    let rest = chunks.remainder().iter().copied().fold(f32::NEG_INFINITY, larger);
    for chunk in chunks {
        for lane in 0..8 {
            lanes[lane] = larger(lanes[lane], chunk[lane]);
        }
    }
    lanes.iter().copied().fold(rest, larger)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponential_is_close_to_that_of_the_library() {
        for step in -8700..8800 {
            let x = step as f32 / 100.0;
            let (fast, exact) = (f64::from(exp(x)), f64::from(x).exp());
            assert!((fast - exact).abs() <= 1e-6 * exact, "{x}: {fast} instead of {exact}");
        }
        assert!(exp(f32::NEG_INFINITY) < 1e-37);
    }

    #[test]
    fn parts_of_matrices_are_multiplied_without_copies() {
        let left = matrix((0..12).map(|value| value as f32).collect(), 3, 4).expect("a matrix");
        let right = matrix(vec![1.0, 0.0, 0.0, 2.0], 2, 2).expect("a matrix");
        let product =
            part(&left, (1, 2), (2, 2)).and_then(|part| times_transposed(&part, &right)).expect("fits");
        assert_eq!(*numbers(&product).expect("contiguous"), [6.0, 14.0, 10.0, 22.0]);
        edit(&product, |values| values[0] = 1.5).expect("contiguous");
        assert_eq!(numbers(&product).expect("contiguous")[0], 1.5);
        assert_eq!(maximum(&[-3.0, -1.0, -2.0]), -1.0);
        assert_eq!(dot(&[1.0; 19], &[2.0; 19]), 38.0);
    }
}
