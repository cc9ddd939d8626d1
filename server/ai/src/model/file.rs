//! A model as it is stored: one GGUF file, or a folder with `config.json` and safetensors. Everything is checked when it
//! is opened; tensors are read when they are asked for.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use candle_core::CpuStorage;
use candle_core::quantized::GgmlDType;

use super::config::ModelConfig;
use super::error::ModelError;
use super::names::safetensors_name;
use super::source::Source;
use crate::files::gguf::{self, TensorEntry};
use crate::files::{Value, safetensors};

/// GGUF field that holds the text of `tokenizer.json`.
const TOKENIZER_FIELD: &str = "strizh.tokenizer";
const MAX_CONFIG: u64 = 1 << 20;
const MAX_TOKENIZER: u64 = 64 << 20;
const MAX_INDEX: u64 = 16 << 20;
/// Alignment that any block of weights is content with.
const ALIGNMENT: usize = 8;

/// What a tensor is called and looks like. Names are those of safetensors.
#[derive(Clone, Debug)]
pub struct TensorInfo {
    pub name: String,
    /// Rows first.
    pub shape: Vec<usize>,
    pub dtype: GgmlDType,
    /// In the file.
    pub bytes: u64,
    source: usize,
    start: u64,
}

/// A model file or folder.
pub struct ModelFile<'a> {
    name: String,
    config: ModelConfig,
    sources: Vec<Source<'a>>,
    tensors: BTreeMap<String, TensorInfo>,
    metadata: BTreeMap<String, Value>,
    tokenizer: Option<String>,
}

impl ModelFile<'static> {
    /// Opens a GGUF file, or a folder with `config.json` and safetensors (or one of these two files).
    pub fn open(path: impl AsRef<Path>) -> Result<Self, ModelError> {
        let path = path.as_ref();
        if path.is_dir() {
            return Self::open_folder(path);
        }
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("safetensors" | "json") => Self::open_folder(path.parent().unwrap_or(Path::new("."))),
            _ => Self::from_gguf(Source::open(path)?, || {
                read_optional_text(&path.with_file_name("tokenizer.json"), MAX_TOKENIZER)
            }),
        }
    }

    fn open_folder(folder: &Path) -> Result<Self, ModelError> {
        let config_path = folder.join("config.json");
        let config_name = config_path.display().to_string();
        let text = read_optional_text(&config_path, MAX_CONFIG)?
            .ok_or_else(|| ModelError::file(&config_name, "there is no such file"))?;
        let config = ModelConfig::from_json(&text, &config_name)?;
        let mut sources = Vec::new();
        for name in safetensors_of(folder)? {
            sources.push(Source::open(&folder.join(name))?);
        }
        let tokenizer = read_optional_text(&folder.join("tokenizer.json"), MAX_TOKENIZER)?;
        Self::from_safetensors(&folder.display().to_string(), config, sources, tokenizer)
    }
}

impl<'a> ModelFile<'a> {
    /// Reads a GGUF file that is in memory; `name` is for messages.
    pub fn from_bytes(bytes: impl Into<Cow<'a, [u8]>>, name: &str) -> Result<Self, ModelError> {
        Self::from_gguf(Source::in_memory(bytes.into(), name), || Ok(None))
    }

    /// Reads the texts and bytes of what would be a folder; `name` is for messages.
    pub fn from_parts(
        config: &str,
        weights: impl Into<Cow<'a, [u8]>>,
        tokenizer: Option<String>,
        name: &str,
    ) -> Result<Self, ModelError> {
        let config = ModelConfig::from_json(config, &format!("{name}/config.json"))?;
        let source = Source::in_memory(weights.into(), &format!("{name}/model.safetensors"));
        Self::from_safetensors(name, config, vec![source], tokenizer)
    }

    fn from_gguf(
        source: Source<'a>,
        other_tokenizer: impl FnOnce() -> Result<Option<String>, ModelError>,
    ) -> Result<Self, ModelError> {
        let name = source.name().to_owned();
        let head = source.read_head(|reader, path| gguf::read_header(reader, path))?;
        let mut metadata = head.metadata;
        let mut tensors = BTreeMap::new();
        for tensor in head.tensors {
            let other_name = safetensors_name(&tensor.name).unwrap_or_else(|| tensor.name.clone());
            add_tensor(&mut tensors, other_name, tensor, 0, &name)?;
        }
        let vocabulary = tensors
            .get("model.embed_tokens.weight")
            .and_then(|tensor| tensor.shape.first().copied())
            .ok_or_else(|| ModelError::file(&name, "tensor `token_embd.weight` is missing"))?;
        let tied = !tensors.contains_key("lm_head.weight");
        let config = ModelConfig::from_metadata(&metadata, vocabulary, tied, &name)?;
        let tokenizer = match metadata.remove(TOKENIZER_FIELD) {
            Some(Value::String(text)) => Some(text),
            Some(_) => {
                return Err(ModelError::file(&name, format!("field `{TOKENIZER_FIELD}` is not a text")));
            }
            None => other_tokenizer()?,
        };
        let file = Self { name, config, sources: vec![source], tensors, metadata, tokenizer };
        file.check_tensors()?;
        Ok(file)
    }

    fn from_safetensors(
        name: &str,
        config: ModelConfig,
        sources: Vec<Source<'a>>,
        tokenizer: Option<String>,
    ) -> Result<Self, ModelError> {
        let mut tensors = BTreeMap::new();
        for (index, source) in sources.iter().enumerate() {
            let head = source.read_head(|reader, path| safetensors::read_header(reader, path))?;
            for tensor in head.tensors {
                add_tensor(&mut tensors, tensor.name.clone(), tensor, index, source.name())?;
            }
        }
        let name = name.to_owned();
        let file = Self { name, config, sources, tensors, metadata: BTreeMap::new(), tokenizer };
        file.check_tensors()?;
        Ok(file)
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn config(&self) -> &ModelConfig {
        &self.config
    }

    /// The text of `tokenizer.json`, if the file carries it or it lies beside.
    pub fn tokenizer(&self) -> Option<&str> {
        self.tokenizer.as_deref()
    }

    /// A field of a GGUF file; the tokenizer is not among them.
    pub fn metadata(&self, field: &str) -> Option<&Value> {
        self.metadata.get(field)
    }

    /// All tensors in order of their names.
    pub fn tensors(&self) -> impl Iterator<Item = &TensorInfo> {
        self.tensors.values()
    }

    pub fn tensor(&self, name: &str) -> Option<&TensorInfo> {
        self.tensors.get(name)
    }

    /// The weights of a tensor as numbers, row by row.
    pub fn floats(&self, tensor: &TensorInfo) -> Result<Vec<f32>, ModelError> {
        let elements = tensor.shape.iter().product();
        let bytes = self.bytes(tensor)?;
        let storage =
            with_aligned(&bytes, |bytes| tensor.dtype.from_data(Cow::Borrowed(bytes)).dequantize(elements))?;
        match storage {
            CpuStorage::F32(floats) => Ok(floats),
            _ => Err(ModelError::Compute("weights did not become f32".to_owned())),
        }
    }

    /// The weights of a tensor as they are stored.
    pub fn bytes(&self, tensor: &TensorInfo) -> Result<Cow<'_, [u8]>, ModelError> {
        let source = self
            .sources
            .get(tensor.source)
            .ok_or_else(|| ModelError::Misuse("the tensor is of another file".to_owned()))?;
        source.read(tensor.start, tensor.bytes)
    }

    /// A tensor that must be there, because opening has checked it.
    pub(crate) fn required(&self, name: &str) -> Result<&TensorInfo, ModelError> {
        self.tensor(name).ok_or_else(|| ModelError::file(&self.name, format!("tensor `{name}` is missing")))
    }

    fn check_tensors(&self) -> Result<(), ModelError> {
        let config = &self.config;
        let (hidden, query, key) = (config.hidden, config.query_width(), config.key_width());
        self.check_shape("model.embed_tokens.weight", &[config.vocabulary, hidden])?;
        self.check_shape("model.norm.weight", &[hidden])?;
        if !config.tied {
            self.check_shape("lm_head.weight", &[config.vocabulary, hidden])?;
        }
        for layer in 0..config.layers {
            let shapes: [(&str, &[usize]); 9] = [
                ("input_layernorm.weight", &[hidden]),
                ("post_attention_layernorm.weight", &[hidden]),
                ("self_attn.q_proj.weight", &[query, hidden]),
                ("self_attn.k_proj.weight", &[key, hidden]),
                ("self_attn.v_proj.weight", &[key, hidden]),
                ("self_attn.o_proj.weight", &[hidden, query]),
                ("mlp.gate_proj.weight", &[config.feed_forward, hidden]),
                ("mlp.up_proj.weight", &[config.feed_forward, hidden]),
                ("mlp.down_proj.weight", &[hidden, config.feed_forward]),
            ];
            for (part, shape) in shapes {
                self.check_shape(&format!("model.layers.{layer}.{part}"), shape)?;
            }
            for (part, width) in [("q", query), ("k", key), ("v", key)] {
                let name = format!("model.layers.{layer}.self_attn.{part}_proj.bias");
                if self.tensors.contains_key(&name) {
                    self.check_shape(&name, &[width])?;
                }
            }
        }
        Ok(())
    }

    fn check_shape(&self, name: &str, shape: &[usize]) -> Result<(), ModelError> {
        let found = &self.required(name)?.shape;
        if found != shape {
            let problem = format!("tensor `{name}` has the shape {found:?} instead of {shape:?}");
            return Err(ModelError::file(&self.name, problem));
        }
        Ok(())
    }
}

/// Calls `read` with the same bytes at an address that blocks of weights may have.
pub(crate) fn with_aligned<T>(bytes: &[u8], read: impl FnOnce(&[u8]) -> T) -> T {
    if bytes.as_ptr().align_offset(ALIGNMENT) == 0 {
        return read(bytes);
    }
    let mut copy = vec![0; bytes.len() + ALIGNMENT];
    let shift = copy.as_ptr().align_offset(ALIGNMENT).min(ALIGNMENT);
    let copy = &mut copy[shift..shift + bytes.len()];
    copy.copy_from_slice(bytes);
    read(copy)
}

fn add_tensor(
    tensors: &mut BTreeMap<String, TensorInfo>,
    name: String,
    tensor: TensorEntry,
    source: usize,
    file: &str,
) -> Result<(), ModelError> {
    let TensorEntry { shape, kind, offset, bytes, .. } = tensor;
    let info = TensorInfo { name: name.clone(), shape, dtype: kind, bytes, source, start: offset };
    match tensors.insert(name, info) {
        Some(other) => Err(ModelError::file(file, format!("tensor `{}` occurs twice", other.name))),
        None => Ok(()),
    }
}

fn read_optional_text(path: &Path, most: u64) -> Result<Option<String>, ModelError> {
    let name = path.display().to_string();
    match std::fs::metadata(path) {
        Err(_) => return Ok(None),
        Ok(metadata) if metadata.len() > most => {
            let problem = format!("{} bytes are more than {most}", metadata.len());
            return Err(ModelError::file(&name, problem));
        }
        Ok(_) => {}
    }
    let text = std::fs::read_to_string(path).map_err(|error| ModelError::file(&name, error.to_string()))?;
    Ok(Some(text))
}

/// Names of the weight files of a folder: one, or the shards that the index lists.
fn safetensors_of(folder: &Path) -> Result<Vec<String>, ModelError> {
    #[derive(serde::Deserialize)]
    struct Index {
        weight_map: BTreeMap<String, String>,
    }
    if folder.join("model.safetensors").exists() {
        return Ok(vec!["model.safetensors".to_owned()]);
    }
    let path = folder.join("model.safetensors.index.json");
    let name = path.display().to_string();
    let Some(text) = read_optional_text(&path, MAX_INDEX)? else {
        let problem = "there is neither model.safetensors nor model.safetensors.index.json";
        return Err(ModelError::file(&folder.display().to_string(), problem));
    };
    let index: Index =
        serde_json::from_str(&text).map_err(|error| ModelError::file(&name, error.to_string()))?;
    let mut files: Vec<String> = index.weight_map.into_values().collect();
    files.sort_unstable();
    files.dedup();
    for file in &files {
        let plain = Path::new(file).file_name().is_some_and(|last| last == file.as_str());
        if !plain || !file.ends_with(".safetensors") {
            let problem = format!("`{file}` is not the name of a safetensors file in this folder");
            return Err(ModelError::file(&name, problem));
        }
    }
    Ok(files)
}
