//! Where names stand, and how places of a section move when the text above it changes.

use base::TextRange;
use serde::{Deserialize, Serialize};

/// Where a name stands: enough to show it in an editor without reading the file. A name never spans lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub offset: u32,
    /// Zero-based.
    pub line: u32,
    /// In bytes of UTF-8 and in units of UTF-16; larger numbers are cut.
    pub column: u16,
    pub column_utf16: u16,
    pub length: u16,
    pub length_utf16: u16,
}

impl Place {
    pub fn range(self) -> TextRange {
        TextRange { start: self.offset, end: self.offset.saturating_add(u32::from(self.length)) }
    }
}

/// Where a section starts. A section starts with a line, so columns stay as they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    pub offset: u32,
    pub line: u32,
}

impl Shift {
    pub fn place(self, place: Place) -> Place {
        Place {
            offset: place.offset.saturating_add(self.offset),
            line: place.line.saturating_add(self.line),
            ..place
        }
    }

    pub fn range(self, range: TextRange) -> TextRange {
        TextRange {
            start: range.start.saturating_add(self.offset),
            end: range.end.saturating_add(self.offset),
        }
    }
}
