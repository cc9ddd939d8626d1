//! Sizes of a model, read from `config.json` or from the metadata of a GGUF file and checked before anything is
//! allocated by them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::error::ModelError;
use crate::files::Value as MetadataValue;

const MAX_HIDDEN: usize = 16_384;
const MAX_LAYERS: usize = 256;
const MAX_HEADS: usize = 256;
const MAX_HEAD_WIDTH: usize = 512;
const MAX_FEED_FORWARD: usize = 131_072;
const MAX_VOCABULARY: usize = 1 << 20;
const MAX_POSITIONS: usize = 1 << 24;

/// Sizes and constants of a Qwen2 model.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelConfig {
    pub hidden: usize,
    pub layers: usize,
    pub heads: usize,
    pub kv_heads: usize,
    pub head_width: usize,
    pub feed_forward: usize,
    pub vocabulary: usize,
    pub max_positions: usize,
    pub rope_base: f32,
    pub epsilon: f32,
    /// The output layer is the token embedding.
    pub tied: bool,
}

impl ModelConfig {
    /// Reads a `config.json`; `file` is its name for messages.
    pub fn from_json(text: &str, file: &str) -> Result<Self, ModelError> {
        let value: Value =
            serde_json::from_str(text).map_err(|error| ModelError::file(file, error.to_string()))?;
        let fields = JsonFields { value: &value, file };
        fields.refuse_other_models()?;
        let heads = fields.size("num_attention_heads")?;
        let hidden = fields.size("hidden_size")?;
        let config = Self {
            hidden,
            layers: fields.size("num_hidden_layers")?,
            heads,
            kv_heads: fields.optional_size("num_key_value_heads")?.unwrap_or(heads),
            head_width: fields.optional_size("head_dim")?.unwrap_or(hidden / heads.max(1)),
            feed_forward: fields.size("intermediate_size")?,
            vocabulary: fields.size("vocab_size")?,
            max_positions: fields.size("max_position_embeddings")?,
            rope_base: fields.optional_number("rope_theta")?.unwrap_or(10_000.0),
            epsilon: fields.optional_number("rms_norm_eps")?.unwrap_or(1e-6),
            tied: value.get("tie_word_embeddings").and_then(Value::as_bool).unwrap_or(false),
        };
        config.check(file)?;
        Ok(config)
    }

    /// Reads the metadata of a GGUF file. The vocabulary and whether the output layer is tied follow from its tensors.
    pub(crate) fn from_metadata(
        metadata: &BTreeMap<String, MetadataValue>,
        vocabulary: usize,
        tied: bool,
        file: &str,
    ) -> Result<Self, ModelError> {
        let fields = MetadataFields { metadata, file };
        fields.refuse_other_models()?;
        let heads = fields.size("qwen2.attention.head_count")?;
        let hidden = fields.size("qwen2.embedding_length")?;
        let config = Self {
            hidden,
            layers: fields.size("qwen2.block_count")?,
            heads,
            kv_heads: fields.optional_size("qwen2.attention.head_count_kv")?.unwrap_or(heads),
            head_width: fields.optional_size("qwen2.attention.key_length")?.unwrap_or(hidden / heads.max(1)),
            feed_forward: fields.size("qwen2.feed_forward_length")?,
            vocabulary,
            max_positions: fields.size("qwen2.context_length")?,
            rope_base: fields.number("qwen2.rope.freq_base").unwrap_or(10_000.0),
            epsilon: fields.number("qwen2.attention.layer_norm_rms_epsilon").unwrap_or(1e-6),
            tied,
        };
        config.check(file)?;
        Ok(config)
    }

    /// Number of weights, vectors included; a tied output layer counts once.
    pub fn parameters(&self) -> u64 {
        let [hidden, layers, feed_forward, vocabulary] =
            [self.hidden, self.layers, self.feed_forward, self.vocabulary].map(|size| size as u64);
        let query = self.query_width() as u64;
        let key = self.key_width() as u64;
        let attention = 2 * hidden * query + 2 * hidden * key + query + 2 * key;
        let layer = attention + 3 * hidden * feed_forward + 2 * hidden;
        let embeddings = if self.tied { 1 } else { 2 };
        layers * layer + embeddings * vocabulary * hidden + hidden
    }

    /// Width of all queries of one position.
    pub(crate) fn query_width(&self) -> usize {
        self.heads * self.head_width
    }

    /// Width of all keys, and of all values, of one position.
    pub(crate) fn key_width(&self) -> usize {
        self.kv_heads * self.head_width
    }

    fn check(&self, file: &str) -> Result<(), ModelError> {
        let sizes = [
            ("hidden size", self.hidden, MAX_HIDDEN),
            ("number of layers", self.layers, MAX_LAYERS),
            ("number of heads", self.heads, MAX_HEADS),
            ("number of key/value heads", self.kv_heads, MAX_HEADS),
            ("head width", self.head_width, MAX_HEAD_WIDTH),
            ("feed-forward size", self.feed_forward, MAX_FEED_FORWARD),
            ("vocabulary size", self.vocabulary, MAX_VOCABULARY),
            ("number of positions", self.max_positions, MAX_POSITIONS),
        ];
        for (name, size, most) in sizes {
            if size == 0 || size > most {
                return Err(ModelError::file(file, format!("the {name} is {size}, not 1 to {most}")));
            }
        }
        if !self.heads.is_multiple_of(self.kv_heads) {
            let problem = format!("{} heads cannot share {} key/value heads", self.heads, self.kv_heads);
            return Err(ModelError::file(file, problem));
        }
        if !self.head_width.is_multiple_of(2) {
            let problem = format!("the head width {} is odd", self.head_width);
            return Err(ModelError::file(file, problem));
        }
        if !(self.rope_base > 1.0 && self.rope_base.is_finite()) {
            let problem = format!("the rope base {} is not above 1", self.rope_base);
            return Err(ModelError::file(file, problem));
        }
        if !(self.epsilon > 0.0 && self.epsilon < 1.0) {
            let problem = format!("the norm epsilon {} is not between 0 and 1", self.epsilon);
            return Err(ModelError::file(file, problem));
        }
        Ok(())
    }
}

struct JsonFields<'a> {
    value: &'a Value,
    file: &'a str,
}

impl JsonFields<'_> {
    fn refuse_other_models(&self) -> Result<(), ModelError> {
        for (field, wanted) in [("model_type", "qwen2"), ("hidden_act", "silu")] {
            let found = self.value.get(field).and_then(Value::as_str).unwrap_or_default();
            if found != wanted {
                return Err(self.problem(field, &format!("is `{found}`, only `{wanted}` is known")));
            }
        }
        if self.value.get("use_sliding_window").and_then(Value::as_bool) == Some(true) {
            return Err(self.problem("use_sliding_window", "is not supported"));
        }
        if self.value.get("rope_scaling").is_some_and(|scaling| !scaling.is_null()) {
            return Err(self.problem("rope_scaling", "is not supported"));
        }
        Ok(())
    }

    fn size(&self, field: &str) -> Result<usize, ModelError> {
        self.optional_size(field)?.ok_or_else(|| self.problem(field, "is missing"))
    }

    fn optional_size(&self, field: &str) -> Result<Option<usize>, ModelError> {
        match self.value.get(field) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => value
                .as_u64()
                .and_then(|size| usize::try_from(size).ok())
                .map(Some)
                .ok_or_else(|| self.problem(field, "is not a whole number")),
        }
    }

    fn optional_number(&self, field: &str) -> Result<Option<f32>, ModelError> {
        match self.value.get(field) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => value
                .as_f64()
                .map(|number| Some(number as f32))
                .ok_or_else(|| self.problem(field, "is not a number")),
        }
    }

    fn problem(&self, field: &str, problem: &str) -> ModelError {
        ModelError::file(self.file, format!("field `{field}` {problem}"))
    }
}

struct MetadataFields<'a> {
    metadata: &'a BTreeMap<String, MetadataValue>,
    file: &'a str,
}

impl MetadataFields<'_> {
    fn refuse_other_models(&self) -> Result<(), ModelError> {
        let architecture =
            self.metadata.get("general.architecture").and_then(MetadataValue::as_str).unwrap_or_default();
        if architecture != "qwen2" {
            let problem = format!("is `{architecture}`, only `qwen2` is known");
            return Err(self.problem("general.architecture", &problem));
        }
        let scaling = self.metadata.get("qwen2.rope.scaling.type").and_then(MetadataValue::as_str);
        if scaling.is_some_and(|scaling| scaling != "none") {
            return Err(self.problem("qwen2.rope.scaling.type", "is not supported"));
        }
        Ok(())
    }

    fn size(&self, field: &str) -> Result<usize, ModelError> {
        self.optional_size(field)?.ok_or_else(|| self.problem(field, "is missing"))
    }

    fn optional_size(&self, field: &str) -> Result<Option<usize>, ModelError> {
        self.metadata
            .get(field)
            .map(|value| value.to_usize().ok_or_else(|| self.problem(field, "is not a whole number")))
            .transpose()
    }

    fn number(&self, field: &str) -> Option<f32> {
        self.metadata.get(field).and_then(MetadataValue::to_f64).map(|number| number as f32)
    }

    fn problem(&self, field: &str, problem: &str) -> ModelError {
        ModelError::file(self.file, format!("field `{field}` {problem}"))
    }
}
