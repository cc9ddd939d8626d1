//! The training itself: batches of windows, the work of several threads put together in a fixed order, one step of
//! the optimizer per batch.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::Mutex;

use super::FinetuneError;
use super::adapter::{Adapter, AdapterOptions, Merged};
use super::base_model::BaseModel;
use super::corpus::{Corpus, Piece, Window};
use super::layers::Rotation;
use super::loss::Prediction;
use super::network::{Batch, Gradients, Network};
use super::numbers::add;
use super::optimizer::{Moments, Rates, clip};
use super::random::Random;

/// Tokens that one thread works on at a time; more only costs memory.
const PART_TOKENS: usize = 1024;

/// How is trained.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainingOptions {
    pub adapter: AdapterOptions,
    pub rates: Rates,
    /// Tokens per step, at least.
    pub batch_tokens: usize,
    pub seed: u64,
    pub threads: usize,
}

impl Default for TrainingOptions {
    fn default() -> Self {
        Self {
            adapter: AdapterOptions::default(),
            rates: Rates::default(),
            batch_tokens: 4096,
            seed: 1,
            threads: std::thread::available_parallelism().map_or(1, usize::from),
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
    rotation: Rotation,
    pools: Vec<rayon::ThreadPool>,
}

impl Trainer {
    /// `window` is the number of tokens of the longest window.
    pub fn new(base: Arc<BaseModel>, options: TrainingOptions, window: usize) -> Result<Self, FinetuneError> {
        let mut adapter = Adapter::new(base.architecture(), &options.adapter, options.seed)?;
        let sizes: Vec<usize> = adapter.slices().map(|slice| slice.len()).collect();
        let architecture = base.architecture();
        let rotation = Rotation::new(window.max(1), architecture.head_width, architecture.rotary_base);
        let pools = (0..options.threads.max(1)).map(|_| pool()).collect::<Result<_, _>>()?;
        let moments = Moments::new(&sizes);
        let place = Place::default();
        Ok(Self { base, options, adapter, moments, place, pieces: Vec::new(), rotation, pools })
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
        let windows = self.next_windows(corpus)?;
        let parts = parts(&windows);
        let tokens: usize = parts.iter().map(|part| part.targets.len()).sum();
        let weight = (tokens as f32).recip();
        let merged = Merged::new(&self.base, &self.adapter)?;
        let network = Network { merged: &merged, rotation: &self.rotation };
        let mut sum = Sum::default();
        self.spread(&parts, |part| network.train(part, weight), |index, done| sum.take(index, done))?;
        let (loss, mut gradients) = (sum.loss / tokens.max(1) as f64, sum.gradients);
        drop(merged);
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
        self.predict_merged(&Merged::new(&self.base, adapter)?, windows)
    }

    /// The same with the base alone.
    pub fn predict_with_base(&self, windows: &[Window]) -> Result<Vec<Vec<Prediction>>, FinetuneError> {
        self.predict_merged(&Merged::of_base(&self.base), windows)
    }

    fn predict_merged(
        &self,
        merged: &Merged<'_>,
        windows: &[Window],
    ) -> Result<Vec<Vec<Prediction>>, FinetuneError> {
        let network = Network { merged, rotation: &self.rotation };
        let parts = parts(windows);
        let mut predictions = BTreeMap::new();
        self.spread(
            &parts,
            |part| network.predict(part),
            |index, done| {
                predictions.insert(index, done);
            },
        )?;
        let mut predicted = Vec::with_capacity(windows.len());
        for (part, predictions) in parts.iter().zip(predictions.into_values()) {
            predicted.extend(part.sequences.iter().map(|sequence| predictions[sequence.clone()].to_vec()));
        }
        Ok(predicted)
    }

    /// Continues at another place.
    pub(super) fn go_to(&mut self, place: Place) {
        self.place = place;
        self.pieces.clear();
    }

    fn next_windows(&mut self, corpus: &Corpus) -> Result<Vec<Window>, FinetuneError> {
        let seed = self.options.seed;
        let mut windows: Vec<Window> = Vec::new();
        let mut tokens = 0;
        while tokens < self.options.batch_tokens {
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
            tokens += window.tokens.len().saturating_sub(1);
            windows.push(window);
            self.place.piece += 1;
        }
        Ok(windows)
    }

    /// Works on parts with all threads; `take` gets the results as they come, with their numbers.
    fn spread<R: Send>(
        &self,
        parts: &[Batch],
        work: impl Fn(&Batch) -> Result<R, FinetuneError> + Sync,
        take: impl FnMut(usize, R) + Send,
    ) -> Result<(), FinetuneError> {
        let next = AtomicUsize::new(0);
        let take = Mutex::new(take);
        let failure = Mutex::new(None);
        let run = || {
            while let Some((index, part)) = parts.iter().enumerate().nth(next.fetch_add(1, Ordering::Relaxed))
            {
                match work(part) {
                    Ok(result) => (take.lock())(index, result),
                    Err(error) => *failure.lock() = Some(error),
                }
            }
        };
        std::thread::scope(|scope| {
            for pool in &self.pools {
                // Inside a pool of one thread candle's products stay on that thread.
                scope.spawn(|| pool.install(run));
            }
        });
        failure.into_inner().map_or(Ok(()), Err)
    }
}

fn pool() -> Result<rayon::ThreadPool, FinetuneError> {
    let builder = rayon::ThreadPoolBuilder::new().num_threads(1).thread_name(|_| "finetune".to_owned());
    builder.build().map_err(|error| FinetuneError::new(format!("cannot start a thread: {error}")))
}

/// Windows put together to pieces of work.
fn parts(windows: &[Window]) -> Vec<Batch> {
    let mut parts: Vec<Batch> = Vec::new();
    for window in windows {
        let fits = |part: &&mut Batch| part.tokens.len() + window.tokens.len() <= PART_TOKENS + 1;
        match parts.last_mut().filter(fits) {
            Some(part) => part.push(&window.tokens),
            None => {
                let mut part = Batch::default();
                part.push(&window.tokens);
                parts.push(part);
            }
        }
    }
    parts
}

/// Adds up what the threads found, always in the same order: sums of floating-point numbers depend on it.
#[derive(Default)]
struct Sum {
    loss: f64,
    gradients: Gradients,
    next: usize,
    waiting: BTreeMap<usize, (f64, Gradients)>,
}

impl Sum {
    fn take(&mut self, index: usize, done: (f64, Gradients)) {
        self.waiting.insert(index, done);
        while let Some((loss, gradients)) = self.waiting.remove(&self.next) {
            self.next += 1;
            self.loss += loss;
            if self.gradients.is_empty() {
                self.gradients = gradients;
            } else {
                self.gradients.iter_mut().zip(&gradients).for_each(|(sum, addend)| add(sum, addend));
            }
        }
    }
}
