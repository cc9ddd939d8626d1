//! Files of models: GGUF and safetensors, read with suspicion and written tensor by tensor. Nothing else is ever read: a
//! pickle may run code.
//!
//! Whatever a file claims is checked before memory is reserved for it, and every refusal names the file and the place.

mod architecture;
mod checkpoint;
mod convert;
mod encode;
#[cfg(test)]
pub(crate) mod fixture;
pub mod gguf;
mod gguf_writer;
mod inspect;
pub(crate) mod json;
mod models_folder;
pub mod safetensors;
#[cfg(test)]
mod tests;
mod value;
mod verify;

use std::fmt::Display;
use std::path::{Path, PathBuf};

pub(crate) use architecture::module_of_gguf;
pub use architecture::{ExpectedTensor, Role, Shape};
pub use checkpoint::{Checkpoint, PromptFacts, StoredTensor};
pub(crate) use convert::{Changes, convert_with};
pub use convert::{Conversion, Quantization, Report, convert};
pub(crate) use encode::decode;
pub use gguf_writer::{GgufWriter, PlannedTensor};
pub use inspect::{AdapterInspection, Inspection, ModelInspection, TokenizerFacts, TypeSum, inspect};
pub use models_folder::{ContentKey, ContentKeyBuilder, KeptModel, KeptNote, ModelsFolder};
pub use value::{Array, Kind, Value};
pub(crate) use verify::hex;
pub use verify::{Verification, verify};

/// Why a file was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileError {
    pub path: PathBuf,
    /// What is wrong, with the tensor or the key it is about.
    pub problem: String,
}

impl FileError {
    pub fn new(path: &Path, problem: impl Display) -> Self {
        Self { path: path.to_owned(), problem: problem.to_string() }
    }

    /// The same for a tensor.
    pub fn in_tensor(path: &Path, tensor: &str, problem: impl Display) -> Self {
        Self::new(path, format_args!("tensor `{}`: {problem}", shown(tensor)))
    }
}

impl Display for FileError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}: {}", self.path.display(), self.problem)
    }
}

impl std::error::Error for FileError {}

/// A name out of a file, fit for a message: short, without control characters.
pub(crate) fn shown(name: &str) -> String {
    const LIMIT: usize = 120;
    let mut text: String = name.chars().take(LIMIT).flat_map(char::escape_debug).collect();
    if name.chars().nth(LIMIT).is_some() {
        text.push('…');
    }
    text
}
