//! The model of the Qwen2 architecture, forward and backward, written out by hand: gradients flow to activations and
//! to the thin matrices only, a batch is a few large products, and nothing is transposed or copied for the way back.

use std::borrow::Cow;

use candle_core::Tensor;

use super::FinetuneError;
use super::adapter::{Merged, MergedPair};
use super::attention::{Attended, add_columns, attend};
use super::base_model::{BaseLayer, Group, embed};
use super::batch::Batch;
use super::compute::Gradients;
use super::dropout::Dropout;
use super::layers::{Rotation, add_norm_gradient, add_to_rows, gated, gated_backward, norm};
use super::loss::{Prediction, loss_backward, predictions};
use super::numbers::{add, columns, edit, matrix, numbers, times_transposed, transposed_times};

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
    /// Only if the thin matrices stand apart from the weights.
    pub(super) dropout: Option<Dropout>,
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
        let rows = self.times(layer, Group::Attention, &input_normed, batch)?;
        edit(&rows, |rows| {
            if !base.biases.is_empty() {
                add_to_rows(rows, &base.biases);
            }
            self.turn(rows, batch, 1.0);
        })?;
        let (attended, sums) = attend(&rows, &batch.sequences, architecture.heads())?;
        let attended = matrix(attended, input_scales.len(), architecture.heads().query_columns())?;
        let mut middle = input.clone();
        let output = self.times(layer, Group::Output, &attended, batch)?;
        add(&mut middle, &numbers(&output)?);
        let (normed, middle_scales) = norm(&middle, &base.feed_norm, architecture.norm_epsilon);
        let middle_normed = self.hidden(normed)?;
        let gates = self.times(layer, Group::Gate, &middle_normed, batch)?;
        let products = gated(&numbers(&gates)?, architecture.intermediate);
        let products = matrix(products, input_scales.len(), architecture.intermediate)?;
        let mut next = middle.clone();
        let output = self.times(layer, Group::Down, &products, batch)?;
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
        let from_down = self.times_back(layer, Group::Down, &back, batch)?;
        let (products, from_gates) = gated_backward(&numbers(&trace.gates)?, &numbers(&from_down)?, width);
        drop(from_down);
        let products = matrix(products, count, width)?;
        self.collect(layer, Group::Down, (&products, &back), batch, gradients)?;
        drop(products);
        let from_gates = matrix(from_gates, count, 2 * width)?;
        self.collect(layer, Group::Gate, (&trace.middle_normed, &from_gates), batch, gradients)?;
        let normed = self.times_back(layer, Group::Gate, &from_gates, batch)?;
        drop(from_gates);
        let normed = numbers(&normed)?;
        edit(&back, |back| {
            add_norm_gradient(back, &normed, &trace.middle, &trace.middle_scales, &base.feed_norm);
        })?;
        self.collect(layer, Group::Output, (&trace.attended, &back), batch, gradients)?;
        let from_output = self.times_back(layer, Group::Output, &back, batch)?;
        let rows = self.attention_backward(trace, &from_output, batch)?;
        self.collect(layer, Group::Attention, (&trace.input_normed, &rows), batch, gradients)?;
        if layer == 0 {
            return Ok(Vec::new());
        }
        let normed = self.times_back(layer, Group::Attention, &rows, batch)?;
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

    /// Output of a product.
    fn times(
        &self,
        layer: usize,
        group: Group,
        input: &Tensor,
        batch: &Batch,
    ) -> Result<Tensor, FinetuneError> {
        let (product, pairs) = self.product(layer, group);
        let output = times_transposed(input, product)?;
        if self.dropout.is_some() {
            let width = product.dim(0)?;
            for pair in pairs {
                let thin = times_transposed(&*self.thinned_out(pair, input, batch)?, &pair.down)?;
                edit(&thin, |thin| thin.iter_mut().for_each(|value| *value *= self.merged.scale))?;
                let change = times_transposed(&thin, &pair.up)?;
                edit(&output, |output| add_columns(output, width, 0, pair.first, &change))??;
            }
        }
        Ok(output)
    }

    /// Gradients of the input of a product from those of its output.
    fn times_back(
        &self,
        layer: usize,
        group: Group,
        outputs: &Tensor,
        batch: &Batch,
    ) -> Result<Tensor, FinetuneError> {
        let (product, pairs) = self.product(layer, group);
        let back = outputs.matmul(product)?;
        if let Some(dropout) = self.dropout {
            for pair in pairs {
                let thin = columns(outputs, pair.first, pair.outputs)?.matmul(&pair.up)?;
                edit(&thin, |thin| thin.iter_mut().for_each(|value| *value *= self.merged.scale))?;
                let change = thin.matmul(&pair.down)?;
                edit(&change, |change| dropout.thin_out(batch, pair.index, change))?;
                let change = numbers(&change)?;
                edit(&back, |back| add(back, &change))?;
            }
        }
        Ok(back)
    }

    /// What a pair of thin matrices reads of the input of its product.
    fn thinned_out<'t>(
        &self,
        pair: &MergedPair,
        input: &'t Tensor,
        batch: &Batch,
    ) -> Result<Cow<'t, Tensor>, FinetuneError> {
        let Some(dropout) = self.dropout else { return Ok(Cow::Borrowed(input)) };
        let rest = input.copy()?;
        edit(&rest, |rest| dropout.thin_out(batch, pair.index, rest))?;
        Ok(Cow::Owned(rest))
    }

    /// Gradients of the thin matrices of a product from its input and the gradients of its output.
    fn collect(
        &self,
        layer: usize,
        group: Group,
        (input, outputs): (&Tensor, &Tensor),
        batch: &Batch,
        gradients: &mut Gradients,
    ) -> Result<(), FinetuneError> {
        for pair in self.product(layer, group).1 {
            let input = self.thinned_out(pair, input, batch)?;
            let outputs = columns(outputs, pair.first, pair.outputs)?;
            let up = transposed_times(&outputs, &times_transposed(&input, &pair.down)?)?;
            let down = transposed_times(&outputs.matmul(&pair.up)?, &input)?;
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
