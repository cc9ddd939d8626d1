//! JSON: `ЧтениеJSON` and `ЗаписьJSON`, and whole values in one call.

mod reader;
mod values;
mod writer;

pub(super) use self::reader::construct as construct_reader;
pub(crate) use self::values::{date_text, parse_date, read_value, write_value};
pub(super) use self::writer::construct as construct_writer;

/// Nesting beyond this is refused.
const MAX_DEPTH: usize = 500;
