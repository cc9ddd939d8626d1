//! Tests of the cache on the disk.

use tempfile::TempDir;

use super::*;
use resilience::VirtualClock;

const TTL: Duration = Duration::from_secs(3600);

fn open(folder: &TempDir, max_bytes: u64, clock: &SharedClock) -> DiskCache {
    DiskCache::open(folder.path(), max_bytes, SharedClock::clone(clock)).expect("opens")
}

fn entry(value: &str, clock: &SharedClock, tags: &[&str]) -> Entry {
    Entry::new(value.as_bytes().into(), clock.unix(), TTL, tags)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        if entry.path().is_dir() {
            found.extend(files(&entry.path()));
        } else {
            found.push(entry.path());
        }
    }
    found.sort();
    found
}

#[test]
fn survives_a_restart_until_it_is_too_old() {
    let folder = tempfile::tempdir().expect("a folder");
    let virtual_clock = VirtualClock::new();
    let clock: SharedClock = virtual_clock.clone();
    let cache = open(&folder, 1 << 20, &clock);
    assert_eq!(cache.get("ключ"), None);
    cache.set("ключ", &entry("значение", &clock, &["model:a"]));
    drop(cache);

    let cache = open(&folder, 1 << 20, &clock);
    assert_eq!(cache.get("ключ"), Some(entry("значение", &clock, &["model:a"])));
    assert_eq!((cache.stats().hits, cache.stats().entries), (1, 1));
    virtual_clock.advance(TTL);
    assert_eq!(cache.get("ключ"), None);
    assert_eq!(files(folder.path()), Vec::<PathBuf>::new(), "what is too old is deleted");
}

#[test]
fn damaged_files_are_misses() {
    let folder = tempfile::tempdir().expect("a folder");
    let clock: SharedClock = VirtualClock::new();
    let cache = open(&folder, 1 << 20, &clock);
    for (number, damage) in [&b""[..], b"\xff", b"SZca\x01\x00garbage"].into_iter().enumerate() {
        let key = format!("key{number}");
        cache.set(&key, &entry("value", &clock, &[]));
        let path = cache.path(&key);
        assert!(path.exists());
        fs::write(&path, damage).expect("writable");
        assert_eq!(cache.get(&key), None);
        assert!(!path.exists(), "it is deleted");
    }
    cache.set("a", &entry("of a", &clock, &[]));
    cache.set("b", &entry("of b", &clock, &[]));
    fs::copy(cache.path("a"), cache.path("b")).expect("writable");
    assert_eq!(cache.get("b"), None, "an entry of another key");
}

#[test]
fn stays_below_its_size_and_drops_what_is_unused() {
    let folder = tempfile::tempdir().expect("a folder");
    let clock: SharedClock = VirtualClock::new();
    let cache = open(&folder, 10_000, &clock);
    let value = "x".repeat(900);
    for number in 0..50 {
        cache.set(&format!("key{number}"), &entry(&value, &clock, &[]));
        assert!(cache.get("key0").is_some(), "used all the time");
    }
    assert!(cache.stats().bytes <= 10_000);
    let on_disk: u64 =
        files(folder.path()).iter().map(|path| fs::metadata(path).map_or(0, |data| data.len())).sum();
    assert_eq!(on_disk, cache.stats().bytes);
    assert!(cache.get("key49").is_some());
    assert!(cache.get("key1").is_none());
    drop(cache);
    let smaller = open(&folder, 3_000, &clock);
    assert!(smaller.stats().bytes <= 3_000);
    smaller.set("large", &entry(&"x".repeat(MAX_VALUE_BYTES), &clock, &[]));
    assert!(smaller.get("large").is_none());
}

#[test]
fn deletes_by_tag_and_altogether_and_other_versions() {
    let folder = tempfile::tempdir().expect("a folder");
    let clock: SharedClock = VirtualClock::new();
    fs::create_dir_all(folder.path().join("v0/ab")).expect("writable");
    fs::write(folder.path().join("v0/ab/cd"), "old").expect("writable");
    fs::write(folder.path().join("note.txt"), "of somebody else").expect("writable");
    let cache = open(&folder, 1 << 20, &clock);
    assert!(!folder.path().join("v0").exists());

    cache.set("a", &entry("1", &clock, &["file:x", "model:m"]));
    cache.set("b", &entry("2", &clock, &["file:y", "model:m"]));
    cache.set("c", &entry("3", &clock, &["file:x"]));
    assert_eq!(cache.invalidate_by_tag("file:x"), 2);
    assert_eq!(cache.invalidate_by_tag("file:x"), 0);
    assert_eq!((cache.get("a"), cache.get("b").is_some()), (None, true));
    cache.clear();
    assert_eq!(cache.get("b"), None);
    assert_eq!((cache.stats().entries, cache.stats().bytes), (0, 0));
    assert_eq!(files(folder.path()), [folder.path().join("note.txt")]);
    cache.set("d", &entry("4", &clock, &[]));
    assert!(cache.get("d").is_some(), "it works on");
}

#[cfg(unix)]
#[test]
fn only_its_user_can_read_it() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().expect("a folder");
    let clock: SharedClock = VirtualClock::new();
    let version = folder.path().join(format!("v{VERSION}"));
    fs::create_dir(&version).expect("writable");
    fs::set_permissions(&version, fs::Permissions::from_mode(0o777)).expect("own folder");
    let cache = open(&folder, 1 << 20, &clock);
    cache.set("a", &entry("1", &clock, &[]));
    let mode = |path: &Path| fs::metadata(path).expect("exists").permissions().mode() & 0o777;
    assert_eq!(mode(&version), 0o700);
    assert_eq!(mode(&cache.path("a")), 0o600);
}

#[test]
fn a_folder_that_cannot_be_written_disturbs_nobody() {
    let folder = tempfile::tempdir().expect("a folder");
    let clock: SharedClock = VirtualClock::new();
    let cache = open(&folder, 1 << 20, &clock);
    fs::remove_dir_all(folder.path()).expect("own folder");
    fs::write(folder.path(), "a file in its place").expect("writable");
    cache.set("a", &entry("1", &clock, &[]));
    assert_eq!(cache.get("a"), None);
    assert_eq!(cache.stats().failures, 1);
    fs::remove_file(folder.path()).expect("own file");
}
