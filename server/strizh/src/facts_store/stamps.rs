//! Which hash a file had when it looked like this, so that files that still look the same are not read.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

pub(super) const FILE_NAME: &str = "stamps";

/// Clocks of file systems are coarse: a file may change once more without looking different for so long.
const RACY: Duration = Duration::from_secs(2);

/// What a file looks like from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FileStamp {
    pub(crate) size: u64,
    /// Nanoseconds since 1970.
    pub(crate) modified: u64,
    /// When the inode changed, where there are such: tools can set `modified` back, but not this.
    pub(crate) changed: u64,
}

impl FileStamp {
    pub(crate) fn of(metadata: &fs::Metadata) -> Self {
        let modified = metadata.modified().map(nanoseconds).unwrap_or(0);
        Self { size: metadata.len(), modified, changed: changed(metadata) }
    }
}

#[cfg(unix)]
fn changed(metadata: &fs::Metadata) -> u64 {
    use std::os::unix::fs::MetadataExt;
    (metadata.ctime() as u64).wrapping_mul(1_000_000_000).wrapping_add(metadata.ctime_nsec() as u64)
}

#[cfg(not(unix))]
fn changed(_metadata: &fs::Metadata) -> u64 {
    0
}

fn nanoseconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos() as u64)
}

#[derive(Default, Serialize, Deserialize)]
pub(super) struct StampTable {
    files: FxHashMap<String, (FileStamp, u128)>,
    /// Files that somebody asked for or added.
    #[serde(skip)]
    used: FxHashSet<String>,
    #[serde(skip)]
    has_changed: bool,
}

impl StampTable {
    /// Empty if the file is damaged or of another version.
    pub(super) fn read(folder: &Path, version: u64) -> Self {
        let bytes = fs::read(folder.join(FILE_NAME)).unwrap_or_default();
        Self::parse(&bytes, version).unwrap_or_default()
    }

    fn parse(bytes: &[u8], version: u64) -> Option<Self> {
        let (head, rest) = bytes.split_first_chunk::<8>()?;
        let (checksum, contents) = rest.split_first_chunk::<8>()?;
        let is_ours =
            u64::from_le_bytes(*head) == version && u64::from_le_bytes(*checksum) == xxh3_64(contents);
        if is_ours { postcard::from_bytes(contents).ok() } else { None }
    }

    pub(super) fn get(&mut self, path: &str, stamp: FileStamp) -> Option<u128> {
        let (known, hash) = *self.files.get(path)?;
        self.used.insert(path.to_owned());
        (known == stamp).then_some(hash)
    }

    /// A file that changed a moment ago is not noted.
    pub(super) fn insert(&mut self, path: &str, stamp: FileStamp, hash: u128, now: SystemTime) {
        let newest = stamp.modified.max(stamp.changed);
        if newest.saturating_add(RACY.as_nanos() as u64) > nanoseconds(now) {
            self.has_changed |= self.files.remove(path).is_some();
            return;
        }
        self.used.insert(path.to_owned());
        self.has_changed |= self.files.insert(path.to_owned(), (stamp, hash)) != Some((stamp, hash));
    }

    /// The table to write, if it is not the one that was read. Files that nobody asked for are forgotten when all
    /// files were.
    pub(super) fn changed_bytes(&mut self, is_complete: bool, version: u64) -> Option<Vec<u8>> {
        if is_complete {
            let before = self.files.len();
            self.files.retain(|path, _| self.used.contains(path));
            self.has_changed |= self.files.len() != before;
        }
        if !std::mem::take(&mut self.has_changed) {
            return None;
        }
        let contents = postcard::to_stdvec(self).ok()?;
        let mut bytes = Vec::with_capacity(16 + contents.len());
        bytes.extend(version.to_le_bytes());
        bytes.extend(xxh3_64(&contents).to_le_bytes());
        bytes.extend(contents);
        Some(bytes)
    }
}
