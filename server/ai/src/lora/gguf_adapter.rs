//! Adapters in GGUF, as llama.cpp has them.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use parking_lot::Mutex;

use crate::files::gguf::{self, TensorEntry};
use crate::files::{FileError, Value, module_of_gguf};
use crate::lora::Adapter;
use crate::lora::adapter::{Layout, Module, product_rank};

pub(super) fn open(path: &Path) -> Result<Adapter, FileError> {
    let file = File::open(path).map_err(|error| FileError::new(path, error))?;
    let header = gguf::read_header(&file, path)?;
    let text = |key: &str| header.metadata.get(key).and_then(Value::as_str).unwrap_or_default();
    if text("general.type") != "adapter" || text("adapter.type") != "lora" {
        return Err(FileError::new(path, "it is no LoRA adapter"));
    }
    if text("general.architecture") != "qwen2" {
        return Err(FileError::new(path, "it is an adapter of another architecture, not of qwen2"));
    }
    if header.metadata.keys().any(|key| key.starts_with("adapter.alora.")) {
        return Err(FileError::new(
            path,
            "it acts only after an invocation sequence, so it cannot be merged",
        ));
    }
    let alpha = header.metadata.get("adapter.lora.alpha").and_then(Value::to_f64);
    let alpha = alpha.filter(|alpha| alpha.is_finite() && alpha.abs() <= 1e6);
    let alpha =
        alpha.ok_or_else(|| FileError::new(path, "key `adapter.lora.alpha` is missing or no number"))?;
    let mut pairs: BTreeMap<String, [Option<TensorEntry>; 2]> = BTreeMap::new();
    for tensor in header.tensors {
        let refuse = |problem: &str| FileError::in_tensor(path, &tensor.name, problem);
        let (target, index) = match tensor.name.rsplit_once('.') {
            Some((target, "lora_a")) => (target, 0),
            Some((target, "lora_b")) => (target, 1),
            _ => return Err(refuse("it is a part of LoRA that is unknown")),
        };
        let module = module_of_gguf(target).ok_or_else(|| refuse("a qwen2 model has no such tensor"))?;
        pairs.entry(module).or_default()[index] = Some(tensor);
    }
    let mut modules = BTreeMap::new();
    for (name, pair) in pairs {
        let module = module(&name, pair, alpha);
        let module =
            module.map_err(|problem| FileError::new(path, format_args!("module `{name}`: {problem}")))?;
        modules.insert(name, module);
    }
    Ok(Adapter {
        path: path.to_owned(),
        modules,
        whole: BTreeMap::new(),
        ensure_weight_tying: false,
        notes: Vec::new(),
        parts: vec![path.to_owned()],
        tensors_path: path.to_owned(),
        file: Mutex::new(file),
    })
}

fn module(name: &str, pair: [Option<TensorEntry>; 2], alpha: f64) -> Result<Module, String> {
    let [Some(a), Some(b)] = pair else { return Err("it has only one of A and B".to_owned()) };
    let is_embedding = name == "model.embed_tokens";
    let rank = product_rank(&a, &b, usize::from(is_embedding))?;
    let scale = if alpha == 0.0 { 1.0 } else { alpha / rank as f64 };
    let layout = if is_embedding { Layout::FlippedEmbedding } else { Layout::Linear };
    Ok(Module { rank, scale: scale as f32, layout, a, b, bias: None, magnitude: None })
}
