//! LoRA adapters: read, checked against a model, merged into it: W' = W + s · B · A.
//!
//! A merge is computed in f32 from weights that are not quantized and quantized once. Whatever an adapter holds is used,
//! or the merge is refused: a silently forgotten tensor makes a model that is wrong in a way nobody sees.

mod adapter;
mod config;
mod gguf_adapter;
mod kept;
mod merge;
mod names;
mod plan;
#[cfg(test)]
mod tests;

pub use adapter::{Adapter, Module};
pub use config::{AdapterConfig, TargetModules};
pub use kept::{MergeProgress, MergedModel, merge_adapter, merge_kept};
pub use merge::{Merge, merge};
pub use plan::{MergePlan, PlanSummary};

use crate::files::{Role, Shape};

/// The matrices that adapters usually change.
pub const ALL_PROJECTIONS: [&str; 7] =
    ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];

/// How many numbers an adapter of this rank has on the named projections of every layer.
pub fn adapter_parameters(shape: &Shape, projections: &[&str], rank: usize) -> u64 {
    let targets = |name: &str| projections.iter().any(|target| name.ends_with(&format!(".{target}.weight")));
    let matrices =
        shape.tensors().into_iter().filter(|tensor| tensor.role == Role::Matrix && targets(&tensor.name));
    matrices.map(|tensor| tensor.shape.iter().sum::<usize>() as u64 * rank as u64).sum()
}
