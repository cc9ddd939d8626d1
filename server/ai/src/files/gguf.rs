//! The head of a GGUF file: what the model is and where its tensors lie. Stricter than the reader of the tensor library,
//! which divides by an alignment of zero, multiplies shapes without looking and lets the later of two tensors win.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Display;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use candle_core::quantized::GgmlDType;

use crate::files::value::{ARRAY, Array, Kind, STRING, Value};
use crate::files::{FileError, shown};

pub const DEFAULT_ALIGNMENT: u64 = 32;
/// Names of tensors and keys are short in every file of good will.
const MAX_NAME_BYTES: u64 = 1024;
const MAX_DIMENSIONS: u32 = 4;
const MAX_NESTING: usize = 4;
const MAX_ALIGNMENT: u64 = 1 << 20;
/// Read in pieces of this size at most, so that a length that lies costs one piece.
const PIECE_BYTES: u64 = 1 << 20;

/// What a GGUF file says of itself. All of it fits the file and itself.
#[derive(Clone, Debug, PartialEq)]
pub struct GgufHeader {
    pub version: u32,
    pub metadata: BTreeMap<String, Value>,
    /// In the order of the file.
    pub tensors: Vec<TensorEntry>,
    pub file_bytes: u64,
}

#[derive(Clone, Debug, PartialEq)]
pub struct TensorEntry {
    pub name: String,
    /// The longest stride first: rows, then columns.
    pub shape: Vec<usize>,
    pub kind: GgmlDType,
    /// From the start of the file.
    pub offset: u64,
    pub bytes: u64,
}

/// Reads the head of a file; `path` is for messages.
pub fn read_header(reader: impl Read + Seek, path: &Path) -> Result<GgufHeader, FileError> {
    let mut input = Input::new(reader, path)?;
    let version = input.version()?;
    let tensor_count = input.count("tensors", 8 + 4 + 8 + 4 + 8)?;
    let metadata_count = input.count("metadata entries", 8 + 4 + 1)?;
    let mut metadata = BTreeMap::new();
    for _ in 0..metadata_count {
        let key = input.name("a metadata key")?;
        let value = input
            .value()
            .map_err(|problem| input.refuse(format_args!("key `{}`: {problem}", shown(&key))))?;
        if metadata.contains_key(&key) {
            return Err(input.refuse(format_args!("key `{}` occurs twice", shown(&key))));
        }
        metadata.insert(key, value);
    }
    let mut tensors = Vec::new();
    for _ in 0..tensor_count {
        tensors.push(input.tensor()?);
    }
    let mut header = GgufHeader { version, metadata, tensors, file_bytes: input.length };
    place_tensors(&mut header, input.position, path)?;
    Ok(header)
}

/// Turns offsets into places in the file, and checks that tensors lie inside it, aligned and apart.
fn place_tensors(header: &mut GgufHeader, head_bytes: u64, path: &Path) -> Result<(), FileError> {
    let alignment = match header.metadata.get("general.alignment") {
        None => DEFAULT_ALIGNMENT,
        Some(value) => value
            .to_u64()
            .filter(|alignment| alignment.is_power_of_two() && *alignment <= MAX_ALIGNMENT)
            .ok_or_else(|| {
                FileError::new(path, "key `general.alignment`: it is no power of two up to 1048576")
            })?,
    };
    let start = head_bytes.next_multiple_of(alignment);
    let mut names = HashSet::new();
    for tensor in &mut header.tensors {
        let refuse = |problem: &str| FileError::in_tensor(path, &tensor.name, problem);
        if !names.insert(tensor.name.clone()) {
            return Err(refuse("it occurs twice"));
        }
        if !tensor.offset.is_multiple_of(alignment) {
            return Err(refuse("its place is not aligned"));
        }
        tensor.offset =
            tensor.offset.checked_add(start).ok_or_else(|| refuse("its place lies outside of the file"))?;
        let end = tensor.offset.checked_add(tensor.bytes);
        if end.is_none_or(|end| end > header.file_bytes) {
            return Err(refuse("it reaches beyond the end of the file"));
        }
    }
    let mut by_place: Vec<&TensorEntry> = header.tensors.iter().collect();
    by_place.sort_by_key(|tensor| tensor.offset);
    for pair in by_place.windows(2) {
        if let [first, second] = pair
            && first.offset + first.bytes > second.offset
        {
            let problem = format_args!("it overlaps tensor `{}`", shown(&first.name));
            return Err(FileError::in_tensor(path, &second.name, problem));
        }
    }
    Ok(())
}

/// How many bytes a tensor of this shape takes; `None` if the shape does not fit the type or any memory.
pub fn stored_bytes(shape: &[usize], kind: GgmlDType) -> Option<u64> {
    let elements = shape.iter().try_fold(1u64, |product, &length| product.checked_mul(length as u64))?;
    let block = kind.block_size() as u64;
    let width = *shape.last()? as u64;
    if elements == 0 || !width.is_multiple_of(block) {
        return None;
    }
    let bytes = (elements / block).checked_mul(kind.type_size() as u64)?;
    // More than that nobody can address as elements of four bytes.
    (elements <= isize::MAX as u64 / 8).then_some(bytes)
}

/// The type with this number in GGUF files.
pub(crate) fn kind_from_id(id: u32) -> Option<GgmlDType> {
    Some(match id {
        0 => GgmlDType::F32,
        1 => GgmlDType::F16,
        2 => GgmlDType::Q4_0,
        3 => GgmlDType::Q4_1,
        6 => GgmlDType::Q5_0,
        7 => GgmlDType::Q5_1,
        8 => GgmlDType::Q8_0,
        10 => GgmlDType::Q2K,
        11 => GgmlDType::Q3K,
        12 => GgmlDType::Q4K,
        13 => GgmlDType::Q5K,
        14 => GgmlDType::Q6K,
        30 => GgmlDType::BF16,
        _ => return None,
    })
}

pub(crate) fn kind_id(kind: GgmlDType) -> u32 {
    match kind {
        GgmlDType::F32 => 0,
        GgmlDType::F16 => 1,
        GgmlDType::Q4_0 => 2,
        GgmlDType::Q4_1 => 3,
        GgmlDType::Q5_0 => 6,
        GgmlDType::Q5_1 => 7,
        GgmlDType::Q8_0 => 8,
        GgmlDType::Q8_1 => 9,
        GgmlDType::Q2K => 10,
        GgmlDType::Q3K => 11,
        GgmlDType::Q4K => 12,
        GgmlDType::Q5K => 13,
        GgmlDType::Q6K => 14,
        GgmlDType::Q8K => 15,
        GgmlDType::BF16 => 30,
    }
}

/// Reads forward and knows how much is left.
struct Input<R> {
    reader: std::io::BufReader<R>,
    position: u64,
    length: u64,
    path: PathBuf,
}

impl<R: Read + Seek> Input<R> {
    fn new(mut reader: R, path: &Path) -> Result<Self, FileError> {
        let io = |error| FileError::new(path, error);
        let length = reader.seek(SeekFrom::End(0)).map_err(io)?;
        reader.seek(SeekFrom::Start(0)).map_err(io)?;
        Ok(Self { reader: std::io::BufReader::new(reader), position: 0, length, path: path.to_owned() })
    }

    fn refuse(&self, problem: impl Display) -> FileError {
        FileError::new(&self.path, problem)
    }

    fn version(&mut self) -> Result<u32, FileError> {
        let magic: [u8; 4] = self.array().map_err(|_| self.refuse("it is too short to be a GGUF file"))?;
        if magic != *b"GGUF" {
            return Err(self.refuse("it is no GGUF file"));
        }
        let version = self.u32().map_err(|problem| self.refuse(problem))?;
        match version {
            2 | 3 => Ok(version),
            _ if (2..=3).contains(&version.swap_bytes()) => {
                Err(self.refuse("big-endian GGUF files are not supported"))
            }
            _ => Err(self.refuse(format_args!("version {version} of GGUF is not supported, only 2 and 3"))),
        }
    }

    /// A number of things that take at least `least_bytes` each.
    fn count(&mut self, what: &str, least_bytes: u64) -> Result<u64, FileError> {
        let count = self.u64().map_err(|problem| self.refuse(problem))?;
        if count.checked_mul(least_bytes).is_none_or(|bytes| bytes > self.remaining()) {
            return Err(self.refuse(format_args!("it claims {count} {what}, more than it has room for")));
        }
        Ok(count)
    }

    fn name(&mut self, what: &str) -> Result<String, FileError> {
        self.string(MAX_NAME_BYTES).map_err(|problem| self.refuse(format_args!("{what}: {problem}")))
    }

    fn tensor(&mut self) -> Result<TensorEntry, FileError> {
        let name = self.name("a name of a tensor")?;
        let entry = self.tensor_body().map_err(|problem| FileError::in_tensor(&self.path, &name, problem))?;
        Ok(TensorEntry { name, ..entry })
    }

    fn tensor_body(&mut self) -> Result<TensorEntry, String> {
        let dimensions = self.u32()?;
        if dimensions == 0 || dimensions > MAX_DIMENSIONS {
            return Err(format!("it has {dimensions} dimensions, 1 to {MAX_DIMENSIONS} are possible"));
        }
        let mut shape = Vec::new();
        for _ in 0..dimensions {
            let length = self.u64()?;
            shape.push(usize::try_from(length).map_err(|_| format!("a dimension of {length} is too long"))?);
        }
        // The file has the shortest stride first.
        shape.reverse();
        let id = self.u32()?;
        let kind = kind_from_id(id).ok_or_else(|| format!("type {id} is not supported"))?;
        let offset = self.u64()?;
        let bytes = stored_bytes(&shape, kind)
            .ok_or_else(|| format!("the shape {shape:?} does not fit the type {kind:?}"))?;
        Ok(TensorEntry { name: String::new(), shape, kind, offset, bytes })
    }

    fn value(&mut self) -> Result<Value, String> {
        let id = self.u32()?;
        match id {
            STRING => self.string(u64::MAX).map(Value::String),
            ARRAY => self.array_value(1).map(Value::Array),
            _ => {
                let kind = Kind::from_id(id).ok_or_else(|| format!("values of type {id} are unknown"))?;
                let mut bytes = [0; 8];
                self.fill(&mut bytes[..kind.bytes()])?;
                let bits = u64::from_le_bytes(bytes);
                if kind == Kind::Bool && bits > 1 {
                    return Err(format!("{bits} is neither true nor false"));
                }
                Ok(Value::Number { kind, bits })
            }
        }
    }

    fn array_value(&mut self, nesting: usize) -> Result<Array, String> {
        if nesting > MAX_NESTING {
            return Err(format!("arrays are nested more than {MAX_NESTING} levels deep"));
        }
        let id = self.u32()?;
        let length = self.u64()?;
        let least_bytes = match id {
            STRING => 8,
            ARRAY => 12,
            _ => Kind::from_id(id).ok_or_else(|| format!("values of type {id} are unknown"))?.bytes() as u64,
        };
        let bytes = length.checked_mul(least_bytes).filter(|&bytes| bytes <= self.remaining());
        let bytes = bytes.ok_or_else(|| format!("an array of {length} elements does not fit the file"))?;
        match Kind::from_id(id) {
            Some(kind) => Ok(Array::Numbers { kind, bytes: self.bytes(bytes)? }),
            None if id == STRING => {
                (0..length).map(|_| self.string(u64::MAX)).collect::<Result<_, _>>().map(Array::Strings)
            }
            None => (0..length)
                .map(|_| self.array_value(nesting + 1))
                .collect::<Result<_, _>>()
                .map(Array::Arrays),
        }
    }

    fn string(&mut self, limit: u64) -> Result<String, String> {
        let length = self.u64()?;
        if length > self.remaining() {
            return Err(format!("a text of {length} bytes does not fit the file"));
        }
        if length > limit {
            return Err(format!("a text of {length} bytes is too long"));
        }
        String::from_utf8(self.bytes(length)?).map_err(|_| "a text is not UTF-8".to_owned())
    }

    fn remaining(&self) -> u64 {
        self.length.saturating_sub(self.position)
    }

    fn bytes(&mut self, count: u64) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        while (bytes.len() as u64) < count {
            let start = bytes.len();
            let piece = (count - start as u64).min(PIECE_BYTES);
            bytes.resize(start + piece as usize, 0);
            let target = bytes.get_mut(start..).unwrap_or_default();
            self.reader.read_exact(target).map_err(|error| error.to_string())?;
            self.position += piece;
        }
        Ok(bytes)
    }

    fn fill(&mut self, target: &mut [u8]) -> Result<(), String> {
        if target.len() as u64 > self.remaining() {
            return Err("the file ends too early".to_owned());
        }
        self.reader.read_exact(target).map_err(|error| error.to_string())?;
        self.position += target.len() as u64;
        Ok(())
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    fn u32(&mut self) -> Result<u32, String> {
        self.array().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Result<u64, String> {
        self.array().map(u64::from_le_bytes)
    }
}
