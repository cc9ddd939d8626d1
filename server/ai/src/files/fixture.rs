//! Tiny models and adapters of random numbers for tests.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::json;
use test_support::Random;

use crate::files::{FileError, Shape};

/// A tensor: its shape and numbers.
pub(crate) type Numbers = (Vec<usize>, Vec<f32>);

/// Numbers between −1 and 1, times `scale`.
pub(crate) fn numbers(random: &mut Random, count: usize, scale: f32) -> Vec<f32> {
    (0..count).map(|_| (random.below(20_001) as f32 / 10_000.0 - 1.0) * scale).collect()
}

pub(crate) fn tensor(random: &mut Random, shape: &[usize], scale: f32) -> Numbers {
    (shape.to_vec(), numbers(random, shape.iter().product(), scale))
}

/// 2 layers, 2 heads that share one key head, everything as small as it goes.
pub(crate) fn tiny_shape() -> Shape {
    Shape {
        hidden: 32,
        layers: 2,
        heads: 2,
        kv_heads: 1,
        feed_forward: 64,
        vocabulary: 40,
        context: 64,
        rope_base: 10_000.0,
        epsilon: 1e-6,
        is_tied: true,
    }
}

pub(crate) struct TinyModel {
    pub(crate) shape: Shape,
    pub(crate) tensors: BTreeMap<String, Numbers>,
}

impl TinyModel {
    pub(crate) fn new(shape: Shape, seed: u64) -> Self {
        let mut random = Random::new(seed);
        let tensors = shape.tensors().into_iter().map(|expected| {
            let (shape, mut values) = tensor(&mut random, &expected.shape, 0.3);
            if expected.name.contains("norm") {
                values.iter_mut().for_each(|value| *value += 1.0);
            }
            (expected.name, (shape, values))
        });
        Self { shape, tensors: tensors.collect() }
    }

    /// Writes `config.json` and `model.safetensors`.
    pub(crate) fn write(&self, folder: &Path) {
        fs::create_dir_all(folder).expect("the folder is made");
        let shape = &self.shape;
        let config = json!({
            "model_type": "qwen2",
            "hidden_size": shape.hidden,
            "num_hidden_layers": shape.layers,
            "num_attention_heads": shape.heads,
            "num_key_value_heads": shape.kv_heads,
            "intermediate_size": shape.feed_forward,
            "vocab_size": shape.vocabulary,
            "max_position_embeddings": shape.context,
            "rope_theta": shape.rope_base,
            "rms_norm_eps": 1e-6,
            "tie_word_embeddings": shape.is_tied,
            "hidden_act": "silu",
            "strizh": { "fim_order": "spm", "suffix_tokens": 16, "context": 48 },
        });
        fs::write(folder.join("config.json"), config.to_string()).expect("the file is written");
        fs::write(folder.join("model.safetensors"), safetensors(&self.tensors)).expect("the file is written");
    }
}

/// The bytes of a safetensors file.
pub(crate) fn safetensors(tensors: &BTreeMap<String, Numbers>) -> Vec<u8> {
    let (mut head, mut data) = (serde_json::Map::new(), Vec::new());
    for (name, (shape, values)) in tensors {
        let start = data.len();
        data.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        let entry = json!({ "dtype": "F32", "shape": shape, "data_offsets": [start, data.len()] });
        head.insert(name.clone(), entry);
    }
    raw_safetensors(&serde_json::Value::Object(head).to_string(), &data)
}

pub(crate) fn raw_safetensors(head: &str, data: &[u8]) -> Vec<u8> {
    [&(head.len() as u64).to_le_bytes(), head.as_bytes(), data].concat()
}

/// Writes a PEFT adapter.
pub(crate) fn write_adapter(folder: &Path, config: &serde_json::Value, tensors: &BTreeMap<String, Numbers>) {
    fs::create_dir_all(folder).expect("the folder is made");
    fs::write(folder.join("adapter_config.json"), config.to_string()).expect("the file is written");
    fs::write(folder.join("adapter_model.safetensors"), safetensors(tensors)).expect("the file is written");
}

/// The message of a refusal.
#[track_caller]
pub(crate) fn refusal<T>(result: Result<T, FileError>) -> String {
    match result {
        Ok(_) => panic!("it was not refused"),
        Err(error) => error.problem,
    }
}
