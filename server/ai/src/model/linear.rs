//! Matrices and their products. Widths are padded with zeros to what the packed kernels of candle want; matrices that
//! share an input are one matrix.

use std::borrow::Cow;

use candle_core::quantized::{GgmlDType, QStorage, QTensor};
use candle_core::{CpuStorage, CustomOp1, Layout, Tensor};

use super::error::ModelError;
use super::file::{ModelFile, with_aligned};
use super::qwen2::Weights;
use super::simd::Simd;
use super::vectors;

/// Input widths of the packed kernels are multiples of this.
const INPUT_MULTIPLE: usize = 256;
/// Numbers of rows of the packed kernels are multiples of this.
const ROW_MULTIPLE: usize = 16;

pub(crate) fn padded_input(width: usize) -> usize {
    width.next_multiple_of(INPUT_MULTIPLE)
}

fn padded_rows(rows: usize) -> usize {
    rows.next_multiple_of(ROW_MULTIPLE)
}

/// One or more matrices over the same input.
pub(crate) struct Linear {
    parts: Vec<Part>,
    inputs: usize,
    outputs: usize,
    /// Where the rows of each matrix begin in an output row.
    starts: Vec<usize>,
}

struct Part {
    start: usize,
    rows: usize,
    matrix: Matrix,
}

enum Matrix {
    Quantized(QTensor),
    Float(Vec<f32>),
}

/// A matrix before it is joined with others.
struct Piece {
    rows: usize,
    data: PieceData,
}

enum PieceData {
    Quantized(GgmlDType, Vec<u8>),
    Float(Vec<f32>),
}

impl Linear {
    /// Loads matrices of the same input width `inputs` (padded); the joined output has at least `least_rows` rows.
    pub(crate) fn load(
        file: &ModelFile<'_>,
        names: &[String],
        inputs: usize,
        least_rows: usize,
        weights: Weights,
    ) -> Result<Self, ModelError> {
        let mut linear = Self { parts: Vec::new(), inputs, outputs: 0, starts: Vec::new() };
        let mut waiting: Option<Piece> = None;
        for name in names {
            let piece = load_piece(file, name, inputs, weights)?;
            let waiting_rows = waiting.as_ref().map_or(0, |waiting| waiting.rows);
            waiting = Some(match waiting {
                None => {
                    linear.starts.push(linear.outputs);
                    piece
                }
                Some(earlier) => match join(earlier, piece) {
                    Ok(joined) => {
                        linear.starts.push(linear.outputs + waiting_rows);
                        joined
                    }
                    Err((earlier, piece)) => {
                        linear.add(earlier, 0)?;
                        linear.starts.push(linear.outputs);
                        piece
                    }
                },
            });
        }
        if let Some(last) = waiting {
            let rows = least_rows.saturating_sub(linear.outputs);
            linear.add(last, rows)?;
        }
        Ok(linear)
    }

    fn add(&mut self, piece: Piece, least_rows: usize) -> Result<(), ModelError> {
        let rows = padded_rows(piece.rows.max(least_rows));
        let matrix = match piece.data {
            PieceData::Float(mut floats) => {
                floats.resize(rows * self.inputs, 0.0);
                Matrix::Float(floats)
            }
            PieceData::Quantized(dtype, mut bytes) => {
                // Blocks of zero bytes are zeros in every type.
                bytes.resize(rows * row_bytes(self.inputs, dtype), 0);
                let storage = with_aligned(&bytes, |bytes| dtype.from_data(Cow::Borrowed(bytes)));
                Matrix::Quantized(QTensor::new(QStorage::Cpu(storage), (rows, self.inputs))?)
            }
        };
        self.parts.push(Part { start: self.outputs, rows, matrix });
        self.outputs += rows;
        Ok(())
    }

    /// Width of an output row, padding included.
    pub(crate) fn outputs(&self) -> usize {
        self.outputs
    }

    pub(crate) fn start(&self, index: usize) -> usize {
        self.starts.get(index).copied().unwrap_or(0)
    }

    /// `output` becomes the products of the first `rows` rows of `input`.
    pub(crate) fn forward(
        &self,
        simd: Simd,
        input: &CpuStorage,
        rows: usize,
        output: &mut Vec<f32>,
    ) -> Result<(), ModelError> {
        let layout = Layout::contiguous((rows, self.inputs));
        if let [Part { matrix: Matrix::Quantized(tensor), .. }] = self.parts.as_slice() {
            *output = floats(tensor.cpu_fwd(input, &layout)?.0)?;
            return Ok(());
        }
        output.resize(rows * self.outputs, 0.0);
        for part in &self.parts {
            match &part.matrix {
                Matrix::Quantized(tensor) => {
                    let product = floats(tensor.cpu_fwd(input, &layout)?.0)?;
                    let targets = output.chunks_exact_mut(self.outputs);
                    for (source, target) in product.chunks_exact(part.rows).zip(targets) {
                        target[part.start..part.start + part.rows].copy_from_slice(source);
                    }
                }
                Matrix::Float(matrix) => {
                    let input = &input.as_slice::<f32>()?[..rows * self.inputs];
                    let place = part.start..part.start + part.rows;
                    vectors::product(simd, input, matrix, self.inputs, output, self.outputs, place);
                }
            }
        }
        Ok(())
    }

    /// Writes the rows with these numbers to `output`: the embedding of tokens.
    pub(crate) fn rows(&self, numbers: &[u32], output: &mut [f32]) -> Result<(), ModelError> {
        match self.parts.first().map(|part| &part.matrix) {
            Some(Matrix::Quantized(tensor)) => {
                let numbers = Tensor::from_slice(numbers, numbers.len(), &candle_core::Device::Cpu)?;
                let rows = tensor.embedding(&numbers)?;
                let (storage, _) = rows.storage_and_layout();
                let candle_core::Storage::Cpu(storage) = &*storage else {
                    return Err(ModelError::Compute("the embedding is not on the processor".to_owned()));
                };
                output.copy_from_slice(storage.as_slice::<f32>()?);
            }
            Some(Matrix::Float(matrix)) => {
                for (number, target) in numbers.iter().zip(output.chunks_exact_mut(self.inputs)) {
                    let start = *number as usize * self.inputs;
                    target.copy_from_slice(&matrix[start..start + self.inputs]);
                }
            }
            None => {}
        }
        Ok(())
    }

    /// Bytes of the weights: as they are kept, and packed for the kernels at the first product.
    pub(crate) fn bytes(&self) -> usize {
        let bytes = |part: &Part| match &part.matrix {
            Matrix::Quantized(tensor) => tensor.storage_size_in_bytes(),
            Matrix::Float(floats) => size_of_val(floats.as_slice()),
        };
        self.parts.iter().map(bytes).sum()
    }
}

fn floats(storage: CpuStorage) -> Result<Vec<f32>, ModelError> {
    match storage {
        CpuStorage::F32(floats) => Ok(floats),
        _ => Err(ModelError::Compute("a product is not f32".to_owned())),
    }
}

fn row_bytes(inputs: usize, dtype: GgmlDType) -> usize {
    inputs / dtype.block_size() * dtype.type_size()
}

fn join(mut one: Piece, other: Piece) -> Result<Piece, (Piece, Piece)> {
    match (&mut one.data, &other.data) {
        (PieceData::Float(floats), PieceData::Float(more)) => floats.extend_from_slice(more),
        (PieceData::Quantized(dtype, bytes), PieceData::Quantized(other_dtype, more))
            if dtype == other_dtype =>
        {
            bytes.extend_from_slice(more);
        }
        _ => return Err((one, other)),
    }
    one.rows += other.rows;
    Ok(one)
}

fn load_piece(
    file: &ModelFile<'_>,
    name: &str,
    inputs: usize,
    weights: Weights,
) -> Result<Piece, ModelError> {
    let tensor = file.required(name)?;
    let &[rows, width] = tensor.shape.as_slice() else {
        return Err(ModelError::file(file.name(), format!("tensor `{name}` is not a matrix")));
    };
    let has_kernel = matches!(tensor.dtype, GgmlDType::Q4K | GgmlDType::Q6K | GgmlDType::Q8_0);
    if weights == Weights::AsStored && has_kernel && width == inputs {
        let bytes = file.bytes(tensor)?.into_owned();
        return Ok(Piece { rows, data: PieceData::Quantized(tensor.dtype, bytes) });
    }
    let stored = file.floats(tensor)?;
    let floats = if width == inputs { stored } else { pad_rows(&stored, width, inputs) };
    let data = match target_type(tensor.dtype, weights) {
        None => PieceData::Float(floats),
        Some(dtype) => PieceData::Quantized(dtype, quantize(&floats, dtype)?),
    };
    Ok(Piece { rows, data })
}

/// What a matrix is kept as that cannot be kept as it is stored; `None` is f32.
fn target_type(stored: GgmlDType, weights: Weights) -> Option<GgmlDType> {
    let is_float = matches!(stored, GgmlDType::F32 | GgmlDType::F16 | GgmlDType::BF16);
    match weights {
        Weights::Float => None,
        Weights::AsStored if is_float => None,
        Weights::AsStored | Weights::Q8_0 => Some(GgmlDType::Q8_0),
        Weights::Q4K => Some(GgmlDType::Q4K),
    }
}

fn pad_rows(floats: &[f32], width: usize, inputs: usize) -> Vec<f32> {
    let mut padded = Vec::with_capacity(floats.len() / width * inputs);
    for row in floats.chunks_exact(width) {
        padded.extend_from_slice(row);
        padded.resize(padded.len() + inputs - width, 0.0);
    }
    padded
}

fn quantize(floats: &[f32], dtype: GgmlDType) -> Result<Vec<u8>, ModelError> {
    let mut storage = dtype.cpu_zeros(floats.len());
    storage.from_float(floats);
    // `QTensor` is the only safe way to the bytes.
    let tensor = QTensor::new(QStorage::Cpu(storage), (1, floats.len()))?;
    Ok(tensor.data()?.into_owned())
}
