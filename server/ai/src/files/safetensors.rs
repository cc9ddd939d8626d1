//! The head of a safetensors file. The file is not read as a whole: tensors are fetched one by one later.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use candle_core::quantized::GgmlDType;
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::files::gguf::{TensorEntry, stored_bytes};
use crate::files::json::Entries;
use crate::files::{FileError, shown};

/// Heads of real models have less than one percent of it.
const MAX_HEAD_BYTES: u64 = 64 << 20;
const MAX_DIMENSIONS: usize = 4;

/// What a safetensors file says of itself. All of it fits the file and itself.
#[derive(Clone, Debug, PartialEq)]
pub struct SafetensorsHeader {
    pub metadata: BTreeMap<String, String>,
    /// In the order of their places; places count from the start of the file.
    pub tensors: Vec<TensorEntry>,
    pub file_bytes: u64,
}

/// Reads the head; `path` is for messages.
pub fn read_header(mut reader: impl Read + Seek, path: &Path) -> Result<SafetensorsHeader, FileError> {
    let io = |error| FileError::new(path, error);
    let file_bytes = reader.seek(SeekFrom::End(0)).map_err(io)?;
    reader.rewind().map_err(io)?;
    let mut length = [0; 8];
    reader
        .read_exact(&mut length)
        .map_err(|_| FileError::new(path, "it is too short to be a safetensors file"))?;
    let head_bytes = u64::from_le_bytes(length);
    if head_bytes > MAX_HEAD_BYTES || head_bytes > file_bytes.saturating_sub(8) {
        let problem =
            format_args!("it claims a head of {head_bytes} bytes; it is damaged or no safetensors file");
        return Err(FileError::new(path, problem));
    }
    let mut head = Vec::new();
    reader.take(head_bytes).read_to_end(&mut head).map_err(io)?;
    let head = std::str::from_utf8(&head).map_err(|_| FileError::new(path, "its head is not UTF-8"))?;
    let head: Head = serde_json::from_str(head)
        .map_err(|error| FileError::new(path, format_args!("its head: {error}")))?;
    let tensors = place_tensors(head.tensors, 8 + head_bytes, file_bytes, path)?;
    Ok(SafetensorsHeader { metadata: head.metadata.0.into_iter().collect(), tensors, file_bytes })
}

fn place_tensors(
    entries: Vec<(String, Entry)>,
    start: u64,
    file_bytes: u64,
    path: &Path,
) -> Result<Vec<TensorEntry>, FileError> {
    let mut tensors = Vec::new();
    for (name, entry) in entries {
        let refuse = |problem: fmt::Arguments<'_>| FileError::in_tensor(path, &name, problem);
        let kind = match entry.dtype.as_str() {
            "F32" => GgmlDType::F32,
            "F16" => GgmlDType::F16,
            "BF16" => GgmlDType::BF16,
            other => return Err(refuse(format_args!("type {} is not supported", shown(other)))),
        };
        let (from, to) = entry.data_offsets;
        let shape = entry.shape.0;
        let bytes = if shape.is_empty() { Some(kind.type_size() as u64) } else { stored_bytes(&shape, kind) };
        let Some(bytes) = bytes else {
            return Err(refuse(format_args!("the shape {shape:?} is impossible")));
        };
        if to.checked_sub(from) != Some(bytes) {
            return Err(refuse(format_args!(
                "it takes {from} to {to}, but {shape:?} of {kind:?} needs {bytes} bytes"
            )));
        }
        let end = to.checked_add(start);
        if end.is_none_or(|end| end > file_bytes) {
            return Err(refuse(format_args!("it reaches beyond the end of the file")));
        }
        tensors.push(TensorEntry { shape, kind, offset: start + from, bytes, name });
    }
    tensors.sort_by_key(|tensor| tensor.offset);
    let mut end = start;
    for tensor in &tensors {
        if tensor.offset != end {
            let problem =
                if tensor.offset < end { "it overlaps another tensor" } else { "there is a gap before it" };
            return Err(FileError::in_tensor(path, &tensor.name, problem));
        }
        end += tensor.bytes;
    }
    if end != file_bytes {
        return Err(FileError::new(
            path,
            format_args!("its tensors end at {end}, but it has {file_bytes} bytes"),
        ));
    }
    Ok(tensors)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    dtype: String,
    shape: Dimensions,
    data_offsets: (u64, u64),
}

#[derive(Default)]
struct Head {
    metadata: Entries<String>,
    tensors: Vec<(String, Entry)>,
}

impl<'de> Deserialize<'de> for Head {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct HeadVisitor;
        impl<'de> Visitor<'de> for HeadVisitor {
            type Value = Head;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object of tensors")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Head, A::Error> {
                let (mut head, mut seen) = (Head::default(), HashSet::new());
                while let Some(key) = map.next_key::<String>()? {
                    if !seen.insert(key.clone()) {
                        return Err(A::Error::custom(format_args!("tensor `{}` occurs twice", shown(&key))));
                    }
                    if key == "__metadata__" {
                        head.metadata = map.next_value()?;
                    } else {
                        head.tensors.push((key, map.next_value()?));
                    }
                }
                Ok(head)
            }
        }
        deserializer.deserialize_map(HeadVisitor)
    }
}

/// A short list of lengths; a long one is refused while it is read.
struct Dimensions(Vec<usize>);

impl<'de> Deserialize<'de> for Dimensions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct DimensionsVisitor;
        impl<'de> Visitor<'de> for DimensionsVisitor {
            type Value = Dimensions;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "at most {MAX_DIMENSIONS} lengths")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Dimensions, A::Error> {
                let mut lengths = Vec::new();
                while let Some(length) = sequence.next_element::<usize>()? {
                    if lengths.len() == MAX_DIMENSIONS {
                        return Err(A::Error::custom(format_args!("more than {MAX_DIMENSIONS} dimensions")));
                    }
                    lengths.push(length);
                }
                Ok(Dimensions(lengths))
            }
        }
        deserializer.deserialize_seq(DimensionsVisitor)
    }
}
