//! Lines and columns of a text that is not open.

/// Start offsets of all lines.
pub(crate) struct LineIndex<'a> {
    text: &'a str,
    starts: Vec<u32>,
}

/// Zero-based line, and column in UTF-16 units as editors count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) line: u32,
    pub(crate) column: u32,
}

impl<'a> LineIndex<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (index, byte) in bytes.iter().enumerate() {
            let ends_line = *byte == b'\n' || (*byte == b'\r' && bytes.get(index + 1) != Some(&b'\n'));
            if ends_line {
                starts.push(index as u32 + 1);
            }
        }
        Self { text, starts }
    }

    /// Number of lines; one without a text, too.
    pub(crate) fn len(&self) -> u32 {
        self.starts.len() as u32
    }

    pub(crate) fn line_of(&self, offset: u32) -> u32 {
        self.starts.partition_point(|start| *start <= offset).saturating_sub(1) as u32
    }

    pub(crate) fn place(&self, offset: u32) -> Place {
        let line = self.line_of(offset);
        let before = self.text.get(self.starts[line as usize] as usize..offset as usize).unwrap_or_default();
        Place { line, column: before.encode_utf16().count() as u32 }
    }

    /// The line without its break.
    pub(crate) fn line(&self, line: u32) -> &'a str {
        let line = line as usize;
        let start = self.starts.get(line).map_or(self.text.len(), |start| *start as usize);
        let end = self.starts.get(line + 1).map_or(self.text.len(), |end| *end as usize);
        self.text.get(start..end).unwrap_or_default().trim_end_matches(['\r', '\n'])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_break_counts_once() {
        let index = LineIndex::new("Ж😀x\r\nвторая\rтретья\n");
        assert_eq!(index.line_of(100), 3);
        assert_eq!(index.place(6), Place { line: 0, column: 3 });
        assert_eq!(index.place(22), Place { line: 2, column: 0 });
        assert_eq!((index.line(1), index.line(2), index.line(3)), ("вторая", "третья", ""));
    }
}
