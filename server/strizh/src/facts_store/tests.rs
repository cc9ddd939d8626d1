//! The store survives what happens to files: damage, other versions, other programs, a kill at any moment.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::{FactsStore, FileStamp, MAX_SEGMENTS, content_hash};

const VERSION: u64 = 7;
const KIND: u8 = 1;

fn open(folder: &Path) -> FactsStore {
    FactsStore::open_in(Some(folder.to_owned()), VERSION)
}

fn temporary() -> tempfile::TempDir {
    tempfile::tempdir().expect("invariant: the system has a temporary folder")
}

fn entry(number: u32) -> (u128, Vec<u8>) {
    let bytes = format!("entry {number} ").repeat(number as usize % 50 + 1).into_bytes();
    (content_hash(&number.to_le_bytes()), bytes)
}

fn fill(folder: &Path, numbers: std::ops::Range<u32>) {
    let store = open(folder);
    put_all(&store, numbers);
    store.flush().expect("invariant: the folder is writable");
}

fn put_all(store: &FactsStore, numbers: std::ops::Range<u32>) {
    for (hash, bytes) in numbers.map(entry) {
        store.put(KIND, hash, bytes);
    }
}

/// How many entries are there; those that are have to be right.
#[track_caller]
fn count(store: &FactsStore, numbers: std::ops::Range<u32>) -> usize {
    let found = numbers.map(entry).filter(|(hash, bytes)| {
        let blob = store.get(KIND, *hash);
        assert!(blob.as_ref().is_none_or(|blob| **blob == **bytes), "an entry has the bytes of another");
        blob.is_some()
    });
    found.count()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("invariant: the folder exists");
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    paths
}

#[test]
fn entries_come_back_in_the_next_run() {
    let folder = temporary();
    fill(folder.path(), 0..100);
    fill(folder.path(), 100..110);
    let store = open(folder.path());
    assert_eq!(count(&store, 0..110), 110);
    assert!(store.get(KIND + 1, entry(1).0).is_none(), "kinds are apart");
    assert!(store.get(KIND, 12345).is_none());
    store.release();
    assert_eq!(count(&store, 0..110), 110, "read one by one");
    put_all(&store, 200..201);
    assert_eq!(count(&store, 200..201), 1, "before it is written");
    store.flush().expect("invariant: the folder is writable");
    assert_eq!(count(&store, 200..201), 1, "after it is written");
}

#[test]
fn nothing_is_kept_without_a_folder() {
    let store = FactsStore::open_in(None, VERSION);
    put_all(&store, 0..1);
    assert_eq!(count(&store, 0..1), 1);
    store.flush().expect("invariant: there is nothing to write");
    assert_eq!(count(&store, 0..1), 0);
}

#[test]
fn another_version_sees_nothing() {
    let folder = temporary();
    fill(folder.path(), 0..10);
    let other = FactsStore::open_in(Some(folder.path().to_owned()), VERSION + 1);
    assert_eq!(count(&other, 0..10), 0);
    put_all(&other, 0..10);
    other.flush().expect("invariant: the folder is writable");
    assert_eq!(count(&open(folder.path()), 0..10), 10);
}

#[test]
fn a_flipped_bit_costs_one_entry_or_the_segment() {
    let folder = temporary();
    fill(folder.path(), 0..10);
    let path = files(folder.path()).remove(0);
    let whole = fs::read(&path).expect("invariant: it was written");
    for at in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[at] ^= 1 << (at % 8);
        fs::write(&path, damaged).expect("invariant: the folder is writable");
        let left = count(&open(folder.path()), 0..10);
        assert!(left == 9 || left == 0, "byte {at}: {left} entries");
        if at % 97 == 0 {
            let store = open(folder.path());
            store.release();
            assert_eq!(count(&store, 0..10), left, "byte {at}, released");
        }
    }
}

#[test]
fn torn_and_foreign_files_are_passed_over() {
    let folder = temporary();
    fill(folder.path(), 0..10);
    let path = files(folder.path()).remove(0);
    let whole = fs::read(&path).expect("invariant: it was written");
    for length in 0..whole.len() {
        fs::write(&path, &whole[..length]).expect("invariant: the folder is writable");
        assert!(count(&open(folder.path()), 0..10) < 10, "cut at {length}");
    }
    fs::write(&path, whole).expect("invariant: the folder is writable");
    fs::write(folder.path().join("x.segment"), b"STRIZH01").expect("invariant: the folder is writable");
    fs::create_dir(folder.path().join("y.segment")).expect("invariant: the folder is writable");
    assert_eq!(count(&open(folder.path()), 0..10), 10);
}

#[test]
fn what_a_killed_program_left_is_cleaned_up_later() {
    let folder = temporary();
    fill(folder.path(), 0..10);
    let segment = fs::read(files(folder.path()).remove(0)).expect("invariant: it was written");
    let (fresh, old) = (folder.path().join("tmp-1-0"), folder.path().join("tmp-2-0"));
    for path in [&fresh, &old] {
        fs::write(path, &segment[..segment.len() / 2]).expect("invariant: the folder is writable");
    }
    let yesterday = SystemTime::now() - Duration::from_secs(86_400);
    let file = fs::File::options().write(true).open(&old).expect("invariant: it was written");
    file.set_modified(yesterday).expect("invariant: the file is ours");
    assert_eq!(count(&open(folder.path()), 0..10), 10);
    assert!(fresh.exists() && !old.exists(), "a fresh one may belong to a program at work");
}

#[test]
fn programs_at_the_same_folder_lose_nothing() {
    let folder = temporary();
    std::thread::scope(|scope| {
        for worker in 0..4 {
            let folder = folder.path();
            scope.spawn(move || {
                for round in 0..8 {
                    let start = worker * 1000 + round * 10;
                    fill(folder, start..start + 10);
                }
            });
        }
    });
    let store = open(folder.path());
    let found: usize = (0..4).map(|worker| count(&store, worker * 1000..worker * 1000 + 80)).sum();
    // A segment that one of them read while another joined it with others is computed again.
    assert!(found >= 4 * 10, "{found} entries");
    assert!(files(folder.path()).len() < 4 * 8 + 2);
}

#[test]
fn threads_share_a_store() {
    let folder = temporary();
    let store = open(folder.path());
    std::thread::scope(|scope| {
        for worker in 0..4 {
            let store = &store;
            scope.spawn(move || {
                put_all(store, worker * 100..worker * 100 + 100);
                store.flush().expect("invariant: the folder is writable");
                assert_eq!(count(store, worker * 100..worker * 100 + 100), 100);
            });
        }
    });
    assert_eq!(count(&open(folder.path()), 0..400), 400);
}

#[test]
fn many_segments_become_one() {
    let folder = temporary();
    for number in 0..MAX_SEGMENTS as u32 + 1 {
        fill(folder.path(), number..number + 1);
    }
    assert_eq!(files(folder.path()).len(), 1);
    assert_eq!(count(&open(folder.path()), 0..MAX_SEGMENTS as u32 + 1), MAX_SEGMENTS + 1);
}

#[test]
fn entries_that_nobody_needs_are_forgotten() {
    let folder = temporary();
    let store = open(folder.path());
    store.put(KIND, 1, vec![1; 6 << 20]);
    put_all(&store, 0..10);
    store.flush().expect("invariant: the folder is writable");

    let partial = open(folder.path());
    assert_eq!(count(&partial, 0..10), 10);
    partial.flush().expect("invariant: the folder is writable");
    assert!(open(folder.path()).get(KIND, 1).is_some(), "not everything was asked for");

    let complete = open(folder.path());
    assert_eq!(count(&complete, 0..10), 10);
    complete.mark_complete();
    complete.flush().expect("invariant: the folder is writable");
    assert_eq!(count(&complete, 0..10), 10);
    assert!(open(folder.path()).get(KIND, 1).is_none());
    assert_eq!(count(&open(folder.path()), 0..10), 10);
}

#[test]
fn stamps_tell_files_that_look_the_same() {
    let folder = temporary();
    let old = FileStamp { size: 5, modified: 1_000_000_000, changed: 1_000_000_000 };
    let store = open(folder.path());
    store.remember("a.bsl", old, 1);
    store.remember("b.bsl", old, 2);
    store.flush().expect("invariant: the folder is writable");
    let next = open(folder.path());
    assert_eq!(next.known_hash("a.bsl", old), Some(1));
    assert_eq!(next.known_hash("a.bsl", FileStamp { size: 6, ..old }), None);
    assert_eq!(next.known_hash("a.bsl", FileStamp { changed: 2, ..old }), None);
    assert_eq!(next.known_hash("c.bsl", old), None);
    next.mark_complete();
    next.flush().expect("invariant: the folder is writable");
    assert_eq!(open(folder.path()).known_hash("b.bsl", old), None, "nobody asked for it");
    assert_eq!(open(folder.path()).known_hash("a.bsl", old), Some(1));

    fs::write(folder.path().join("stamps"), b"\xFF\xFF\xFF").expect("invariant: the folder is writable");
    assert_eq!(open(folder.path()).known_hash("a.bsl", old), None);
}

#[test]
fn a_file_that_changed_a_moment_ago_is_hashed_again() {
    let folder = temporary();
    let path = folder.path().join("module.bsl");
    fs::write(&path, "А = 1;").expect("invariant: the folder is writable");
    let stamp = FileStamp::of(&fs::metadata(&path).expect("invariant: it was written"));
    let store = open(folder.path());
    store.remember("module.bsl", stamp, 1);
    assert_eq!(store.known_hash("module.bsl", stamp), None);
}
