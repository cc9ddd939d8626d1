//! What was computed once is kept: in memory, on the disk of this machine, and, if a team wants it, in its Redis.
//! [`LayeredCache`] joins the layers; completions, embeddings and others are views on it.

mod completion;
mod disk;
mod embedding;
mod entry;
mod layered;
mod memory;
pub mod replay;
mod shared;
mod stats;

pub use completion::CompletionCache;
pub use disk::DiskCache;
pub use embedding::EmbeddingCache;
pub use entry::Entry;
pub use layered::{LayeredCache, LayeredStats};
pub use memory::MemoryCache;
pub use shared::{SharedCache, SharedCacheConfig, SharedCacheError};
pub use stats::{CacheStats, Counters};

/// How long entries live where nobody says otherwise.
pub const DEFAULT_TTL: std::time::Duration = std::time::Duration::from_secs(3600);

/// A place below the memory. Calls are short, and failures look like misses: a cache never disturbs.
pub trait Layer: Send + Sync {
    /// For statistics: `disk`, `shared`.
    fn name(&self) -> &'static str;

    fn get(&self, key: &str) -> Option<Entry>;

    fn set(&self, key: &str, entry: &Entry);

    /// Deletes what was stored with the tag; how many entries that were.
    fn invalidate_by_tag(&self, tag: &str) -> usize;

    /// Deletes everything.
    fn clear(&self);

    fn stats(&self) -> CacheStats;
}

#[cfg(test)]
mod tests;
