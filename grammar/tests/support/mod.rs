//! What the tests and the measuring examples share: generated modules, edits and the recovery bench.

pub mod edits;
pub mod modules;
pub mod queries;
pub mod recovery;
pub mod rng;
pub mod trees;
