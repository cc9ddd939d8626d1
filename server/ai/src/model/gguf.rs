//! The head of a GGUF file. It is read here and not by candle, because that divides by an alignment of zero, multiplies
//! sizes without looking and keeps every entry of arrays that nobody needs.

use std::collections::BTreeMap;
use std::io::Read;

use candle_core::quantized::GgmlDType;

use super::error::ModelError;

const MAGIC: [u8; 4] = *b"GGUF";
const MAX_TENSORS: u64 = 65_536;
const MAX_ENTRIES: u64 = 65_536;
const MAX_NAME: u64 = 1 << 16;
const MAX_TEXT: u64 = 64 << 20;
const MAX_DIMENSIONS: u32 = 4;
const MAX_ALIGNMENT: u64 = 1 << 16;

/// What a metadata field holds. Numbers are widened; of an array only the length is kept.
#[derive(Clone, Debug, PartialEq)]
pub enum MetadataValue {
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Bool(bool),
    Text(String),
    Array(u64),
}

impl MetadataValue {
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_size(&self) -> Option<usize> {
        match self {
            Self::Unsigned(number) => usize::try_from(*number).ok(),
            Self::Signed(number) => usize::try_from(*number).ok(),
            _ => None,
        }
    }

    pub fn as_number(&self) -> Option<f64> {
        match self {
            Self::Unsigned(number) => Some(*number as f64),
            Self::Signed(number) => Some(*number as f64),
            Self::Float(number) => Some(*number),
            _ => None,
        }
    }
}

pub(crate) struct Head {
    pub(crate) metadata: BTreeMap<String, MetadataValue>,
    pub(crate) tensors: Vec<HeadTensor>,
}

pub(crate) struct HeadTensor {
    pub(crate) name: String,
    /// Slowest dimension first, as everywhere but in the file.
    pub(crate) shape: Vec<usize>,
    pub(crate) dtype: GgmlDType,
    /// From the start of the file.
    pub(crate) start: u64,
    pub(crate) bytes: u64,
}

/// Reads the head from the start of a file of `size` bytes.
pub(crate) fn read_head(reader: impl Read, size: u64, file: &str) -> Result<Head, ModelError> {
    let mut input = Input { reader, position: 0, size, file };
    if input.array::<4>("magic")? != MAGIC {
        return Err(input.problem("this is not a GGUF file"));
    }
    let version = input.u32("version")?;
    if !(2..=3).contains(&version) {
        return Err(input.problem(&format!("GGUF version {version} is not supported, 2 and 3 are")));
    }
    let tensor_count = input.u64("number of tensors")?;
    let entry_count = input.u64("number of metadata fields")?;
    if tensor_count > MAX_TENSORS || entry_count > MAX_ENTRIES {
        let problem = format!("{tensor_count} tensors and {entry_count} metadata fields are too many");
        return Err(input.problem(&problem));
    }
    let mut metadata = BTreeMap::new();
    for _ in 0..entry_count {
        let name = input.text("name of a metadata field", MAX_NAME)?;
        let kind = input.u32(&name)?;
        let value = input.value(kind, &name)?;
        metadata.insert(name, value);
    }
    let mut tensors = Vec::new();
    for _ in 0..tensor_count {
        tensors.push(input.tensor()?);
    }
    let alignment = match metadata.get("general.alignment") {
        None => 32,
        Some(value) => value.as_size().unwrap_or(0) as u64,
    };
    if !alignment.is_power_of_two() || alignment > MAX_ALIGNMENT {
        return Err(input.problem("field `general.alignment` is not a sensible power of two"));
    }
    let data_start = input.position.next_multiple_of(alignment);
    place_tensors(&mut tensors, data_start, size, file)?;
    Ok(Head { metadata, tensors })
}

/// Turns offsets into places in the file and makes sure that the tensors lie inside, one after the other.
fn place_tensors(
    tensors: &mut [HeadTensor],
    data_start: u64,
    size: u64,
    file: &str,
) -> Result<(), ModelError> {
    for tensor in tensors.iter_mut() {
        let start = tensor.start.checked_add(data_start);
        let end = start.and_then(|start| start.checked_add(tensor.bytes));
        match (start, end) {
            (Some(start), Some(end)) if end <= size => tensor.start = start,
            _ => {
                let problem = format!("tensor `{}` lies outside the file", tensor.name);
                return Err(ModelError::file(file, problem));
            }
        }
    }
    let mut order: Vec<&HeadTensor> = tensors.iter().collect();
    order.sort_by_key(|tensor| (tensor.start, tensor.bytes));
    for (one, other) in order.iter().zip(order.iter().skip(1)) {
        if one.start + one.bytes > other.start {
            let problem = format!("tensors `{}` and `{}` overlap", one.name, other.name);
            return Err(ModelError::file(file, problem));
        }
    }
    let mut names: Vec<&str> = tensors.iter().map(|tensor| tensor.name.as_str()).collect();
    names.sort_unstable();
    match names.iter().zip(names.iter().skip(1)).find(|(one, other)| one == other) {
        Some((name, _)) => Err(ModelError::file(file, format!("tensor `{name}` occurs twice"))),
        None => Ok(()),
    }
}

struct Input<'a, R> {
    reader: R,
    position: u64,
    size: u64,
    file: &'a str,
}

impl<R: Read> Input<'_, R> {
    fn problem(&self, problem: &str) -> ModelError {
        ModelError::file(self.file, problem)
    }

    fn ended(&self, what: &str) -> ModelError {
        self.problem(&format!("the file ends within the {what} at byte {}", self.position))
    }

    fn array<const N: usize>(&mut self, what: &str) -> Result<[u8; N], ModelError> {
        let mut bytes = [0; N];
        self.reader.read_exact(&mut bytes).map_err(|_| self.ended(what))?;
        self.position += N as u64;
        Ok(bytes)
    }

    fn u32(&mut self, what: &str) -> Result<u32, ModelError> {
        self.array(what).map(u32::from_le_bytes)
    }

    fn u64(&mut self, what: &str) -> Result<u64, ModelError> {
        self.array(what).map(u64::from_le_bytes)
    }

    fn check_left(&self, length: u64, what: &str) -> Result<(), ModelError> {
        if length > self.size.saturating_sub(self.position) {
            return Err(self.ended(what));
        }
        Ok(())
    }

    fn text(&mut self, what: &str, most: u64) -> Result<String, ModelError> {
        let length = self.u64(what)?;
        self.check_left(length, what)?;
        if length > most {
            return Err(self.problem(&format!("the {what} has {length} bytes, more than {most}")));
        }
        let mut bytes = vec![0; length as usize];
        self.reader.read_exact(&mut bytes).map_err(|_| self.ended(what))?;
        self.position += length;
        String::from_utf8(bytes).map_err(|_| self.problem(&format!("the {what} is not UTF-8")))
    }

    fn skip(&mut self, length: u64, what: &str) -> Result<(), ModelError> {
        self.check_left(length, what)?;
        let copied = std::io::copy(&mut self.reader.by_ref().take(length), &mut std::io::sink());
        if copied.ok() != Some(length) {
            return Err(self.ended(what));
        }
        self.position += length;
        Ok(())
    }

    fn value(&mut self, kind: u32, name: &str) -> Result<MetadataValue, ModelError> {
        Ok(match kind {
            0 => MetadataValue::Unsigned(u64::from(u8::from_le_bytes(self.array(name)?))),
            1 => MetadataValue::Signed(i64::from(i8::from_le_bytes(self.array(name)?))),
            2 => MetadataValue::Unsigned(u64::from(u16::from_le_bytes(self.array(name)?))),
            3 => MetadataValue::Signed(i64::from(i16::from_le_bytes(self.array(name)?))),
            4 => MetadataValue::Unsigned(u64::from(self.u32(name)?)),
            5 => MetadataValue::Signed(i64::from(i32::from_le_bytes(self.array(name)?))),
            6 => MetadataValue::Float(f64::from(f32::from_le_bytes(self.array(name)?))),
            7 => MetadataValue::Bool(self.array::<1>(name)? != [0]),
            8 => MetadataValue::Text(self.text(name, MAX_TEXT)?),
            9 => MetadataValue::Array(self.array_length(name)?),
            10 => MetadataValue::Unsigned(self.u64(name)?),
            11 => MetadataValue::Signed(i64::from_le_bytes(self.array(name)?)),
            12 => MetadataValue::Float(f64::from_le_bytes(self.array(name)?)),
            other => return Err(self.problem(&format!("field `{name}` has the unknown type {other}"))),
        })
    }

    /// Skips an array and tells how many elements it has.
    fn array_length(&mut self, name: &str) -> Result<u64, ModelError> {
        let kind = self.u32(name)?;
        let length = self.u64(name)?;
        let width = match kind {
            0 | 1 | 7 => 1,
            2 | 3 => 2,
            4..=6 => 4,
            10..=12 => 8,
            8 => {
                self.check_left(length.saturating_mul(8), name)?;
                for _ in 0..length {
                    let text = self.u64(name)?;
                    self.skip(text, name)?;
                }
                return Ok(length);
            }
            other => {
                let problem = format!("field `{name}` is an array of the unknown type {other}");
                return Err(self.problem(&problem));
            }
        };
        self.skip(length.saturating_mul(width), name)?;
        Ok(length)
    }

    fn tensor(&mut self) -> Result<HeadTensor, ModelError> {
        let name = self.text("name of a tensor", MAX_NAME)?;
        let dimensions = self.u32(&name)?;
        if dimensions == 0 || dimensions > MAX_DIMENSIONS {
            return Err(self.problem(&format!("tensor `{name}` has {dimensions} dimensions")));
        }
        let mut shape = Vec::new();
        for _ in 0..dimensions {
            let size = self.u64(&name)?;
            shape.push(usize::try_from(size).unwrap_or(usize::MAX));
        }
        shape.reverse();
        let code = self.u32(&name)?;
        let Some(dtype) = dtype_of(code) else {
            return Err(self.problem(&format!("tensor `{name}` has the unknown type {code}")));
        };
        let start = self.u64(&name)?;
        let Some(bytes) = size_in_bytes(&shape, dtype) else {
            return Err(self.problem(&format!("tensor `{name}` has the impossible shape {shape:?}")));
        };
        Ok(HeadTensor { name, shape, dtype, start, bytes })
    }
}

/// How many bytes a tensor takes; `None` if its rows are not whole blocks or it is empty or too large.
pub(crate) fn size_in_bytes(shape: &[usize], dtype: GgmlDType) -> Option<u64> {
    let width = *shape.last()?;
    if width == 0 || !width.is_multiple_of(dtype.block_size()) {
        return None;
    }
    let elements = shape.iter().try_fold(1_usize, |product, size| product.checked_mul(*size))?;
    let bytes = (elements / dtype.block_size()).checked_mul(dtype.type_size())?;
    (bytes > 0).then_some(bytes as u64)
}

fn dtype_of(code: u32) -> Option<GgmlDType> {
    Some(match code {
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
