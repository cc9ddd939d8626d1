//! The only way inner layers read files: the binary gives them a disk, tests give them a table.

use std::io;
use std::path::{Path, PathBuf};

/// A read-only view of a file tree.
pub trait Files: Sync {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// Entries of a folder, sorted by name; an unreadable folder has none.
    fn list(&self, folder: &Path) -> Vec<FileEntry>;
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEntry {
    pub path: PathBuf,
    pub is_folder: bool,
}

impl FileEntry {
    /// The last part of the path.
    pub fn name(&self) -> &str {
        self.path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
    }
}
