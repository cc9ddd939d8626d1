//! The only architecture that is run here, Qwen2: its sizes, and which tensors of which shapes it has under the two
//! naming schemes.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::files::value::Value;
use crate::files::{FileError, shown};

/// Sizes of a model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shape {
    pub hidden: usize,
    pub layers: usize,
    pub heads: usize,
    pub kv_heads: usize,
    pub feed_forward: usize,
    pub vocabulary: usize,
    pub context: usize,
    pub rope_base: f32,
    pub epsilon: f32,
    /// The output layer is the embedding.
    pub is_tied: bool,
}

/// What a tensor is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Embedding,
    Output,
    Matrix,
    /// Norms and biases, never quantized.
    Vector,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ExpectedTensor {
    /// As in safetensors: `model.layers.0.mlp.up_proj.weight`.
    pub name: String,
    /// As in GGUF: `blk.0.ffn_up.weight`.
    pub gguf: String,
    pub shape: Vec<usize>,
    pub role: Role,
}

/// `config.json` as far as it matters.
#[derive(Deserialize)]
struct Config {
    model_type: Option<String>,
    hidden_size: u64,
    num_hidden_layers: u64,
    num_attention_heads: u64,
    num_key_value_heads: Option<u64>,
    head_dim: Option<u64>,
    intermediate_size: u64,
    vocab_size: u64,
    max_position_embeddings: u64,
    rope_theta: Option<f64>,
    rope_scaling: Option<serde_json::Value>,
    rms_norm_eps: f64,
    #[serde(default)]
    tie_word_embeddings: bool,
    #[serde(default)]
    use_sliding_window: bool,
    hidden_act: Option<String>,
}

/// Larger than any model that could be meant here; keeps all products small.
const MAX_LENGTH: u64 = 1 << 24;
const MAX_LAYERS: u64 = 1024;

impl Shape {
    /// Reads the text of a `config.json`; `path` is for messages.
    pub fn from_config(text: &str, path: &Path) -> Result<Self, FileError> {
        let config: Config = serde_json::from_str(text).map_err(|error| FileError::new(path, error))?;
        let refuse = |problem: String| Err(FileError::new(path, problem));
        let model_type = config.model_type.as_deref().unwrap_or("qwen2");
        if model_type != "qwen2" {
            return refuse(format!("models of type `{}` are not supported, only `qwen2`", shown(model_type)));
        }
        if config.hidden_act.as_deref().is_some_and(|name| name != "silu") {
            return refuse("`hidden_act` is not `silu`".to_owned());
        }
        if config.use_sliding_window {
            return refuse("`use_sliding_window` is not supported".to_owned());
        }
        if config.rope_scaling.is_some() {
            return refuse("`rope_scaling` is not supported".to_owned());
        }
        let heads = config.num_attention_heads;
        if config.head_dim.is_some_and(|width| width.checked_mul(heads) != Some(config.hidden_size)) {
            return refuse("`head_dim` is not `hidden_size` / `num_attention_heads`".to_owned());
        }
        let sizes = Sizes {
            hidden: config.hidden_size,
            layers: config.num_hidden_layers,
            heads,
            kv_heads: config.num_key_value_heads.unwrap_or(heads),
            feed_forward: config.intermediate_size,
            vocabulary: config.vocab_size,
            context: config.max_position_embeddings,
        };
        let rope_base = config.rope_theta.unwrap_or(10_000.0);
        sizes.check(rope_base, config.rms_norm_eps, config.tie_word_embeddings).or_else(refuse)
    }

    /// Reads the metadata of a GGUF file. How many tokens there are and whether it is tied, its tensors tell.
    pub fn from_gguf(
        metadata: &BTreeMap<String, Value>,
        vocabulary: usize,
        is_tied: bool,
        path: &Path,
    ) -> Result<Self, FileError> {
        let architecture = metadata.get("general.architecture").and_then(Value::as_str).unwrap_or_default();
        if architecture != "qwen2" {
            let problem =
                format_args!("architecture `{}` is not supported, only `qwen2`", shown(architecture));
            return Err(FileError::new(path, problem));
        }
        let missing = |key: &str| FileError::new(path, format_args!("key `{key}` is missing or no number"));
        let size = |key: &str| metadata.get(key).and_then(Value::to_u64).ok_or_else(|| missing(key));
        let heads = size("qwen2.attention.head_count")?;
        let kv_heads = match metadata.contains_key("qwen2.attention.head_count_kv") {
            true => size("qwen2.attention.head_count_kv")?,
            false => heads,
        };
        let sizes = Sizes {
            hidden: size("qwen2.embedding_length")?,
            layers: size("qwen2.block_count")?,
            heads,
            kv_heads,
            feed_forward: size("qwen2.feed_forward_length")?,
            vocabulary: vocabulary as u64,
            context: size("qwen2.context_length")?,
        };
        let rope_base = match metadata.get("qwen2.rope.freq_base") {
            Some(value) => value.to_f64().ok_or_else(|| missing("qwen2.rope.freq_base"))?,
            None => 10_000.0,
        };
        let key = "qwen2.attention.layer_norm_rms_epsilon";
        let epsilon = metadata.get(key).and_then(Value::to_f64).ok_or_else(|| missing(key))?;
        sizes.check(rope_base, epsilon, is_tied).map_err(|problem| FileError::new(path, problem))
    }

    /// The metadata that a GGUF file of this model needs.
    pub fn to_gguf(&self) -> Vec<(String, Value)> {
        let size = |key: &str, value: usize| (format!("qwen2.{key}"), Value::u32(value as u32));
        vec![
            size("block_count", self.layers),
            size("context_length", self.context),
            size("embedding_length", self.hidden),
            size("feed_forward_length", self.feed_forward),
            size("attention.head_count", self.heads),
            size("attention.head_count_kv", self.kv_heads),
            ("qwen2.attention.layer_norm_rms_epsilon".to_owned(), Value::f32(self.epsilon)),
            ("qwen2.rope.freq_base".to_owned(), Value::f32(self.rope_base)),
            size("vocab_size", self.vocabulary),
        ]
    }

    pub fn kv_width(&self) -> usize {
        self.hidden / self.heads * self.kv_heads
    }

    /// All tensors in the order in which they are written.
    pub fn tensors(&self) -> Vec<ExpectedTensor> {
        let mut tensors = vec![expected(
            "model.embed_tokens",
            "token_embd",
            &[self.vocabulary, self.hidden],
            Role::Embedding,
        )];
        for layer in 0..self.layers {
            self.layer_tensors(layer, &mut tensors);
        }
        tensors.push(expected("model.norm", "output_norm", &[self.hidden], Role::Vector));
        if !self.is_tied {
            tensors.push(expected("lm_head", "output", &[self.vocabulary, self.hidden], Role::Output));
        }
        tensors
    }

    fn layer_tensors(&self, layer: usize, tensors: &mut Vec<ExpectedTensor>) {
        let (hidden, kv_width) = (self.hidden, self.kv_width());
        let rows: [(&str, &str, &[usize], Role); 9] = [
            ("input_layernorm", "attn_norm", &[hidden], Role::Vector),
            ("self_attn.q_proj", "attn_q", &[hidden, hidden], Role::Matrix),
            ("self_attn.k_proj", "attn_k", &[kv_width, hidden], Role::Matrix),
            ("self_attn.v_proj", "attn_v", &[kv_width, hidden], Role::Matrix),
            ("self_attn.o_proj", "attn_output", &[hidden, hidden], Role::Matrix),
            ("post_attention_layernorm", "ffn_norm", &[hidden], Role::Vector),
            ("mlp.gate_proj", "ffn_gate", &[self.feed_forward, hidden], Role::Matrix),
            ("mlp.up_proj", "ffn_up", &[self.feed_forward, hidden], Role::Matrix),
            ("mlp.down_proj", "ffn_down", &[hidden, self.feed_forward], Role::Matrix),
        ];
        for (name, gguf, shape, role) in rows {
            let (name, gguf) = (format!("model.layers.{layer}.{name}"), format!("blk.{layer}.{gguf}"));
            tensors.push(expected(&name, &gguf, shape, role));
            if ["attn_q", "attn_k", "attn_v"].iter().any(|ending| gguf.ends_with(ending)) {
                tensors.push(ExpectedTensor {
                    name: format!("{name}.bias"),
                    gguf: format!("{gguf}.bias"),
                    shape: shape[..1].to_vec(),
                    role: Role::Vector,
                });
            }
        }
    }
}

fn expected(name: &str, gguf: &str, shape: &[usize], role: Role) -> ExpectedTensor {
    ExpectedTensor {
        name: format!("{name}.weight"),
        gguf: format!("{gguf}.weight"),
        shape: shape.to_vec(),
        role,
    }
}

/// The module of a tensor of GGUF: `blk.0.attn_q.weight` is that of `model.layers.0.self_attn.q_proj`.
pub(crate) fn module_of_gguf(tensor: &str) -> Option<String> {
    let short = tensor.strip_suffix(".weight")?;
    let module = match short {
        "token_embd" => "model.embed_tokens".to_owned(),
        "output" => "lm_head".to_owned(),
        _ => {
            let (layer, name) = short.strip_prefix("blk.")?.split_once('.')?;
            let layer: u16 = layer.parse().ok()?;
            let (_, name) = MATRICES.iter().find(|(gguf, _)| *gguf == name)?;
            format!("model.layers.{layer}.{name}")
        }
    };
    Some(module)
}

const MATRICES: [(&str, &str); 7] = [
    ("attn_q", "self_attn.q_proj"),
    ("attn_k", "self_attn.k_proj"),
    ("attn_v", "self_attn.v_proj"),
    ("attn_output", "self_attn.o_proj"),
    ("ffn_gate", "mlp.gate_proj"),
    ("ffn_up", "mlp.up_proj"),
    ("ffn_down", "mlp.down_proj"),
];

struct Sizes {
    hidden: u64,
    layers: u64,
    heads: u64,
    kv_heads: u64,
    feed_forward: u64,
    vocabulary: u64,
    context: u64,
}

impl Sizes {
    fn check(&self, rope_base: f64, epsilon: f64, is_tied: bool) -> Result<Shape, String> {
        let lengths = [
            ("the hidden width", self.hidden),
            ("the number of layers", self.layers),
            ("the number of heads", self.heads),
            ("the number of key heads", self.kv_heads),
            ("the width of the feed-forward layer", self.feed_forward),
            ("the vocabulary", self.vocabulary),
            ("the context", self.context),
        ];
        if let Some((name, length)) = lengths.iter().find(|(_, length)| !(1..=MAX_LENGTH).contains(length)) {
            return Err(format!("{name} is {length}, 1 to {MAX_LENGTH} are possible"));
        }
        if self.layers > MAX_LAYERS {
            return Err(format!("it has {} layers, at most {MAX_LAYERS} are possible", self.layers));
        }
        if !self.hidden.is_multiple_of(self.heads) || !(self.hidden / self.heads).is_multiple_of(2) {
            return Err(format!(
                "the hidden width {} cannot be split into {} heads",
                self.hidden, self.heads
            ));
        }
        if !self.heads.is_multiple_of(self.kv_heads) {
            return Err(format!("{} heads cannot share {} key heads", self.heads, self.kv_heads));
        }
        if !(rope_base.is_finite() && (1.0..=1e12).contains(&rope_base)) {
            return Err(format!("the base of the rotary embedding is {rope_base}"));
        }
        if !(epsilon.is_finite() && epsilon > 0.0 && epsilon <= 0.1) {
            return Err(format!("the epsilon of the norms is {epsilon}"));
        }
        Ok(Shape {
            hidden: self.hidden as usize,
            layers: self.layers as usize,
            heads: self.heads as usize,
            kv_heads: self.kv_heads as usize,
            feed_forward: self.feed_forward as usize,
            vocabulary: self.vocabulary as usize,
            context: self.context as usize,
            rope_base: rope_base as f32,
            epsilon: epsilon as f32,
            is_tied,
        })
    }
}
