//! Reads a model or an adapter to the last byte and tells whether it can be used.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::Order;
use crate::files::checkpoint::Checkpoint;
use crate::files::inspect::tokenizer_facts;
use crate::files::{FileError, Inspection, inspect};
use crate::lora::Adapter;
use crate::model::{LoadOptions, ModelError, ModelFile, Qwen2, Scratch};

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    pub bytes: u64,
    /// Of the file; of a folder, of all its files of weights one after the other.
    pub sha256: [u8; 32],
    pub tensors: usize,
    pub parameters: u64,
    pub has_tokenizer: bool,
}

/// Checks hash, structure, shapes, numbers and tokenizer, and lets a model answer once; `progress` hears how many bytes of how many are done.
pub fn verify(
    path: &Path,
    expected: Option<[u8; 32]>,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Verification, FileError> {
    let found = inspect(path)?;
    let (model, adapter) = match found {
        Inspection::Model(_) => (Some(Checkpoint::open(path)?), None),
        Inspection::Adapter(_) => (None, Some(Adapter::open(path)?)),
        Inspection::Other { architecture, .. } => {
            let problem = format_args!("architecture `{}` is not supported", super::shown(&architecture));
            return Err(FileError::new(path, problem));
        }
    };
    let parts = match (&model, &adapter) {
        (Some(model), _) => model.parts.clone(),
        (_, Some(adapter)) => vec![adapter.tensors_path.clone()],
        _ => Vec::new(),
    };
    let sizes = parts.iter().map(|part| part.metadata().map(|data| data.len()));
    let total = sizes.sum::<Result<u64, _>>().map_err(|error| FileError::new(path, error))? * 2;
    let (mut hash, mut done) = (Sha256::new(), 0);
    for part in &parts {
        done += hash_file(part, &mut hash, &mut |bytes| progress(done + bytes, total))?;
    }
    let sha256: [u8; 32] = hash.finalize().into();
    if expected.is_some_and(|expected| expected != sha256) {
        return Err(FileError::new(
            path,
            format_args!("its SHA-256 is {}, another was expected", hex(&sha256)),
        ));
    }
    let (tensors, parameters, has_tokenizer) = match (&model, &adapter) {
        (Some(model), _) => {
            check_model(model, &mut |bytes| progress(done + bytes, total))?;
            try_forward(path)?;
            (model.tensors.len(), model.parameters(), model.tokenizer.is_some())
        }
        (_, Some(adapter)) => (check_adapter(adapter)?, adapter.parameters(), false),
        _ => (0, 0, false),
    };
    Ok(Verification { bytes: done, sha256, tensors, parameters, has_tokenizer })
}

/// Adds a file to a hash and tells its length.
pub(crate) fn hash_file(
    path: &Path,
    hash: &mut Sha256,
    progress: &mut dyn FnMut(u64),
) -> Result<u64, FileError> {
    let mut file = File::open(path).map_err(|error| FileError::new(path, error))?;
    let (mut buffer, mut done) = (vec![0; 1 << 20], 0);
    loop {
        let count = file.read(&mut buffer).map_err(|error| FileError::new(path, error))?;
        if count == 0 {
            return Ok(done);
        }
        hash.update(buffer.get(..count).unwrap_or_default());
        done += count as u64;
        progress(done);
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn check_model(model: &Checkpoint, progress: &mut dyn FnMut(u64)) -> Result<(), FileError> {
    const PIECE_ELEMENTS: usize = 1 << 20;
    let mut weights = model.weights()?;
    let mut done = 0;
    for tensor in model.shape.tensors() {
        let Some(stored) = model.tensors.get(&tensor.name) else { continue };
        let width = tensor.shape.last().copied().unwrap_or_default().max(1);
        let row_count = if tensor.shape.len() == 2 { tensor.shape[0] } else { 1 };
        let step = (PIECE_ELEMENTS / width).clamp(1, row_count.max(1));
        for first in (0..row_count).step_by(step) {
            let values = weights.rows(&tensor.name, first..(first + step).min(row_count))?;
            if let Some(value) = values.iter().find(|value| !value.is_finite()) {
                return Err(FileError::in_tensor(
                    &model.path,
                    &tensor.name,
                    format_args!("it has the value {value}"),
                ));
            }
        }
        done += stored.bytes();
        progress(done);
    }
    let Some(tokenizer) = &model.tokenizer else { return Ok(()) };
    let facts = tokenizer_facts(tokenizer).map_err(|problem| FileError::new(&model.path, problem))?;
    if facts.tokens > model.shape.vocabulary {
        let problem = format_args!(
            "its tokenizer has {} tokens, the model only {}",
            facts.tokens, model.shape.vocabulary
        );
        return Err(FileError::new(&model.path, problem));
    }
    let needed: &[&str] = match model.prompt.order {
        Some(Order::SuffixFirst) => &["fim_suffix", "fim_middle"],
        Some(Order::PrefixFirst) => &["fim_prefix", "fim_suffix", "fim_middle"],
        Some(Order::Plain) | None => &[],
    };
    match needed.iter().find(|marker| !facts.markers.contains(marker)) {
        Some(marker) => {
            Err(FileError::new(&model.path, format_args!("its tokenizer has no token for `{marker}`")))
        }
        None => Ok(()),
    }
}

/// The model answers, and with numbers.
fn try_forward(path: &Path) -> Result<(), FileError> {
    const PROBE_TOKENS: usize = 8;
    let answer = || -> Result<bool, ModelError> {
        let file = ModelFile::open(path)?;
        let model = Qwen2::load(&file, &LoadOptions::default())?;
        let count = PROBE_TOKENS.min(model.max_context()).min(model.config().vocabulary);
        let tokens: Vec<u32> = (0..count as u32).collect();
        let (mut cache, mut scratch) = (model.cache(count), Scratch::default());
        Ok(model.forward(&tokens, &mut cache, &mut scratch)?.iter().all(|logit| logit.is_finite()))
    };
    match answer() {
        Ok(true) => Ok(()),
        Ok(false) => Err(FileError::new(path, "the model answers with numbers that are none")),
        // A processor that cannot run models does not make the file bad.
        Err(ModelError::Processor(_)) => Ok(()),
        Err(ModelError::File { problem, .. }) => Err(FileError::new(path, problem)),
        Err(error) => Err(FileError::new(path, error)),
    }
}

fn check_adapter(adapter: &Adapter) -> Result<usize, FileError> {
    let mut count = 0;
    for module in adapter.modules.values() {
        let optional = [&module.bias, &module.magnitude].into_iter().flatten();
        for tensor in [&module.a, &module.b].into_iter().chain(optional) {
            adapter.values(tensor)?;
            count += 1;
        }
    }
    for tensor in adapter.whole.values() {
        adapter.values(tensor)?;
        count += 1;
    }
    Ok(count)
}
