//! Finding and reading module files.

use std::io;
use std::path::{Path, PathBuf};

use base::encoding::{DecodedText, decode};
use base::{FileEntry, Files};
use globset::{Glob, GlobSet, GlobSetBuilder};
use ignore::WalkBuilder;

/// Modules in a deterministic order and what could not be visited.
#[derive(Default)]
pub(crate) struct FoundModules {
    pub(crate) modules: Vec<PathBuf>,
    pub(crate) problems: Vec<String>,
}

/// Modules below folders, and files named directly, whatever their extension is. Folders that git ignores
/// are searched: unloaded configurations are often not under version control.
pub(crate) fn find_modules(paths: &[PathBuf], exclude: &[String]) -> FoundModules {
    let mut found = FoundModules::default();
    let (exclude, problems) = exclude_set(exclude);
    found.problems = problems;
    for root in paths {
        if root.is_file() {
            found.modules.push(root.clone());
            continue;
        }
        let walk = WalkBuilder::new(root)
            .standard_filters(false)
            .filter_entry(|entry| !is_foreign(entry.path()))
            .build();
        for entry in walk {
            match entry {
                Ok(entry)
                    if is_module(entry.path()) && entry.file_type().is_some_and(|kind| kind.is_file()) =>
                {
                    let relative = entry.path().strip_prefix(root).unwrap_or(entry.path());
                    if !exclude.is_match(relative) {
                        found.modules.push(entry.into_path());
                    }
                }
                Ok(_) => {}
                Err(error) => found.problems.push(error.to_string()),
            }
        }
    }
    found.modules.sort();
    found.modules.dedup();
    found
}

/// Folders of tools: large, and never sources.
fn is_foreign(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == ".git" || name == ".hg" || name == "node_modules")
}

fn is_module(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| {
        extension.eq_ignore_ascii_case("bsl") || extension.eq_ignore_ascii_case("os")
    })
}

/// A pattern without `/` and `*` names a file or folder at any depth; others are relative to the root.
pub(crate) fn exclude_set(patterns: &[String]) -> (GlobSet, Vec<String>) {
    let mut builder = GlobSetBuilder::new();
    let mut problems = Vec::new();
    for pattern in patterns {
        let is_name = !pattern.contains(['/', '*']);
        let pattern = pattern.trim_matches('/');
        let globs = match is_name {
            true => [format!("**/{pattern}"), format!("**/{pattern}/**")],
            false => [pattern.to_owned(), format!("{pattern}/**")],
        };
        for glob in globs {
            match Glob::new(&glob) {
                Ok(glob) => {
                    builder.add(glob);
                }
                Err(error) => problems.push(format!("excludePaths: {error}")),
            }
        }
    }
    (builder.build().unwrap_or_default(), problems)
}

/// The disk as inner layers see it.
pub(crate) struct Disk;

impl Files for Disk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn list(&self, folder: &Path) -> Vec<FileEntry> {
        let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
        let mut entries: Vec<FileEntry> = entries
            .map(|entry| {
                let is_folder = match entry.file_type() {
                    Ok(kind) if kind.is_symlink() => entry.path().is_dir(),
                    kind => kind.is_ok_and(|kind| kind.is_dir()),
                };
                FileEntry { path: entry.path(), is_folder }
            })
            .collect();
        entries.sort_by(|left, right| left.path.cmp(&right.path));
        entries
    }
}

/// Reads a module; the error names the file.
pub(crate) fn read_module(path: &Path) -> Result<DecodedText, String> {
    let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    decode_module(path, bytes)
}

/// Text of a module; the error names the file.
pub(crate) fn decode_module(path: &Path, bytes: Vec<u8>) -> Result<DecodedText, String> {
    decode(bytes).map_err(|error| format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_found_outside_of_repositories_and_in_order() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for name in ["b/Module.bsl", "a/Script.OS", ".hidden/Module.bsl", "a/readme.md", "skip/Module.bsl"] {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("invariant: names have folders")).expect("a folder");
            std::fs::write(path, "").expect("a file");
        }
        std::fs::write(folder.path().join(".gitignore"), "*").expect("a file");
        let found = find_modules(&[folder.path().to_path_buf()], &["skip".to_owned()]);
        let names: Vec<_> = found
            .modules
            .iter()
            .map(|path| path.strip_prefix(folder.path()).expect("invariant: below the root").to_owned())
            .collect();
        assert_eq!(names, [".hidden/Module.bsl", "a/Script.OS", "b/Module.bsl"].map(PathBuf::from));
        assert_eq!(found.problems, [""; 0]);
    }
}
