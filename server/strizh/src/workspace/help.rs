//! The user's own help files of the platform: found where installations keep them, read once, kept in the cache.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use base::Locale;
use platform::{
    ENGLISH_BOOK, Help, HelpFolder, HelpVersion, OperatingSystem, Platform, RUSSIAN_BOOK, Script,
    help_file_candidates, help_version,
};

use crate::workspace::source::CachedSource;

/// The platform with what help files add; without any, what is shipped.
pub(super) fn platform(folder: Option<&Path>, language: Locale, source: &CachedSource) -> Arc<Platform> {
    let shipped = Arc::clone(Platform::embedded());
    let Some(folder) = folder.map(Path::to_owned).or_else(newest_installation) else { return shipped };
    let script = match language {
        Locale::Ru => Script::Russian,
        Locale::En => Script::English,
    };
    match source.help(&folder.join(RUSSIAN_BOOK), &folder.join(ENGLISH_BOOK), script) {
        Ok(help) => {
            tracing::info!(
                "{}: {} types, {} functions",
                folder.display(),
                help.types.len(),
                help.functions.len()
            );
            Arc::new(shipped.with_help(&help))
        }
        Err(error) => {
            tracing::warn!("{}: {error}", folder.display());
            shipped
        }
    }
}

/// Reads the books; one of the two is enough.
pub(super) fn read(russian: Option<&[u8]>, english: Option<&[u8]>, script: Script) -> Result<Help, String> {
    Help::read(russian, english, script).map_err(|error| error.to_string())
}

/// The folder with help files of the newest version that is installed.
fn newest_installation() -> Option<PathBuf> {
    let system = match std::env::consts::OS {
        "windows" => OperatingSystem::Windows,
        "macos" => OperatingSystem::MacOs,
        _ => OperatingSystem::Linux,
    };
    let found = help_file_candidates(system).iter().flat_map(versions_below);
    found.max_by_key(|(version, _)| *version).map(|(_, folder)| folder)
}

/// Installations below a folder that have a help file.
fn versions_below(candidate: &HelpFolder) -> Vec<(HelpVersion, PathBuf)> {
    let base = match candidate.variable {
        "" => PathBuf::new(),
        variable => match std::env::var_os(variable) {
            Some(value) => PathBuf::from(value),
            None => return Vec::new(),
        },
    };
    let mut found = Vec::new();
    for folder in matching(&base.join(candidate.path)) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let Some(version) = entry.file_name().to_str().and_then(help_version) else { continue };
            let folder = entry.path().join(candidate.inner);
            if folder.join(RUSSIAN_BOOK).is_file() || folder.join(ENGLISH_BOOK).is_file() {
                found.push((version, folder));
            }
        }
    }
    found
}

/// Folders that a path means whose parts may end in `*`.
fn matching(path: &Path) -> Vec<PathBuf> {
    let mut folders = vec![PathBuf::new()];
    for part in path.components() {
        let name = part.as_os_str().to_string_lossy();
        let Some(prefix) = name.strip_suffix('*') else {
            folders.iter_mut().for_each(|folder| folder.push(part));
            continue;
        };
        let entries = |folder: &PathBuf| std::fs::read_dir(folder).into_iter().flatten().flatten();
        let is_match = |entry: &std::fs::DirEntry| entry.file_name().to_string_lossy().starts_with(prefix);
        folders = folders.iter().flat_map(entries).filter(is_match).map(|entry| entry.path()).collect();
    }
    folders
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_versions_are_found_by_pattern() {
        let root = tempfile::tempdir().expect("a temporary folder");
        for path in ["v8.3/x86_64/8.3.27.1508", "v8.3/x86_64/8.3.9.2033", "v8.5/x86_64/8.5.1.10", "other/x"] {
            std::fs::create_dir_all(root.path().join(path)).expect("a folder");
        }
        for path in ["v8.3/x86_64/8.3.27.1508", "v8.3/x86_64/8.3.9.2033"] {
            std::fs::write(root.path().join(path).join(RUSSIAN_BOOK), "").expect("a file");
        }
        let pattern: &'static str =
            Box::leak(root.path().join("v8*/x86_64").to_string_lossy().into_owned().into_boxed_str());
        let candidate = HelpFolder { variable: "", path: pattern, inner: "" };
        let newest = versions_below(&candidate).into_iter().max_by_key(|(version, _)| *version);
        assert_eq!(newest.map(|(version, _)| version), Some([8, 3, 27, 1508]));
    }

    #[test]
    fn a_broken_help_file_changes_nothing() {
        let root = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(root.path().join(RUSSIAN_BOOK), "no book").expect("a file");
        let source = CachedSource::without_store();
        let platform = platform(Some(root.path()), Locale::Ru, &source);
        assert!(Arc::ptr_eq(&platform, Platform::embedded()));
    }
}
