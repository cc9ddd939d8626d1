//! Several windows as one computation: padded to the longest of them, with a causal mask. Padding stands behind the
//! tokens of a window, so no token sees it, and it is left out before the output layer.

use candle_core::{DType, Device, Result, Tensor};

use super::super::FinetuneError;
use super::super::base_model::Architecture;
use super::super::batch::Batch;
use super::super::dropout::Dropout;

/// Positions that windows of a training can have.
pub(super) struct Tables {
    positions: usize,
    cosines: Tensor,
    sines: Tensor,
    /// 0 for what a token sees, negative infinity for what comes later.
    mask: Tensor,
}

impl Tables {
    pub(super) fn new(architecture: &Architecture, positions: usize, device: &Device) -> Result<Self> {
        let (width, half) = (architecture.head_width, architecture.head_width / 2);
        let angle = |index: usize| {
            let frequency = architecture.rotary_base.powf(-2.0 * (index % half) as f64 / width as f64);
            (index / half) as f64 * frequency
        };
        let table = |of: fn(f64) -> f64| {
            let values: Vec<f32> = (0..positions * half).map(|index| of(angle(index)) as f32).collect();
            Tensor::from_vec(values, (positions, half), device)
        };
        let is_later = |index: usize| index % positions > index / positions;
        let mask: Vec<f32> = (0..positions * positions)
            .map(|index| if is_later(index) { f32::NEG_INFINITY } else { 0.0 })
            .collect();
        let mask = Tensor::from_vec(mask, (positions, positions), device)?;
        Ok(Self { positions, cosines: table(f64::cos)?, sines: table(f64::sin)?, mask })
    }
}

/// Windows on the device.
pub(super) struct Launch {
    pub(super) windows: usize,
    /// Tokens of the longest window.
    pub(super) time: usize,
    /// Of all windows, padded.
    pub(super) tokens: Tensor,
    /// Places of the tokens that are no padding.
    pub(super) kept: Tensor,
    /// Of the kept tokens.
    pub(super) targets: Tensor,
    pub(super) cosines: Tensor,
    pub(super) sines: Tensor,
    pub(super) mask: Tensor,
    lengths: Vec<usize>,
    seeds: Vec<u64>,
}

impl Launch {
    pub(super) fn new(
        part: &Batch,
        vocabulary: usize,
        tables: &Tables,
    ) -> std::result::Result<Self, FinetuneError> {
        let (windows, time) = (part.sequences.len(), part.longest());
        if time > tables.positions {
            return Err(FinetuneError::new(format!("a window has {time} tokens")));
        }
        // GPUs do not look whether an index is inside.
        if let Some(token) =
            part.tokens.iter().chain(&part.targets).find(|token| **token as usize >= vocabulary)
        {
            return Err(FinetuneError::new(format!("the model knows no token {token}")));
        }
        let mut tokens = vec![0u32; windows * time];
        let mut kept = Vec::with_capacity(part.tokens.len());
        for (window, sequence) in part.sequences.iter().enumerate() {
            let places = window * time..window * time + sequence.len();
            tokens[places.clone()].copy_from_slice(&part.tokens[sequence.clone()]);
            kept.extend(places.map(|place| place as u32));
        }
        let device = tables.mask.device();
        let numbers = |values: &[u32]| Tensor::from_slice(values, values.len(), device);
        Ok(Self {
            windows,
            time,
            tokens: numbers(&tokens)?,
            kept: numbers(&kept)?,
            targets: numbers(&part.targets)?,
            cosines: tables.cosines.narrow(0, 0, time)?,
            sines: tables.sines.narrow(0, 0, time)?,
            mask: tables.mask.narrow(0, 0, time)?.narrow(1, 0, time)?.contiguous()?,
            lengths: part.sequences.iter().map(ExactSizeIterator::len).collect(),
            seeds: part.seeds.clone(),
        })
    }

    /// Factors for the inputs of a pair of thin matrices: 0 for what is left out.
    pub(super) fn factors(&self, dropout: Dropout, pair: usize, width: usize) -> Result<Tensor> {
        let mut stays = vec![0u8; self.windows * self.time * width];
        let windows = stays.chunks_exact_mut(self.time * width);
        for (window, (length, seed)) in windows.zip(self.lengths.iter().zip(&self.seeds)) {
            dropout.draw(*seed, pair, &mut window[..length * width], |value, stays| *value = u8::from(stays));
        }
        // As bytes they are on their way for a quarter of the time.
        let stays = Tensor::from_vec(stays, (self.windows * self.time, width), self.tokens.device())?;
        stays.to_dtype(DType::F32)? * f64::from(dropout.factor())
    }
}
