//! Merges that were done before are found again.

use std::path::{Path, PathBuf};

use crate::files::{
    Checkpoint, ContentKey, ContentKeyBuilder, FileError, KeptModel, KeptNote, ModelsFolder, Quantization,
};
use crate::lora::{Adapter, Merge, MergePlan, PlanSummary, merge};

/// A merged model in the folder of models.
pub struct MergedModel {
    pub kept: KeptModel,
    pub summary: PlanSummary,
    /// It was made by an earlier run.
    pub was_there: bool,
}

/// How far a merge is: bytes of the inputs hashed, or numbers written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MergeProgress {
    Hashed { bytes: u64 },
    Written { parameters: u64 },
}

/// Merges unless the same was merged before. `version` is that of the program.
pub fn merge_kept(
    job: &Merge<'_>,
    folder: &ModelsFolder,
    version: &str,
    progress: &mut dyn FnMut(MergeProgress),
) -> Result<MergedModel, FileError> {
    let key = key(job, version, &mut |bytes| progress(MergeProgress::Hashed { bytes }))?;
    if let Some(kept) = folder.find(&key) {
        let summary = MergePlan::new(job.base, job.adapters)?.summary;
        return Ok(MergedModel { kept, summary, was_there: true });
    }
    let path = folder.path_of(&key);
    let written = &mut |parameters| progress(MergeProgress::Written { parameters });
    let (report, summary) = merge(job, &path, written)?;
    let note = KeptNote {
        sha256: crate::files::hex(&report.sha256),
        bytes: report.bytes,
        base: job.base.path.display().to_string(),
        adapters: job.adapters.iter().map(|adapter| adapter.path.display().to_string()).collect(),
        quantization: job.quantization.name().to_owned(),
    };
    folder.note(&key, &note)?;
    let kept = KeptModel { path, bytes: report.bytes, note: Some(note) };
    Ok(MergedModel { kept, summary, was_there: false })
}

/// The file of a model with one adapter merged into it, for use by this program. A quantized base is taken: adapters are
/// trained on the weights that the program has.
pub fn merge_adapter(base: &Path, adapter: &Path, folder: &ModelsFolder) -> Result<PathBuf, FileError> {
    let base = Checkpoint::open(base)?;
    let adapters = [Adapter::open(adapter)?];
    let job = Merge {
        base: &base,
        adapters: &adapters,
        quantization: Quantization::Q8,
        prompt: base.prompt.clone(),
        metadata: Vec::new(),
        allows_quantized_base: true,
    };
    Ok(merge_kept(&job, folder, env!("CARGO_PKG_VERSION"), &mut |_| {})?.kept.path)
}

/// Everything that the written file depends on.
fn key(job: &Merge<'_>, version: &str, progress: &mut dyn FnMut(u64)) -> Result<ContentKey, FileError> {
    let mut builder = ContentKeyBuilder::new(version);
    builder.text(job.quantization.name());
    builder.text(&format!("{:?} {:?} {:?}", job.base.shape, job.prompt, job.metadata));
    builder.text(job.base.tokenizer.as_deref().unwrap_or_default());
    let mut done = 0;
    let adapters = job.adapters.iter().flat_map(|adapter| &adapter.parts);
    for path in job.base.parts.iter().chain(adapters) {
        let mut bytes = 0;
        builder.file(path, &mut |read| {
            bytes = read;
            progress(done + read);
        })?;
        done += bytes;
    }
    Ok(builder.finish())
}
