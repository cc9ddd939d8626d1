//! The same model by candle's tensors and its automatic differentiation, for devices on which large products are cheap.
//! The base is uploaded once and frozen. Several windows are one computation; what the way back needs of them is kept
//! as far as memory allows, and otherwise the layers are computed again, a few at a time.

mod detour;
mod launch;
mod layers;
mod weights;

use std::ops::Range;
use std::sync::Arc;

use candle_core::{D, DType, Device, Result as DeviceResult, Tensor, Var};

use super::FinetuneError;
use super::adapter::Adapter;
use super::base_model::{Architecture, BaseModel};
use super::batch::Batch;
use super::compute::{Compute, Gradients};
use super::dropout::Dropout;
use super::loss::Prediction;
use super::processor::pool;
use detour::detour;
use launch::{Launch, Tables};
use layers::Pass;
use weights::{Frozen, Thin};

/// Logits that exist at the same time: 64 MiB.
const LOGITS: usize = 1 << 24;

/// What may exist at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Limits {
    /// Tokens of a launch, padding included; a single window may be longer.
    pub(super) tokens: usize,
    /// Layers whose numbers are kept for the way back.
    pub(super) layers: usize,
}

impl Limits {
    fn new(architecture: &Architecture, window: usize, device: &Device) -> Self {
        let (bytes, most) = if device.is_cpu() { (1 << 30, 1024) } else { (4 << 30, 8192) };
        let Architecture { hidden, intermediate, heads, key_heads, head_width, .. } = architecture;
        // Numbers of one token in one layer, on the way there and back; tried out, not exact.
        let attention = 10 * (heads + 2 * key_heads) * head_width + 5 * heads * window;
        let token = 4 * (20 * hidden + 12 * intermediate + attention);
        let tokens = (bytes / token).clamp(1, most).max(window);
        Self { tokens, layers: (bytes / (token * tokens)).max(1) }
    }
}

/// Computes with candle on a device.
pub(super) struct Graph {
    architecture: Architecture,
    frozen: Frozen,
    tables: Tables,
    device: Device,
    pub(super) limits: Limits,
    /// For candle's products on the processor; small operations run in a pool of its own.
    pool: Option<rayon::ThreadPool>,
}

impl Graph {
    pub(super) fn new(
        base: &Arc<BaseModel>,
        device: &Device,
        threads: usize,
        window: usize,
    ) -> Result<Self, FinetuneError> {
        let architecture = base.architecture().clone();
        let window = window.max(1);
        Ok(Self {
            frozen: Frozen::new(base, device)?,
            tables: Tables::new(&architecture, window, device)?,
            device: device.clone(),
            limits: Limits::new(&architecture, window, device),
            pool: device.is_cpu().then(|| pool(threads.max(1))).transpose()?,
            architecture,
        })
    }

    fn with_threads<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        match &self.pool {
            Some(pool) => pool.install(work),
            None => work(),
        }
    }

    fn launches(&self, batch: &Batch) -> Vec<Batch> {
        batch.parts(|part, length| {
            (part.sequences.len() + 1) * part.longest().max(length) <= self.limits.tokens
        })
    }

    fn pass<'a>(&'a self, thin: &'a Thin, launch: &'a Launch, dropout: Option<Dropout>) -> Pass<'a> {
        Pass { architecture: &self.architecture, frozen: &self.frozen, thin, launch, dropout }
    }

    /// Sum of the losses of a launch; adds to the gradients, which are as in [`Gradients`].
    fn train_launch(
        &self,
        step: &Step,
        launch: &Launch,
        gradients: &mut [Option<Tensor>],
    ) -> Result<f64, FinetuneError> {
        let there = self.pass(&step.constant, launch, step.dropout);
        let back = self.pass(&step.variable, launch, step.dropout);
        let mut segments = self.segments();
        let Some(last) = segments.pop() else { return Ok(0.0) };
        // Of all segments but the last one only their inputs are kept.
        let mut rows = there.embed()?;
        let mut inputs = Vec::with_capacity(segments.len());
        for segment in segments {
            let next = there.layers(segment.clone(), rows.clone())?;
            inputs.push((segment, rows));
            rows = next;
        }
        let input = Var::from_tensor(&rows)?;
        let rows = back.finish(&back.layers(last, input.as_tensor().clone())?)?;
        let (loss, slope) = self.loss_and_slope(&rows.detach(), &launch.targets, step.weight)?;
        let mut slope = step.backward(&rows, &slope, &input, gradients)?;
        drop(rows);
        while let Some((segment, input)) = inputs.pop() {
            let input = Var::from_tensor(&input)?;
            let rows = back.layers(segment, input.as_tensor().clone())?;
            slope = step.backward(&rows, &slope, &input, gradients)?;
        }
        Ok(loss)
    }

    fn segments(&self) -> Vec<Range<usize>> {
        let (all, some) = (self.architecture.layers, self.limits.layers.max(1));
        (0..all).step_by(some).map(|first| first..all.min(first + some)).collect()
    }

    /// Sum of the losses, and the gradients of the rows before the output layer if each loss counts `weight`. The
    /// logits of a whole launch never exist at once.
    fn loss_and_slope(&self, rows: &Tensor, targets: &Tensor, weight: f32) -> DeviceResult<(f64, Tensor)> {
        let mut slopes = Vec::new();
        let mut loss = 0.0;
        for (rows, targets) in self.chunks(rows, targets)? {
            let logits = Logits::new(&rows, &self.frozen.output, &targets)?;
            loss += logits.losses()?.iter().copied().map(f64::from).sum::<f64>();
            let expected = logits.powers.matmul(&self.frozen.output)?.broadcast_div(&logits.sums)?;
            let right = self.frozen.output.index_select(&targets, 0)?;
            slopes.push(((expected - right)? * f64::from(weight))?);
        }
        Ok((loss, Tensor::cat(&slopes, 0)?))
    }

    /// Rows and their targets, a few at a time.
    fn chunks(&self, rows: &Tensor, targets: &Tensor) -> DeviceResult<Vec<(Tensor, Tensor)>> {
        let (count, some) = (rows.dim(0)?, (LOGITS / self.architecture.vocabulary).max(1));
        let chunk = |first: usize| {
            let len = some.min(count - first);
            Ok((rows.narrow(0, first, len)?, targets.narrow(0, first, len)?))
        };
        (0..count).step_by(some).map(chunk).collect()
    }

    fn train_here(
        &self,
        adapter: &Adapter,
        batch: &Batch,
        weight: f32,
    ) -> Result<(f64, Gradients), FinetuneError> {
        let variables = Thin::upload(adapter, &self.device)?;
        let constants = variables.iter().map(Var::as_detached_tensor).collect();
        let step = Step {
            constant: Thin::new(adapter, constants),
            variable: Thin::new(
                adapter,
                variables.iter().map(|variable| variable.as_tensor().clone()).collect(),
            ),
            dropout: Dropout::new(adapter.options.dropout),
            weight,
        };
        let mut sums: Vec<Option<Tensor>> = vec![None; variables.len()];
        let mut loss = 0.0;
        for part in self.launches(batch) {
            let launch = Launch::new(&part, self.architecture.vocabulary, &self.tables)?;
            loss += self.train_launch(&step, &launch, &mut sums)?;
        }
        let mut gradients = Gradients::with_capacity(sums.len());
        for (sum, variable) in sums.into_iter().zip(&variables) {
            gradients.push(match sum {
                Some(sum) => sum.flatten_all()?.to_vec1()?,
                None => vec![0.0; variable.elem_count()],
            });
        }
        Ok((loss, gradients))
    }

    fn predict_here(
        &self,
        adapter: Option<&Adapter>,
        batch: &Batch,
    ) -> Result<Vec<Prediction>, FinetuneError> {
        let thin = match adapter {
            Some(adapter) => {
                let variables = Thin::upload(adapter, &self.device)?;
                Thin::new(adapter, variables.iter().map(Var::as_detached_tensor).collect())
            }
            None => Thin::default(),
        };
        let mut predictions = Vec::with_capacity(batch.targets.len());
        for part in self.launches(batch) {
            let launch = Launch::new(&part, self.architecture.vocabulary, &self.tables)?;
            let pass = self.pass(&thin, &launch, None);
            let rows = pass.finish(&pass.layers(0..self.architecture.layers, pass.embed()?)?)?;
            for (rows, targets) in self.chunks(&rows, &launch.targets)? {
                let logits = Logits::new(&rows, &self.frozen.output, &targets)?;
                let best = logits.powers.argmax(D::Minus1)?.to_dtype(DType::U32)?.to_vec1::<u32>()?;
                let losses = logits.losses()?.into_iter().zip(best);
                predictions.extend(losses.map(|(loss, best)| Prediction { loss, best }));
            }
        }
        Ok(predictions)
    }
}

impl Compute for Graph {
    fn train(
        &self,
        adapter: &Adapter,
        batch: &Batch,
        weight: f32,
    ) -> Result<(f64, Gradients), FinetuneError> {
        self.with_threads(|| self.train_here(adapter, batch, weight))
    }

    fn predict(&self, adapter: Option<&Adapter>, batch: &Batch) -> Result<Vec<Prediction>, FinetuneError> {
        self.with_threads(|| self.predict_here(adapter, batch))
    }
}

/// What all launches of a step share.
struct Step {
    /// The thin matrices for ways that are not gone back.
    constant: Thin,
    /// The same ones, for which gradients are found.
    variable: Thin,
    dropout: Option<Dropout>,
    weight: f32,
}

impl Step {
    /// From the gradient of `rows` the one of the `input` that they were made of; adds to those of the thin matrices.
    fn backward(
        &self,
        rows: &Tensor,
        slope: &Tensor,
        input: &Var,
        gradients: &mut [Option<Tensor>],
    ) -> Result<Tensor, FinetuneError> {
        // The slope of this sum is that of the loss.
        let sum = detour(rows, |rows| (rows * slope)?.sum_all(), {
            let slope = slope.clone();
            move |_, gradient| slope.broadcast_mul(gradient)
        })?;
        let mut store = sum.backward()?;
        for (sum, variable) in gradients.iter_mut().zip(&self.variable.tensors) {
            if let Some(gradient) = store.remove(variable) {
                *sum = Some(match sum.take() {
                    Some(sum) => (sum + gradient)?,
                    None => gradient,
                });
            }
        }
        let missing = || FinetuneError::new("a layer has no way back".to_owned());
        let slope = store.remove(input).ok_or_else(missing)?;
        debug_assert_eq!(store.get_ids().count(), 0, "nothing else has a gradient: the base is frozen");
        Ok(slope)
    }
}

/// The output layer for a few rows.
struct Logits {
    /// Powers of e, the largest of each row 1.
    powers: Tensor,
    sums: Tensor,
    /// What was subtracted from the logits of the right tokens, less these.
    rest: Tensor,
}

impl Logits {
    fn new(rows: &Tensor, output: &Tensor, targets: &Tensor) -> DeviceResult<Self> {
        let logits = rows.matmul(&output.t()?)?;
        let right = logits.gather(&targets.unsqueeze(1)?, 1)?;
        let shift = logits.max_keepdim(D::Minus1)?;
        let powers = logits.broadcast_sub(&shift)?.exp()?;
        let sums = powers.sum_keepdim(D::Minus1)?;
        Ok(Self { powers, sums, rest: (shift - right)? })
    }

    fn losses(&self) -> DeviceResult<Vec<f32>> {
        (self.sums.log()? + &self.rest)?.flatten_all()?.to_vec1()
    }
}
