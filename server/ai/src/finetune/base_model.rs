//! The frozen weights of the model that is adapted, in 32 bits, laid out for few large products.

use std::cell::RefCell;

use candle_core::{DType, Device, Tensor};
use xxhash_rust::xxh3::Xxh3;

use super::FinetuneError;
use super::attention::Heads;
use super::numbers::numbers;
use crate::files::{Checkpoint, FileError};

/// Sizes of a model of the Qwen2 architecture.
#[derive(Clone, Debug, PartialEq)]
pub struct Architecture {
    pub hidden: usize,
    pub intermediate: usize,
    pub layers: usize,
    pub heads: usize,
    pub key_heads: usize,
    pub head_width: usize,
    pub vocabulary: usize,
    pub rotary_base: f64,
    pub norm_epsilon: f64,
}

impl Architecture {
    pub(super) fn heads(&self) -> Heads {
        Heads { queries: self.heads, keys: self.key_heads, width: self.head_width }
    }

    /// Width of the input and of the output of a projection.
    pub fn projection(&self, target: Target) -> (usize, usize) {
        let (queries, keys) = (self.heads * self.head_width, self.key_heads * self.head_width);
        match target {
            Target::Query => (self.hidden, queries),
            Target::Key | Target::Value => (self.hidden, keys),
            Target::Output => (queries, self.hidden),
            Target::Gate | Target::Up => (self.hidden, self.intermediate),
            Target::Down => (self.intermediate, self.hidden),
        }
    }

    fn check(&self) -> Result<(), FinetuneError> {
        let counts =
            [self.hidden, self.intermediate, self.layers, self.heads, self.key_heads, self.vocabulary];
        let is_even = self.head_width > 0 && self.head_width.is_multiple_of(2);
        if counts.contains(&0) || !is_even || !self.heads.is_multiple_of(self.key_heads) {
            return Err(FinetuneError::new(format!(
                "the sizes of the base model do not fit together: {self:?}"
            )));
        }
        Ok(())
    }
}

/// A projection that can be adapted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    Query,
    Key,
    Value,
    Output,
    Gate,
    Up,
    Down,
}

impl Target {
    pub const ALL: [Self; 7] =
        [Self::Query, Self::Key, Self::Value, Self::Output, Self::Gate, Self::Up, Self::Down];

    /// Name in files: `q_proj`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Query => "q_proj",
            Self::Key => "k_proj",
            Self::Value => "v_proj",
            Self::Output => "o_proj",
            Self::Gate => "gate_proj",
            Self::Up => "up_proj",
            Self::Down => "down_proj",
        }
    }

    /// By the name in files, with or without its ending: `q_proj`, `q`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|target| {
            target.name() == name || target.name().strip_suffix("_proj").is_some_and(|short| short == name)
        })
    }

    /// Path of the module in files: `model.layers.3.self_attn.q_proj`.
    pub(super) fn path(self, layer: usize) -> String {
        let block = if self < Self::Gate { "self_attn" } else { "mlp" };
        format!("model.layers.{layer}.{block}.{}", self.name())
    }
}

/// Projections that share their input and so are one product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    Attention,
    Output,
    Gate,
    Down,
}

impl Group {
    pub(super) const ALL: [Self; 4] = [Self::Attention, Self::Output, Self::Gate, Self::Down];

    pub(super) fn targets(self) -> &'static [Target] {
        match self {
            Self::Attention => &[Target::Query, Target::Key, Target::Value],
            Self::Output => &[Target::Output],
            Self::Gate => &[Target::Gate, Target::Up],
            Self::Down => &[Target::Down],
        }
    }
}

pub(super) struct BaseLayer {
    pub(super) attention_norm: Vec<f32>,
    pub(super) feed_norm: Vec<f32>,
    /// By [`Group`]: all outputs below each other.
    pub(super) products: [Tensor; 4],
    /// Of queries, keys and values; empty if the model has none.
    pub(super) biases: Vec<f32>,
}

/// The weights that stay as they are.
pub struct BaseModel {
    pub(super) architecture: Architecture,
    pub(super) embedding: Tensor,
    /// The same as the embedding in a model that ties them.
    pub(super) output: Tensor,
    pub(super) layers: Vec<BaseLayer>,
    pub(super) norm: Vec<f32>,
}

impl BaseModel {
    /// `tensor` finds a tensor by its name in the usual files (`model.layers.0.self_attn.q_proj.weight`), in any type
    /// of number; biases and the output layer may be missing.
    pub fn new(
        architecture: Architecture,
        tensor: &dyn Fn(&str) -> Result<Option<Tensor>, FinetuneError>,
    ) -> Result<Self, FinetuneError> {
        architecture.check()?;
        let source = Source { tensor };
        let embedding =
            source.matrix("model.embed_tokens.weight", architecture.vocabulary, architecture.hidden)?;
        let output = match (source.tensor)("lm_head.weight")? {
            Some(_) => source.matrix("lm_head.weight", architecture.vocabulary, architecture.hidden)?,
            None => embedding.clone(),
        };
        let layers = (0..architecture.layers).map(|layer| source.layer(&architecture, layer));
        let layers = layers.collect::<Result<_, _>>()?;
        let norm = source.row("model.norm.weight", architecture.hidden)?;
        Ok(Self { architecture, embedding, output, layers, norm })
    }

    /// Reads the weights of a checkpoint; quantized ones become numbers again.
    pub fn open(checkpoint: &Checkpoint) -> Result<Self, FinetuneError> {
        let shape = &checkpoint.shape;
        let architecture = Architecture {
            hidden: shape.hidden,
            intermediate: shape.feed_forward,
            layers: shape.layers,
            heads: shape.heads,
            key_heads: shape.kv_heads,
            head_width: shape.hidden / shape.heads.max(1),
            vocabulary: shape.vocabulary,
            rotary_base: f64::from(shape.rope_base),
            norm_epsilon: f64::from(shape.epsilon),
        };
        let failed = |error: FileError| FinetuneError::new(error.to_string());
        let weights = RefCell::new(checkpoint.weights().map_err(failed)?);
        Self::new(architecture, &|name| {
            let Some(tensor) = checkpoint.tensors.get(name) else { return Ok(None) };
            let rows = if let [rows, _] = tensor.shape.as_slice() { *rows } else { 1 };
            let values = weights.borrow_mut().rows(name, 0..rows).map_err(failed)?;
            Ok(Some(Tensor::from_vec(values, tensor.shape.as_slice(), &Device::Cpu)?))
        })
    }

    pub fn architecture(&self) -> &Architecture {
        &self.architecture
    }

    /// Tells base models apart.
    pub(super) fn fingerprint(&self) -> u64 {
        let mut hasher = Xxh3::new();
        if let Ok(numbers) = numbers(&self.embedding) {
            numbers.iter().for_each(|value| hasher.update(&value.to_le_bytes()));
        }
        self.norm.iter().for_each(|value| hasher.update(&value.to_le_bytes()));
        hasher.digest()
    }

    /// Numbers that are kept as they are, the tied output layer counted once.
    pub fn parameters(&self) -> usize {
        let layer = |layer: &BaseLayer| {
            let products: usize = layer.products.iter().map(Tensor::elem_count).sum();
            products + layer.attention_norm.len() + layer.feed_norm.len() + layer.biases.len()
        };
        let is_tied = self.output.id() == self.embedding.id();
        let output = if is_tied { 0 } else { self.output.elem_count() };
        self.embedding.elem_count() + output + self.norm.len() + self.layers.iter().map(layer).sum::<usize>()
    }
}

struct Source<'a> {
    tensor: &'a dyn Fn(&str) -> Result<Option<Tensor>, FinetuneError>,
}

impl Source<'_> {
    fn layer(&self, architecture: &Architecture, layer: usize) -> Result<BaseLayer, FinetuneError> {
        let norm = |name: &str| self.row(&format!("model.layers.{layer}.{name}.weight"), architecture.hidden);
        let mut products = Vec::with_capacity(4);
        for group in Group::ALL {
            let parts = group.targets().iter().map(|target| {
                let (inputs, outputs) = architecture.projection(*target);
                self.matrix(&format!("{}.weight", target.path(layer)), outputs, inputs)
            });
            products.push(Tensor::cat(&parts.collect::<Result<Vec<_>, _>>()?, 0)?);
        }
        let products =
            products.try_into().map_err(|_| FinetuneError::new("a layer has four products".to_owned()))?;
        Ok(BaseLayer {
            attention_norm: norm("input_layernorm")?,
            feed_norm: norm("post_attention_layernorm")?,
            products,
            biases: self.biases(architecture, layer)?,
        })
    }

    fn biases(&self, architecture: &Architecture, layer: usize) -> Result<Vec<f32>, FinetuneError> {
        let mut biases = Vec::new();
        for target in Group::Attention.targets() {
            let name = format!("{}.bias", target.path(layer));
            match (self.tensor)(&name)? {
                Some(_) => biases.extend(self.row(&name, architecture.projection(*target).1)?),
                None if biases.is_empty() => {}
                None => return Err(FinetuneError::new(format!("the base model lacks the tensor {name}"))),
            }
        }
        if !biases.is_empty() && biases.len() != architecture.heads().row() {
            return Err(FinetuneError::new(format!("layer {layer} of the base model lacks some biases")));
        }
        Ok(biases)
    }

    fn matrix(&self, name: &str, rows: usize, columns: usize) -> Result<Tensor, FinetuneError> {
        let tensor = self.required(name)?;
        if tensor.dims() != [rows, columns] {
            let shape = tensor.dims();
            let message = format!("the tensor {name} has the shape {shape:?} instead of [{rows}, {columns}]");
            return Err(FinetuneError::new(message));
        }
        Ok(tensor.to_device(&Device::Cpu)?.to_dtype(DType::F32)?.contiguous()?)
    }

    fn row(&self, name: &str, columns: usize) -> Result<Vec<f32>, FinetuneError> {
        let tensor = self.required(name)?;
        if tensor.elem_count() != columns {
            let message =
                format!("the tensor {name} has {} numbers instead of {columns}", tensor.elem_count());
            return Err(FinetuneError::new(message));
        }
        Ok(tensor.to_device(&Device::Cpu)?.to_dtype(DType::F32)?.flatten_all()?.to_vec1()?)
    }

    fn required(&self, name: &str) -> Result<Tensor, FinetuneError> {
        (self.tensor)(name)?
            .ok_or_else(|| FinetuneError::new(format!("the base model lacks the tensor {name}")))
    }
}

/// Rows of the embedding for tokens.
pub(super) fn embed(embedding: &Tensor, tokens: &[u32]) -> Result<Vec<f32>, FinetuneError> {
    let width = embedding.dim(1)?;
    let rows = numbers(embedding)?;
    let mut embedded = Vec::with_capacity(tokens.len() * width);
    for token in tokens {
        let row = rows.chunks_exact(width).nth(*token as usize);
        let row = row.ok_or_else(|| FinetuneError::new(format!("the model knows no token {token}")))?;
        embedded.extend_from_slice(row);
    }
    Ok(embedded)
}
