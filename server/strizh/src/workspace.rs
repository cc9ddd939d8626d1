//! Reads a workspace into a project: finds roots, reads metadata and facts of modules on all cores, and reads again
//! what changed on the disk.

mod forms;
mod help;
mod load;
mod refresh;
mod source;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use base::Locale;
use metadata::{Metadata, Problem};
use semantics::{ModuleFacts, Project};

pub(crate) use load::load;
pub(crate) use refresh::Refresh;
pub(crate) use source::{CachedSource, FactsSource};

/// What to read.
pub(crate) struct WorkspaceOptions {
    pub(crate) folders: Vec<PathBuf>,
    pub(crate) exclude: Vec<String>,
    /// Folder with the help files of the platform; by default the newest installation is looked for.
    pub(crate) help_folder: Option<PathBuf>,
    /// Language of descriptions in help files.
    pub(crate) language: Locale,
}

/// Where the load tells how far it is and shows what it has.
pub(crate) trait LoadObserver: Sync {
    fn progress(&self, _done: usize, _total: usize) {}

    /// A project that lacks modules yet.
    fn partial(&self, _project: &Project) {}
}

/// A loaded workspace: the project and what is needed to refresh parts of it.
pub(crate) struct Workspace {
    pub(crate) project: Project,
    metadata: Metadata,
    pub(crate) problems: Vec<Problem>,
}

/// Nobody watches the load.
pub(crate) struct Unobserved;

impl LoadObserver for Unobserved {}

/// Facts of a module of a project.
type LoadedModule = (PathBuf, ModuleFacts);

/// Tells sets of metadata of this process apart.
fn next_epoch() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    LAST.fetch_add(1, Ordering::Relaxed) + 1
}

/// The folder whose project a path belongs to: that of the configuration around it, else the path itself.
pub(crate) fn project_folder(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let is_root = |folder: &&Path| {
        folder.join("Configuration.xml").is_file()
            || folder.join("src/Configuration/Configuration.mdo").is_file()
    };
    path.ancestors().find(is_root).map_or_else(|| path.clone(), Path::to_owned)
}
