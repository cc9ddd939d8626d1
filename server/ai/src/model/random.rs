//! Models of any shape with random weights, for tests and for measuring speed, which does not depend on what the
//! weights are.

use std::borrow::{Borrow, Cow};
use std::collections::BTreeMap;
use std::io::{Seek, Write};
use std::sync::Arc;

use candle_core::quantized::{GgmlDType, QStorage, QTensor, gguf_file};
use candle_core::{Device, Tensor};

use super::config::ModelConfig;
use super::error::ModelError;
use super::file::with_aligned;
use super::names::gguf_name;
use super::qwen2::Weights;

/// A model of random weights that can be written as what a user may have.
pub struct RandomModel {
    pub config: ModelConfig,
    pub tensors: BTreeMap<String, Tensor>,
}

impl RandomModel {
    pub fn new(config: ModelConfig, seed: u64) -> Result<Self, ModelError> {
        let mut random = Random(seed);
        let mut tensors = BTreeMap::new();
        let (hidden, query, key) = (config.hidden, config.query_width(), config.key_width());
        let deviation = 1.0 / (hidden as f32).sqrt();
        let mut add = |name: String, shape: &[usize], middle: f32, deviation: f32| {
            let floats: Vec<f32> =
                (0..shape.iter().product()).map(|_| middle + deviation * random.normal()).collect();
            tensors.insert(name, Tensor::from_vec(floats, shape, &Device::Cpu)?);
            Ok::<(), ModelError>(())
        };
        add("model.embed_tokens.weight".to_owned(), &[config.vocabulary, hidden], 0.0, 0.5)?;
        add("model.norm.weight".to_owned(), &[hidden], 1.0, 0.1)?;
        if !config.tied {
            add("lm_head.weight".to_owned(), &[config.vocabulary, hidden], 0.0, deviation)?;
        }
        for layer in 0..config.layers {
            let name = |part: &str| format!("model.layers.{layer}.{part}");
            add(name("input_layernorm.weight"), &[hidden], 1.0, 0.1)?;
            add(name("post_attention_layernorm.weight"), &[hidden], 1.0, 0.1)?;
            for (part, width) in [("q", query), ("k", key), ("v", key)] {
                add(name(&format!("self_attn.{part}_proj.weight")), &[width, hidden], 0.0, deviation)?;
                add(name(&format!("self_attn.{part}_proj.bias")), &[width], 0.0, 0.1)?;
            }
            add(name("self_attn.o_proj.weight"), &[hidden, query], 0.0, deviation)?;
            add(name("mlp.gate_proj.weight"), &[config.feed_forward, hidden], 0.0, deviation)?;
            add(name("mlp.up_proj.weight"), &[config.feed_forward, hidden], 0.0, deviation)?;
            add(name("mlp.down_proj.weight"), &[hidden, config.feed_forward], 0.0, deviation)?;
        }
        Ok(Self { config, tensors })
    }

    /// The text of `config.json`.
    pub fn config_json(&self) -> String {
        let config = &self.config;
        serde_json::json!({
            "model_type": "qwen2",
            "hidden_act": "silu",
            "hidden_size": config.hidden,
            "num_hidden_layers": config.layers,
            "num_attention_heads": config.heads,
            "num_key_value_heads": config.kv_heads,
            "intermediate_size": config.feed_forward,
            "vocab_size": config.vocabulary,
            "max_position_embeddings": config.max_positions,
            "rope_theta": config.rope_base,
            "rms_norm_eps": config.epsilon,
            "tie_word_embeddings": config.tied,
        })
        .to_string()
    }

    /// The bytes of `model.safetensors` in f32.
    pub fn safetensors(&self) -> Result<Vec<u8>, ModelError> {
        safetensors::serialize(self.tensors.iter(), None)
            .map_err(|error| ModelError::Compute(error.to_string()))
    }

    /// The bytes of a GGUF file whose matrices are quantized; vectors are f32.
    pub fn gguf(&self, matrices: impl Fn(&str) -> GgmlDType) -> Result<Vec<u8>, ModelError> {
        let mut tensors = Vec::new();
        for (name, tensor) in &self.tensors {
            let dtype = if tensor.rank() == 2 { matrices(name) } else { GgmlDType::F32 };
            let name = gguf_name(name).unwrap_or_else(|| name.clone());
            tensors.push((name, QTensor::quantize(tensor, dtype)?));
        }
        let mut bytes = std::io::Cursor::new(Vec::new());
        write_gguf(&self.config, &tensors, &mut bytes)?;
        Ok(bytes.into_inner())
    }
}

/// Writes a GGUF file of any size quickly: its matrices repeat a few random rows. Returns what its matrices are: the
/// type that was asked for, or Q8_0 where rows are not whole blocks of it.
pub fn write_repeated(
    config: &ModelConfig,
    weights: Weights,
    output: &mut (impl Write + Seek),
) -> Result<Weights, ModelError> {
    const ROWS: usize = 16;
    let has_whole_blocks = [config.hidden, config.feed_forward].iter().all(|width| width.is_multiple_of(256));
    let stored = if has_whole_blocks { weights } else { Weights::Q8_0 };
    let single = ModelConfig { layers: 1, vocabulary: ROWS, ..config.clone() };
    let small = RandomModel::new(single, 1)?;
    let mut tensors = Vec::new();
    for (name, tensor) in &small.tensors {
        let dtype = match (stored, tensor.rank()) {
            (_, 1) | (Weights::Float, _) => GgmlDType::F32,
            // As other programs do it: the embedding is worth more bits.
            (Weights::Q4K, _) if name.contains("embed") => GgmlDType::Q6K,
            (Weights::Q4K, _) => GgmlDType::Q4K,
            _ => GgmlDType::Q8_0,
        };
        if name.contains("embed") {
            tensors.push((name.clone(), repeat_rows(tensor, config.vocabulary, dtype)?));
            continue;
        }
        let tensor = Arc::new(QTensor::quantize(tensor, dtype)?);
        let names = (0..config.layers).map(|layer| name.replace("layers.0.", &format!("layers.{layer}.")));
        let copies = if name.contains("layers.") { config.layers } else { 1 };
        tensors.extend(names.take(copies).map(|name| (name, Arc::clone(&tensor))));
    }
    for (name, _) in &mut tensors {
        *name = gguf_name(name).unwrap_or_else(|| name.clone());
    }
    write_gguf(config, &tensors, output)?;
    Ok(stored)
}

/// A matrix that repeats the rows of a small one.
fn repeat_rows(tensor: &Tensor, rows: usize, dtype: GgmlDType) -> Result<Arc<QTensor>, ModelError> {
    let (few, width) = tensor.dims2()?;
    let bytes = QTensor::quantize(tensor, dtype)?.data()?.repeat(rows.div_ceil(few));
    let length = rows * width / dtype.block_size() * dtype.type_size();
    let storage = with_aligned(&bytes[..length], |bytes| dtype.from_data(Cow::Borrowed(bytes)));
    Ok(Arc::new(QTensor::new(QStorage::Cpu(storage), (rows, width))?))
}

fn write_gguf(
    config: &ModelConfig,
    tensors: &[(String, impl Borrow<QTensor>)],
    output: &mut (impl Write + Seek),
) -> Result<(), ModelError> {
    use gguf_file::Value;
    let number = |size: usize| Value::U32(size as u32);
    let metadata = [
        ("general.architecture", Value::String("qwen2".to_owned())),
        ("qwen2.block_count", number(config.layers)),
        ("qwen2.context_length", number(config.max_positions)),
        ("qwen2.embedding_length", number(config.hidden)),
        ("qwen2.feed_forward_length", number(config.feed_forward)),
        ("qwen2.attention.head_count", number(config.heads)),
        ("qwen2.attention.head_count_kv", number(config.kv_heads)),
        ("qwen2.attention.layer_norm_rms_epsilon", Value::F32(config.epsilon)),
        ("qwen2.rope.freq_base", Value::F32(config.rope_base)),
    ];
    let metadata: Vec<(&str, &Value)> = metadata.iter().map(|(name, value)| (*name, value)).collect();
    let tensors: Vec<(&str, &QTensor)> =
        tensors.iter().map(|(name, tensor)| (name.as_str(), tensor.borrow())).collect();
    Ok(gguf_file::write(output, &metadata, &tensors)?)
}

/// Repeatable random numbers.
struct Random(u64);

impl Random {
    fn uniform(&mut self) -> f32 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) >> 40) as f32 / (1 << 24) as f32
    }

    /// About normally distributed, which is all that is needed.
    fn normal(&mut self) -> f32 {
        (0..4).map(|_| self.uniform() - 0.5).sum::<f32>() * 3.0_f32.sqrt()
    }
}
