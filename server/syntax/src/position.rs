//! Lines and columns as the protocol counts them. They exist only at the border; inside, everything is
//! a byte offset.

use ropey::Rope;

/// Unit of columns, agreed with the client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PositionEncoding {
    Utf8,
    #[default]
    Utf16,
}

/// A zero-based line and a zero-based column in units of the agreed encoding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub line: u32,
    pub column: u32,
}

impl Position {
    pub fn new(line: u32, column: u32) -> Self {
        Self { line, column }
    }

    /// Position of a byte offset in a text that is no open document; an offset behind the text means its end.
    pub fn of_offset(rope: &Rope, offset: u32, encoding: PositionEncoding) -> Self {
        from_offset(rope, offset, encoding)
    }
}

/// Byte offset of a position. A column behind the line end means the line end, a column inside a letter
/// the start of that letter; `None` if there is no such line.
pub(crate) fn to_offset(rope: &Rope, position: Position, encoding: PositionEncoding) -> Option<u32> {
    let line = position.line as usize;
    if line >= rope.len_lines() {
        return None;
    }
    let line_start = rope.line_to_byte(line);
    let column = position.column as usize;
    let mut bytes = 0;
    let mut units = 0;
    for letter in rope.line(line).chars().take_while(|letter| !matches!(letter, '\n' | '\r')) {
        let width = match encoding {
            PositionEncoding::Utf8 => letter.len_utf8(),
            PositionEncoding::Utf16 => letter.len_utf16(),
        };
        if units + width > column {
            break;
        }
        units += width;
        bytes += letter.len_utf8();
    }
    Some((line_start + bytes) as u32)
}

/// Position of a byte offset; an offset behind the text means its end.
pub(crate) fn from_offset(rope: &Rope, offset: u32, encoding: PositionEncoding) -> Position {
    let offset = (offset as usize).min(rope.len_bytes());
    let line = rope.byte_to_line(offset);
    let line_start = rope.line_to_byte(line);
    let column = match encoding {
        PositionEncoding::Utf8 => offset - line_start,
        // Lines are short: counting is cheaper than two more searches in the rope. A letter counts at its
        // first byte, and those of four bytes count twice.
        PositionEncoding::Utf16 => {
            let width = |byte: u8| usize::from(byte & 0xC0 != 0x80) + usize::from(byte >= 0xF0);
            // Inside a letter no slice can end: its start counts.
            let ends = (line_start..=offset).rev();
            let before = ends.filter_map(|end| rope.get_byte_slice(line_start..end)).next();
            before.into_iter().flat_map(|before| before.chunks()).flat_map(str::bytes).map(width).sum()
        }
    };
    Position { line: line as u32, column: column as u32 }
}
