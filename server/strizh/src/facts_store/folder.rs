//! Where the store lives, and how its files are written.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

const TEMPORARY: &str = "tmp-";
const SEGMENT: &str = "segment";
/// The folder of models stands next to those of workspaces and is never forgotten: models are large and wanted.
pub(crate) const MODELS: &str = "models";
/// Suggestions of earlier sessions; the cache inside looks after itself.
pub(crate) const SUGGESTIONS: &str = "suggestions";
/// A temporary file that old belongs to a program that was killed.
const LEFTOVER_AGE: Duration = Duration::from_secs(3600);
/// A workspace that nothing was written for in this time is taken for gone.
const FORGOTTEN_AGE: Duration = Duration::from_secs(90 * 24 * 3600);

/// The folder of a workspace in the user's cache folder.
pub(crate) fn workspace_folder(root: &Path) -> Option<PathBuf> {
    let root = fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
    let hash = xxhash_rust::xxh3::xxh3_64(root.as_os_str().as_encoded_bytes());
    Some(own_cache_folder()?.join(format!("{hash:016x}")))
}

/// The folder of this program in the user's cache folder.
pub(crate) fn own_cache_folder() -> Option<PathBuf> {
    Some(cache_folder(&|name| std::env::var_os(name))?.join("strizh"))
}

type Environment<'a> = &'a dyn Fn(&str) -> Option<std::ffi::OsString>;

/// `XDG_CACHE_HOME`, else what the system uses.
fn cache_folder(environment: Environment<'_>) -> Option<PathBuf> {
    let folder = |name: &str| environment(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let by_system = if cfg!(windows) {
        folder("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        folder("HOME").map(|home| home.join("Library/Caches"))
    } else {
        folder("HOME").map(|home| home.join(".cache"))
    };
    folder("XDG_CACHE_HOME").or(by_system)
}

/// Makes the folder, readable for its owner only: facts hold parts of the user's code.
pub(crate) fn create(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Segments in the order of their names.
pub(crate) fn segment_paths(folder: &Path) -> Vec<PathBuf> {
    let mut paths = list(folder);
    paths.retain(|path| path.extension().is_some_and(|extension| extension == SEGMENT));
    paths.sort();
    paths
}

pub(crate) fn segment_name(digest: u128) -> String {
    format!("{digest:032x}.{SEGMENT}")
}

fn list(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    entries.filter_map(|entry| Some(entry.ok()?.path())).collect()
}

/// Deletes what killed programs left behind.
pub(crate) fn remove_leftovers(folder: &Path) {
    for path in list(folder) {
        let is_temporary = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(TEMPORARY));
        let modified = fs::metadata(&path).and_then(|metadata| metadata.modified());
        let age = modified.ok().and_then(|modified| SystemTime::now().duration_since(modified).ok());
        if is_temporary && age.is_some_and(|age| age > LEFTOVER_AGE) {
            remove(&path);
        }
    }
}

/// Deletes the folders of other workspaces that nobody works with any more.
pub(crate) fn remove_forgotten(folder: &Path, now: SystemTime) {
    let Some(parent) = folder.parent() else { return };
    let is_forgettable = |other: &Path| {
        other != folder && other.is_dir() && !other.ends_with(MODELS) && !other.ends_with(SUGGESTIONS)
    };
    for other in list(parent).iter().filter(|other| is_forgettable(other)) {
        let is_old = |path: &PathBuf| {
            let modified = fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
            modified.and_then(|time| now.duration_since(time).ok()).is_some_and(|age| age > FORGOTTEN_AGE)
        };
        if is_old(other)
            && list(other).iter().all(is_old)
            && let Err(error) = fs::remove_dir_all(other)
        {
            tracing::debug!("cannot delete {}: {error}", other.display());
        }
    }
}

/// Another program may hold the file or have deleted it; both do no harm.
pub(crate) fn remove(path: &Path) {
    if let Err(error) = fs::remove_file(path) {
        tracing::debug!("cannot delete {}: {error}", path.display());
    }
}

/// Writes a file that others see whole or not at all.
pub(crate) fn write_whole<'a>(
    folder: &Path,
    name: &str,
    parts: impl Iterator<Item = &'a [u8]>,
) -> io::Result<()> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let temporary = folder.join(format!("{TEMPORARY}{}-{number}", std::process::id()));
    let write = || {
        let mut file = BufWriter::new(File::create(&temporary)?);
        for part in parts {
            file.write_all(part)?;
        }
        file.into_inner()?;
        fs::rename(&temporary, folder.join(name))
    };
    let written = write();
    if written.is_err() {
        remove(&temporary);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_forgotten_workspaces_go() {
        let cache = std::env::temp_dir().join(format!("strizh-forgotten-{}", std::process::id()));
        let (own, other, models) = (cache.join("own"), cache.join("other"), cache.join(MODELS));
        for folder in [&own, &other, &models] {
            create(folder).expect("the folder is made");
            fs::write(folder.join("x.segment"), "x").expect("the file is written");
        }
        remove_forgotten(&own, SystemTime::now() + FORGOTTEN_AGE / 2);
        assert!(other.exists());
        remove_forgotten(&own, SystemTime::now() + FORGOTTEN_AGE * 2);
        assert!(own.exists() && models.exists() && !other.exists());
        fs::remove_dir_all(cache).expect("the folder goes");
    }

    #[test]
    fn the_folder_of_the_user_is_found() {
        let both = |name: &str| match name {
            "XDG_CACHE_HOME" => Some(std::env::temp_dir().join("xdg").into_os_string()),
            "HOME" | "LOCALAPPDATA" => Some(std::env::temp_dir().into_os_string()),
            _ => None,
        };
        assert_eq!(cache_folder(&both), Some(std::env::temp_dir().join("xdg")));
        let home = |name: &str| both(name).filter(|_| name != "XDG_CACHE_HOME");
        assert!(cache_folder(&home).is_some_and(|folder| folder.starts_with(std::env::temp_dir())));
        assert_eq!(cache_folder(&|_| None), None);
        assert_eq!(cache_folder(&|_| Some("relative".into())), None);
    }
}
