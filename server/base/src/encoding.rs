//! Bytes of a module file to text and back, keeping what an editor or a fix must not change.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1251};

const UTF8_BOM: &[u8] = b"\xEF\xBB\xBF";

/// How a file was stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextEncoding {
    Utf8,
    Utf8Bom,
    Utf16Le,
    Utf16Be,
    Windows1251,
}

/// Text of a file without its byte order mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodedText {
    pub text: String,
    pub encoding: TextEncoding,
}

/// Why a file has no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// A compiled ("protected") module or any other binary file.
    Binary,
    /// Offsets are 32 bits wide.
    TooLarge,
}

impl std::fmt::Display for DecodeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Binary => "the module is binary (protected): it has no source text",
            Self::TooLarge => "the file is larger than 4 GB",
        })
    }
}

impl std::error::Error for DecodeError {}

/// Reads UTF-8 and UTF-16 by their marks, plain UTF-8, and Windows-1251 for files that are neither.
pub fn decode(bytes: Vec<u8>) -> Result<DecodedText, DecodeError> {
    if bytes.len() > u32::MAX as usize {
        return Err(DecodeError::TooLarge);
    }
    if bytes.starts_with(b"\xFF\xFE") {
        return Ok(decode_with(UTF_16LE, &bytes[2..], TextEncoding::Utf16Le));
    }
    if bytes.starts_with(b"\xFE\xFF") {
        return Ok(decode_with(UTF_16BE, &bytes[2..], TextEncoding::Utf16Be));
    }
    if bytes.contains(&0) {
        return Err(DecodeError::Binary);
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(decode_utf8(text)),
        Err(error) => decode_windows1251(error.as_bytes()),
    }
}

fn decode_utf8(mut text: String) -> DecodedText {
    if !text.as_bytes().starts_with(UTF8_BOM) {
        return DecodedText { text, encoding: TextEncoding::Utf8 };
    }
    text.drain(..UTF8_BOM.len());
    DecodedText { text, encoding: TextEncoding::Utf8Bom }
}

/// Text has hardly any control characters; a compiled module has many.
fn decode_windows1251(bytes: &[u8]) -> Result<DecodedText, DecodeError> {
    let controls = bytes.iter().filter(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace()).count();
    if controls * 100 > bytes.len() {
        return Err(DecodeError::Binary);
    }
    Ok(decode_with(WINDOWS_1251, bytes, TextEncoding::Windows1251))
}

fn decode_with(encoding: &'static Encoding, bytes: &[u8], name: TextEncoding) -> DecodedText {
    DecodedText { text: encoding.decode_without_bom_handling(bytes).0.into_owned(), encoding: name }
}

/// The bytes of a text in the given encoding. `None` if the encoding cannot express every letter.
pub fn encode(text: &str, encoding: TextEncoding) -> Option<Vec<u8>> {
    match encoding {
        TextEncoding::Utf8 => Some(text.as_bytes().to_vec()),
        TextEncoding::Utf8Bom => Some([UTF8_BOM, text.as_bytes()].concat()),
        TextEncoding::Utf16Le => {
            Some([0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect())
        }
        TextEncoding::Utf16Be => {
            Some([0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect())
        }
        TextEncoding::Windows1251 => {
            let (bytes, _, has_unmappable) = WINDOWS_1251.encode(text);
            (!has_unmappable).then(|| bytes.into_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Сообщить(\"Привет\");\r\n";

    #[test]
    fn every_encoding_survives_a_round_trip() {
        for encoding in [
            TextEncoding::Utf8,
            TextEncoding::Utf8Bom,
            TextEncoding::Utf16Le,
            TextEncoding::Utf16Be,
            TextEncoding::Windows1251,
        ] {
            let bytes = encode(TEXT, encoding).expect("invariant: all letters exist in every encoding");
            let decoded = decode(bytes).expect("invariant: the text has no zero bytes");
            assert_eq!(decoded, DecodedText { text: TEXT.to_owned(), encoding });
        }
    }

    #[test]
    fn binary_modules_are_told_from_old_encodings() {
        assert_eq!(decode(b"abc\0def".to_vec()), Err(DecodeError::Binary));
        let noise: Vec<u8> = (1..=255).cycle().take(4096).collect();
        assert_eq!(decode(noise), Err(DecodeError::Binary));
    }

    #[test]
    fn a_letter_that_the_encoding_lacks_is_refused() {
        assert_eq!(encode("日本", TextEncoding::Windows1251), None);
    }
}
