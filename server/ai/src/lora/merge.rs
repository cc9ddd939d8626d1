//! Merges adapters into a model and writes the result.

use std::path::Path;

use candle_core::quantized::GgmlDType;

use crate::files::{
    Changes, Checkpoint, Conversion, FileError, PromptFacts, Quantization, Report, Role, Value, convert_with,
};
use crate::lora::{Adapter, MergePlan, PlanSummary};

/// What to merge, and how to write it.
pub struct Merge<'a> {
    pub base: &'a Checkpoint,
    /// They act one after the other, in this order.
    pub adapters: &'a [Adapter],
    pub quantization: Quantization,
    pub prompt: PromptFacts,
    /// Further metadata of the file.
    pub metadata: Vec<(String, Value)>,
    /// Take a quantized base all the same: right for adapters that were trained on its rounded weights.
    pub allows_quantized_base: bool,
}

/// Merges; `progress` hears how many numbers are done.
pub fn merge(
    merge: &Merge<'_>,
    target: &Path,
    progress: &mut dyn FnMut(u64),
) -> Result<(Report, PlanSummary), FileError> {
    if !merge.adapters.is_empty() && !merge.allows_quantized_base {
        refuse_quantized(merge.base)?;
    }
    let plan = MergePlan::new(merge.base, merge.adapters)?;
    let conversion = Conversion {
        base: merge.base,
        shape: plan.shape,
        quantization: merge.quantization,
        prompt: merge.prompt.clone(),
        metadata: merge.metadata.clone(),
    };
    let report = convert_with(&conversion, &plan as &dyn Changes, target, progress)?;
    Ok((report, plan.summary))
}

/// What was rounded once is off already, and would be rounded again.
fn refuse_quantized(base: &Checkpoint) -> Result<(), FileError> {
    let is_plain = |kind| matches!(kind, GgmlDType::F32 | GgmlDType::F16 | GgmlDType::BF16);
    let tensors = base.shape.tensors();
    let matrices = tensors.iter().filter(|tensor| tensor.role != Role::Vector);
    for tensor in matrices {
        if let Some(stored) = base.tensors.get(&tensor.name)
            && !is_plain(stored.kind)
        {
            let problem = format_args!(
                "it is quantized ({:?}): merge into the f16 or f32 weights that the adapter was trained on",
                stored.kind
            );
            return Err(FileError::in_tensor(&base.path, &tensor.gguf, problem));
        }
    }
    Ok(())
}
