//! ZIP as help files use it: stored or deflated, neither encrypted nor Zip64, perhaps behind other bytes.

use std::borrow::Cow;

use super::BookError;

const END_SIGNATURE: &[u8] = b"PK\x05\x06";
const ENTRY_SIGNATURE: &[u8] = b"PK\x01\x02";
const LOCAL_SIGNATURE: &[u8] = b"PK\x03\x04";
const END_LEN: usize = 22;
const ENTRY_LEN: usize = 46;
const LOCAL_LEN: usize = 30;
const MAX_COMMENT_LEN: usize = 0xFFFF;
const UTF8_NAME: u16 = 0x800;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;
/// Tables of contents are the largest, a few MiB.
const MAX_ENTRY_BYTES: usize = 64 << 20;

#[derive(Debug)]
pub(crate) struct Archive<'a> {
    bytes: &'a [u8],
    /// What stands before the archive proper.
    base: usize,
    entries: Vec<Entry<'a>>,
}

#[derive(Clone, Debug)]
pub(crate) struct Entry<'a> {
    pub name: Cow<'a, str>,
    method: u16,
    packed_len: usize,
    len: usize,
    local: usize,
}

impl<'a> Archive<'a> {
    pub fn open(bytes: &'a [u8]) -> Result<Self, BookError> {
        let end = find_end(bytes).ok_or(BookError::BadArchive)?;
        let directory_len = long(bytes, end + 12).ok_or(BookError::BadArchive)?;
        let directory = long(bytes, end + 16).ok_or(BookError::BadArchive)?;
        let base = directory_len
            .checked_add(directory)
            .and_then(|len| end.checked_sub(len))
            .ok_or(BookError::BadArchive)?;
        let mut entries = Vec::new();
        let mut at = base + directory;
        // The count in the end record has 16 bits only.
        while let Some((entry, next)) = entry(bytes, at).filter(|(_, next)| *next <= end) {
            entries.push(entry);
            at = next;
        }
        Ok(Self { bytes, base, entries })
    }

    pub fn entries(&self) -> &[Entry<'a>] {
        &self.entries
    }

    /// Bytes of an entry; `None` if it is broken.
    pub fn read(&self, entry: &Entry) -> Option<Cow<'a, [u8]>> {
        let start = self.base.checked_add(entry.local)?;
        let header = self.bytes.get(start..start.checked_add(LOCAL_LEN)?)?;
        if !header.starts_with(LOCAL_SIGNATURE) || entry.len > MAX_ENTRY_BYTES {
            return None;
        }
        let data = start + LOCAL_LEN + usize::from(short(header, 26)?) + usize::from(short(header, 28)?);
        let packed = self.bytes.get(data..data.checked_add(entry.packed_len)?)?;
        match entry.method {
            STORED => Some(Cow::Borrowed(packed)),
            DEFLATED => {
                let bytes = miniz_oxide::inflate::decompress_to_vec_with_limit(packed, entry.len).ok()?;
                (bytes.len() == entry.len).then_some(Cow::Owned(bytes))
            }
            _ => None,
        }
    }
}

fn find_end(bytes: &[u8]) -> Option<usize> {
    let last = bytes.len().checked_sub(END_LEN)?;
    let first = last.saturating_sub(MAX_COMMENT_LEN);
    (first..=last).rev().find(|&at| bytes[at..].starts_with(END_SIGNATURE))
}

/// The entry of the directory at an offset, and where the next one starts.
fn entry(bytes: &[u8], at: usize) -> Option<(Entry<'_>, usize)> {
    let header = bytes.get(at..at.checked_add(ENTRY_LEN)?)?;
    if !header.starts_with(ENTRY_SIGNATURE) {
        return None;
    }
    let name_start = at + ENTRY_LEN;
    let name_end = name_start + usize::from(short(header, 28)?);
    let extra = usize::from(short(header, 30)?) + usize::from(short(header, 32)?);
    let name = bytes.get(name_start..name_end)?;
    let name = match std::str::from_utf8(name) {
        Ok(text) if short(header, 8)? & UTF8_NAME != 0 || text.is_ascii() => Cow::Borrowed(text),
        _ => encoding_rs::WINDOWS_1251.decode_without_bom_handling(name).0,
    };
    let entry = Entry {
        name,
        method: short(header, 10)?,
        packed_len: long(header, 20)?,
        len: long(header, 24)?,
        local: long(header, 42)?,
    };
    Some((entry, name_end + extra))
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn long(bytes: &[u8], at: usize) -> Option<usize> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?) as usize)
}
