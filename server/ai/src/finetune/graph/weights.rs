//! Numbers on the device: the frozen ones of the base, and the thin matrices of a step.

use candle_core::{Device, Result, Tensor, Var};
use rustc_hash::FxHashMap;

use super::super::adapter::Adapter;
use super::super::base_model::{Architecture, BaseLayer, BaseModel, Group, Target};

/// The weights of the base on the device.
pub(super) struct Frozen {
    pub(super) embedding: Tensor,
    pub(super) output: Tensor,
    pub(super) norm: Tensor,
    pub(super) layers: Vec<FrozenLayer>,
}

pub(super) struct FrozenLayer {
    pub(super) attention_norm: Tensor,
    pub(super) feed_norm: Tensor,
    /// By [`Target`].
    pub(super) projections: Vec<Projection>,
}

pub(super) struct Projection {
    pub(super) weight: Tensor,
    pub(super) bias: Option<Tensor>,
}

impl Frozen {
    pub(super) fn new(base: &BaseModel, device: &Device) -> Result<Self> {
        let embedding = base.embedding.to_device(device)?;
        let output = match base.output.id() == base.embedding.id() {
            true => embedding.clone(),
            false => base.output.to_device(device)?,
        };
        let layers = base.layers.iter().map(|layer| FrozenLayer::new(layer, base.architecture(), device));
        let layers = layers.collect::<Result<_>>()?;
        Ok(Self { embedding, output, norm: row(&base.norm, device)?, layers })
    }
}

impl FrozenLayer {
    pub(super) fn new(layer: &BaseLayer, architecture: &Architecture, device: &Device) -> Result<Self> {
        let mut projections = Vec::new();
        for (group, product) in Group::ALL.iter().zip(&layer.products) {
            let product = product.to_device(device)?;
            let mut first = 0;
            for target in group.targets() {
                let outputs = architecture.projection(*target).1;
                let weight = product.narrow(0, first, outputs)?;
                let bias = match *group {
                    Group::Attention => layer.biases.get(first..first + outputs),
                    _ => None,
                };
                projections
                    .push(Projection { weight, bias: bias.map(|bias| row(bias, device)).transpose()? });
                first += outputs;
            }
        }
        let attention_norm = row(&layer.attention_norm, device)?;
        Ok(Self { attention_norm, feed_norm: row(&layer.feed_norm, device)?, projections })
    }
}

fn row(values: &[f32], device: &Device) -> Result<Tensor> {
    Tensor::from_slice(values, values.len(), device)
}

/// The thin matrices on the device.
#[derive(Default)]
pub(super) struct Thin {
    /// The first matrix of each pair, then the second.
    pub(super) tensors: Vec<Tensor>,
    pub(super) pairs: FxHashMap<(usize, Target), usize>,
    pub(super) scale: f64,
}

impl Thin {
    pub(super) fn new(adapter: &Adapter, tensors: Vec<Tensor>) -> Self {
        let pairs = adapter.pairs.iter().enumerate().map(|(index, pair)| ((pair.layer, pair.target), index));
        Self { tensors, pairs: pairs.collect(), scale: f64::from(adapter.scale()) }
    }

    pub(super) fn upload(adapter: &Adapter, device: &Device) -> Result<Vec<Var>> {
        let rank = adapter.options.rank;
        let mut variables = Vec::with_capacity(2 * adapter.pairs.len());
        for pair in &adapter.pairs {
            variables.push(Var::from_slice(&pair.down, (rank, pair.inputs), device)?);
            variables.push(Var::from_slice(&pair.up, (pair.outputs, rank), device)?);
        }
        Ok(variables)
    }

    /// Number of the pair at a projection, and its two matrices.
    pub(super) fn of(&self, layer: usize, target: Target) -> Option<(usize, [&Tensor; 2])> {
        let pair = *self.pairs.get(&(layer, target))?;
        Some((pair, [self.tensors.get(2 * pair)?, self.tensors.get(2 * pair + 1)?]))
    }
}
