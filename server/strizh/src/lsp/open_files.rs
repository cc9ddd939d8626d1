//! Files as a request sees them: open documents as they are in the editor, everything else from the disk.

use std::io;
use std::path::Path;

use base::{FileEntry, Files};

use crate::files::Disk;
use crate::lsp::world::{Snapshot, path_of};

pub(crate) struct OpenFiles<'a>(pub(crate) &'a Snapshot);

impl Files for OpenFiles<'_> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let open = self.0.documents().find(|(uri, _)| path_of(uri) == path);
        match open {
            Some((_, open)) => Ok(open.document.text().into_bytes()),
            None => Disk.read(path),
        }
    }

    fn list(&self, folder: &Path) -> Vec<FileEntry> {
        Disk.list(folder)
    }
}
