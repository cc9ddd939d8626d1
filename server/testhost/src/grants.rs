//! What code may use of the machine it runs on: nothing, unless it is granted by name.

use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

use crate::failure::{Failure, Outcome};

/// Folders and hosts that code may use.
#[derive(Clone, Debug, Default)]
pub struct Grants {
    readable: Vec<PathBuf>,
    writable: Vec<PathBuf>,
    hosts: Vec<String>,
}

impl Grants {
    /// Lets code read what is in a folder.
    pub fn allow_reading(&mut self, folder: &Path) {
        self.readable.extend(folder.canonicalize());
    }

    /// Lets code read, write and delete what is in a folder.
    pub fn allow_writing(&mut self, folder: &Path) {
        self.writable.extend(folder.canonicalize());
    }

    /// Lets code name a host. There is no client that could reach it yet.
    pub fn allow_host(&mut self, host: &str) {
        self.hosts.push(host.to_owned());
    }

    pub fn is_host_allowed(&self, host: &str) -> bool {
        self.hosts.iter().any(|allowed| allowed.eq_ignore_ascii_case(host))
    }

    /// The real path of what code wants to read.
    pub(crate) fn readable(&self, path: &str) -> Outcome<PathBuf> {
        let folders = self.readable.iter().chain(&self.writable);
        within(folders, path).ok_or_else(|| refusal("чтение", path))
    }

    /// The real path of what code wants to write or delete; never a granted folder itself.
    pub(crate) fn writable(&self, path: &str) -> Outcome<PathBuf> {
        let real = within(self.writable.iter(), path).filter(|real| !self.writable.contains(real));
        real.ok_or_else(|| refusal("запись", path))
    }

    /// The folder for temporary files: the first that may be written.
    pub(crate) fn temporary(&self) -> Outcome<&Path> {
        self.writable.first().map(PathBuf::as_path).ok_or_else(|| refusal("запись", "временные файлы"))
    }
}

fn refusal(what: &str, path: &str) -> Box<Failure> {
    Failure::runtime(format!("Нарушение прав доступа! Не разрешено интерпретатору: {what} ({path})"))
}

fn within<'a>(mut folders: impl Iterator<Item = &'a PathBuf>, path: &str) -> Option<PathBuf> {
    let real = real_path(Path::new(path))?;
    folders.any(|folder| real.starts_with(folder)).then_some(real)
}

/// The path without links. What does not exist yet has only plain names behind what does.
fn real_path(path: &Path) -> Option<PathBuf> {
    let mut known = std::path::absolute(path).ok()?;
    let mut rest: Vec<OsString> = Vec::new();
    loop {
        if let Ok(mut real) = known.canonicalize() {
            real.extend(rest.iter().rev());
            return Some(real);
        }
        // A link that leads nowhere yet would be followed when it is written.
        if known.is_symlink() || !matches!(known.components().next_back()?, Component::Normal(_)) {
            return None;
        }
        rest.push(known.file_name()?.to_owned());
        known = known.parent()?.to_owned();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_granted_at_first() {
        let grants = Grants::default();
        assert!(grants.readable("/etc/hostname").is_err());
        assert!(grants.writable("/tmp/x").is_err());
        assert!(grants.temporary().is_err());
        assert!(!grants.is_host_allowed("localhost"));
    }

    #[test]
    fn paths_stay_in_their_folder() {
        let folder = std::env::temp_dir();
        let mut grants = Grants::default();
        grants.allow_reading(&folder);
        let path = |name: &str| folder.join(name).to_string_lossy().into_owned();
        assert!(grants.readable(&path("new.txt")).is_ok());
        assert!(grants.readable(&path("missing/../new.txt")).is_err());
        assert!(grants.readable(&path("../etc/passwd")).is_err());
        assert!(grants.writable(&path("new.txt")).is_err());
        grants.allow_writing(&folder);
        assert!(grants.writable(&path("new.txt")).is_ok());
        assert!(grants.writable(&path("")).is_err());
    }
}
