//! Tells what a file is, from its head alone.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use candle_core::quantized::GgmlDType;

use crate::Tokenizer;
use crate::files::checkpoint::{Checkpoint, PromptFacts};
use crate::files::gguf;
use crate::files::value::Value;
use crate::files::{FileError, Shape};
use crate::lora::Adapter;

/// What a file or folder is.
#[derive(Debug)]
pub enum Inspection {
    Model(Box<ModelInspection>),
    Adapter(Box<AdapterInspection>),
    /// A GGUF file that cannot be used here.
    Other {
        architecture: String,
        tensors: Vec<TypeSum>,
    },
}

#[derive(Debug)]
pub struct ModelInspection {
    pub shape: Shape,
    pub name: Option<String>,
    pub license: Option<String>,
    pub file_bytes: u64,
    pub parameters: u64,
    pub tensors: Vec<TypeSum>,
    /// `None`: the file has none. `Some(Err)`: it cannot be used, and why.
    pub tokenizer: Option<Result<TokenizerFacts, String>>,
    pub prompt: PromptFacts,
    /// What the loaded model takes, about, with the states of its whole window.
    pub memory_bytes: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenizerFacts {
    pub tokens: usize,
    pub bytes: usize,
    /// Markers of the parts of a prompt that it knows: `fim_prefix` and so on.
    pub markers: Vec<&'static str>,
}

#[derive(Debug)]
pub struct AdapterInspection {
    pub parameters: u64,
    pub modules: usize,
    /// From the lowest to the highest.
    pub ranks: Vec<usize>,
    pub replaced: usize,
    pub has_magnitudes: bool,
    pub notes: Vec<String>,
}

/// Tensors of one type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeSum {
    pub kind: GgmlDType,
    pub count: usize,
    pub parameters: u64,
    pub bytes: u64,
}

/// Looks at the folder or file of a model or of an adapter.
pub fn inspect(path: &Path) -> Result<Inspection, FileError> {
    if path.is_dir() {
        return if path.join("adapter_config.json").exists() { adapter(path) } else { model(path) };
    }
    let file = File::open(path).map_err(|error| FileError::new(path, error))?;
    if path.extension().is_some_and(|extension| extension == "safetensors") {
        return model(path);
    }
    let header = gguf::read_header(file, path)?;
    let text = |key: &str| header.metadata.get(key).and_then(Value::as_str).unwrap_or_default();
    match (text("general.type"), text("general.architecture")) {
        ("adapter", _) => adapter(path),
        (_, "qwen2") => model(path),
        (_, architecture) => {
            let tensors = sums(
                header.tensors.iter().map(|tensor| (tensor.kind, elements(&tensor.shape), tensor.bytes)),
            );
            Ok(Inspection::Other { architecture: architecture.to_owned(), tensors })
        }
    }
}

fn adapter(path: &Path) -> Result<Inspection, FileError> {
    let adapter = Adapter::open(path)?;
    let mut ranks: Vec<usize> = adapter.modules.values().map(|module| module.rank).collect();
    ranks.sort_unstable();
    ranks.dedup();
    Ok(Inspection::Adapter(Box::new(AdapterInspection {
        parameters: adapter.parameters(),
        modules: adapter.modules.len(),
        ranks,
        replaced: adapter.whole.len(),
        has_magnitudes: adapter.modules.values().any(|module| module.magnitude.is_some()),
        notes: adapter.notes,
    })))
}

fn model(path: &Path) -> Result<Inspection, FileError> {
    let model = Checkpoint::open(path)?;
    let mut file_bytes = 0;
    for part in &model.parts {
        file_bytes += part.metadata().map_err(|error| FileError::new(part, error))?.len();
    }
    let tensors =
        sums(model.tensors.values().map(|tensor| (tensor.kind, elements(&tensor.shape), tensor.bytes())));
    let text = |key: &str| model.metadata.get(key).and_then(Value::as_str).map(str::to_owned);
    Ok(Inspection::Model(Box::new(ModelInspection {
        shape: model.shape,
        name: text("general.name"),
        license: text("general.license"),
        file_bytes,
        parameters: model.parameters(),
        memory_bytes: memory(&model),
        tensors,
        tokenizer: model.tokenizer.as_deref().map(tokenizer_facts),
        prompt: model.prompt,
    })))
}

pub(super) fn tokenizer_facts(text: &str) -> Result<TokenizerFacts, String> {
    const MARKERS: [&str; 4] = ["fim_prefix", "fim_suffix", "fim_middle", "endoftext"];
    let tokenizer = Tokenizer::from_json(text).map_err(|error| error.to_string())?;
    let markers = MARKERS.into_iter().filter(|name| tokenizer.special(name).is_some()).collect();
    Ok(TokenizerFacts { tokens: tokenizer.vocabulary(), bytes: text.len(), markers })
}

/// Quantized matrices are kept as they are and once more in the order that the processor likes; the states of a token
/// are a key and a value in every layer.
fn memory(model: &Checkpoint) -> u64 {
    let weights: u64 = model
        .tensors
        .values()
        .map(|tensor| match tensor.kind {
            GgmlDType::F32 | GgmlDType::F16 | GgmlDType::BF16 => elements(&tensor.shape) * 4,
            GgmlDType::Q4K => tensor.bytes() * 7 / 3,
            GgmlDType::Q6K => tensor.bytes() * 5 / 2,
            _ => tensor.bytes() * 2,
        })
        .sum();
    let window = match model.prompt.context {
        0 => model.shape.context.min(1024),
        window => window,
    };
    weights + (window * model.shape.layers * 2 * model.shape.kv_width() * 4) as u64
}

fn elements(shape: &[usize]) -> u64 {
    shape.iter().map(|&length| length as u64).product()
}

fn sums(tensors: impl Iterator<Item = (GgmlDType, u64, u64)>) -> Vec<TypeSum> {
    let mut by_kind = BTreeMap::<u32, TypeSum>::new();
    for (kind, parameters, bytes) in tensors {
        let sum = TypeSum { kind, count: 0, parameters: 0, bytes: 0 };
        let sum = by_kind.entry(gguf::kind_id(kind)).or_insert(sum);
        sum.count += 1;
        sum.parameters += parameters;
        sum.bytes += bytes;
    }
    by_kind.into_values().collect()
}
