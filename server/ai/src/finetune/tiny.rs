//! A tiny random model for tests.

use std::collections::HashMap;

use candle_core::{Device, Tensor};

use super::adapter::Adapter;
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
    let options = super::AdapterOptions { rank: 3, alpha: 4.5, targets: targets.to_vec(), dropout: 0.0 };
    let mut adapter = Adapter::new(architecture, &options, seed).expect("the options are fine");
    let mut random = Random::new(seed + 1);
    adapter.slices().flatten().for_each(|value| *value = (random.unit() * 2.0 - 1.0) * 0.3);
    adapter
}
