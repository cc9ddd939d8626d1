//! A module as the Designer would have written it, for programs that load from files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use base::encoding::{TextEncoding, encode};
use tempfile::TempDir;

use crate::transport::{Failure, FailureKind, SourceFiles, Update};

/// The files of one update; what was made for it goes away with it.
pub(super) struct Staged {
    pub root: PathBuf,
    /// Of the module, relative to the root.
    pub path: String,
    /// Holds what programs write as well.
    pub folder: TempDir,
}

/// Puts the text where it can be loaded from. Sources that somebody edits are never written to.
pub(super) fn stage(files: &SourceFiles, update: &Update) -> Result<Staged, Failure> {
    let failed = |error: io::Error| {
        let path = &update.module.path;
        Failure::new(FailureKind::Rejected, format!("cannot write {path} for loading: {error}"))
    };
    let folder = tempfile::Builder::new().prefix("strizh-").tempdir().map_err(failed)?;
    let path = update.module.designer_path();
    let bytes = as_designer_writes(&update.request.code);
    if let Some(root) = &files.root {
        let file = root.join(&path);
        let is_there = fs::read(&file).is_ok_and(|old| is_same_text(&old, &bytes));
        if files.is_export && !is_there {
            write(&file, &bytes).map_err(failed)?;
        }
        if files.is_export || is_there {
            return Ok(Staged { root: root.clone(), path, folder });
        }
    }
    let root = folder.path().join("src");
    write(&root.join(&path), &bytes).map_err(failed)?;
    Ok(Staged { root, path, folder })
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, bytes)
}

/// With a mark and line ends of Windows.
fn as_designer_writes(code: &str) -> Vec<u8> {
    let code = code.replace("\r\n", "\n").replace('\n', "\r\n");
    encode(&code, TextEncoding::Utf8Bom).unwrap_or_default()
}

/// Line ends and marks of a file that is there already are its own business.
fn is_same_text(left: &[u8], right: &[u8]) -> bool {
    let text =
        |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_start_matches('\u{feff}').replace("\r\n", "\n");
    text(left) == text(right)
}
