//! Finds things by any spelling of their name, without case.

use std::hash::Hasher;

use rustc_hash::FxHasher;

use crate::api::Names;

/// Hashes of all spellings with the positions of what they name; names themselves are not copied.
#[derive(Clone, Debug, Default)]
pub(crate) struct NameIndex {
    /// Sorted by hash; of equal names the earlier position stands first.
    entries: Vec<(u32, u32)>,
}

impl NameIndex {
    pub fn new<'a>(all: impl Iterator<Item = &'a Names>) -> Self {
        let mut entries = Vec::new();
        for (position, names) in all.enumerate() {
            entries.extend(names.spellings().map(|name| (hash(name), position as u32)));
        }
        entries.sort_unstable();
        entries.dedup();
        Self { entries }
    }

    /// False if nothing has this name; true if something has it or one with the same hash.
    pub fn may_contain(&self, name: &str) -> bool {
        !self.entries.is_empty() && {
            let hash = hash(name);
            self.entries.binary_search_by_key(&hash, |&(other, _)| other).is_ok()
        }
    }

    /// Position of the first thing with this name.
    pub fn find<'a>(&self, name: &str, names_at: impl Fn(usize) -> Option<&'a Names>) -> Option<usize> {
        let hash = hash(name);
        let start = self.entries.partition_point(|&(other, _)| other < hash);
        let candidates = self.entries[start..].iter().take_while(|&&(other, _)| other == hash);
        candidates
            .map(|&(_, position)| position as usize)
            .find(|&position| names_at(position).is_some_and(|names| names.is(name)))
    }
}

fn hash(name: &str) -> u32 {
    let mut hasher = FxHasher::default();
    for char in name.chars() {
        for lower in char.to_lowercase() {
            hasher.write_u32(u32::from(lower));
        }
    }
    (hasher.finish() >> 32) as u32
}
