//! Tests of the contract of caches on a clock that stands still.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::cache::{DEFAULT_TTL, DiskCache, Entry, Layer, LayeredCache, MemoryCache};
use resilience::{SharedClock, VirtualClock};

fn cache() -> (LayeredCache, Arc<VirtualClock>) {
    let clock = VirtualClock::new();
    (LayeredCache::new(1 << 20, Vec::new(), clock.clone()), clock)
}

fn compute(cache: &LayeredCache, key: &str, value: &str) -> Option<String> {
    let value = cache.get_or_compute(key, DEFAULT_TTL, &["t"], || Ok::<_, ()>(value.as_bytes().to_vec()));
    value.ok().map(|value| String::from_utf8_lossy(&value).into_owned())
}

#[test]
fn gives_back_what_was_stored_until_it_expires() {
    let (cache, clock) = cache();
    assert_eq!(cache.get("product:1"), None);
    cache.set("product:1", *b"bolt", DEFAULT_TTL, &["products", "product:1"]);
    clock.advance(Duration::from_secs(3599));
    assert_eq!(cache.get("product:1").as_deref(), Some(&b"bolt"[..]));
    clock.advance(Duration::from_secs(1));
    assert_eq!(cache.get("product:1"), None);
    let stats = cache.stats().total;
    assert_eq!((stats.hits, stats.misses, stats.failures), (1, 2, 0));
    assert!((stats.hit_rate() - 1.0 / 3.0).abs() < 1e-9);
    assert_eq!(
        compute(&cache, "product:1", "nut").as_deref(),
        Some("nut"),
        "what is expired is computed again"
    );
    assert_eq!(compute(&cache, "product:1", "bolt").as_deref(), Some("nut"));
}

#[test]
fn deletes_by_tag() {
    let (cache, _clock) = cache();
    cache.set("product:1", *b"bolt", DEFAULT_TTL, &["products", "product:1"]);
    cache.set("product:2", *b"nut", DEFAULT_TTL, &["products", "product:2"]);
    cache.set("price:1", *b"7", DEFAULT_TTL, &["product:1"]);
    assert_eq!(cache.invalidate_by_tag("product:1"), 2);
    assert_eq!(cache.get("product:1"), None);
    assert_eq!(cache.get("price:1"), None);
    assert_eq!(cache.get("product:2").as_deref(), Some(&b"nut"[..]));
    assert_eq!(cache.invalidate_by_tag("products"), 1);
    assert_eq!(cache.invalidate_by_tag("products"), 0);
    // A replaced entry loses its old tags only.
    cache.set("a", *b"1", DEFAULT_TTL, &["old", "both"]);
    cache.set("a", *b"2", DEFAULT_TTL, &["new", "both"]);
    assert_eq!(cache.stats().total.entries, 1);
    assert_eq!(cache.invalidate_by_tag("old"), 0);
    assert_eq!(cache.get("a").as_deref(), Some(&b"2"[..]));
    assert_eq!(cache.invalidate_by_tag("both"), 1);
    cache.set("b", *b"1", DEFAULT_TTL, &["t"]);
    cache.clear();
    assert_eq!((cache.get("b"), cache.stats().total.entries, cache.stats().total.bytes), (None, 0, 0));
}

#[test]
fn a_hundred_callers_compute_once() {
    for expired_before in [false, true] {
        let (cache, clock) = cache();
        if expired_before {
            cache.set("answer", *b"41", DEFAULT_TTL, &[]);
            clock.advance(DEFAULT_TTL);
        }
        let computations = AtomicUsize::new(0);
        let barrier = std::sync::Barrier::new(100);
        std::thread::scope(|scope| {
            for _ in 0..100 {
                scope.spawn(|| {
                    barrier.wait();
                    let value = cache.get_or_compute("answer", DEFAULT_TTL, &["t"], || {
                        computations.fetch_add(1, Ordering::Relaxed);
                        std::thread::sleep(Duration::from_millis(20));
                        Ok::<_, ()>(b"42".to_vec())
                    });
                    assert_eq!(value.as_deref(), Ok(&b"42"[..]));
                });
            }
        });
        assert_eq!(computations.into_inner(), 1);
        let stats = cache.stats().total;
        assert_eq!((stats.hits, stats.misses), (99, 1));
        assert_eq!(cache.invalidate_by_tag("t"), 1);
    }
}

#[test]
fn a_failed_or_panicking_computation_is_not_kept() {
    let (cache, _clock) = cache();
    let failed = cache.get_or_compute("key", DEFAULT_TTL, &[], || Err("no model"));
    assert_eq!(failed.err(), Some("no model"));
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        cache.get_or_compute("key", DEFAULT_TTL, &[], || -> Result<_, ()> { panic!("on purpose") })
    }));
    assert!(panicked.is_err());
    assert_eq!(compute(&cache, "key", "works").as_deref(), Some("works"));
}

#[test]
fn memory_is_bounded() {
    let clock: SharedClock = VirtualClock::new();
    let memory = MemoryCache::new(100_000, Arc::clone(&clock));
    for number in 0..1000 {
        let entry = Entry::new(vec![0; 1000].into(), clock.unix(), DEFAULT_TTL, &["all"]);
        memory.set(&format!("key{number}"), Arc::new(entry));
    }
    let stats = memory.stats();
    assert!(stats.bytes <= 100_000 && stats.entries < 100, "{stats:?}");
    assert_eq!(memory.invalidate_by_tag("all") as u64, stats.entries, "what was dropped left its tag");
}

#[test]
fn the_disk_answers_after_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let clock: SharedClock = VirtualClock::new();
    let open = || {
        let disk = DiskCache::open(folder.path(), 1 << 20, Arc::clone(&clock)).expect("opens");
        LayeredCache::new(1 << 20, vec![Arc::new(disk) as Arc<dyn Layer>], Arc::clone(&clock))
    };
    assert_eq!(compute(&open(), "key", "first").as_deref(), Some("first"));
    let cache = open();
    assert_eq!(compute(&cache, "key", "second").as_deref(), Some("first"));
    assert_eq!(cache.get("key").as_deref(), Some(&b"first"[..]));
    let stats = cache.stats();
    assert_eq!((stats.total.hits, stats.total.misses), (2, 0));
    let by_layer: Vec<_> = stats.layers.iter().map(|(name, stats)| (*name, stats.hits)).collect();
    assert_eq!(by_layer, [("memory", 1), ("disk", 1)]);
    assert_eq!(cache.invalidate_by_tag("t"), 1);
    assert_eq!(compute(&open(), "key", "third").as_deref(), Some("third"));
    open().clear();
    assert_eq!(compute(&open(), "key", "fourth").as_deref(), Some("fourth"));
}
