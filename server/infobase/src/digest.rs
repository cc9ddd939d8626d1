//! SHA-256, written as people write it.

use sha2::Digest as _;

pub type Digest = [u8; 32];

pub fn sha256(bytes: &[u8]) -> Digest {
    sha2::Sha256::digest(bytes).into()
}

pub fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        for half in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(half), 16).unwrap_or('0'));
        }
    }
    text
}

/// `None` if the text is no digest.
pub(crate) fn from_hex(text: &str) -> Option<Digest> {
    let text: String = text.chars().filter(|letter| *letter != ':').collect();
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut digest = [0; 32];
    for (index, byte) in digest.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(index * 2..index * 2 + 2)?, 16).ok()?;
    }
    Some(digest)
}

/// Letters nobody can guess.
pub(crate) fn random_text() -> Result<String, String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| format!("the system gives no random numbers: {error}"))?;
    Ok(hex(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_written_and_read() {
        let digest = sha256(b"abc");
        let text = hex(&digest);
        assert_eq!(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(from_hex(&text.to_uppercase()), Some(digest));
        assert_eq!(from_hex("ba"), None);
        assert_eq!(from_hex(&"я".repeat(32)), None);
        assert_ne!(random_text(), random_text());
    }
}
