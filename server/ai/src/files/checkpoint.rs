//! A model as it lies on the disk: a folder with `config.json` and safetensors, or one GGUF file.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

use candle_core::quantized::GgmlDType;
use serde::Deserialize;

use crate::Order;
use crate::files::architecture::{ExpectedTensor, Shape};
use crate::files::encode::decode;
use crate::files::gguf::{self, TensorEntry};
use crate::files::json::{Entries, read_text, without_blanks};
use crate::files::value::Value;
use crate::files::{FileError, safetensors, shown};

const MAX_CONFIG_BYTES: u64 = 1 << 20;
/// The tokenizers of large models have 11 MB.
pub(crate) const MAX_TOKENIZER_BYTES: u64 = 64 << 20;
const MAX_PARTS: usize = 1000;

/// A model whose head was read and checked. Tensors are read when they are asked for.
#[derive(Debug)]
pub struct Checkpoint {
    pub path: PathBuf,
    pub shape: Shape,
    /// By their names in safetensors, whatever the file is.
    pub tensors: BTreeMap<String, StoredTensor>,
    /// `tokenizer.json`.
    pub tokenizer: Option<String>,
    pub prompt: PromptFacts,
    /// The head of a GGUF file; empty for safetensors.
    pub metadata: BTreeMap<String, Value>,
    /// The files that hold tensors.
    pub parts: Vec<PathBuf>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct StoredTensor {
    pub shape: Vec<usize>,
    pub kind: GgmlDType,
    part: usize,
    offset: u64,
    bytes: u64,
}

impl StoredTensor {
    /// In the file.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

/// How the model wants to be asked, as far as its files tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PromptFacts {
    pub order: Option<Order>,
    /// How many tokens of the suffix it was trained with; 0 if that is not known.
    pub suffix_tokens: usize,
    /// How many tokens at once it was trained with; 0 if that is not known.
    pub context: usize,
}

impl Checkpoint {
    /// Opens a folder with `config.json` or a GGUF file.
    pub fn open(path: &Path) -> Result<Self, FileError> {
        if path.is_dir() { Self::open_folder(path) } else { Self::open_gguf(path) }
    }

    fn open_gguf(path: &Path) -> Result<Self, FileError> {
        if path.extension().is_some_and(|extension| extension == "safetensors") {
            let problem = "give the folder of the model, with its `config.json`";
            return Err(FileError::new(path, problem));
        }
        let file = File::open(path).map_err(|error| FileError::new(path, error))?;
        let header = gguf::read_header(file, path)?;
        let embedding = header.tensors.iter().find(|tensor| tensor.name == "token_embd.weight");
        let Some(vocabulary) = embedding.and_then(|tensor| tensor.shape.first().copied()) else {
            return Err(FileError::new(path, "tensor `token_embd.weight` is missing"));
        };
        let is_tied = !header.tensors.iter().any(|tensor| tensor.name == "output.weight");
        let shape = Shape::from_gguf(&header.metadata, vocabulary, is_tied, path)?;
        let found = header.tensors.into_iter().map(|tensor| (tensor, 0)).collect();
        let tensors = match_tensors(found, &shape, |tensor| &tensor.gguf, path)?;
        let metadata = header.metadata;
        let tokenizer = metadata.get("strizh.tokenizer").and_then(Value::as_str).map(str::to_owned);
        let number = |key: &str| metadata.get(key).and_then(Value::to_usize);
        let name = metadata.get("strizh.fim.order").map(|value| value.as_str().unwrap_or_default());
        let order = order(name)
            .map_err(|problem| FileError::new(path, format_args!("key `strizh.fim.order`: {problem}")))?;
        let prompt = PromptFacts {
            order,
            suffix_tokens: number("strizh.fim.suffix_tokens").unwrap_or_default(),
            context: number("strizh.context").unwrap_or_default(),
        };
        let parts = vec![path.to_owned()];
        Ok(Self { path: path.to_owned(), shape, tensors, tokenizer, prompt, metadata, parts })
    }

    fn open_folder(folder: &Path) -> Result<Self, FileError> {
        let config_path = folder.join("config.json");
        let config = read_text(&config_path, MAX_CONFIG_BYTES)?;
        let shape = Shape::from_config(&config, &config_path)?;
        let parts = part_paths(folder)?;
        let mut found = Vec::new();
        for (number, part) in parts.iter().enumerate() {
            let mut file = File::open(part).map_err(|error| FileError::new(part, error))?;
            let header = safetensors::read_header(&mut file, part)?;
            found.extend(header.tensors.into_iter().map(|tensor| (tensor, number)));
        }
        // Buffers that old programs stored, and the output layer that is the embedding anyway.
        found.retain(|(tensor, _)| {
            let is_buffer = tensor.name.ends_with("rotary_emb.inv_freq");
            !is_buffer && (!shape.is_tied || tensor.name != "lm_head.weight")
        });
        let tensors = match_tensors(found, &shape, |tensor| &tensor.name, folder)?;
        let tokenizer_path = folder.join("tokenizer.json");
        let tokenizer = match tokenizer_path.exists() {
            true => Some(without_blanks(&read_text(&tokenizer_path, MAX_TOKENIZER_BYTES)?)),
            false => None,
        };
        let prompt = prompt_of_config(&config, &config_path)?;
        Ok(Self {
            path: folder.to_owned(),
            shape,
            tensors,
            tokenizer,
            prompt,
            metadata: BTreeMap::new(),
            parts,
        })
    }

    /// How many numbers the model consists of.
    pub fn parameters(&self) -> u64 {
        self.tensors
            .values()
            .map(|tensor| tensor.shape.iter().map(|&length| length as u64).product::<u64>())
            .sum()
    }

    /// Which tensor has the values of this one: a tied output layer has those of the embedding.
    pub(crate) fn source_of<'a>(&self, tensor: &'a str) -> &'a str {
        if tensor == "lm_head.weight" && self.shape.is_tied { "model.embed_tokens.weight" } else { tensor }
    }

    /// Opens the files of the tensors for reading.
    pub fn weights(&self) -> Result<Weights<'_>, FileError> {
        let open = |path: &PathBuf| File::open(path).map_err(|error| FileError::new(path, error));
        let files = self.parts.iter().map(open).collect::<Result<_, _>>()?;
        Ok(Weights { checkpoint: self, files })
    }
}

/// Reads tensors of a [`Checkpoint`].
pub struct Weights<'a> {
    checkpoint: &'a Checkpoint,
    files: Vec<File>,
}

impl Weights<'_> {
    /// Rows of a tensor as f32; a vector is one row.
    pub fn rows(&mut self, name: &str, rows: Range<usize>) -> Result<Vec<f32>, FileError> {
        let path = &self.checkpoint.path;
        let refuse = |problem: &str| FileError::in_tensor(path, name, problem);
        let Some(tensor) = self.checkpoint.tensors.get(name) else { return Err(refuse("it is missing")) };
        let row_count = if tensor.shape.len() == 2 { tensor.shape[0] } else { 1 };
        if rows.start > rows.end || rows.end > row_count {
            return Err(refuse("it has fewer rows"));
        }
        let row_bytes = tensor.bytes / row_count as u64;
        let Some(file) = self.files.get_mut(tensor.part) else { return Err(refuse("its file is not open")) };
        let mut bytes = vec![0; row_bytes as usize * rows.len()];
        let place = SeekFrom::Start(tensor.offset + row_bytes * rows.start as u64);
        file.seek(place)
            .and_then(|_| file.read_exact(&mut bytes))
            .map_err(|error| refuse(&error.to_string()))?;
        decode(&bytes, tensor.kind).map_err(|problem| refuse(&problem))
    }
}

/// Every expected tensor is there with its shape, and there is no other.
fn match_tensors(
    found: Vec<(TensorEntry, usize)>,
    shape: &Shape,
    name_of: impl Fn(&ExpectedTensor) -> &String,
    path: &Path,
) -> Result<BTreeMap<String, StoredTensor>, FileError> {
    let mut by_name = BTreeMap::new();
    for (tensor, part) in found {
        if let Some((twin, _)) = by_name.insert(tensor.name.clone(), (tensor, part)) {
            return Err(FileError::in_tensor(path, &twin.name, "it occurs in two files"));
        }
    }
    let mut tensors = BTreeMap::new();
    for expected in shape.tensors() {
        let name = name_of(&expected);
        let Some((tensor, part)) = by_name.remove(name) else {
            return Err(FileError::in_tensor(path, name, "it is missing"));
        };
        if tensor.shape != expected.shape {
            let problem =
                format_args!("its shape is {:?}, the model needs {:?}", tensor.shape, expected.shape);
            return Err(FileError::in_tensor(path, name, problem));
        }
        let TensorEntry { shape, kind, offset, bytes, .. } = tensor;
        tensors.insert(expected.name, StoredTensor { shape, kind, part, offset, bytes });
    }
    match by_name.keys().next() {
        Some(name) => Err(FileError::in_tensor(path, name, "a qwen2 model has no such tensor")),
        None => Ok(tensors),
    }
}

/// The files of a folder that hold the weights.
fn part_paths(folder: &Path) -> Result<Vec<PathBuf>, FileError> {
    #[derive(Deserialize)]
    struct Index {
        weight_map: Entries<String>,
    }
    let single = folder.join("model.safetensors");
    if single.exists() {
        return Ok(vec![single]);
    }
    let index_path = folder.join("model.safetensors.index.json");
    if !index_path.exists() {
        let has_pickle = folder.join("pytorch_model.bin").exists();
        let problem = match has_pickle {
            true => "there is only a pickle, `pytorch_model.bin`: convert it to safetensors first",
            false => "there is no `model.safetensors`",
        };
        return Err(FileError::new(folder, problem));
    }
    let text = read_text(&index_path, MAX_TOKENIZER_BYTES)?;
    let index: Index = serde_json::from_str(&text).map_err(|error| FileError::new(&index_path, error))?;
    let mut names: Vec<String> = index.weight_map.0.into_iter().map(|(_, file)| file).collect();
    names.sort();
    names.dedup();
    if names.len() > MAX_PARTS {
        return Err(FileError::new(&index_path, format_args!("it names {} files", names.len())));
    }
    // A name must not lead out of the folder.
    if let Some(name) =
        names.iter().find(|name| name.contains(['/', '\\', ':']) || !name.ends_with(".safetensors"))
    {
        return Err(FileError::new(&index_path, format_args!("`{}` is no name of a part", shown(name))));
    }
    Ok(names.iter().map(|name| folder.join(name)).collect())
}

/// Facts about prompts that our own training writes into `config.json` under `strizh`.
fn prompt_of_config(text: &str, path: &Path) -> Result<PromptFacts, FileError> {
    #[derive(Default, Deserialize)]
    struct Facts {
        fim_order: Option<String>,
        #[serde(default)]
        suffix_tokens: u32,
        #[serde(default)]
        context: u32,
    }
    #[derive(Deserialize)]
    struct Config {
        #[serde(default)]
        strizh: Facts,
    }
    let Config { strizh: facts } = serde_json::from_str(text).map_err(|error| FileError::new(path, error))?;
    let order = order(facts.fim_order.as_deref())
        .map_err(|problem| FileError::new(path, format_args!("`fim_order`: {problem}")))?;
    Ok(PromptFacts { order, suffix_tokens: facts.suffix_tokens as usize, context: facts.context as usize })
}

fn order(name: Option<&str>) -> Result<Option<Order>, String> {
    match name {
        None => Ok(None),
        Some(name) => Order::named(name).map(Some).ok_or_else(|| format!("`{}` is unknown", shown(name))),
    }
}
