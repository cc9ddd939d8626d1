//! Bodies of answers: compressed or not, with noise before and behind, in XML or in JSON.

use miniz_oxide::inflate::{decompress_to_vec_with_limit, decompress_to_vec_zlib_with_limit};

use crate::node::Node;

/// A measurement of a day fits; nothing may fill the memory.
pub(crate) const MAX_BODY: usize = 64 << 20;

/// Reads a body. `Ok(None)`: it is empty, which is an answer too.
pub(crate) fn read_body(bytes: &[u8], encoding: &str) -> Result<Option<Node>, String> {
    let plain = match encoding.trim().to_ascii_lowercase().as_str() {
        "deflate" => inflate(bytes)?,
        "gzip" => inflate(gzip_content(bytes).ok_or("the gzip header is damaged")?)?,
        _ => bytes.to_vec(),
    };
    let end = plain.iter().position(|byte| *byte == 0).unwrap_or(plain.len());
    let plain = plain.get(..end).unwrap_or_default();
    let text = String::from_utf8_lossy(plain);
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Ok(None);
    }
    let node = match text.as_bytes().first() {
        Some(b'<') => Node::of_xml(text.to_owned()),
        Some(b'{') => Node::of_json(text),
        _ => None,
    };
    node.map(Some).ok_or_else(|| "the answer is neither XML nor JSON".to_owned())
}

/// Raw deflate is what is sent; a header of zlib is known to occur.
fn inflate(bytes: &[u8]) -> Result<Vec<u8>, String> {
    decompress_to_vec_zlib_with_limit(bytes, MAX_BODY)
        .or_else(|_| decompress_to_vec_with_limit(bytes, MAX_BODY))
        .map_err(|_| "the answer cannot be decompressed or is too large".to_owned())
}

/// What stands behind the header of a gzip stream.
fn gzip_content(bytes: &[u8]) -> Option<&[u8]> {
    const EXTRA: u8 = 4;
    const NAME: u8 = 8;
    const COMMENT: u8 = 16;
    const CHECKSUM: u8 = 2;
    let [0x1f, 0x8b, 8, flags, ..] = bytes else { return None };
    let mut rest = bytes.get(10..)?;
    if flags & EXTRA != 0 {
        let length = usize::from(u16::from_le_bytes([*rest.first()?, *rest.get(1)?]));
        rest = rest.get(2 + length..)?;
    }
    for flag in [NAME, COMMENT] {
        if flags & flag != 0 {
            rest = rest.get(rest.iter().position(|byte| *byte == 0)? + 1..)?;
        }
    }
    if flags & CHECKSUM != 0 {
        rest = rest.get(2..)?;
    }
    Some(rest)
}

/// Text inside an element.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            // XML has no way to write these.
            other if other.is_control() && !matches!(other, '\n' | '\r' | '\t') => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Text in base64; what is none comes back as it is.
pub(crate) fn from_base64(text: &str) -> String {
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0_u32, 0);
    for letter in text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=') {
        let Some(value) = LETTERS.iter().position(|known| *known == letter) else { return text.to_owned() };
        bits = bits << 6 | value as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}
