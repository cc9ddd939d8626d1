//! The model against the reference implementation, against itself in other ways of feeding it, and in other formats.

mod hostile;
mod parity;

use candle_core::quantized::GgmlDType;

use super::random::RandomModel;
use super::{KvCache, LoadOptions, ModelConfig, ModelFile, Qwen2, Scratch, Weights};

/// A shape whose widths suit all kernels.
fn even_config() -> ModelConfig {
    ModelConfig {
        hidden: 256,
        layers: 2,
        heads: 4,
        kv_heads: 2,
        head_width: 64,
        feed_forward: 512,
        vocabulary: 320,
        max_positions: 512,
        rope_base: 10_000.0,
        epsilon: 1e-6,
        tied: true,
    }
}

/// A shape whose widths suit none.
fn odd_config() -> ModelConfig {
    ModelConfig {
        hidden: 96,
        layers: 3,
        heads: 6,
        kv_heads: 2,
        head_width: 16,
        feed_forward: 160,
        vocabulary: 101,
        max_positions: 256,
        rope_base: 1_000_000.0,
        epsilon: 1e-5,
        tied: false,
    }
}

fn random(config: ModelConfig) -> RandomModel {
    RandomModel::new(config, 7).expect("a random model")
}

fn load_safetensors(model: &RandomModel, weights: Weights) -> Qwen2 {
    let bytes = model.safetensors().expect("safetensors");
    let file = ModelFile::from_parts(&model.config_json(), bytes, None, "random").expect("a good file");
    Qwen2::load(&file, &LoadOptions { weights, ..LoadOptions::default() }).expect("a good model")
}

fn load_gguf(model: &RandomModel, dtype: GgmlDType) -> Qwen2 {
    let bytes = model.gguf(|_| dtype).expect("gguf");
    let file = ModelFile::from_bytes(bytes, "random.gguf").expect("a good file");
    Qwen2::load(&file, &LoadOptions::default()).expect("a good model")
}

fn tokens(model: &Qwen2, count: usize) -> Vec<u32> {
    (0..count)
        .map(|index| (index * index * 7 + index * 3 + 1) as u32 % model.config().vocabulary as u32)
        .collect()
}

/// Logits after all tokens at once, in a new cache.
fn fresh(model: &Qwen2, tokens: &[u32]) -> Vec<f32> {
    let mut cache = model.cache(tokens.len());
    continued(model, tokens, &mut cache)
}

fn continued(model: &Qwen2, tokens: &[u32], cache: &mut KvCache) -> Vec<f32> {
    model.forward(tokens, cache, &mut Scratch::default()).expect("logits").to_vec()
}

fn greatest_difference(one: &[f32], other: &[f32]) -> f32 {
    assert_eq!(one.len(), other.len());
    one.iter().zip(other).map(|(one, other)| (one - other).abs()).fold(0.0, f32::max)
}

/// Standard deviation of logits: what differences are to be compared with.
fn deviation(values: &[f32]) -> f32 {
    let mean = values.iter().sum::<f32>() / values.len() as f32;
    (values.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / values.len() as f32).sqrt()
}

/// Root of the mean square of the differences, compared with how much the wanted logits vary.
fn relative_difference(found: &[f32], wanted: &[f32]) -> f32 {
    assert_eq!(found.len(), wanted.len());
    let squares = found.iter().zip(wanted).map(|(found, wanted)| (found - wanted).powi(2));
    (squares.sum::<f32>() / wanted.len() as f32).sqrt() / deviation(wanted)
}
