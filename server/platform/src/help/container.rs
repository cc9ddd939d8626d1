//! The outer format of help files: named documents in chains of blocks, little-endian, offsets of 32 bits.

use std::borrow::Cow;

use super::BookError;

const HEADER_LEN: usize = 16;
const BLOCK_HEADER_LEN: usize = 31;
const RECORD_LEN: usize = 12;
const NAME_START: usize = 20;
const NAME_END: usize = 4;
const NONE: u32 = 0x7FFF_FFFF;
/// Help files have seven.
const MAX_ENTITIES: usize = 1000;

#[derive(Debug)]
pub(crate) struct Container<'a> {
    bytes: &'a [u8],
    /// Name and offset of the body.
    entities: Vec<(String, u32)>,
}

impl<'a> Container<'a> {
    pub fn open(bytes: &'a [u8]) -> Result<Self, BookError> {
        let directory = document(bytes, HEADER_LEN as u32).ok_or(BookError::NotABook)?;
        let mut entities = Vec::new();
        for record in directory.chunks_exact(RECORD_LEN).take(MAX_ENTITIES) {
            let (Some(header), Some(body)) = (number(record, 0), number(record, 4)) else { break };
            if let Some(name) = document(bytes, header).and_then(|header| name(&header)) {
                entities.push((name, body));
            }
        }
        if entities.is_empty() { Err(BookError::NotABook) } else { Ok(Self { bytes, entities }) }
    }

    /// The document with this name; `None` if there is none or it is broken.
    pub fn entity(&self, name: &str) -> Option<Cow<'a, [u8]>> {
        let (_, body) = self.entities.iter().find(|(other, _)| other == name)?;
        document(self.bytes, *body)
    }
}

/// Time stamps, a reserved number, the name in UTF-16, a zero.
fn name(header: &[u8]) -> Option<String> {
    let text = header.get(NAME_START..header.len().checked_sub(NAME_END)?)?;
    let units: Vec<u16> = text
        .chunks_exact(2)
        .filter_map(|pair| Some(u16::from_le_bytes(pair.try_into().ok()?)))
        .take_while(|&unit| unit != 0)
        .collect();
    Some(String::from_utf16_lossy(&units))
}

struct Block<'a> {
    document_len: usize,
    next: u32,
    body: &'a [u8],
}

/// The blocks of a chain put together. The first one says how long the document is; a chain that loops or is too
/// short is broken.
fn document(bytes: &[u8], offset: u32) -> Option<Cow<'_, [u8]>> {
    let first = block(bytes, offset)?;
    let len = first.document_len;
    if len > bytes.len() {
        return None;
    }
    if let Some(body) = first.body.get(..len) {
        return Some(Cow::Borrowed(body));
    }
    let mut document = first.body.to_vec();
    let mut next = first.next;
    // No chain has more blocks than the file has room for.
    for _ in 0..bytes.len() / BLOCK_HEADER_LEN {
        if document.len() >= len || next == NONE {
            break;
        }
        let block = block(bytes, next)?;
        document.extend_from_slice(block.body.get(..len - document.len()).unwrap_or(block.body));
        next = block.next;
    }
    (document.len() == len).then_some(Cow::Owned(document))
}

/// `\r\n`, length of the document, length of this block, offset of the next one, `\r\n`: eight hexadecimal digits each.
fn block(bytes: &[u8], offset: u32) -> Option<Block<'_>> {
    let start = offset as usize;
    let body_start = start.checked_add(BLOCK_HEADER_LEN)?;
    let header = bytes.get(start..body_start)?;
    if !header.starts_with(b"\r\n") || !header.ends_with(b"\r\n") {
        return None;
    }
    let len = hexadecimal(header, 11)? as usize;
    let end = body_start.checked_add(len)?.min(bytes.len());
    Some(Block {
        document_len: hexadecimal(header, 2)? as usize,
        next: hexadecimal(header, 20)?,
        body: bytes.get(body_start..end)?,
    })
}

fn hexadecimal(header: &[u8], at: usize) -> Option<u32> {
    let digits = std::str::from_utf8(header.get(at..at + 8)?).ok()?;
    u32::from_str_radix(digits, 16).ok()
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}
