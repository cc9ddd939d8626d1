//! Rows of a tensor between the form in which they are stored and f32.

use std::borrow::Cow;

use candle_core::quantized::{GgmlDType, QStorage, QTensor};
use candle_core::{CpuStorage, DType, Device, Tensor};

/// Decodes whole blocks. `bytes` must be a multiple of the size of a block.
pub(crate) fn decode(bytes: &[u8], kind: GgmlDType) -> Result<Vec<f32>, String> {
    let block_bytes = kind.type_size();
    if !bytes.len().is_multiple_of(block_bytes) {
        return Err(format!("{} bytes are no whole blocks of {block_bytes}", bytes.len()));
    }
    let elements = bytes.len() / block_bytes * kind.block_size();
    let plain = match kind {
        GgmlDType::F32 => {
            let words = bytes.chunks_exact(4);
            return Ok(words.map(|word| f32::from_le_bytes(word.try_into().unwrap_or_default())).collect());
        }
        GgmlDType::F16 => Some(DType::F16),
        GgmlDType::BF16 => Some(DType::BF16),
        _ => None,
    };
    if let Some(plain) = plain {
        let tensor = Tensor::from_raw_buffer(bytes, plain, &[elements], &Device::Cpu);
        let values =
            tensor.and_then(|tensor| tensor.to_dtype(DType::F32)).and_then(|tensor| tensor.to_vec1());
        return values.map_err(|error| error.to_string());
    }
    match kind.from_data(Cow::Borrowed(bytes)).dequantize(elements) {
        Ok(CpuStorage::F32(values)) => Ok(values),
        Ok(_) => Err("it was decoded to another type than f32".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// Encodes rows of `width` finite numbers and appends the bytes.
pub(crate) fn encode(
    values: &[f32],
    width: usize,
    kind: GgmlDType,
    output: &mut Vec<u8>,
) -> Result<(), String> {
    if let Some(value) = values.iter().find(|value| !value.is_finite()) {
        return Err(format!("it has the value {value}"));
    }
    if width == 0 || !values.len().is_multiple_of(width) || !width.is_multiple_of(kind.block_size()) {
        return Err(format!("rows of {width} do not fit the type {kind:?}"));
    }
    if kind == GgmlDType::F32 {
        output.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        return Ok(());
    }
    let mut blocks = kind.cpu_zeros(values.len());
    blocks.from_float(values);
    let encoded = QTensor::new(QStorage::Cpu(blocks), (values.len() / width, width));
    let encoded = encoded.map_err(|error| error.to_string())?;
    output.extend_from_slice(&encoded.data().map_err(|error| error.to_string())?);
    Ok(())
}
