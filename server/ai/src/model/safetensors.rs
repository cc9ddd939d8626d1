//! The head of a safetensors file: names, shapes and places of its tensors, checked against the size of the file.

use std::collections::BTreeMap;

use candle_core::quantized::GgmlDType;
use serde::Deserialize;

use super::error::ModelError;
use super::source::Source;
use crate::files::gguf::{TensorEntry, stored_bytes};

const LENGTH_BYTES: u64 = 8;
const MAX_HEAD: u64 = 64 << 20;

#[derive(Deserialize)]
struct Entry {
    dtype: String,
    shape: Vec<usize>,
    data_offsets: (u64, u64),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Field {
    Tensor(Entry),
    /// `__metadata__`
    Other(serde::de::IgnoredAny),
}

pub(crate) fn read_head(source: &Source<'_>) -> Result<Vec<TensorEntry>, ModelError> {
    let file = source.name();
    let length = source.read(0, LENGTH_BYTES)?;
    let length = u64::from_le_bytes(length.as_ref().try_into().unwrap_or_default());
    if length > MAX_HEAD || length > source.size().saturating_sub(LENGTH_BYTES) {
        return Err(ModelError::file(file, format!("a head of {length} bytes does not fit the file")));
    }
    let head = source.read(LENGTH_BYTES, length)?;
    let fields: BTreeMap<String, Field> =
        serde_json::from_slice(&head).map_err(|error| ModelError::file(file, format!("head: {error}")))?;
    let data_start = LENGTH_BYTES + length;
    let mut tensors = Vec::new();
    for (name, field) in fields {
        match field {
            Field::Tensor(entry) => {
                tensors.push(place(name, entry, data_start, source)?);
            }
            Field::Other(_) if name == "__metadata__" => {}
            Field::Other(_) => {
                return Err(ModelError::file(file, format!("tensor `{name}` is not described as one")));
            }
        }
    }
    let sum = tensors.iter().map(|tensor| tensor.bytes).fold(0_u64, u64::saturating_add);
    if sum > source.size() {
        return Err(ModelError::file(file, "its tensors overlap"));
    }
    Ok(tensors)
}

fn place(
    name: String,
    entry: Entry,
    data_start: u64,
    source: &Source<'_>,
) -> Result<TensorEntry, ModelError> {
    let problem = |problem: String| ModelError::file(source.name(), format!("tensor `{name}` {problem}"));
    let dtype = match entry.dtype.as_str() {
        "F32" => GgmlDType::F32,
        "F16" => GgmlDType::F16,
        "BF16" => GgmlDType::BF16,
        other => return Err(problem(format!("has the type {other}, only F32, F16 and BF16 are known"))),
    };
    let Some(bytes) = stored_bytes(&entry.shape, dtype) else {
        return Err(problem(format!("has the impossible shape {:?}", entry.shape)));
    };
    let (start, end) = entry.data_offsets;
    if end.checked_sub(start) != Some(bytes) {
        return Err(problem(format!("of shape {:?} does not take {start}..{end}", entry.shape)));
    }
    let in_file = data_start.checked_add(end).is_some_and(|end| end <= source.size());
    if !in_file {
        return Err(problem("lies outside the file".to_owned()));
    }
    Ok(TensorEntry { name, shape: entry.shape, kind: dtype, offset: data_start + start, bytes })
}
