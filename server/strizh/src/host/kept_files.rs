//! Files as the host knows them: modules as they were when it began, or as they were replaced. What somebody saves on the
//! disk is not run before it was accepted.

use std::io;
use std::path::{Path, PathBuf};

use base::{FileEntry, Files};
use parking_lot::Mutex;
use rustc_hash::FxHashMap;

use crate::files::Disk;

#[derive(Default)]
pub(crate) struct KeptFiles {
    kept: Mutex<FxHashMap<PathBuf, Vec<u8>>>,
}

impl KeptFiles {
    /// Takes a module as it is now; a missing one stays missing.
    pub(crate) fn keep(&self, path: &Path) {
        if let Ok(bytes) = std::fs::read(path) {
            self.put(path, bytes);
        }
    }

    pub(crate) fn put(&self, path: &Path, bytes: Vec<u8>) {
        self.kept.lock().insert(path.to_owned(), bytes);
    }

    pub(crate) fn text(&self, path: &Path) -> Option<String> {
        let bytes = self.kept.lock().get(path).cloned()?;
        base::encoding::decode(bytes).ok().map(|decoded| decoded.text)
    }
}

impl Files for KeptFiles {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self.kept.lock().get(path) {
            Some(bytes) => Ok(bytes.clone()),
            None => Disk.read(path),
        }
    }

    fn list(&self, folder: &Path) -> Vec<FileEntry> {
        Disk.list(folder)
    }
}
