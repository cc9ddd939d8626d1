//! XML: `ЧтениеXML` node by node and `ЗаписьXML` piece by piece.

mod document;
mod reader;
mod writer;

pub(super) use self::reader::construct as construct_reader;
pub(super) use self::writer::construct as construct_writer;

/// Nesting beyond this is refused.
const MAX_DEPTH: usize = 1_000;
