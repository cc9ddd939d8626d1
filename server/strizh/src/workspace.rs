//! Reads a workspace into a project: finds roots, reads metadata and facts of modules on all cores, and reads again
//! what changed on the disk.

mod forms;
mod load;
mod metadata_files;
mod refresh;

use std::path::PathBuf;

use metadata::{Problem, RootFolder};
use semantics::{ModuleFacts, Project};

pub(crate) use load::load;
pub(crate) use refresh::Refresh;

use crate::workspace::metadata_files::RootFiles;

/// What to read.
pub(crate) struct WorkspaceOptions {
    pub(crate) folders: Vec<PathBuf>,
    pub(crate) exclude: Vec<String>,
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
    roots: Vec<RootState>,
    /// Differs between any two states of the metadata.
    epoch: u64,
    pub(crate) problems: Vec<Problem>,
}

struct RootState {
    folder: RootFolder,
    files: RootFiles,
}

/// Facts of a module of a project.
type LoadedModule = (PathBuf, ModuleFacts);
