//! Lines are known again by what they say and what stands around them.

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

/// Digests of a line and of its neighbors that are not blank. Zero is unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct LineAnchor {
    #[serde(skip_serializing_if = "is_unknown", with = "hex")]
    pub digest: u64,
    #[serde(skip_serializing_if = "is_unknown", with = "hex")]
    pub before: u64,
    #[serde(skip_serializing_if = "is_unknown", with = "hex")]
    pub after: u64,
}
fn is_unknown(digest: &u64) -> bool {
    *digest == 0
}

impl LineAnchor {
    /// True if the text of the line was not known.
    pub fn is_unknown(&self) -> bool {
        self.digest == 0
    }
}

/// XXH3 with 64 bits of the line without the spaces around it; 0 for a blank line.
pub fn line_digest(line: &str) -> u64 {
    let line = line.trim();
    if line.is_empty() { 0 } else { xxh3_64(line.as_bytes()) }
}

/// The lines of a text as far as anchors need them.
#[derive(Clone, Debug, Default)]
pub struct SourceLines {
    digests: Vec<u64>,
}

impl SourceLines {
    pub fn new(text: &str) -> Self {
        Self { digests: text.lines().map(line_digest).collect() }
    }

    pub fn len(&self) -> usize {
        self.digests.len()
    }

    pub fn is_empty(&self) -> bool {
        self.digests.is_empty()
    }

    /// Of all lines; equal texts but for spaces around lines have the same.
    pub fn digest(&self) -> u64 {
        let mut hasher = Xxh3::new();
        for digest in &self.digests {
            hasher.update(&digest.to_le_bytes());
        }
        hasher.digest()
    }

    /// What is known of a line, counted from one.
    pub fn anchor(&self, line: u32) -> LineAnchor {
        let index = (line as usize).wrapping_sub(1);
        let Some(&digest) = self.digests.get(index) else { return LineAnchor::default() };
        let (before, after) = self.digests.split_at(index);
        let is_text = |digest: &&u64| **digest != 0;
        LineAnchor {
            digest,
            before: before.iter().rev().find(is_text).copied().unwrap_or_default(),
            after: after.iter().skip(1).find(is_text).copied().unwrap_or_default(),
        }
    }

    pub(crate) fn digests(&self) -> &[u64] {
        &self.digests
    }
}

/// Digests as 16 hexadecimal digits: numbers of JSON lose bits in many readers.
pub(crate) mod hex {
    use serde::{Deserialize, Deserializer, Serializer};
    pub(crate) fn serialize<S: Serializer>(digest: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{digest:016x}"))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        parse(&text).ok_or_else(|| serde::de::Error::custom("a digest is up to 16 hexadecimal digits"))
    }

    pub(crate) fn parse(text: &str) -> Option<u64> {
        let is_hex = text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_hex { u64::from_str_radix(text, 16).ok() } else { None }
    }
}

/// The same for digests that may be missing.
pub(crate) mod optional_hex {
    use serde::{Deserialize, Deserializer, Serializer};
    pub(crate) fn serialize<S: Serializer>(digest: &Option<u64>, serializer: S) -> Result<S::Ok, S::Error> {
        match digest {
            Some(digest) => super::hex::serialize(digest, serializer),
            None => serializer.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
        let Some(text) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
        let error = || serde::de::Error::custom("a digest is up to 16 hexadecimal digits");
        super::hex::parse(&text).map(Some).ok_or_else(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_skip_blank_lines() {
        let lines = SourceLines::new("А = 1;\n\n\tБ = 2;\r\nВ = 3;\n");
        let anchor = lines.anchor(3);
        let expected = [line_digest("Б = 2;"), line_digest("А = 1;"), line_digest("В = 3;")];
        assert_eq!([anchor.digest, anchor.before, anchor.after], expected);
        assert_eq!(lines.anchor(1).before, 0);
        assert_eq!(lines.anchor(0), LineAnchor::default());
        assert_eq!(lines.anchor(9), LineAnchor::default());
    }

    #[test]
    fn spaces_around_lines_do_not_matter() {
        assert_eq!(
            SourceLines::new("А = 1;\nБ = 2;").digest(),
            SourceLines::new("\tА = 1; \r\nБ = 2;").digest()
        );
        assert_ne!(SourceLines::new("А = 1;").digest(), SourceLines::new("А = 2;").digest());
    }
}
