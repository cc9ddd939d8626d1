//! The same model by candle's own operations and its automatic differentiation, to compare with, and a tiny random model.

use std::collections::HashMap;

use candle_core::{D, DType, Device, Result, Tensor, Var};

use super::adapter::Adapter;
use super::network::Batch;
use super::random::Random;
use super::{Architecture, BaseModel, Target};

pub(super) fn tiny() -> Architecture {
    Architecture {
        hidden: 16,
        intermediate: 24,
        layers: 2,
        heads: 4,
        key_heads: 2,
        head_width: 4,
        vocabulary: 40,
        rotary_base: 10_000.0,
        norm_epsilon: 1e-6,
    }
}

/// Tensors of a model with random weights, by their names in files.
pub(super) fn tensors(architecture: &Architecture, seed: u64) -> HashMap<String, Tensor> {
    let mut random = Random::new(seed);
    let mut make = |shape: &[usize], middle: f32, spread: f32| {
        let count = shape.iter().product();
        let values: Vec<f32> = (0..count).map(|_| middle + (random.unit() * 2.0 - 1.0) * spread).collect();
        Tensor::from_vec(values, shape, &Device::Cpu).expect("the shape fits")
    };
    let (hidden, vocabulary) = (architecture.hidden, architecture.vocabulary);
    let mut tensors = HashMap::new();
    tensors.insert("model.embed_tokens.weight".to_owned(), make(&[vocabulary, hidden], 0.0, 1.0));
    tensors.insert("model.norm.weight".to_owned(), make(&[hidden], 1.0, 0.3));
    for layer in 0..architecture.layers {
        for name in ["input_layernorm", "post_attention_layernorm"] {
            tensors.insert(format!("model.layers.{layer}.{name}.weight"), make(&[hidden], 1.0, 0.3));
        }
        for target in Target::ALL {
            let (inputs, outputs) = architecture.projection(target);
            tensors.insert(format!("{}.weight", target.path(layer)), make(&[outputs, inputs], 0.0, 0.4));
            if target < Target::Output {
                tensors.insert(format!("{}.bias", target.path(layer)), make(&[outputs], 0.0, 0.2));
            }
        }
    }
    tensors
}

pub(super) fn model(tensors: &HashMap<String, Tensor>, architecture: &Architecture) -> BaseModel {
    BaseModel::new(architecture.clone(), &|name| Ok(tensors.get(name).cloned()))
        .expect("all tensors are there")
}

/// An adapter whose second matrices are not zero.
pub(super) fn trained_adapter(architecture: &Architecture, targets: &[Target], seed: u64) -> Adapter {
    let options = super::AdapterOptions { rank: 3, alpha: 4.5, targets: targets.to_vec() };
    let mut adapter = Adapter::new(architecture, &options, seed).expect("the options are fine");
    let mut random = Random::new(seed + 1);
    adapter.slices().flatten().for_each(|value| *value = (random.unit() * 2.0 - 1.0) * 0.3);
    adapter
}

pub(super) struct Reference<'a> {
    pub(super) architecture: &'a Architecture,
    pub(super) tensors: &'a HashMap<String, Tensor>,
    pub(super) adapter: &'a Adapter,
    /// Of the adapter: the first matrix of each pair, then the second.
    pub(super) variables: Vec<Var>,
}

impl<'a> Reference<'a> {
    pub(super) fn new(
        architecture: &'a Architecture,
        tensors: &'a HashMap<String, Tensor>,
        adapter: &'a Adapter,
    ) -> Self {
        let rank = adapter.options.rank;
        let variable = |values: &[f32], shape: (usize, usize)| {
            Var::from_slice(values, shape, &Device::Cpu).expect("the shape fits")
        };
        let variables = adapter.pairs.iter().flat_map(|pair| {
            let down = variable(&pair.down, (rank, pair.inputs));
            [down, variable(&pair.up, (pair.outputs, rank))]
        });
        Self { architecture, tensors, adapter, variables: variables.collect() }
    }

    /// Mean loss of a batch.
    pub(super) fn loss(&self, batch: &Batch) -> Result<Tensor> {
        let mut losses = Vec::new();
        for sequence in &batch.sequences {
            let tokens = Tensor::new(&batch.tokens[sequence.clone()], &Device::Cpu)?;
            let targets = Tensor::new(&batch.targets[sequence.clone()], &Device::Cpu)?;
            let logits = self.logits(&tokens)?;
            let likely = candle_nn::ops::log_softmax(&logits, D::Minus1)?;
            losses.push(likely.gather(&targets.unsqueeze(1)?, 1)?.neg()?.flatten_all()?);
        }
        Tensor::cat(&losses, 0)?.mean_all()
    }

    fn logits(&self, tokens: &Tensor) -> Result<Tensor> {
        let embedding = &self.tensors["model.embed_tokens.weight"];
        let mut rows = embedding.index_select(tokens, 0)?;
        for layer in 0..self.architecture.layers {
            let normed = self.norm(&rows, &format!("model.layers.{layer}.input_layernorm.weight"))?;
            rows = (rows + self.attention(layer, &normed)?)?;
            let normed =
                self.norm(&rows, &format!("model.layers.{layer}.post_attention_layernorm.weight"))?;
            let gate = candle_nn::ops::silu(&self.project(layer, Target::Gate, &normed)?)?;
            let gated = (gate * self.project(layer, Target::Up, &normed)?)?;
            rows = (rows + self.project(layer, Target::Down, &gated)?)?;
        }
        self.norm(&rows, "model.norm.weight")?.matmul(&embedding.t()?)
    }

    fn norm(&self, rows: &Tensor, name: &str) -> Result<Tensor> {
        let mean = (rows.sqr()?.mean_keepdim(D::Minus1)? + self.architecture.norm_epsilon)?;
        rows.broadcast_div(&mean.sqrt()?)?.broadcast_mul(&self.tensors[name])
    }

    fn project(&self, layer: usize, target: Target, rows: &Tensor) -> Result<Tensor> {
        let path = target.path(layer);
        let mut output = rows.matmul(&self.tensors[&format!("{path}.weight")].t()?)?;
        if let Some(bias) = self.tensors.get(&format!("{path}.bias")) {
            output = output.broadcast_add(bias)?;
        }
        let mut pairs = self.adapter.pairs.iter();
        if let Some(index) = pairs.position(|pair| pair.layer == layer && pair.target == target) {
            let thin = rows.matmul(&self.variables[2 * index].t()?)?;
            let change = thin.matmul(&self.variables[2 * index + 1].t()?)?;
            output = (output + (change * f64::from(self.adapter.scale()))?)?;
        }
        Ok(output)
    }

    fn attention(&self, layer: usize, rows: &Tensor) -> Result<Tensor> {
        let (count, width) = (rows.dim(0)?, self.architecture.head_width);
        let split = |target: Target, heads: usize| {
            self.project(layer, target, rows)?.reshape((count, heads, width))?.transpose(0, 1)?.contiguous()
        };
        let queries = self.turn(&split(Target::Query, self.architecture.heads)?)?;
        let keys = self.turn(&split(Target::Key, self.architecture.key_heads)?)?;
        let values = split(Target::Value, self.architecture.key_heads)?;
        let shared = self.architecture.heads / self.architecture.key_heads;
        let repeat = |tensor: Tensor| {
            let copies = vec![tensor.unsqueeze(1)?; shared];
            Tensor::cat(&copies, 1)?.reshape((self.architecture.heads, count, width))
        };
        let (keys, values) = (repeat(keys)?, repeat(values)?);
        let scores = (queries.matmul(&keys.transpose(1, 2)?.contiguous()?)? / (width as f64).sqrt())?;
        let mask: Vec<f32> = (0..count * count)
            .map(|index| if index % count > index / count { f32::NEG_INFINITY } else { 0.0 })
            .collect();
        let mask = Tensor::from_vec(mask, (1, count, count), &Device::Cpu)?;
        let probabilities = candle_nn::ops::softmax(&scores.broadcast_add(&mask)?, D::Minus1)?;
        let output = probabilities.matmul(&values)?.transpose(0, 1)?.contiguous()?;
        self.project(layer, Target::Output, &output.reshape((count, self.architecture.heads * width))?)
    }

    fn turn(&self, heads: &Tensor) -> Result<Tensor> {
        let (_, count, width) = heads.dims3()?;
        let half = width / 2;
        let angles: Vec<f32> = (0..count * half)
            .map(|index| {
                let frequency =
                    self.architecture.rotary_base.powf(-2.0 * (index % half) as f64 / width as f64);
                ((index / half) as f64 * frequency) as f32
            })
            .collect();
        let angles = Tensor::from_vec(angles, (1, count, half), &Device::Cpu)?.to_dtype(DType::F32)?;
        let (cosines, sines) = (angles.cos()?, angles.sin()?);
        let (left, right) = (heads.narrow(2, 0, half)?, heads.narrow(2, half, half)?);
        let turned_left = (left.broadcast_mul(&cosines)? - right.broadcast_mul(&sines)?)?;
        let turned_right = (right.broadcast_mul(&cosines)? + left.broadcast_mul(&sines)?)?;
        Tensor::cat(&[turned_left, turned_right], 2)
    }
}
