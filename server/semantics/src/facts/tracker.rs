//! Columns of names. Names come in the order of the text, so each line is counted once.

use syntax::Source;

use crate::facts::place::Place;
use crate::facts::references::cut;

pub(crate) struct PlaceTracker<'a> {
    source: Source<'a>,
    line: u32,
    line_start: u32,
    /// How far the line is counted, and what came out.
    offset: u32,
    column_utf16: usize,
}

impl<'a> PlaceTracker<'a> {
    pub(crate) fn new(source: Source<'a>) -> Self {
        Self { source, line: 0, line_start: 0, offset: 0, column_utf16: 0 }
    }

    /// Place of the name from `start` to `end` in a line.
    pub(crate) fn place(&mut self, start: u32, end: u32, line: u32) -> Place {
        if line != self.line || start < self.offset {
            self.line = line;
            self.line_start = self.source.tree.line_starts().get(line as usize).copied().unwrap_or(start);
            self.offset = self.line_start;
            self.column_utf16 = 0;
        }
        self.column_utf16 += self.utf16_length(self.offset, start);
        self.offset = start;
        Place {
            offset: start,
            line,
            column: cut((start - self.line_start) as usize),
            column_utf16: cut(self.column_utf16),
            length: cut((end - start) as usize),
            length_utf16: cut(self.utf16_length(start, end)),
        }
    }

    fn utf16_length(&self, start: u32, end: u32) -> usize {
        let text = self.source.text.get(start as usize..end as usize).unwrap_or_default();
        // Every character but the third and fourth bytes of long ones is one unit.
        text.bytes().map(|byte| usize::from(byte & 0xC0 != 0x80) + usize::from(byte >= 0xF0)).sum()
    }
}
