//! The trained part: for each adapted projection two thin matrices whose product is added to the frozen one.

use candle_core::Tensor;

use super::FinetuneError;
use super::base_model::{Architecture, BaseModel, Group, Target};
use super::numbers::{edit, matrix, numbers};
use super::random::Random;

/// What is trained.
#[derive(Clone, Debug, PartialEq)]
pub struct AdapterOptions {
    pub rank: usize,
    /// The product of the thin matrices counts alpha / rank.
    pub alpha: f32,
    pub targets: Vec<Target>,
    /// Part of the inputs of the thin matrices that is left out in the training; at least 0 and below 1.
    pub dropout: f32,
}

impl Default for AdapterOptions {
    fn default() -> Self {
        Self { rank: 16, alpha: 32.0, targets: Target::ALL.to_vec(), dropout: 0.0 }
    }
}

/// The thin matrices of one projection.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pair {
    pub(super) layer: usize,
    pub(super) target: Target,
    pub(super) inputs: usize,
    pub(super) outputs: usize,
    /// `lora_A`: rank × inputs.
    pub(super) down: Vec<f32>,
    /// `lora_B`: outputs × rank.
    pub(super) up: Vec<f32>,
}

/// A LoRA adapter while it is trained.
#[derive(Clone, Debug, PartialEq)]
pub struct Adapter {
    pub(super) options: AdapterOptions,
    pub(super) pairs: Vec<Pair>,
}

impl Adapter {
    /// Changes nothing yet: the second matrices are zero.
    pub fn new(
        architecture: &Architecture,
        options: &AdapterOptions,
        seed: u64,
    ) -> Result<Self, FinetuneError> {
        let mut options = options.clone();
        options.targets.sort();
        options.targets.dedup();
        if options.rank == 0 || options.targets.is_empty() || !options.alpha.is_finite() {
            let message = "an adapter needs a rank, an alpha and at least one target";
            return Err(FinetuneError::new(message.to_owned()));
        }
        if !(0.0..1.0).contains(&options.dropout) {
            return Err(FinetuneError::new("the dropout is at least 0 and below 1".to_owned()));
        }
        let mut random = Random::new(seed);
        let mut pairs = Vec::new();
        for layer in 0..architecture.layers {
            for target in &options.targets {
                let (inputs, outputs) = architecture.projection(*target);
                let bound = (inputs as f32).sqrt().recip();
                let down = (0..options.rank * inputs).map(|_| (random.unit() * 2.0 - 1.0) * bound).collect();
                let up = vec![0.0; outputs * options.rank];
                pairs.push(Pair { layer, target: *target, inputs, outputs, down, up });
            }
        }
        Ok(Self { options, pairs })
    }

    pub fn options(&self) -> &AdapterOptions {
        &self.options
    }

    /// Trained numbers.
    pub fn parameters(&self) -> usize {
        self.pairs.iter().map(|pair| pair.down.len() + pair.up.len()).sum()
    }

    pub(super) fn scale(&self) -> f32 {
        self.options.alpha / self.options.rank as f32
    }

    /// All trained numbers, pair after pair, the first matrix of each before the second.
    pub(super) fn slices(&mut self) -> impl Iterator<Item = &mut Vec<f32>> {
        self.pairs.iter_mut().flat_map(|pair| [&mut pair.down, &mut pair.up])
    }
}

/// The base with the adapter in it, ready for the products of one step: adding the thin product to the weights once
/// is cheaper than to the outputs of thousands of tokens.
pub(super) struct Merged<'a> {
    pub(super) base: &'a BaseModel,
    pub(super) scale: f32,
    /// By layer and [`Group`].
    pub(super) products: Vec<[Tensor; 4]>,
    /// By layer and [`Group`].
    pub(super) pairs: Vec<[Vec<MergedPair>; 4]>,
    pub(super) pair_count: usize,
}

pub(super) struct MergedPair {
    /// Place among the pairs of the adapter.
    pub(super) index: usize,
    /// First row in the product of the group, and how many.
    pub(super) first: usize,
    pub(super) outputs: usize,
    pub(super) down: Tensor,
    pub(super) up: Tensor,
}

impl<'a> Merged<'a> {
    pub(super) fn new(base: &'a BaseModel, adapter: &Adapter) -> Result<Self, FinetuneError> {
        let mut merged = Self::apart(base, adapter)?;
        for (products, pairs) in merged.products.iter_mut().zip(&merged.pairs) {
            for (product, pairs) in products.iter_mut().zip(pairs).filter(|(_, pairs)| !pairs.is_empty()) {
                *product = add_pairs(product, pairs, merged.scale)?;
            }
        }
        Ok(merged)
    }

    /// The base and beside it the adapter, for those who read different inputs with the two.
    pub(super) fn apart(base: &'a BaseModel, adapter: &Adapter) -> Result<Self, FinetuneError> {
        let mut apart =
            Self { scale: adapter.scale(), pair_count: adapter.pairs.len(), ..Self::of_base(base) };
        for (layer, all) in apart.pairs.iter_mut().enumerate() {
            for (group, pairs) in Group::ALL.iter().zip(all) {
                *pairs = pairs_of(adapter, base.architecture(), layer, *group)?;
            }
        }
        Ok(apart)
    }

    /// The base as it is.
    pub(super) fn of_base(base: &'a BaseModel) -> Self {
        let products: Vec<_> = base.layers.iter().map(|layer| layer.products.clone()).collect();
        let pairs = products.iter().map(|_| Default::default()).collect();
        Self { base, scale: 0.0, products, pairs, pair_count: 0 }
    }
}

fn pairs_of(
    adapter: &Adapter,
    architecture: &Architecture,
    layer: usize,
    group: Group,
) -> Result<Vec<MergedPair>, FinetuneError> {
    let mut pairs = Vec::new();
    let mut first = 0;
    for target in group.targets() {
        let found = adapter.pairs.iter().position(|pair| pair.layer == layer && pair.target == *target);
        if let Some((index, pair)) = found.and_then(|index| Some((index, adapter.pairs.get(index)?))) {
            let rank = adapter.options.rank;
            let down = matrix(pair.down.clone(), rank, pair.inputs)?;
            let up = matrix(pair.up.clone(), pair.outputs, rank)?;
            pairs.push(MergedPair { index, first, outputs: pair.outputs, down, up });
        }
        first += architecture.projection(*target).1;
    }
    Ok(pairs)
}

fn add_pairs(product: &Tensor, pairs: &[MergedPair], scale: f32) -> Result<Tensor, FinetuneError> {
    let inputs = product.dim(1)?;
    let merged = product.copy()?;
    for pair in pairs {
        let change = pair.up.matmul(&pair.down)?;
        let change = numbers(&change)?;
        edit(&merged, |merged| {
            let target = &mut merged[pair.first * inputs..];
            for (target, change) in target.iter_mut().zip(change.iter()) {
                *target += scale * change;
            }
        })?;
    }
    Ok(merged)
}
