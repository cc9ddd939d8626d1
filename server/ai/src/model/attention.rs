//! Causal attention of a few new positions to all that came before, straight on the cache.

use pulp::{Simd, WithSimd};

use super::cache::{BLOCK, Geometry};
use super::vectors::exp_of_differences;

/// Queries that share one pass over keys and values.
pub(crate) const TILE: usize = 4;

/// Everything one layer needs. Rows of `queries` are rotated and scaled.
pub(crate) struct Attention<'a> {
    pub(crate) geometry: Geometry,
    /// Query heads per key/value head.
    pub(crate) group: usize,
    pub(crate) cached: &'a [f32],
    pub(crate) queries: &'a [f32],
    pub(crate) query_stride: usize,
    pub(crate) rows: usize,
    /// Position of the first row.
    pub(crate) start: usize,
    pub(crate) output: &'a mut [f32],
    pub(crate) output_stride: usize,
    pub(crate) scratch: &'a mut AttentionScratch,
}

/// Memory that is used again.
#[derive(Default)]
pub(crate) struct AttentionScratch {
    scores: Vec<f32>,
    queries: Vec<f32>,
    sums: Vec<f32>,
}

impl WithSimd for Attention<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let positions = (self.start + self.rows).next_multiple_of(BLOCK);
        self.scratch.scores.resize(TILE * positions, 0.0);
        self.scratch.queries.resize(TILE * self.geometry.head_width, 0.0);
        self.scratch.sums.resize(TILE * self.geometry.value_width(), 0.0);
        let queries = self.rows * self.group;
        for head in 0..self.geometry.kv_heads {
            let mut first = 0;
            while first < queries {
                first += match queries - first {
                    1 => self.tile::<S, 1>(simd, head, first),
                    2 | 3 => self.tile::<S, 2>(simd, head, first),
                    _ => self.tile::<S, TILE>(simd, head, first),
                };
            }
        }
    }
}

impl Attention<'_> {
    /// Answers `COUNT` queries of one key/value head. Queries are counted row by row, the heads of a group in turn.
    #[inline(always)]
    fn tile<S: Simd, const COUNT: usize>(&mut self, simd: S, head: usize, first: usize) -> usize {
        let width = self.geometry.head_width;
        let group = self.group;
        let place = move |query: usize| {
            let (row, member) = ((first + query) / group, (first + query) % group);
            (row, (head * group + member) * width)
        };
        let (last_row, _) = place(COUNT - 1);
        let length = self.start + last_row + 1;
        for query in 0..COUNT {
            let (row, column) = place(query);
            let start = row * self.query_stride + column;
            let source = &self.queries[start..start + width];
            for (target, value) in self.scratch.queries[query..].iter_mut().step_by(COUNT).zip(source) {
                *target = *value;
            }
        }
        self.score::<S, COUNT>(simd, head, length);
        let stride = length.next_multiple_of(BLOCK);
        let mut factors = [0.0; COUNT];
        for (query, factor) in factors.iter_mut().enumerate() {
            let own_length = self.start + place(query).0 + 1;
            let (own, later) =
                self.scratch.scores[query * stride..(query + 1) * stride].split_at_mut(own_length);
            *factor = 1.0 / exp_of_differences(own);
            later.fill(0.0);
        }
        self.mix::<S, COUNT>(simd, head, length);
        let value_width = self.geometry.value_width();
        for (query, factor) in factors.iter().enumerate() {
            let (row, column) = place(query);
            let start = row * self.output_stride + column;
            let sums = &self.scratch.sums[query * value_width..query * value_width + width];
            for (target, sum) in self.output[start..start + width].iter_mut().zip(sums) {
                *target = sum * factor;
            }
        }
        COUNT
    }

    /// Scores of the queries at all positions, query by query.
    #[inline(always)]
    fn score<S: Simd, const COUNT: usize>(&mut self, simd: S, head: usize, length: usize) {
        let width = self.geometry.head_width;
        let stride = length.next_multiple_of(BLOCK);
        let queries = &self.scratch.queries[..COUNT * width];
        let scores = &mut self.scratch.scores[..COUNT * stride];
        let vectors = BLOCK / S::F32_LANES;
        for block in 0..length.div_ceil(BLOCK) {
            let start = (block * self.geometry.kv_heads + head) * self.geometry.head_floats();
            let (keys, _) = S::as_simd_f32s(&self.cached[start..start + BLOCK * width]);
            for pair in (0..vectors).step_by(2) {
                let mut sums = [[simd.splat_f32s(0.0); 2]; COUNT];
                for (keys, queries) in keys.chunks_exact(vectors).zip(queries.chunks_exact(COUNT)) {
                    let (one, other) = (keys[pair], keys[pair + 1]);
                    for query in 0..COUNT {
                        let value = simd.splat_f32s(queries[query]);
                        sums[query][0] = simd.mul_add_e_f32s(value, one, sums[query][0]);
                        sums[query][1] = simd.mul_add_e_f32s(value, other, sums[query][1]);
                    }
                }
                for (query, sums) in sums.iter().enumerate() {
                    let start = query * stride + block * BLOCK + pair * S::F32_LANES;
                    let target = &mut scores[start..start + 2 * S::F32_LANES];
                    let (target, _) = S::as_mut_simd_f32s(target);
                    target[0] = sums[0];
                    target[1] = sums[1];
                }
            }
        }
    }

    /// Sums of the values, weighted by what became of the scores.
    #[inline(always)]
    fn mix<S: Simd, const COUNT: usize>(&mut self, simd: S, head: usize, length: usize) {
        let value_width = self.geometry.value_width();
        let stride = length.next_multiple_of(BLOCK);
        let scores = &self.scratch.scores[..COUNT * stride];
        let vectors = value_width / S::F32_LANES;
        let keys = BLOCK * self.geometry.head_width;
        for pair in (0..vectors).step_by(2) {
            let mut sums = [[simd.splat_f32s(0.0); 2]; COUNT];
            for block in 0..length.div_ceil(BLOCK) {
                let start = (block * self.geometry.kv_heads + head) * self.geometry.head_floats() + keys;
                let (values, _) = S::as_simd_f32s(&self.cached[start..start + BLOCK * value_width]);
                let mut weights = [[0.0_f32; BLOCK]; COUNT];
                for (query, weights) in weights.iter_mut().enumerate() {
                    let start = query * stride + block * BLOCK;
                    weights.copy_from_slice(&scores[start..start + BLOCK]);
                }
                let rows = (length - block * BLOCK).min(BLOCK);
                for (row, values) in values.chunks_exact(vectors).take(rows).enumerate() {
                    let (one, other) = (values[pair], values[pair + 1]);
                    for query in 0..COUNT {
                        let weight = simd.splat_f32s(weights[query][row]);
                        sums[query][0] = simd.mul_add_e_f32s(weight, one, sums[query][0]);
                        sums[query][1] = simd.mul_add_e_f32s(weight, other, sums[query][1]);
                    }
                }
            }
            for (query, sums) in sums.iter().enumerate() {
                let start = query * value_width + pair * S::F32_LANES;
                let target = &mut self.scratch.sums[start..start + 2 * S::F32_LANES];
                let (target, _) = S::as_mut_simd_f32s(target);
                target[0] = sums[0];
                target[1] = sums[1];
            }
        }
    }
}
