//! Training of LoRA adapters on a team's own code. The base stays frozen. On processors forward and backward passes are
//! those written by hand, because automatic differentiation spends most of its time on copies; on a GPU candle's own
//! tensors and automatic differentiation compute the same.

mod adapter;
mod attention;
mod base_model;
mod batch;
mod compute;
mod corpus;
mod dropout;
mod graph;
mod layers;
mod loss;
mod measure;
mod network;
mod numbers;
mod optimizer;
mod processor;
mod random;
mod session;
mod storage;
mod trainer;

#[cfg(test)]
mod merge_tests;
#[cfg(test)]
mod session_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tiny;

pub use adapter::{Adapter, AdapterOptions};
pub use base_model::{Architecture, BaseModel, Target};
pub use compute::{Hardware, Unavailable};
pub use corpus::{Corpus, Cut, CutKind, Encode, Module, Window, WindowFormat};
pub use loss::Prediction;
pub use measure::Measure;
pub use optimizer::Rates;
pub use session::{Budget, Ending, Event, Outcome, Plan, Texts, finetune};
pub use storage::{ADAPTER_CONFIG, ADAPTER_WEIGHTS, CHECKPOINT};
pub use trainer::{StepReport, Trainer, TrainingOptions};

/// Why an adapter cannot be trained, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FinetuneError(String);

impl FinetuneError {
    pub(crate) fn new(message: String) -> Self {
        Self(message)
    }
}

impl std::fmt::Display for FinetuneError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for FinetuneError {}

impl From<candle_core::Error> for FinetuneError {
    fn from(error: candle_core::Error) -> Self {
        Self(error.to_string())
    }
}
