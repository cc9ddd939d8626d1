//! The loaded model: matrices ready for their kernels, vectors, and the tables of the rotary embedding.

use candle_core::quantized::GgmlDType;

use super::cache::{Geometry, KvCache};
use super::config::ModelConfig;
use super::error::ModelError;
use super::file::{ModelFile, TensorInfo};
use super::forward::Scratch;
use super::linear::{Linear, padded_input};
use super::processor::check_processor;
use super::simd::Simd;

/// Below this size of its weights a model is faster on one thread than with products spread over several.
const SMALL_BYTES: usize = 128 << 20;
/// Tokens that warm-up reads: enough to pack the weights for the kernels of many rows.
const WARM_UP_TOKENS: usize = 32;

/// What matrices are kept as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weights {
    /// Quantized ones with a fast kernel as they are, others as Q8_0; unquantized ones as f32.
    #[default]
    AsStored,
    /// All as f32: slow, exact.
    Float,
    Q8_0,
    Q4K,
}

#[derive(Clone, Copy, Debug)]
pub struct LoadOptions {
    pub weights: Weights,
    /// Positions that caches may have at most, whatever the model allows.
    pub max_context: usize,
}

impl Default for LoadOptions {
    fn default() -> Self {
        Self { weights: Weights::AsStored, max_context: 4096 }
    }
}

/// A Qwen2 model in memory. It does not change when it runs, so several threads may use it, each with its own cache and
/// scratch memory.
pub struct Qwen2 {
    pub(crate) config: ModelConfig,
    pub(crate) simd: Simd,
    /// Width of a row of the residual stream; the columns behind the hidden size stay zero.
    pub(crate) width: usize,
    /// Width of a row of mixed values.
    pub(crate) mixed_width: usize,
    /// Width of a row between the two halves of a feed-forward network.
    pub(crate) inner_width: usize,
    pub(crate) embedding: Linear,
    /// `None`: the embedding.
    pub(crate) output: Option<Linear>,
    pub(crate) final_norm: Vec<f32>,
    pub(crate) layers: Vec<Layer>,
    pub(crate) rotary: Rotary,
    notes: Vec<String>,
}

pub(crate) struct Layer {
    pub(crate) attention_norm: Vec<f32>,
    pub(crate) queries_keys_values: Linear,
    /// One after the other, without the gaps that padding may leave between products.
    pub(crate) biases: Vec<f32>,
    pub(crate) attention_output: Linear,
    pub(crate) feed_forward_norm: Vec<f32>,
    pub(crate) gate_up: Linear,
    pub(crate) down: Linear,
}

impl Qwen2 {
    pub fn load(file: &ModelFile<'_>, options: &LoadOptions) -> Result<Self, ModelError> {
        let config = file.config().clone();
        let is_quantized = options.weights != Weights::Float
            && (options.weights != Weights::AsStored || file.tensors().any(is_quantized));
        if is_quantized {
            check_processor()?;
        }
        let pad = |width: usize| if is_quantized { padded_input(width) } else { width };
        let width = pad(config.hidden);
        let mixed_width = pad(config.query_width());
        let inner_width = pad(config.feed_forward);
        let loader = Loader { file, config: &config, weights: options.weights, width };
        let layers = (0..config.layers)
            .map(|layer| loader.layer(layer, mixed_width, inner_width))
            .collect::<Result<Vec<_>, _>>()?;
        let positions = config.max_positions.min(options.max_context).max(1);
        Ok(Self {
            simd: Simd::detect(),
            width,
            mixed_width,
            inner_width,
            embedding: loader.matrix("model.embed_tokens.weight", width, 0)?,
            output: if config.tied { None } else { Some(loader.matrix("lm_head.weight", width, 0)?) },
            final_norm: loader.vector("model.norm.weight", width)?,
            layers,
            rotary: Rotary::new(&config, positions),
            notes: loader.notes(),
            config,
        })
    }

    pub fn config(&self) -> &ModelConfig {
        &self.config
    }

    /// What happened to weights that could not be used as they were stored, for diagnostics.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The most positions a cache can have.
    pub fn max_context(&self) -> usize {
        self.rotary.positions
    }

    /// An empty cache for `capacity` positions, or for as many as the model allows.
    pub fn cache(&self, capacity: usize) -> KvCache {
        KvCache::new(self.geometry(), capacity.min(self.max_context()))
    }

    /// Bytes of the weights in memory. The kernels keep a packed copy of about the same size next to them.
    pub fn weight_bytes(&self) -> usize {
        let layers = self.layers.iter().map(|layer| {
            [&layer.queries_keys_values, &layer.attention_output, &layer.gate_up, &layer.down]
                .iter()
                .map(|linear| linear.bytes())
                .sum::<usize>()
        });
        layers.sum::<usize>() + self.embedding.bytes() + self.output.as_ref().map_or(0, Linear::bytes)
    }

    /// Whether requests should go through [`super::on_one_thread`].
    pub fn is_small(&self) -> bool {
        self.weight_bytes() < SMALL_BYTES
    }

    /// Makes the kernels pack the weights, which otherwise the first request would wait for.
    pub fn warm_up(&self) -> Result<(), ModelError> {
        let mut cache = self.cache(WARM_UP_TOKENS + 1);
        let mut scratch = Scratch::default();
        let tokens = vec![0; WARM_UP_TOKENS.min(cache.capacity())];
        self.forward_all(&tokens, &mut cache, &mut scratch)?;
        cache.truncate(cache.capacity() - 1);
        self.forward(&[0], &mut cache, &mut scratch)?;
        Ok(())
    }

    pub(crate) fn geometry(&self) -> Geometry {
        Geometry {
            layers: self.config.layers,
            kv_heads: self.config.kv_heads,
            head_width: self.config.head_width,
        }
    }
}

fn is_float(dtype: GgmlDType) -> bool {
    matches!(dtype, GgmlDType::F32 | GgmlDType::F16 | GgmlDType::BF16)
}

fn is_quantized(tensor: &TensorInfo) -> bool {
    !is_float(tensor.dtype)
}

struct Loader<'a> {
    file: &'a ModelFile<'a>,
    config: &'a ModelConfig,
    weights: Weights,
    width: usize,
}

impl Loader<'_> {
    fn layer(&self, layer: usize, mixed_width: usize, inner_width: usize) -> Result<Layer, ModelError> {
        let name = |part: &str| format!("model.layers.{layer}.{part}.weight");
        let join = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|part| name(part)).collect();
            Linear::load(self.file, &names, self.width, 0, self.weights)
        };
        Ok(Layer {
            attention_norm: self.vector(&name("input_layernorm"), self.width)?,
            queries_keys_values: join(&["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"])?,
            biases: self.biases(layer)?,
            attention_output: self.matrix(&name("self_attn.o_proj"), mixed_width, self.width)?,
            feed_forward_norm: self.vector(&name("post_attention_layernorm"), self.width)?,
            gate_up: join(&["mlp.gate_proj", "mlp.up_proj"])?,
            down: self.matrix(&name("mlp.down_proj"), inner_width, self.width)?,
        })
    }

    fn matrix(&self, name: &str, inputs: usize, rows: usize) -> Result<Linear, ModelError> {
        Linear::load(self.file, &[name.to_owned()], inputs, rows, self.weights)
    }

    fn vector(&self, name: &str, width: usize) -> Result<Vec<f32>, ModelError> {
        let mut floats = self.file.floats(self.file.required(name)?)?;
        floats.resize(width, 0.0);
        Ok(floats)
    }

    fn biases(&self, layer: usize) -> Result<Vec<f32>, ModelError> {
        let mut biases = Vec::new();
        let widths = [self.config.query_width(), self.config.key_width(), self.config.key_width()];
        for (part, width) in ["q", "k", "v"].iter().zip(widths) {
            let name = format!("model.layers.{layer}.self_attn.{part}_proj.bias");
            match self.file.tensor(&name) {
                Some(tensor) => biases.extend(self.file.floats(tensor)?),
                None => biases.resize(biases.len() + width, 0.0),
            }
        }
        Ok(biases)
    }

    /// Says which stored types were changed at load although nobody asked for it.
    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.weights != Weights::AsStored {
            return notes;
        }
        let mut slow: Vec<String> = self
            .file
            .tensors()
            .filter(|tensor| tensor.shape.len() == 2 && is_quantized(tensor))
            .filter(|tensor| !matches!(tensor.dtype, GgmlDType::Q4K | GgmlDType::Q6K | GgmlDType::Q8_0))
            .map(|tensor| format!("{:?}", tensor.dtype))
            .collect();
        slow.sort_unstable();
        slow.dedup();
        if !slow.is_empty() {
            notes.push(format!("{} has no fast kernel and became Q8_0", slow.join(", ")));
        }
        if self.width != self.config.hidden {
            notes.push(format!("width {} was padded to {}", self.config.hidden, self.width));
        }
        notes
    }
}

/// Cosines and sines of all positions.
pub(crate) struct Rotary {
    half: usize,
    positions: usize,
    cosines: Vec<f32>,
    sines: Vec<f32>,
}

impl Rotary {
    fn new(config: &ModelConfig, positions: usize) -> Self {
        let half = config.head_width / 2;
        let mut cosines = Vec::with_capacity(positions * half);
        let mut sines = Vec::with_capacity(positions * half);
        let frequency =
            |index: usize| 1.0 / config.rope_base.powf((2 * index) as f32 / config.head_width as f32);
        let frequencies: Vec<f32> = (0..half).map(frequency).collect();
        for position in 0..positions {
            for frequency in &frequencies {
                let angle = position as f32 * frequency;
                cosines.push(angle.cos());
                sines.push(angle.sin());
            }
        }
        Self { half, positions, cosines, sines }
    }

    pub(crate) fn at(&self, position: usize) -> (&[f32], &[f32]) {
        let place = position * self.half..(position + 1) * self.half;
        (&self.cosines[place.clone()], &self.sines[place])
    }
}
