//! The model of the Qwen2 architecture, forward and backward, written out by hand: gradients flow to activations and
//! to the thin matrices only, a batch is a few large products, and nothing is transposed or copied for the way back.

use std::ops::Range;

use candle_core::Tensor;

use super::FinetuneError;
use super::adapter::{Merged, MergedPair};
use super::attention::{Attended, attend};
use super::base_model::{BaseLayer, Group, embed};
use super::layers::{Rotation, add_norm_gradient, add_to_rows, gated, gated_backward, norm};
use super::loss::{Prediction, loss_backward, predictions};
use super::numbers::{add, columns, edit, matrix, numbers, times_transposed, transposed_times};

/// Windows one after the other, without padding between them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Batch {
    pub(super) tokens: Vec<u32>,
    /// The token that follows each one.
    pub(super) targets: Vec<u32>,
    pub(super) sequences: Vec<Range<usize>>,
}

impl Batch {
    /// Appends a window; its last token is only predicted.
    pub(super) fn push(&mut self, window: &[u32]) {
        let [_, targets @ ..] = window else { return };
        let start = self.tokens.len();
        self.tokens.extend_from_slice(&window[..targets.len()]);
        self.targets.extend_from_slice(targets);
        if !targets.is_empty() {
            self.sequences.push(start..self.tokens.len());
        }
    }

    pub(super) fn longest(&self) -> usize {
        self.sequences.iter().map(ExactSizeIterator::len).max().unwrap_or_default()
    }
}

/// Of all thin matrices, in the order of the adapter: the first of each pair, then the second.
pub(super) type Gradients = Vec<Vec<f32>>;

/// What the way back needs of one layer.
struct Trace {
    input: Vec<f32>,
    input_scales: Vec<f32>,
    input_normed: Tensor,
    rows: Tensor,
    attended: Tensor,
    sums: Vec<f32>,
    middle: Vec<f32>,
    middle_scales: Vec<f32>,
    middle_normed: Tensor,
    gates: Tensor,
}

/// One batch on its way through the model.
pub(super) struct Network<'a> {
    pub(super) merged: &'a Merged<'a>,
    pub(super) rotation: &'a Rotation,
}

impl Network<'_> {
    /// Predictions of all targets.
    pub(super) fn predict(&self, batch: &Batch) -> Result<Vec<Prediction>, FinetuneError> {
        let mut rows = self.embed(batch)?;
        for layer in 0..self.merged.products.len() {
            (rows, _) = self.forward(layer, rows, batch)?;
        }
        let (normed, _) = self.final_norm(&rows)?;
        Ok(predictions(&normed, &self.merged.base.output, &batch.targets)?)
    }

    /// Sum of the losses of all targets, and the gradients if each loss counts `weight`.
    pub(super) fn train(&self, batch: &Batch, weight: f32) -> Result<(f64, Gradients), FinetuneError> {
        let base = self.merged.base;
        let mut rows = self.embed(batch)?;
        let mut traces = Vec::with_capacity(self.merged.products.len());
        for layer in 0..self.merged.products.len() {
            let (next, trace) = self.forward(layer, rows, batch)?;
            traces.push(trace);
            rows = next;
        }
        let (normed, scales) = self.final_norm(&rows)?;
        let (loss, normed_gradients) = loss_backward(&normed, &base.output, &batch.targets, weight)?;
        let mut back = vec![0.0; rows.len()];
        add_norm_gradient(&mut back, &numbers(&normed_gradients)?, &rows, &scales, &base.norm);
        drop((rows, normed, normed_gradients));
        let mut gradients = vec![Vec::new(); 2 * self.merged.pair_count];
        while let Some(trace) = traces.pop() {
            back = self.backward(traces.len(), &trace, back, batch, &mut gradients)?;
        }
        Ok((loss, gradients))
    }

    fn embed(&self, batch: &Batch) -> Result<Vec<f32>, FinetuneError> {
        if batch.longest() > self.rotation.positions() {
            return Err(FinetuneError::new(format!("a window has {} tokens", batch.longest())));
        }
        embed(&self.merged.base.embedding, &batch.tokens)
    }

    fn final_norm(&self, rows: &[f32]) -> Result<(Tensor, Vec<f32>), FinetuneError> {
        let base = self.merged.base;
        let (normed, scales) = norm(rows, &base.norm, base.architecture.norm_epsilon);
        Ok((self.hidden(normed)?, scales))
    }

    /// Rows as wide as the model.
    fn hidden(&self, values: Vec<f32>) -> Result<Tensor, FinetuneError> {
        let width = self.merged.base.architecture.hidden;
        let rows = values.len() / width;
        Ok(matrix(values, rows, width)?)
    }

    fn product(&self, layer: usize, group: Group) -> (&Tensor, &[MergedPair]) {
        let index = group as usize;
        (&self.merged.products[layer][index], &self.merged.pairs[layer][index])
    }

    fn base_layer(&self, layer: usize) -> &BaseLayer {
        &self.merged.base.layers[layer]
    }

    fn forward(
        &self,
        layer: usize,
        input: Vec<f32>,
        batch: &Batch,
    ) -> Result<(Vec<f32>, Trace), FinetuneError> {
        let architecture = &self.merged.base.architecture;
        let base = self.base_layer(layer);
        let (normed, input_scales) = norm(&input, &base.attention_norm, architecture.norm_epsilon);
        let input_normed = self.hidden(normed)?;
        let rows = times_transposed(&input_normed, self.product(layer, Group::Attention).0)?;
        edit(&rows, |rows| {
            if !base.biases.is_empty() {
                add_to_rows(rows, &base.biases);
            }
            self.turn(rows, batch, 1.0);
        })?;
        let (attended, sums) = attend(&rows, &batch.sequences, architecture.heads())?;
        let attended = matrix(attended, input_scales.len(), architecture.heads().query_columns())?;
        let mut middle = input.clone();
        let output = times_transposed(&attended, self.product(layer, Group::Output).0)?;
        add(&mut middle, &numbers(&output)?);
        let (normed, middle_scales) = norm(&middle, &base.feed_norm, architecture.norm_epsilon);
        let middle_normed = self.hidden(normed)?;
        let gates = times_transposed(&middle_normed, self.product(layer, Group::Gate).0)?;
        let products = gated(&numbers(&gates)?, architecture.intermediate);
        let products = matrix(products, input_scales.len(), architecture.intermediate)?;
        let mut next = middle.clone();
        let output = times_transposed(&products, self.product(layer, Group::Down).0)?;
        add(&mut next, &numbers(&output)?);
        let trace = Trace {
            input,
            input_scales,
            input_normed,
            rows,
            attended,
            sums,
            middle,
            middle_scales,
            middle_normed,
            gates,
        };
        Ok((next, trace))
    }

    /// Turns queries and keys to their positions (or back) and divides the queries by the root of their width.
    fn turn(&self, rows: &mut [f32], batch: &Batch, direction: f32) {
        let heads = self.merged.base.architecture.heads();
        let factor = (heads.width as f32).sqrt().recip();
        let positions = batch.sequences.iter().flat_map(|sequence| 0..sequence.len());
        for (row, position) in rows.chunks_exact_mut(heads.row()).zip(positions) {
            let (queries, keys) = row.split_at_mut(heads.query_columns());
            self.rotation.turn(queries, position, direction, factor);
            self.rotation.turn(&mut keys[..heads.key_columns()], position, direction, 1.0);
        }
    }

    fn backward(
        &self,
        layer: usize,
        trace: &Trace,
        back: Vec<f32>,
        batch: &Batch,
        gradients: &mut Gradients,
    ) -> Result<Vec<f32>, FinetuneError> {
        let architecture = &self.merged.base.architecture;
        let base = self.base_layer(layer);
        let width = architecture.intermediate;
        let back = self.hidden(back)?;
        let count = back.dim(0)?;
        let from_down = back.matmul(self.product(layer, Group::Down).0)?;
        let (products, from_gates) = gated_backward(&numbers(&trace.gates)?, &numbers(&from_down)?, width);
        drop(from_down);
        self.collect(layer, Group::Down, &matrix(products, count, width)?, &back, gradients)?;
        let from_gates = matrix(from_gates, count, 2 * width)?;
        self.collect(layer, Group::Gate, &trace.middle_normed, &from_gates, gradients)?;
        let normed = from_gates.matmul(self.product(layer, Group::Gate).0)?;
        drop(from_gates);
        let normed = numbers(&normed)?;
        edit(&back, |back| {
            add_norm_gradient(back, &normed, &trace.middle, &trace.middle_scales, &base.feed_norm);
        })?;
        self.collect(layer, Group::Output, &trace.attended, &back, gradients)?;
        let from_output = back.matmul(self.product(layer, Group::Output).0)?;
        let rows = self.attention_backward(trace, &from_output, batch)?;
        self.collect(layer, Group::Attention, &trace.input_normed, &rows, gradients)?;
        if layer == 0 {
            return Ok(Vec::new());
        }
        let normed = rows.matmul(self.product(layer, Group::Attention).0)?;
        let mut back = numbers(&back)?.to_vec();
        let scales = &trace.input_scales;
        add_norm_gradient(&mut back, &numbers(&normed)?, &trace.input, scales, &base.attention_norm);
        Ok(back)
    }

    fn attention_backward(
        &self,
        trace: &Trace,
        gradients: &Tensor,
        batch: &Batch,
    ) -> Result<Tensor, FinetuneError> {
        let heads = self.merged.base.architecture.heads();
        let outputs = numbers(&trace.attended)?;
        let sequences = &batch.sequences;
        let attended = Attended { rows: &trace.rows, sequences, heads, outputs: &outputs, sums: &trace.sums };
        let mut rows = attended.backward(gradients)?;
        self.turn(&mut rows, batch, -1.0);
        Ok(matrix(rows, trace.input_scales.len(), heads.row())?)
    }

    /// Gradients of the thin matrices of a product from its input and the gradients of its output.
    fn collect(
        &self,
        layer: usize,
        group: Group,
        input: &Tensor,
        outputs: &Tensor,
        gradients: &mut Gradients,
    ) -> Result<(), FinetuneError> {
        for pair in self.product(layer, group).1 {
            let outputs = columns(outputs, pair.first, pair.outputs)?;
            let up = transposed_times(&outputs, &times_transposed(input, &pair.down)?)?;
            let down = transposed_times(&outputs.matmul(&pair.up)?, input)?;
            for (offset, gradient) in [(0, down), (1, up)] {
                let scaled = numbers(&gradient)?.iter().map(|value| value * self.merged.scale).collect();
                if let Some(target) = gradients.get_mut(2 * pair.index + offset) {
                    *target = scaled;
                }
            }
        }
        Ok(())
    }
}
