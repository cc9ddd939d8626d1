//! The second layer: one file per entry in a folder that only its user can read. Files are named by the hash of their
//! key and appear by renaming, so programs that share the folder need no locks; whatever is damaged is a miss. Reading
//! touches one file; the sizes of all are looked at when the cache is opened, which belongs in the background.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

use crate::cache::entry::VERSION;
use crate::cache::{CacheStats, Counters, Entry, Layer};
use resilience::SharedClock;

/// Larger values are not worth a place.
const MAX_VALUE_BYTES: usize = 4 << 20;
const LEFTOVER_AGE: Duration = Duration::from_secs(3600);
/// Making room leaves this share of the limit, so that it is not made all the time.
const FILLED_AFTER_CLEANING: f64 = 0.9;

pub struct DiskCache {
    /// The folder of this version.
    folder: PathBuf,
    max_bytes: u64,
    clock: SharedClock,
    index: Mutex<Index>,
    counters: Counters,
    next_name: AtomicU64,
}

/// What is known of the files without opening them.
#[derive(Default)]
struct Index {
    files: FxHashMap<PathBuf, FileInfo>,
    bytes: u64,
    /// Counts uses.
    clock: u64,
}

struct FileInfo {
    bytes: u64,
    used: u64,
}

impl DiskCache {
    /// Opens or creates the cache in a folder of its own. What other versions left there is deleted.
    pub fn open(folder: &Path, max_bytes: u64, clock: SharedClock) -> io::Result<Self> {
        create_private(folder)?;
        let version = format!("v{VERSION}");
        for entry in fs::read_dir(folder)?.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let is_version = name.strip_prefix('v').is_some_and(|number| number.parse::<u16>().is_ok());
            if is_version && name != version {
                // Another program may be deleting it too.
                let _ = fs::remove_dir_all(entry.path());
            }
        }
        let folder = folder.join(version);
        create_private(&folder)?;
        make_private(&folder)?;
        let index = Mutex::new(Index::read(&folder)?);
        let cache = Self {
            folder,
            max_bytes,
            clock,
            index,
            counters: Counters::default(),
            next_name: AtomicU64::new(0),
        };
        cache.make_room();
        Ok(cache)
    }

    fn path(&self, key: &str) -> PathBuf {
        let hash = Sha256::digest(key.as_bytes());
        let name: String = hash.iter().take(20).map(|byte| format!("{byte:02x}")).collect();
        let (folder, name) = name.split_at(2);
        self.folder.join(folder).join(name)
    }

    fn read(&self, path: &Path, key: &str) -> Option<Entry> {
        let bytes = read_bounded(path)?;
        let entry = Entry::decode(&bytes, key).filter(|entry| !entry.is_expired(self.clock.unix()));
        if entry.is_none() {
            self.remove(path);
        }
        entry
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        create_private(path.parent().unwrap_or(&self.folder))?;
        let number = self.next_name.fetch_add(1, Ordering::Relaxed);
        let temporary = self.folder.join(format!("{}-{number}.tmp", std::process::id()));
        let written = create_private_file(&temporary)
            .and_then(|mut file| file.write_all(bytes))
            .and_then(|()| fs::rename(&temporary, path));
        if written.is_err() {
            let _ = fs::remove_file(&temporary);
        }
        written
    }

    fn remove(&self, path: &Path) {
        let _ = fs::remove_file(path);
        self.index.lock().forget(path);
    }

    /// Deletes what was not used for longest until everything fits.
    fn make_room(&self) {
        let victims = self.index.lock().take_oldest(self.max_bytes);
        for path in victims {
            let _ = fs::remove_file(path);
        }
    }
}

impl Layer for DiskCache {
    fn name(&self) -> &'static str {
        "disk"
    }

    fn get(&self, key: &str) -> Option<Entry> {
        let path = self.path(key);
        let found = self.read(&path, key);
        if found.is_some() {
            self.index.lock().touch(&path);
        }
        self.counters.count(found)
    }

    fn set(&self, key: &str, entry: &Entry) {
        let bytes = entry.encode(key);
        if bytes.len() > MAX_VALUE_BYTES {
            return;
        }
        let path = self.path(key);
        if let Err(error) = self.write(&path, &bytes) {
            self.counters.fail();
            tracing::debug!("cannot write to the cache in {}: {error}", self.folder.display());
            return;
        }
        self.index.lock().add(path, bytes.len() as u64);
        self.make_room();
    }

    /// Reads every file: tags are used when a model changes, not while somebody types.
    fn invalidate_by_tag(&self, tag: &str) -> usize {
        let paths: Vec<PathBuf> = self.index.lock().files.keys().cloned().collect();
        let has_tag = |path: &PathBuf| {
            let entry = read_bounded(path).and_then(|bytes| Entry::decode_any(&bytes));
            entry.is_some_and(|(_, entry)| entry.tags.iter().any(|other| other == tag))
        };
        let victims: Vec<PathBuf> = paths.into_iter().filter(has_tag).collect();
        for path in &victims {
            self.remove(path);
        }
        victims.len()
    }

    fn clear(&self) {
        let files = std::mem::take(&mut *self.index.lock()).files;
        for path in files.into_keys() {
            let _ = fs::remove_file(path);
        }
        // Files that another program has written since.
        if let Ok(folders) = fs::read_dir(&self.folder) {
            for folder in folders.flatten() {
                let _ = fs::remove_dir_all(folder.path());
            }
        }
    }

    fn stats(&self) -> CacheStats {
        let index = self.index.lock();
        self.counters.stats(index.files.len() as u64, index.bytes)
    }
}

impl Index {
    /// Also deletes what a killed program left half-written.
    fn read(folder: &Path) -> io::Result<Self> {
        let mut files: Vec<(SystemTime, PathBuf, u64)> = Vec::new();
        for part in fs::read_dir(folder)?.flatten() {
            let Ok(entries) = fs::read_dir(part.path()) else {
                remove_leftover(&part);
                continue;
            };
            for entry in entries.flatten() {
                let Ok(data) = entry.metadata() else { continue };
                let modified = data.modified().unwrap_or(SystemTime::UNIX_EPOCH);
                files.push((modified, entry.path(), data.len()));
            }
        }
        files.sort();
        let mut index = Self::default();
        for (_, path, bytes) in files {
            index.add(path, bytes);
        }
        Ok(index)
    }

    fn add(&mut self, path: PathBuf, bytes: u64) {
        self.forget(&path);
        self.bytes += bytes;
        self.clock += 1;
        self.files.insert(path, FileInfo { bytes, used: self.clock });
    }

    fn touch(&mut self, path: &Path) {
        self.clock += 1;
        if let Some(file) = self.files.get_mut(path) {
            file.used = self.clock;
        }
    }

    fn forget(&mut self, path: &Path) {
        if let Some(file) = self.files.remove(path) {
            self.bytes -= file.bytes;
        }
    }

    fn take_oldest(&mut self, max_bytes: u64) -> Vec<PathBuf> {
        if self.bytes <= max_bytes {
            return Vec::new();
        }
        let target = (max_bytes as f64 * FILLED_AFTER_CLEANING) as u64;
        let mut paths: Vec<(u64, PathBuf)> =
            self.files.iter().map(|(path, file)| (file.used, path.clone())).collect();
        paths.sort();
        let mut victims = Vec::new();
        for (_, path) in paths {
            if self.bytes <= target {
                break;
            }
            self.forget(&path);
            victims.push(path);
        }
        victims
    }
}

/// A temporary file that is old enough to belong to nobody.
fn remove_leftover(file: &fs::DirEntry) {
    let modified = file.metadata().and_then(|data| data.modified());
    let age = modified.ok().and_then(|modified| modified.elapsed().ok());
    if age.is_some_and(|age| age > LEFTOVER_AGE) {
        let _ = fs::remove_file(file.path());
    }
}

fn read_bounded(path: &Path) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = File::open(path).ok()?;
    file.take(MAX_VALUE_BYTES as u64 + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() <= MAX_VALUE_BYTES).then_some(bytes)
}

fn create_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn create_private_file(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Also where somebody else has created the folder.
fn make_private(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    let _ = folder;
    Ok(())
}

#[cfg(test)]
#[path = "disk_tests.rs"]
mod tests;
