//! Files as a request sees them: open documents as they are, everything else from the disk.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base::{FileEntry, Files};
use rustc_hash::FxHashMap;

use crate::files::Disk;
use crate::lsp::world::{OpenDocument, Snapshot, path_of};

pub(crate) struct OpenFiles<'a> {
    open: FxHashMap<PathBuf, &'a Arc<OpenDocument>>,
}

impl<'a> OpenFiles<'a> {
    pub(crate) fn new(snapshot: &'a Snapshot) -> Self {
        Self { open: snapshot.documents().map(|(uri, open)| (path_of(uri), open)).collect() }
    }
}

impl Files for OpenFiles<'_> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self.open.get(path) {
            Some(open) => Ok(open.document.text().into_bytes()),
            None => Disk.read(path),
        }
    }

    fn list(&self, folder: &Path) -> Vec<FileEntry> {
        Disk.list(folder)
    }
}
