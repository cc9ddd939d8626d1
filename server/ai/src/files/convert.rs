//! Writes a model as one GGUF file, a few rows at a time: no tensor is ever in memory as a whole.

use std::ops::Range;
use std::path::{Path, PathBuf};

use candle_core::quantized::GgmlDType;
use rayon::prelude::*;

use crate::files::FileError;
use crate::files::architecture::{ExpectedTensor, Role, Shape};
use crate::files::checkpoint::{Checkpoint, PromptFacts};
use crate::files::encode::encode;
use crate::files::gguf_writer::{GgufWriter, PlannedTensor};
use crate::files::value::Value;

/// Elements that are worked on at once (16 MiB of f32).
const PIECE_ELEMENTS: usize = 4 << 20;

/// The type of the matrices of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantization {
    /// 4.5 bits a weight; the embedding 6.6.
    Q4K,
    /// 8.5 bits a weight.
    Q8,
    F16,
    F32,
}

impl Quantization {
    pub fn name(self) -> &'static str {
        match self {
            Self::Q4K => "q4_k",
            Self::Q8 => "q8_0",
            Self::F16 => "f16",
            Self::F32 => "f32",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Q4K, Self::Q8, Self::F16, Self::F32]
            .into_iter()
            .find(|quantization| quantization.name() == name)
    }

    /// The number of the common type in `general.file_type`.
    fn file_type(self) -> u32 {
        match self {
            Self::F32 => 0,
            Self::F16 => 1,
            Self::Q8 => 7,
            Self::Q4K => 15,
        }
    }

    /// The type of a tensor. What does not fit the blocks of a type gets the next wider one.
    pub fn kind(self, role: Role, width: usize) -> GgmlDType {
        let wanted = match (self, role) {
            (_, Role::Vector) | (Self::F32, _) => GgmlDType::F32,
            (Self::F16, _) => GgmlDType::F16,
            (Self::Q8, _) => GgmlDType::Q8_0,
            (Self::Q4K, Role::Matrix) => GgmlDType::Q4K,
            // Four bits hurt where every token passes.
            (Self::Q4K, Role::Embedding | Role::Output) => GgmlDType::Q6K,
        };
        let fits = |kind: &GgmlDType| width.is_multiple_of(kind.block_size());
        [wanted, GgmlDType::Q8_0].into_iter().find(fits).unwrap_or(GgmlDType::F16)
    }
}

/// What a conversion does besides copying.
pub struct Conversion<'a> {
    pub base: &'a Checkpoint,
    /// That of the base, but its output layer may come apart from the embedding.
    pub shape: Shape,
    pub quantization: Quantization,
    pub prompt: PromptFacts,
    /// Further metadata: name, licence, where it comes from.
    pub metadata: Vec<(String, Value)>,
}

/// What was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    pub path: PathBuf,
    pub bytes: u64,
    pub sha256: [u8; 32],
    pub parameters: u64,
}

/// Changes tensors on their way.
pub trait Changes: Sync {
    /// Rows to take instead of those of the base.
    fn replacement(&self, tensor: &ExpectedTensor, rows: Range<usize>)
    -> Result<Option<Vec<f32>>, FileError>;

    /// `values` are whole rows from row `first` on.
    fn apply(&self, tensor: &ExpectedTensor, first: usize, values: &mut [f32]);
}

/// Changes nothing.
struct Unchanged;

impl Changes for Unchanged {
    fn replacement(&self, _: &ExpectedTensor, _: Range<usize>) -> Result<Option<Vec<f32>>, FileError> {
        Ok(None)
    }

    fn apply(&self, _: &ExpectedTensor, _: usize, _: &mut [f32]) {}
}

/// Writes the model to `target`; `progress` hears how many numbers are done.
pub fn convert(
    conversion: &Conversion<'_>,
    target: &Path,
    progress: &mut dyn FnMut(u64),
) -> Result<Report, FileError> {
    convert_with(conversion, &Unchanged, target, progress)
}

pub(crate) fn convert_with(
    conversion: &Conversion<'_>,
    changes: &dyn Changes,
    target: &Path,
    progress: &mut dyn FnMut(u64),
) -> Result<Report, FileError> {
    let tensors = conversion.shape.tensors();
    let plan: Vec<PlannedTensor> = tensors
        .iter()
        .map(|tensor| {
            let width = tensor.shape.last().copied().unwrap_or_default();
            let kind = conversion.quantization.kind(tensor.role, width);
            PlannedTensor { name: tensor.gguf.clone(), shape: tensor.shape.clone(), kind }
        })
        .collect();
    let mut weights = conversion.base.weights()?;
    let mut writer = GgufWriter::create(target, &metadata(conversion), &plan)?;
    let (mut encoded, mut parameters) = (Vec::new(), 0);
    for (tensor, planned) in tensors.iter().zip(&plan) {
        let width = tensor.shape.last().copied().unwrap_or_default();
        let row_count = if tensor.shape.len() == 2 { tensor.shape[0] } else { 1 };
        let step = (PIECE_ELEMENTS / width.max(1)).clamp(1, row_count);
        for first in (0..row_count).step_by(step) {
            let rows = first..(first + step).min(row_count);
            let mut values = match changes.replacement(tensor, rows.clone())? {
                Some(values) => values,
                None => weights.rows(conversion.base.source_of(&tensor.name), rows)?,
            };
            let refuse = |problem: String| FileError::in_tensor(&conversion.base.path, &tensor.name, problem);
            encoded.clear();
            change_and_encode(tensor, planned.kind, first, &mut values, changes, &mut encoded)
                .map_err(refuse)?;
            writer.write(&encoded)?;
            parameters += values.len() as u64;
            progress(parameters);
        }
    }
    let (bytes, sha256) = writer.finish()?;
    Ok(Report { path: target.to_owned(), bytes, sha256, parameters })
}

/// The rows are split among the cores; the result does not depend on how.
fn change_and_encode(
    tensor: &ExpectedTensor,
    kind: GgmlDType,
    first: usize,
    values: &mut [f32],
    changes: &dyn Changes,
    output: &mut Vec<u8>,
) -> Result<(), String> {
    const ROWS: usize = 64;
    let width = tensor.shape.last().copied().unwrap_or_default().max(1);
    let pieces: Vec<Result<Vec<u8>, String>> = values
        .par_chunks_mut(ROWS * width)
        .enumerate()
        .map(|(number, rows)| {
            changes.apply(tensor, first + number * ROWS, rows);
            let mut bytes = Vec::new();
            encode(rows, width, kind, &mut bytes)?;
            Ok(bytes)
        })
        .collect();
    for piece in pieces {
        output.extend(piece?);
    }
    Ok(())
}

fn metadata(conversion: &Conversion<'_>) -> Vec<(String, Value)> {
    let base = conversion.base;
    let mut entries = vec![
        ("general.architecture".to_owned(), Value::text("qwen2")),
        ("general.type".to_owned(), Value::text("model")),
        ("general.file_type".to_owned(), Value::u32(conversion.quantization.file_type())),
        ("general.quantization_version".to_owned(), Value::u32(2)),
    ];
    entries.extend(conversion.shape.to_gguf());
    let prompt = &conversion.prompt;
    if let Some(order) = prompt.order {
        entries.push(("strizh.fim.order".to_owned(), Value::text(order.name())));
    }
    for (key, value) in
        [("strizh.fim.suffix_tokens", prompt.suffix_tokens), ("strizh.context", prompt.context)]
    {
        if value > 0 {
            entries.push((key.to_owned(), Value::u32(value as u32)));
        }
    }
    let mut rest = conversion.metadata.clone();
    // What a GGUF base knows besides: its name, its licence, a tokenizer in another form.
    rest.extend(base.metadata.iter().map(|(key, value)| (key.clone(), value.clone())));
    if let Some(tokenizer) = &base.tokenizer {
        rest.push(("strizh.tokenizer".to_owned(), Value::text(tokenizer.clone())));
    }
    for (key, value) in rest {
        if key != "general.alignment" && !entries.iter().any(|(known, _)| *known == key) {
            entries.push((key, value));
        }
    }
    entries
}
