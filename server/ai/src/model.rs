//! The transformer: Qwen2 on the quantized products of candle, with a key/value cache that can be cut back.

mod attention;
mod cache;
mod config;
mod error;
mod file;
mod forward;
mod linear;
pub mod measure;
mod names;
mod processor;
mod qwen2;
pub mod random;
mod simd;
mod source;
mod vectors;

pub use cache::KvCache;
pub use config::ModelConfig;
pub use error::ModelError;
pub use file::{ModelFile, TensorInfo};
pub use forward::{Scratch, log_probability};
pub use names::{gguf_name, safetensors_name};
pub use processor::{check_processor, environment_notes, on_one_thread};
pub use qwen2::{LoadOptions, Qwen2, Weights};

#[cfg(test)]
mod tests;
