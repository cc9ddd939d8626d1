//! The training itself: batches of windows, one step of the optimizer per batch.

use std::sync::Arc;

use super::FinetuneError;
use super::adapter::{Adapter, AdapterOptions};
use super::base_model::BaseModel;
use super::batch::Batch;
use super::compute::{Compute, Hardware};
use super::corpus::{Corpus, Piece, Window};
use super::loss::Prediction;
use super::optimizer::{Moments, Rates, clip};
use super::random::Random;

/// How is trained.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainingOptions {
    pub adapter: AdapterOptions,
    pub rates: Rates,
    /// Tokens per step, at least.
    pub batch_tokens: usize,
    pub seed: u64,
    pub threads: usize,
    pub hardware: Hardware,
}

impl Default for TrainingOptions {
    fn default() -> Self {
        Self {
            adapter: AdapterOptions::default(),
            rates: Rates::default(),
            batch_tokens: 4096,
            seed: 1,
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            hardware: Hardware::default(),
        }
    }
}

/// Where in the endless row of windows the training is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) pass: u64,
    pub(super) piece: usize,
}

/// What a step did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepReport {
    /// Mean loss per token before the step.
    pub loss: f64,
    pub tokens: usize,
    pub rate: f32,
    /// Length of the gradient before it was cut.
    pub gradient: f32,
}

/// Trains an adapter of a base model.
pub struct Trainer {
    pub(super) base: Arc<BaseModel>,
    pub(super) options: TrainingOptions,
    pub(super) adapter: Adapter,
    pub(super) moments: Moments,
    pub(super) place: Place,
    pieces: Vec<Piece>,
    compute: Box<dyn Compute>,
}

impl Trainer {
    /// `window` is the number of tokens of the longest window.
    pub fn new(base: Arc<BaseModel>, options: TrainingOptions, window: usize) -> Result<Self, FinetuneError> {
        let mut adapter = Adapter::new(base.architecture(), &options.adapter, options.seed)?;
        let sizes: Vec<usize> = adapter.slices().map(|slice| slice.len()).collect();
        let compute = options.hardware.open(&base, &options, window)?;
        let moments = Moments::new(&sizes);
        let place = Place::default();
        Ok(Self { base, options, adapter, moments, place, pieces: Vec::new(), compute })
    }

    pub fn adapter(&self) -> &Adapter {
        &self.adapter
    }

    /// Steps done so far, those before a resume included.
    pub fn steps(&self) -> u64 {
        self.moments.steps
    }

    /// Passes over all modules that are complete.
    pub fn passes(&self) -> u64 {
        self.place.pass
    }

    /// One step; `progress` is the done part of the whole training, from which the learning rate follows.
    pub fn step(&mut self, corpus: &Corpus, progress: f32) -> Result<StepReport, FinetuneError> {
        let batch = self.next_batch(corpus)?;
        let tokens = batch.targets.len();
        let (sum, mut gradients) = self.compute.train(&self.adapter, &batch, (tokens as f32).recip())?;
        let loss = sum / tokens.max(1) as f64;
        if !loss.is_finite() {
            return Err(FinetuneError::new(
                "the training got out of hand: try a lower learning rate".to_owned(),
            ));
        }
        let gradient = clip(&mut gradients, self.options.rates.clip);
        let rate = self.options.rates.at(progress);
        self.moments.step(self.adapter.slices(), &gradients, &self.options.rates, rate);
        Ok(StepReport { loss, tokens, rate, gradient })
    }

    /// Predictions of all tokens of windows but their first, with the adapter as it is now.
    pub fn predict(&self, windows: &[Window]) -> Result<Vec<Vec<Prediction>>, FinetuneError> {
        self.predict_with(&self.adapter, windows)
    }

    /// The same with another adapter of the same base.
    pub fn predict_with(
        &self,
        adapter: &Adapter,
        windows: &[Window],
    ) -> Result<Vec<Vec<Prediction>>, FinetuneError> {
        self.predictions(Some(adapter), windows)
    }

    /// The same with the base alone.
    pub fn predict_with_base(&self, windows: &[Window]) -> Result<Vec<Vec<Prediction>>, FinetuneError> {
        self.predictions(None, windows)
    }

    fn predictions(
        &self,
        adapter: Option<&Adapter>,
        windows: &[Window],
    ) -> Result<Vec<Vec<Prediction>>, FinetuneError> {
        let batch = Batch::of(windows);
        let predictions = self.compute.predict(adapter, &batch)?;
        let of = |sequence: &std::ops::Range<usize>| {
            predictions.get(sequence.clone()).map(<[Prediction]>::to_vec).unwrap_or_default()
        };
        Ok(batch.sequences.iter().map(of).collect())
    }

    /// Continues at another place.
    pub(super) fn go_to(&mut self, place: Place) {
        self.place = place;
        self.pieces.clear();
    }

    fn next_batch(&mut self, corpus: &Corpus) -> Result<Batch, FinetuneError> {
        let seed = self.options.seed;
        let mut batch = Batch::default();
        while batch.tokens.len() < self.options.batch_tokens {
            if self.pieces.is_empty() {
                self.pieces = corpus.pieces(seed, self.place.pass);
                if self.pieces.is_empty() {
                    return Err(FinetuneError::new("there is too little text to learn from".to_owned()));
                }
            }
            let Some(piece) = self.pieces.get(self.place.piece) else {
                self.go_to(Place { pass: self.place.pass + 1, piece: 0 });
                continue;
            };
            let number = self.place.pass.wrapping_mul(1 << 32) + self.place.piece as u64;
            let window = corpus.window(*piece, &mut Random::of(seed ^ 0x5EED, number));
            batch.push(&window.tokens, Random::of(seed ^ 0xD809, number).next());
            self.place.piece += 1;
        }
        Ok(batch)
    }
}
