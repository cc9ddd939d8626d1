//! The first layer: bounded by bytes, forgets by age, computes a value once however many ask for it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use moka::ops::compute::{CompResult, Op};
use moka::sync::Cache;
use parking_lot::Mutex;
use rustc_hash::FxHashMap;

use crate::cache::{CacheStats, Counters, Entry};
use resilience::SharedClock;

/// Cloning shares the contents.
#[derive(Clone)]
pub struct MemoryCache {
    entries: Cache<Arc<str>, Stored>,
    tags: Arc<Mutex<Tags>>,
    counters: Arc<Counters>,
    clock: SharedClock,
}

#[derive(Clone)]
struct Stored {
    entry: Arc<Entry>,
    /// Tells an entry from one that replaced it under the same key.
    generation: u64,
    /// How long it lives on the real clock; the given clock decides on top.
    ttl: Duration,
}

/// Which keys a tag has.
#[derive(Default)]
struct Tags {
    keys: FxHashMap<String, FxHashMap<Arc<str>, u64>>,
    next_generation: u64,
}

impl MemoryCache {
    /// Holds about as many bytes as said, all costs included.
    pub fn new(max_bytes: u64, clock: SharedClock) -> Self {
        let tags: Arc<Mutex<Tags>> = Arc::default();
        let listener_tags = Arc::clone(&tags);
        let entries = Cache::builder()
            .max_capacity(max_bytes)
            .weigher(|key: &Arc<str>, stored: &Stored| {
                u32::try_from(stored.entry.weight(key)).unwrap_or(u32::MAX)
            })
            .expire_after(LifeTime)
            .eviction_listener(move |key, stored, _cause| listener_tags.lock().remove(&key, &stored))
            .build();
        Self { entries, tags, counters: Arc::default(), clock }
    }

    pub fn get(&self, key: &str) -> Option<Arc<Entry>> {
        self.counters.count(self.peek(key))
    }

    /// As `get`, without counting.
    pub(crate) fn peek(&self, key: &str) -> Option<Arc<Entry>> {
        let stored = self.entries.get(key)?;
        (!stored.entry.is_expired(self.clock.unix())).then_some(stored.entry)
    }

    pub fn set(&self, key: &str, entry: Arc<Entry>) {
        let key: Arc<str> = key.into();
        let stored = self.register(&key, entry);
        self.entries.insert(key, stored);
    }

    /// What is there, or what `make` gives. Of several callers with one key one makes it and the others wait for it; if
    /// it fails, only that caller gets the error and the next one tries.
    pub fn get_or_make<E: Send + Sync + 'static>(
        &self,
        key: &str,
        make: impl FnOnce() -> Result<Arc<Entry>, E>,
    ) -> Result<Arc<Entry>, E> {
        if let Some(entry) = self.peek(key) {
            self.counters.count(Some(()));
            return Ok(entry);
        }
        let key: Arc<str> = key.into();
        let result = self.entries.entry(Arc::clone(&key)).and_try_compute_with(|found| {
            if found.is_some_and(|found| !found.value().entry.is_expired(self.clock.unix())) {
                self.counters.count(Some(()));
                return Ok(Op::Nop);
            }
            self.counters.count(None::<()>);
            Ok(Op::Put(self.register(&key, make()?)))
        })?;
        match result {
            CompResult::Inserted(entry)
            | CompResult::ReplacedWith(entry)
            | CompResult::Unchanged(entry)
            | CompResult::Removed(entry) => Ok(entry.into_value().entry),
            CompResult::StillNone(_) => {
                unreachable!("invariant: nothing is kept only where something was found")
            }
        }
    }

    pub fn invalidate_by_tag(&self, tag: &str) -> usize {
        // The listener takes the lock of the tags, so it is not held while entries go.
        let keys = self.tags.lock().keys.remove(tag).unwrap_or_default();
        keys.keys().filter(|key| self.entries.remove(*key).is_some()).count()
    }

    pub fn remove(&self, key: &str) {
        self.entries.invalidate(key);
    }

    pub fn clear(&self) {
        self.entries.invalidate_all();
        self.entries.run_pending_tasks();
        self.tags.lock().keys.clear();
    }

    pub fn stats(&self) -> CacheStats {
        self.entries.run_pending_tasks();
        self.counters.stats(self.entries.entry_count(), self.entries.weighted_size())
    }

    fn register(&self, key: &Arc<str>, entry: Arc<Entry>) -> Stored {
        let mut tags = self.tags.lock();
        tags.next_generation += 1;
        let generation = tags.next_generation;
        for tag in entry.tags.iter() {
            tags.keys.entry(tag.clone()).or_default().insert(Arc::clone(key), generation);
        }
        let ttl = entry.expires.saturating_sub(self.clock.unix());
        Stored { entry, generation, ttl }
    }
}

impl Tags {
    fn remove(&mut self, key: &Arc<str>, stored: &Stored) {
        for tag in stored.entry.tags.iter() {
            let Some(keys) = self.keys.get_mut(tag) else { continue };
            if keys.get(key) == Some(&stored.generation) {
                keys.remove(key);
            }
            if keys.is_empty() {
                self.keys.remove(tag);
            }
        }
    }
}

struct LifeTime;

impl moka::Expiry<Arc<str>, Stored> for LifeTime {
    fn expire_after_create(&self, _key: &Arc<str>, stored: &Stored, _now: Instant) -> Option<Duration> {
        Some(stored.ttl)
    }

    fn expire_after_update(
        &self,
        _key: &Arc<str>,
        stored: &Stored,
        _now: Instant,
        _left: Option<Duration>,
    ) -> Option<Duration> {
        Some(stored.ttl)
    }
}
