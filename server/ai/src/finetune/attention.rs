//! Causal attention over sequences of different lengths that stand one after the other, forward and backward. Blocks
//! of queries look only at the keys before them, and the probabilities are computed twice instead of being kept.

use std::ops::Range;

use candle_core::{Result, Tensor};

use super::numbers::{
    add, dot, edit, exp_in_place, maximum, numbers, part, times_transposed, transposed_times,
};

/// Queries per block: small enough for the probabilities to stay in the cache of a core.
const BLOCK: usize = 128;

/// How heads are laid out in a row of queries, keys and values.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heads {
    pub(super) queries: usize,
    pub(super) keys: usize,
    pub(super) width: usize,
}

impl Heads {
    pub(super) fn row(self) -> usize {
        (self.queries + 2 * self.keys) * self.width
    }

    pub(super) fn query_columns(self) -> usize {
        self.queries * self.width
    }

    pub(super) fn key_columns(self) -> usize {
        self.keys * self.width
    }

    fn places(self, query: usize) -> Places {
        let key = query * self.keys / self.queries;
        Places {
            query: query * self.width,
            key: (self.queries + key) * self.width,
            value: (self.queries + self.keys + key) * self.width,
            width: self.width,
        }
    }
}

/// First columns of one head of queries and of its keys and values.
#[derive(Clone, Copy)]
struct Places {
    query: usize,
    key: usize,
    value: usize,
    width: usize,
}

/// Some queries of one sequence and the keys that they may see.
struct Block {
    /// Row of the first key, which is that of the sequence.
    first: usize,
    /// Row of the first query.
    start: usize,
    queries: usize,
    keys: usize,
}

fn blocks(sequence: &Range<usize>) -> impl Iterator<Item = Block> {
    sequence.clone().step_by(BLOCK).map(|start| {
        let queries = BLOCK.min(sequence.end - start);
        Block { first: sequence.start, start, queries, keys: start + queries - sequence.start }
    })
}

/// Probabilities of a block. Without `sums` they are made from the scores alone; the logarithms of the sums are
/// returned, and with them the same probabilities are found again.
fn probabilities(
    rows: &Tensor,
    block: &Block,
    places: Places,
    sums: Option<&[f32]>,
) -> Result<(Tensor, Vec<f32>)> {
    let queries = part(rows, (block.start, block.queries), (places.query, places.width))?;
    let keys = part(rows, (block.first, block.keys), (places.key, places.width))?;
    let scores = times_transposed(&queries, &keys)?;
    let visible = block.keys - block.queries + 1;
    let logarithms = edit(&scores, |scores| {
        let mut logarithms = Vec::new();
        for (index, row) in scores.chunks_exact_mut(block.keys).enumerate() {
            let (seen, hidden) = row.split_at_mut(visible + index);
            hidden.fill(0.0);
            if let Some(sums) = sums {
                exp_in_place(seen, sums[index]);
                continue;
            }
            let shift = maximum(seen);
            let sum = exp_in_place(seen, shift);
            let factor = sum.recip();
            seen.iter_mut().for_each(|value| *value *= factor);
            logarithms.push(shift + sum.ln());
        }
        logarithms
    })?;
    Ok((scores, logarithms))
}

/// Attention of `rows` (queries, already divided by the root of the head's width, then keys, then values). Returns the
/// outputs of all heads side by side and the logarithms of the sums, head after head.
pub(super) fn attend(
    rows: &Tensor,
    sequences: &[Range<usize>],
    heads: Heads,
) -> Result<(Vec<f32>, Vec<f32>)> {
    let count = rows.dim(0)?;
    let columns = heads.query_columns();
    let mut outputs = vec![0.0; count * columns];
    let mut sums = vec![0.0; count * heads.queries];
    for head in 0..heads.queries {
        let places = heads.places(head);
        for block in sequences.iter().flat_map(blocks) {
            let (scores, logarithms) = probabilities(rows, &block, places, None)?;
            let values = part(rows, (block.first, block.keys), (places.value, places.width))?;
            let output = scores.matmul(&values)?;
            let output = numbers(&output)?;
            let targets = outputs[block.start * columns..].chunks_exact_mut(columns);
            for (output, target) in output.chunks_exact(places.width).zip(targets) {
                target[places.query..][..places.width].copy_from_slice(output);
            }
            sums[head * count + block.start..][..block.queries].copy_from_slice(&logarithms);
        }
    }
    Ok((outputs, sums))
}

/// What [`attend`] was given and what it made.
pub(super) struct Attended<'a> {
    pub(super) rows: &'a Tensor,
    pub(super) sequences: &'a [Range<usize>],
    pub(super) heads: Heads,
    pub(super) outputs: &'a [f32],
    pub(super) sums: &'a [f32],
}

impl Attended<'_> {
    /// Gradients of the rows from those of the outputs.
    pub(super) fn backward(&self, gradients: &Tensor) -> Result<Vec<f32>> {
        let count = self.rows.dim(0)?;
        let mut back = vec![0.0; count * self.heads.row()];
        let output_gradients = numbers(gradients)?;
        for head in 0..self.heads.queries {
            let places = self.heads.places(head);
            let along = self.along(&output_gradients, places);
            for block in self.sequences.iter().flat_map(blocks) {
                let sums = &self.sums[head * count + block.start..][..block.queries];
                self.block_backward(&mut back, gradients, &block, places, sums, &along)?;
            }
        }
        Ok(back)
    }

    /// Per row the product of the output and its gradient.
    fn along(&self, gradients: &[f32], places: Places) -> Vec<f32> {
        let columns = self.heads.query_columns();
        let rows = self.outputs.chunks_exact(columns).zip(gradients.chunks_exact(columns));
        let part = places.query..places.query + places.width;
        rows.map(|(output, gradient)| dot(&output[part.clone()], &gradient[part.clone()])).collect()
    }

    fn block_backward(
        &self,
        back: &mut [f32],
        gradients: &Tensor,
        block: &Block,
        places: Places,
        sums: &[f32],
        along: &[f32],
    ) -> Result<()> {
        let rows = self.rows;
        let keys = part(rows, (block.first, block.keys), (places.key, places.width))?;
        let values = part(rows, (block.first, block.keys), (places.value, places.width))?;
        let queries = part(rows, (block.start, block.queries), (places.query, places.width))?;
        let outputs = part(gradients, (block.start, block.queries), (places.query, places.width))?;
        let (probabilities, _) = probabilities(rows, block, places, Some(sums))?;
        let value_gradients = transposed_times(&probabilities, &outputs)?;
        let scores = times_transposed(&outputs, &values)?;
        {
            let probabilities = numbers(&probabilities)?;
            edit(&scores, |scores| {
                let rows = scores.chunks_exact_mut(block.keys).zip(probabilities.chunks_exact(block.keys));
                for ((scores, probabilities), along) in rows.zip(&along[block.start..]) {
                    for (score, probability) in scores.iter_mut().zip(probabilities) {
                        *score = probability * (*score - along);
                    }
                }
            })?;
        }
        let width = self.heads.row();
        add_columns(back, width, block.start, places.query, &scores.matmul(&keys)?)?;
        add_columns(back, width, block.first, places.key, &transposed_times(&scores, &queries)?)?;
        add_columns(back, width, block.first, places.value, &value_gradients)
    }
}

/// Adds a matrix to some columns of rows of the given width, from a row on.
pub(super) fn add_columns(
    rows: &mut [f32],
    width: usize,
    first: usize,
    column: usize,
    addend: &Tensor,
) -> Result<()> {
    let columns = addend.dim(1)?;
    let addend = numbers(addend)?;
    for (row, addend) in rows[first * width..].chunks_exact_mut(width).zip(addend.chunks_exact(columns)) {
        add(&mut row[column..][..columns], addend);
    }
    Ok(())
}
