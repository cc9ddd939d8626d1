//! The passes written by hand, spread over threads: each works on its own windows, and what they find is added up in
//! a fixed order.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::Mutex;

use super::FinetuneError;
use super::adapter::{Adapter, Merged};
use super::base_model::BaseModel;
use super::batch::Batch;
use super::compute::{Compute, Gradients};
use super::dropout::Dropout;
use super::layers::Rotation;
use super::loss::Prediction;
use super::network::Network;
use super::numbers::add;

/// Tokens that one thread works on at a time; more only costs memory.
const PART_TOKENS: usize = 1024;

/// Computes with threads of the processor.
pub(super) struct Processor {
    base: Arc<BaseModel>,
    rotation: Rotation,
    pools: Vec<rayon::ThreadPool>,
}

impl Processor {
    pub(super) fn new(base: Arc<BaseModel>, threads: usize, window: usize) -> Result<Self, FinetuneError> {
        let architecture = base.architecture();
        let rotation = Rotation::new(window.max(1), architecture.head_width, architecture.rotary_base);
        let pools = (0..threads.max(1)).map(|_| pool(1)).collect::<Result<_, _>>()?;
        Ok(Self { base, rotation, pools })
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

impl Compute for Processor {
    fn train(
        &self,
        adapter: &Adapter,
        batch: &Batch,
        weight: f32,
    ) -> Result<(f64, Gradients), FinetuneError> {
        let dropout = Dropout::new(adapter.options.dropout);
        // Weights that hold the thin product already see inputs that nothing was left out of.
        let merged = match dropout {
            Some(_) => Merged::apart(&self.base, adapter)?,
            None => Merged::new(&self.base, adapter)?,
        };
        let network = Network { merged: &merged, rotation: &self.rotation, dropout };
        let mut sum = Sum::default();
        self.spread(&parts(batch), |part| network.train(part, weight), |index, done| sum.take(index, done))?;
        Ok((sum.loss, sum.gradients))
    }

    fn predict(&self, adapter: Option<&Adapter>, batch: &Batch) -> Result<Vec<Prediction>, FinetuneError> {
        let merged = match adapter {
            Some(adapter) => Merged::new(&self.base, adapter)?,
            None => Merged::of_base(&self.base),
        };
        let network = Network { merged: &merged, rotation: &self.rotation, dropout: None };
        let mut predictions = BTreeMap::new();
        self.spread(
            &parts(batch),
            |part| network.predict(part),
            |index, done| {
                predictions.insert(index, done);
            },
        )?;
        Ok(predictions.into_values().flatten().collect())
    }
}

pub(super) fn pool(threads: usize) -> Result<rayon::ThreadPool, FinetuneError> {
    let builder = rayon::ThreadPoolBuilder::new().num_threads(threads).thread_name(|_| "finetune".to_owned());
    builder.build().map_err(|error| FinetuneError::new(format!("cannot start a thread: {error}")))
}

fn parts(batch: &Batch) -> Vec<Batch> {
    batch.parts(|part, length| part.tokens.len() + length <= PART_TOKENS)
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
