//! A disposable store in the user's cache folder: facts of modules and other things by the hash of the file they come
//! from, and which hash a file had when it was last looked at. Losing it costs time, nothing else.
//!
//! A workspace has a folder of segments. A segment is written next to the others and renamed, and never changes, so
//! programs that share the folder need no locks and one that is killed leaves nothing half-written behind. Entries
//! are named by their contents: it does not matter which segment has them.

mod folder;
mod segment;
mod stamps;
#[cfg(test)]
mod tests;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use parking_lot::Mutex;
use rustc_hash::{FxHashMap, FxHashSet};

pub(crate) use folder::{
    MODELS, SUGGESTIONS, create as create_folder, own_cache_folder as cache_folder, write_whole,
};
pub(crate) use segment::Blob;
pub(crate) use stamps::FileStamp;

use crate::facts_store::folder::workspace_folder;
use crate::facts_store::segment::{Key, Segment};
use crate::facts_store::stamps::StampTable;

/// More segments are joined into one.
const MAX_SEGMENTS: usize = 16;
/// Less than this is not worth to be written again.
const MIN_DEAD_BYTES: u64 = 4 << 20;

/// All methods may be called from any thread.
pub(crate) struct FactsStore {
    /// `None`: nothing is kept.
    folder: Option<PathBuf>,
    version: u64,
    state: Mutex<State>,
    /// Only one flush at a time: another one would miss what the first is about to write.
    flushing: Mutex<()>,
}

#[derive(Default)]
struct State {
    segments: Vec<Arc<Segment>>,
    /// Entries that are not on the disk yet.
    pending: FxHashMap<Key, Arc<[u8]>>,
    /// Entries that somebody asked for or added.
    used: FxHashSet<Key>,
    stamps: StampTable,
    /// Everything that the workspace needs was asked for, so the rest is dead.
    is_complete: bool,
}

/// What identifies the contents of a file.
pub(crate) fn content_hash(bytes: &[u8]) -> u128 {
    xxhash_rust::xxh3::xxh3_128(bytes)
}

impl FactsStore {
    /// The store of a workspace. Entries that another `version` wrote are not seen.
    pub(crate) fn open(root: &Path, version: u64) -> Self {
        Self::open_in(workspace_folder(root), version)
    }

    /// A store of its own for one purpose, next to that of the workspace.
    pub(crate) fn open_part(root: &Path, part: &str, version: u64) -> Self {
        Self::open_in(workspace_folder(root).map(|folder| folder.join(part)), version)
    }

    pub(crate) fn open_in(folder: Option<PathBuf>, version: u64) -> Self {
        let mut state = State::default();
        if let Some(folder) = &folder {
            folder::remove_leftovers(folder);
            let paths = folder::segment_paths(folder);
            state.segments =
                paths.iter().filter_map(|path| Segment::read(path, version)).map(Arc::new).collect();
            state.stamps = StampTable::read(folder, version);
        }
        Self { folder, version, state: Mutex::new(state), flushing: Mutex::default() }
    }

    /// An entry that was put once, now or by an earlier run.
    pub(crate) fn get(&self, kind: u8, hash: u128) -> Option<Blob> {
        let key = Key { hash, kind };
        let mut state = self.state.lock();
        state.used.insert(key);
        if let Some(bytes) = state.pending.get(&key) {
            return Some(Blob::whole(Arc::clone(bytes)));
        }
        let segment = state.segments.iter().find(|segment| segment.has(key)).map(Arc::clone)?;
        drop(state);
        segment.get(key)
    }

    pub(crate) fn put(&self, kind: u8, hash: u128, bytes: impl Into<Arc<[u8]>>) {
        let key = Key { hash, kind };
        let mut state = self.state.lock();
        state.used.insert(key);
        state.pending.insert(key, bytes.into());
    }

    /// The hash of a file, if it looks as it did when its contents were hashed. The file has to be looked at before
    /// it is read.
    pub(crate) fn known_hash(&self, path: &str, stamp: FileStamp) -> Option<u128> {
        self.state.lock().stamps.get(path, stamp)
    }

    /// Notes the hash of a file that looked like `stamp` before it was read.
    pub(crate) fn remember(&self, path: &str, stamp: FileStamp, hash: u128) {
        self.state.lock().stamps.insert(path, stamp, hash, SystemTime::now());
    }

    /// Tells that everything was asked for: what was not may be forgotten by the next `flush`.
    pub(crate) fn mark_complete(&self) {
        self.state.lock().is_complete = true;
    }

    /// Gives memory back. Entries are read from the disk one by one from now on.
    pub(crate) fn release(&self) {
        for segment in &self.state.lock().segments {
            segment.release();
        }
    }

    /// Writes what is new.
    pub(crate) fn flush(&self) -> io::Result<()> {
        let Some(folder) = &self.folder else {
            self.state.lock().pending.clear();
            return Ok(());
        };
        let _one_at_a_time = self.flushing.lock();
        folder::create(folder)?;
        folder::remove_forgotten(folder, SystemTime::now());
        // Until they are in a segment, they are found here.
        let pending = self.state.lock().pending.clone();
        if !pending.is_empty() {
            let entries = pending.iter().map(|(key, bytes)| (*key, &**bytes));
            let segment = Segment::write(folder, self.version, entries)?;
            let mut state = self.state.lock();
            state.segments.push(Arc::new(segment));
            state.pending.retain(|key, bytes| {
                // Somebody may have put another value meanwhile.
                !pending.get(key).is_some_and(|written| Arc::ptr_eq(written, bytes))
            });
        }
        self.write_stamps(folder)?;
        self.compact(folder)
    }

    fn write_stamps(&self, folder: &Path) -> io::Result<()> {
        let mut state = self.state.lock();
        let is_complete = state.is_complete;
        let Some(bytes) = state.stamps.changed_bytes(is_complete, self.version) else { return Ok(()) };
        drop(state);
        folder::write_whole(folder, stamps::FILE_NAME, std::iter::once(bytes.as_slice()))
    }

    /// Joins segments when there are many, or when most of what they hold is dead.
    fn compact(&self, folder: &Path) -> io::Result<()> {
        let state = self.state.lock();
        let is_live = |key: &Key| !state.is_complete || state.used.contains(key);
        let (mut live, mut seen, mut total) = (Vec::new(), FxHashSet::default(), 0);
        let mut live_bytes = 0;
        for segment in &state.segments {
            for (key, length) in segment.entries() {
                total += length;
                if is_live(&key) && seen.insert(key) {
                    live_bytes += length;
                    live.push((Arc::clone(segment), key));
                }
            }
        }
        let dead = total - live_bytes;
        let segments = state.segments.clone();
        drop(state);
        if segments.len() <= MAX_SEGMENTS && dead < live_bytes.max(MIN_DEAD_BYTES) {
            return Ok(());
        }
        let entries = live.iter().filter_map(|(segment, key)| Some((*key, segment.get(*key)?)));
        let entries: Vec<(Key, Blob)> = entries.collect();
        let joined = Segment::write(folder, self.version, entries.iter().map(|(key, blob)| (*key, &**blob)))?;
        for segment in segments.iter().filter(|segment| segment.path() != joined.path()) {
            folder::remove(segment.path());
        }
        let mut state = self.state.lock();
        state.segments.retain(|segment| !segments.iter().any(|old| Arc::ptr_eq(old, segment)));
        state.segments.push(Arc::new(joined));
        Ok(())
    }
}
