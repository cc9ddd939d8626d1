//! Technological journals of the platform: text and JSON, streamed, whatever their size. Nothing in a journal is fatal:
//! what cannot be understood is counted, and the first places are named.

mod context;
mod event;
mod generate;
mod head;
mod import;
mod json;
mod moment;
mod nesting;
mod packed;
mod problems;
mod properties;
mod reader;
mod repeats;
mod statement;
#[cfg(test)]
mod tests;

pub use generate::{Generator, GeneratorOptions, Truth};
pub use import::{Filter, LogFile, Summary, TechLogImporter};
pub use moment::Moment;
pub use packed::Packing;
pub use problems::{Place, ProblemKind, Problems};
