//! Memory first, then the other layers, then whoever computes the value.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use crate::cache::{CacheStats, Counters, Entry, Layer, MemoryCache};
use resilience::SharedClock;

/// Cloning shares the contents.
#[derive(Clone)]
pub struct LayeredCache {
    memory: MemoryCache,
    /// Nearest first.
    layers: Arc<[Arc<dyn Layer>]>,
    counters: Arc<Counters>,
    clock: SharedClock,
}

/// Of all layers together, and of each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LayeredStats {
    pub total: CacheStats,
    pub layers: Vec<(&'static str, CacheStats)>,
}

impl LayeredCache {
    /// `layers`: nearest first.
    pub fn new(max_memory_bytes: u64, layers: Vec<Arc<dyn Layer>>, clock: SharedClock) -> Self {
        let memory = MemoryCache::new(max_memory_bytes, Arc::clone(&clock));
        Self { memory, layers: layers.into(), counters: Arc::default(), clock }
    }

    pub fn get(&self, key: &str) -> Option<Arc<[u8]>> {
        let found = self.memory.get(key).or_else(|| {
            let entry = Arc::new(self.get_below(key)?);
            self.memory.set(key, Arc::clone(&entry));
            Some(entry)
        });
        self.counters.count(found).map(|entry| Arc::clone(&entry.value))
    }

    /// As `get`, from the memory only and without counting.
    pub fn peek(&self, key: &str) -> Option<Arc<[u8]>> {
        self.memory.peek(key).map(|entry| Arc::clone(&entry.value))
    }

    pub fn set(&self, key: &str, value: impl Into<Arc<[u8]>>, ttl: Duration, tags: &[&str]) {
        let entry = Entry::new(value.into(), self.clock.unix(), ttl, tags);
        self.set_below(self.layers.len(), key, &entry);
        self.memory.set(key, Arc::new(entry));
    }

    /// As `set`, in memory only.
    pub fn set_local(&self, key: &str, value: impl Into<Arc<[u8]>>, ttl: Duration, tags: &[&str]) {
        self.memory.set(key, Arc::new(Entry::new(value.into(), self.clock.unix(), ttl, tags)));
    }

    /// What any layer has, or what `compute` gives, which is stored. Of several callers with one key only one computes;
    /// an error goes to that caller, and the next one tries.
    pub fn get_or_compute<E: Send + Sync + 'static>(
        &self,
        key: &str,
        ttl: Duration,
        tags: &[&str],
        compute: impl FnOnce() -> Result<Vec<u8>, E>,
    ) -> Result<Arc<[u8]>, E> {
        let mut is_computed = false;
        let result = self.memory.get_or_make(key, || {
            if let Some(entry) = self.get_below(key) {
                return Ok(Arc::new(entry));
            }
            is_computed = true;
            let value = compute()?;
            let entry = Entry::new(value.into(), self.clock.unix(), ttl, tags);
            self.set_below(self.layers.len(), key, &entry);
            Ok(Arc::new(entry))
        });
        self.counters.count((!is_computed).then_some(()));
        result.map(|entry| Arc::clone(&entry.value))
    }

    /// Deletes what has the tag, everywhere; how many entries the layer with the most of them had.
    pub fn invalidate_by_tag(&self, tag: &str) -> usize {
        let below = self.layers.iter().map(|layer| layer.invalidate_by_tag(tag)).max();
        self.memory.invalidate_by_tag(tag).max(below.unwrap_or_default())
    }

    /// Deletes everything in memory and on the disk. What a team shares stays.
    pub fn clear(&self) {
        for layer in self.layers.iter() {
            layer.clear();
        }
        self.memory.clear();
    }

    pub fn stats(&self) -> LayeredStats {
        let memory = self.memory.stats();
        let total = self.counters.stats(memory.entries, memory.bytes);
        let below = self.layers.iter().map(|layer| (layer.name(), layer.stats()));
        LayeredStats { total, layers: std::iter::once(("memory", memory)).chain(below).collect() }
    }

    fn get_below(&self, key: &str) -> Option<Entry> {
        for (index, layer) in self.layers.iter().enumerate() {
            let found = layer.get(key).filter(|entry| !entry.is_expired(self.clock.unix()));
            if let Some(entry) = found {
                self.set_below(index, key, &entry);
                return Some(entry);
            }
        }
        None
    }

    /// Stores in the first `count` layers.
    fn set_below(&self, count: usize, key: &str, entry: &Entry) {
        for layer in self.layers.iter().take(count) {
            layer.set(key, entry);
        }
    }
}
