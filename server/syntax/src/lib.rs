//! Text and syntax of one module: the rope and the incremental tree of an open document, and the flat
//! arrays of tokens and nodes that every feature reads.

mod document;
mod parser;
mod position;

pub use document::{Change, Document, PositionError};
pub use parser::{parse_rope, parse_text};
pub use position::{Position, PositionEncoding};
