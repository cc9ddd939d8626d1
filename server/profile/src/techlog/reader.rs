//! Cuts a stream into events without copying more than what a read leaves over. Memory is bounded by the longest
//! event.

use std::io::{self, Read};

use memchr::memchr;

use super::head::{Head, MAX_HEAD_BYTES};

const BUFFER_BYTES: usize = 1 << 20;
const MAX_EVENT_BYTES: usize = 16 << 20;
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A part of a journal with the line that it starts in.
#[derive(Debug)]
pub(super) struct Chunk<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) line: u64,
    pub(super) kind: ChunkKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ChunkKind {
    /// An event with its line ends.
    Event,
    /// A line of a journal in JSON.
    Json,
    /// A line before the first event.
    Stray,
    /// The start of something that is longer than any event.
    TooLong,
}

pub(super) struct EventReader<R> {
    source: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    is_at_end: bool,
    is_json: Option<bool>,
    line: u64,
    pub(super) bytes_read: u64,
}

impl<R: Read> EventReader<R> {
    /// The buffer is that of an earlier reader, or empty.
    pub(super) fn new(source: R, mut buffer: Vec<u8>) -> Self {
        buffer.resize(BUFFER_BYTES, 0);
        buffer.shrink_to(BUFFER_BYTES);
        Self { source, buffer, start: 0, end: 0, is_at_end: false, is_json: None, line: 1, bytes_read: 0 }
    }

    pub(super) fn into_buffer(self) -> Vec<u8> {
        self.buffer
    }

    /// True if nothing follows what was given last.
    pub(super) fn is_finished(&self) -> bool {
        self.is_at_end && self.start == self.end
    }

    pub(super) fn next(&mut self) -> io::Result<Option<Chunk<'_>>> {
        self.ensure(MAX_HEAD_BYTES)?;
        if self.is_json.is_none() {
            if self.rest().starts_with(BYTE_ORDER_MARK) {
                self.start += BYTE_ORDER_MARK.len();
            }
            self.is_json = Some(self.rest().starts_with(b"{"));
        }
        if self.start == self.end {
            return Ok(None);
        }
        let line = self.line;
        let (length, kind) = if self.is_json == Some(true) {
            (self.find_end(false)?, ChunkKind::Json)
        } else if Head::may_start(self.rest()) && Head::parse(self.rest()).is_some() {
            (self.find_end(true)?, ChunkKind::Event)
        } else {
            (self.find_end(false)?, ChunkKind::Stray)
        };
        let Some(length) = length else {
            let kind = ChunkKind::TooLong;
            return Ok(Some(Chunk { bytes: &[], line, kind }));
        };
        let bytes = &self.buffer[self.start..self.start + length];
        self.start += length;
        Ok(Some(Chunk { bytes, line, kind }))
    }

    fn rest(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Length up to the end of the line, or of the event with all lines that continue it. `None` if it is too long;
    /// it is skipped then.
    fn find_end(&mut self, is_event: bool) -> io::Result<Option<usize>> {
        let mut seen = 0;
        let mut is_too_long = false;
        loop {
            let Some(found) = memchr(b'\n', &self.buffer[self.start + seen..self.end]) else {
                seen = self.end - self.start;
                if seen > MAX_EVENT_BYTES {
                    is_too_long = true;
                    self.start = self.end;
                    seen = 0;
                }
                if self.is_at_end {
                    return Ok((!is_too_long).then_some(seen));
                }
                self.read_more()?;
                continue;
            };
            seen += found + 1;
            self.line += 1;
            if self.end - self.start - seen < MAX_HEAD_BYTES && !self.is_at_end {
                self.ensure(seen + MAX_HEAD_BYTES)?;
            }
            let next = &self.buffer[self.start + seen..self.end];
            if !is_event || next.is_empty() || Head::may_start(next) && Head::parse(next).is_some() {
                if is_too_long || seen > MAX_EVENT_BYTES {
                    self.start += seen;
                    return Ok(None);
                }
                return Ok(Some(seen));
            }
        }
    }

    /// Reads until so many bytes are at hand or nothing is left.
    fn ensure(&mut self, count: usize) -> io::Result<()> {
        while self.end - self.start < count && !self.is_at_end {
            self.read_more()?;
        }
        Ok(())
    }

    fn read_more(&mut self) -> io::Result<()> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.end == self.buffer.len() {
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        let count = loop {
            match self.source.read(&mut self.buffer[self.end..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => break result?,
            }
        };
        self.is_at_end = count == 0;
        self.end += count;
        self.bytes_read += count as u64;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives a few bytes per read.
    struct Drops<'a>(&'a [u8], usize);

    impl Read for Drops<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.1.min(self.0.len()).min(buffer.len());
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    fn chunks(text: &str, step: usize) -> Vec<(u64, ChunkKind, String)> {
        let mut reader = EventReader::new(Drops(text.as_bytes(), step), Vec::new());
        let mut found = Vec::new();
        while let Some(chunk) = reader.next().expect("reading memory") {
            found.push((chunk.line, chunk.kind, String::from_utf8_lossy(chunk.bytes).into_owned()));
        }
        assert!(reader.is_finished());
        found
    }

    #[test]
    fn events_span_lines() {
        let text = "\u{feff}хвост\r\n12:00.000000-1,A,0,Sql='x\r\ny'\r\n12:00.000001-1,B,0,\n\n12:00.000002-1,C,0,Z=1";
        let expected = [
            (1, ChunkKind::Stray, "хвост\r\n".to_owned()),
            (2, ChunkKind::Event, "12:00.000000-1,A,0,Sql='x\r\ny'\r\n".to_owned()),
            (4, ChunkKind::Event, "12:00.000001-1,B,0,\n\n".to_owned()),
            (6, ChunkKind::Event, "12:00.000002-1,C,0,Z=1".to_owned()),
        ];
        for step in [1, 7, 1000] {
            assert_eq!(chunks(text, step), expected);
        }
        assert_eq!(chunks("\u{feff}", 2), []);
        assert_eq!(chunks("", 2), []);
    }

    #[test]
    fn events_without_end_are_skipped() {
        let long = "x".repeat(MAX_EVENT_BYTES / 2) + "\n";
        let text = format!("12:00.000000-1,A,0,Sql='{long}{long}{long}'\n12:00.000001-1,B,0,\n");
        let found = chunks(&text, 1 << 20);
        let kinds: Vec<_> = found.iter().map(|(line, kind, text)| (*line, *kind, text.as_str())).collect();
        assert_eq!(kinds, [(1, ChunkKind::TooLong, ""), (5, ChunkKind::Event, "12:00.000001-1,B,0,\n")]);
    }
}
