//! One value with its dates and tags, and how it looks on a disk or in Redis.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Entries of other versions are not read.
pub(crate) const VERSION: u16 = 1;
const MAGIC: &[u8; 4] = b"SZca";
const CHECKSUM_BYTES: usize = 8;
/// What an entry costs besides its value.
const OVERHEAD_BYTES: usize = 160;

/// Times are since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub value: Arc<[u8]>,
    pub created: Duration,
    pub expires: Duration,
    pub tags: Arc<[String]>,
}

/// The order of fields is the format.
#[derive(Serialize, Deserialize)]
struct Packed<'a> {
    created_ms: u64,
    expires_ms: u64,
    key: &'a str,
    tags: Vec<String>,
    value: &'a [u8],
}

impl Entry {
    pub fn new(value: Arc<[u8]>, now: Duration, ttl: Duration, tags: &[&str]) -> Self {
        let tags: Vec<String> = tags.iter().map(|tag| (*tag).to_owned()).collect();
        Self { value, created: now, expires: now.saturating_add(ttl), tags: tags.into() }
    }

    pub fn age(&self, now: Duration) -> Duration {
        now.saturating_sub(self.created)
    }

    pub fn is_expired(&self, now: Duration) -> bool {
        now >= self.expires
    }

    /// Bytes it takes in memory, about.
    pub fn weight(&self, key: &str) -> usize {
        let tags: usize = self.tags.iter().map(|tag| tag.len() + size_of::<String>()).sum();
        self.value.len() + key.len() + tags + OVERHEAD_BYTES
    }

    /// With everything that is needed to tell on reading whether it is whole and the right one.
    pub(crate) fn encode(&self, key: &str) -> Vec<u8> {
        let milliseconds = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let packed = Packed {
            created_ms: milliseconds(self.created),
            expires_ms: milliseconds(self.expires),
            key,
            tags: self.tags.to_vec(),
            value: &self.value,
        };
        let mut bytes = MAGIC.to_vec();
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend(postcard::to_stdvec(&packed).unwrap_or_default());
        let checksum = xxhash_rust::xxh3::xxh3_64(&bytes);
        bytes.extend(checksum.to_le_bytes());
        bytes
    }

    /// `None` if the bytes are damaged, of another version or of another key.
    pub(crate) fn decode(bytes: &[u8], key: &str) -> Option<Self> {
        Self::decode_any(bytes).and_then(|(found, entry)| (found == key).then_some(entry))
    }

    /// The entry with its key.
    pub(crate) fn decode_any(bytes: &[u8]) -> Option<(String, Self)> {
        let (body, checksum) = bytes.split_last_chunk::<CHECKSUM_BYTES>()?;
        if xxhash_rust::xxh3::xxh3_64(body) != u64::from_le_bytes(*checksum) {
            return None;
        }
        let packed = body.strip_prefix(MAGIC)?.strip_prefix(&VERSION.to_le_bytes())?;
        let packed: Packed<'_> = postcard::from_bytes(packed).ok()?;
        let entry = Self {
            value: packed.value.into(),
            created: Duration::from_millis(packed.created_ms),
            expires: Duration::from_millis(packed.expires_ms),
            tags: packed.tags.into(),
        };
        Some((packed.key.to_owned(), entry))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn survives_packing_and_nothing_else() {
        let now = Duration::from_secs(1000);
        let entry = Entry::new((*b"value").into(), now, Duration::from_secs(90), &["file:a", "model:m"]);
        let bytes = entry.encode("key");
        assert_eq!(Entry::decode(&bytes, "key"), Some(entry.clone()));
        assert_eq!(Entry::decode(&bytes, "other"), None);
        for index in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[index] ^= 0x10;
            assert_eq!(Entry::decode(&damaged, "key"), None, "byte {index}");
            assert_eq!(Entry::decode(&bytes[..index], "key"), None, "cut at {index}");
        }
        assert!(!entry.is_expired(Duration::from_secs(1089)));
        assert!(entry.is_expired(Duration::from_secs(1090)));
        assert_eq!(entry.age(Duration::from_secs(1010)), Duration::from_secs(10));
    }
}
