//! Lines and columns of many growing offsets in one pass over the text.

use ropey::Rope;
use ropey::iter::Chunks;
use syntax::PositionEncoding;
use tower_lsp::gen_lsp_types as lsp;

/// Answers for offsets that never get smaller.
pub(crate) struct AscendingPositions<'a> {
    chunks: Chunks<'a>,
    /// Unread rest of the current chunk.
    rest: &'a [u8],
    offset: u32,
    position: lsp::Position,
    follows_cr: bool,
    encoding: PositionEncoding,
}

impl<'a> AscendingPositions<'a> {
    pub(crate) fn new(rope: &'a Rope, encoding: PositionEncoding) -> Self {
        Self {
            chunks: rope.chunks(),
            rest: &[],
            offset: 0,
            position: lsp::Position::default(),
            follows_cr: false,
            encoding,
        }
    }

    /// Position of an offset that is not smaller than the one before.
    pub(crate) fn position(&mut self, offset: u32) -> lsp::Position {
        while self.offset < offset {
            let Some((&byte, rest)) = self.rest.split_first() else {
                let Some(chunk) = self.chunks.next() else { break };
                self.rest = chunk.as_bytes();
                continue;
            };
            self.rest = rest;
            self.offset += 1;
            self.step(byte);
        }
        self.position
    }

    fn step(&mut self, byte: u8) {
        let follows_cr = std::mem::replace(&mut self.follows_cr, byte == b'\r');
        match byte {
            b'\n' if follows_cr => {}
            b'\n' | b'\r' => self.position = lsp::Position { line: self.position.line + 1, character: 0 },
            _ => self.position.character += self.width(byte),
        }
    }

    /// A letter counts at its first byte; in UTF-16 a four-byte letter counts twice.
    fn width(&self, byte: u8) -> u32 {
        match (self.encoding, byte) {
            (PositionEncoding::Utf8, _) => 1,
            (PositionEncoding::Utf16, 0x80..=0xBF) => 0,
            (PositionEncoding::Utf16, 0xF0..) => 2,
            (PositionEncoding::Utf16, _) => 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_pass_agrees_with_single_lookups() {
        let text = "Ж😀x\r\nвторая\rтретья\n\r\nконец";
        let document = syntax::Document::new(text);
        for encoding in [PositionEncoding::Utf8, PositionEncoding::Utf16] {
            let mut positions = AscendingPositions::new(document.rope(), encoding);
            for (offset, _) in text.char_indices().filter(|(offset, _)| !text[*offset..].starts_with('\n')) {
                let expected = document.to_position(offset as u32, encoding);
                let found = positions.position(offset as u32);
                assert_eq!((found.line, found.character), (expected.line, expected.column), "at {offset}");
            }
        }
    }
}
