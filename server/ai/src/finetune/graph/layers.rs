//! The layers of the model by candle's operations, for several windows at once.

use std::ops::Range;

use candle_core::{D, Result, Tensor};
use candle_nn::{ops, rotary_emb};

use super::super::base_model::{Architecture, Target};
use super::super::dropout::Dropout;
use super::detour::detour;
use super::launch::Launch;
use super::weights::{Frozen, Thin};

/// One launch on its way through layers.
pub(super) struct Pass<'a> {
    pub(super) architecture: &'a Architecture,
    pub(super) frozen: &'a Frozen,
    pub(super) thin: &'a Thin,
    pub(super) launch: &'a Launch,
    pub(super) dropout: Option<Dropout>,
}

impl Pass<'_> {
    pub(super) fn embed(&self) -> Result<Tensor> {
        self.frozen.embedding.index_select(&self.launch.tokens, 0)
    }

    pub(super) fn layers(&self, layers: Range<usize>, mut rows: Tensor) -> Result<Tensor> {
        for (index, layer) in self.frozen.layers.iter().enumerate().take(layers.end).skip(layers.start) {
            let normed = self.norm(&rows, &layer.attention_norm)?;
            rows = (rows + self.attention(index, &normed)?)?;
            let normed = self.norm(&rows, &layer.feed_norm)?;
            let gate = self.project(index, Target::Gate, &normed)?.silu()?;
            let gated = (gate * self.project(index, Target::Up, &normed)?)?;
            rows = (rows + self.project(index, Target::Down, &gated)?)?;
        }
        Ok(rows)
    }

    /// Rows of the kept tokens, ready for the output layer.
    pub(super) fn finish(&self, rows: &Tensor) -> Result<Tensor> {
        self.norm(&rows.index_select(&self.launch.kept, 0)?, &self.frozen.norm)
    }

    fn norm(&self, rows: &Tensor, weight: &Tensor) -> Result<Tensor> {
        let mean = (rows.sqr()?.mean_keepdim(D::Minus1)? + self.architecture.norm_epsilon)?;
        let even = rows.broadcast_div(&mean.sqrt()?)?;
        let weight = weight.clone();
        detour(&even, |even| even.broadcast_mul(&weight), {
            let weight = weight.clone();
            move |_, gradient| gradient.broadcast_mul(&weight)
        })
    }

    fn project(&self, layer: usize, target: Target, rows: &Tensor) -> Result<Tensor> {
        let projection = &self.frozen.layers[layer].projections[target as usize];
        let weight = projection.weight.clone();
        let output = detour(
            rows,
            |rows| {
                let output = rows.matmul(&projection.weight.t()?)?;
                projection.bias.as_ref().map_or(Ok(output.clone()), |bias| output.broadcast_add(bias))
            },
            move |_, gradient| gradient.matmul(&weight),
        )?;
        let Some((pair, [down, up])) = self.thin.of(layer, target) else { return Ok(output) };
        let input = match self.dropout {
            Some(dropout) => {
                let factors = self.launch.factors(dropout, pair, rows.dim(1)?)?;
                let back = factors.clone();
                detour(rows, |rows| rows * factors, move |_, gradient| gradient * &back)?
            }
            None => rows.clone(),
        };
        let thin = (input.matmul(&down.t()?)? * self.thin.scale)?;
        output + thin.matmul(&up.t()?)?
    }

    fn attention(&self, layer: usize, rows: &Tensor) -> Result<Tensor> {
        let Architecture { heads, key_heads, head_width, .. } = *self.architecture;
        let (windows, time) = (self.launch.windows, self.launch.time);
        let split = |target: Target, heads: usize| {
            let rows = self.project(layer, target, rows)?;
            rows.reshape((windows, time, heads, head_width))?.transpose(1, 2)?.contiguous()
        };
        let queries = (self.turn(&split(Target::Query, heads)?)? / (head_width as f64).sqrt())?;
        let keys = self.turn(&split(Target::Key, key_heads)?)?;
        let values = split(Target::Value, key_heads)?;
        // Heads of queries that share keys stand below each other: so the keys need not be repeated.
        let groups = windows * key_heads;
        let shared = heads / key_heads * time;
        let queries = queries.reshape((groups, shared, head_width))?;
        let keys = keys.reshape((groups, time, head_width))?;
        let values = values.reshape((groups, time, head_width))?;
        let scores = queries.matmul(&keys.t()?)?;
        let output = self.probabilities(&scores)?.matmul(&values)?;
        let output = output.reshape((windows, heads, time, head_width))?.transpose(1, 2)?.contiguous()?;
        self.project(layer, Target::Output, &output.reshape((windows * time, heads * head_width))?)
    }

    fn probabilities(&self, scores: &Tensor) -> Result<Tensor> {
        let forward = |scores: &Tensor| {
            let (groups, shared, time) = scores.dims3()?;
            let heads = scores.reshape((groups * shared / time, time, time))?;
            let masked = heads.broadcast_add(&self.launch.mask)?;
            ops::softmax_last_dim(&masked)?.reshape((groups, shared, time))
        };
        detour(scores, forward, |probabilities, gradient| {
            let weighted = (probabilities * gradient)?;
            let along = weighted.sum_keepdim(D::Minus1)?;
            weighted - probabilities.broadcast_mul(&along)?
        })
    }

    /// Turns heads to their positions.
    fn turn(&self, heads: &Tensor) -> Result<Tensor> {
        let (cosines, sines) = (self.launch.cosines.clone(), self.launch.sines.clone());
        let forward = |heads: &Tensor| rotary_emb::rope(heads, &cosines, &sines);
        let (cosines, sines) = (cosines.clone(), sines.clone());
        detour(heads, forward, move |_, gradient| {
            rotary_emb::rope(&gradient.contiguous()?, &cosines, &sines.neg()?)
        })
    }
}
