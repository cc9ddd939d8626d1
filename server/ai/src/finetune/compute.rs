//! What computes a training: passes written by hand for processors, or candle's tensors on a device. Everything else
//! (windows, optimizer, checkpoints, adapters) knows only losses and gradients.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use candle_core::Device;

use super::FinetuneError;
use super::adapter::Adapter;
use super::base_model::BaseModel;
use super::batch::Batch;
use super::graph::Graph;
use super::loss::Prediction;
use super::processor::Processor;
use super::trainer::TrainingOptions;

/// Of all thin matrices, in the order of the adapter: the first of each pair, then the second.
pub(super) type Gradients = Vec<Vec<f32>>;

/// The two things that a training needs of a model.
pub(super) trait Compute: Send + Sync {
    /// Sum of the losses of all targets, and the gradients if each loss counts `weight`.
    fn train(&self, adapter: &Adapter, batch: &Batch, weight: f32)
    -> Result<(f64, Gradients), FinetuneError>;

    /// Predictions of all targets; without an adapter those of the base.
    fn predict(&self, adapter: Option<&Adapter>, batch: &Batch) -> Result<Vec<Prediction>, FinetuneError>;
}

/// Where and how is computed. Checkpoints do not depend on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hardware {
    /// Passes written by hand.
    #[default]
    Processor,
    /// What a GPU would compute, by candle on the processor: slow, to compare and to test with.
    CandleProcessor,
    /// The NVIDIA GPU with this number.
    Cuda(usize),
}

impl FromStr for Hardware {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |text: &str| text.parse().map(Self::Cuda).ok();
        let found = match text {
            "cpu" => Some(Self::Processor),
            "candle-cpu" => Some(Self::CandleProcessor),
            "cuda" => Some(Self::Cuda(0)),
            _ => text.strip_prefix("cuda:").and_then(number),
        };
        found.ok_or_else(|| "there are `cpu`, `candle-cpu`, `cuda` and `cuda:N`".to_owned())
    }
}

impl fmt::Display for Hardware {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Processor => formatter.write_str("cpu"),
            Self::CandleProcessor => formatter.write_str("candle-cpu"),
            Self::Cuda(number) => write!(formatter, "cuda:{number}"),
        }
    }
}

/// Why a device cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unavailable {
    /// This program was built without the feature `cuda`.
    NotBuilt,
    NoGpu {
        number: usize,
        reason: String,
    },
}

impl fmt::Display for Unavailable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotBuilt => formatter.write_str("this program was built without the feature `cuda`"),
            Self::NoGpu { number, reason } => write!(formatter, "the GPU {number} cannot be used: {reason}"),
        }
    }
}

impl std::error::Error for Unavailable {}

impl Hardware {
    /// Whether it is there.
    pub fn check(self) -> Result<(), Unavailable> {
        self.device().map(|_| ())
    }

    fn device(self) -> Result<Device, Unavailable> {
        let Self::Cuda(number) = self else { return Ok(Device::Cpu) };
        if !candle_core::utils::cuda_is_available() {
            return Err(Unavailable::NotBuilt);
        }
        // Errors of candle carry backtraces behind their first line.
        let reason =
            |error: candle_core::Error| error.to_string().lines().next().unwrap_or_default().to_owned();
        Device::new_cuda(number).map_err(|error| Unavailable::NoGpu { number, reason: reason(error) })
    }

    /// `window` is the number of tokens of the longest window.
    pub(super) fn open(
        self,
        base: &Arc<BaseModel>,
        options: &TrainingOptions,
        window: usize,
    ) -> Result<Box<dyn Compute>, FinetuneError> {
        let device = self.device().map_err(|error| FinetuneError::new(error.to_string()))?;
        Ok(match self {
            Self::Processor => Box::new(Processor::new(base.clone(), options.threads, window)?),
            Self::CandleProcessor | Self::Cuda(_) => {
                Box::new(Graph::new(base, &device, options.threads, window)?)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_have_names() {
        for name in ["cpu", "candle-cpu", "cuda:0", "cuda:3"] {
            assert_eq!(name.parse::<Hardware>().map(|hardware| hardware.to_string()).as_deref(), Ok(name));
        }
        assert_eq!("cuda".parse(), Ok(Hardware::Cuda(0)));
        for name in ["gpu", "cuda:", "cuda:x", "cuda:-1", ""] {
            assert!(name.parse::<Hardware>().is_err(), "{name}");
        }
    }

    #[test]
    fn a_gpu_is_refused_where_it_cannot_be_used() {
        assert_eq!(Hardware::Processor.check(), Ok(()));
        assert_eq!(Hardware::CandleProcessor.check(), Ok(()));
        if !candle_core::utils::cuda_is_available() {
            assert_eq!(Hardware::Cuda(0).check(), Err(Unavailable::NotBuilt));
        }
    }
}
