//! The first load: metadata, then modules, the common ones first.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base::CancelToken;
use metadata::{FileRole, Problem, RootFile, RootFolder};
use rayon::prelude::*;
use semantics::{ModuleFacts, Project};

use crate::files::{Disk, find_modules, read_module};
use crate::workspace::forms::DiskForms;
use crate::workspace::metadata_files::{Part, RootFiles, contents, external_configuration, read_part};
use crate::workspace::{LoadObserver, LoadedModule, RootState, Workspace, WorkspaceOptions};

/// Reads everything; `None` if cancelled.
pub(crate) fn load(
    options: &WorkspaceOptions,
    observer: &dyn LoadObserver,
    token: &CancelToken,
) -> Option<Workspace> {
    let roots: Vec<RootFolder> =
        options.folders.iter().flat_map(|folder| metadata::find_roots(&Disk, folder)).collect();
    let files: Vec<Vec<RootFile>> = roots.par_iter().map(|root| metadata::list_files(&Disk, root)).collect();
    let modules = find_modules(&options.folders, &options.exclude).modules;
    let work = Work { observer, token, done: AtomicUsize::new(0), total: count(&files) + modules.len() };
    let (roots, problems) = work.read_metadata(roots, &files)?;
    let builder = |is_complete| {
        let contents = contents(&roots, is_complete);
        let builder = Project::builder().form_reader(Arc::new(DiskForms)).metadata_epoch(1);
        contents.into_iter().fold(builder, |builder, content| builder.root(content))
    };
    let (common, others): (Vec<_>, Vec<_>) = modules.into_iter().partition(|path| is_common(path));
    let common = work.read_modules(common)?;
    if !others.is_empty() {
        observer.partial(&builder(false).modules(common.iter().cloned()).build());
    }
    let others = work.read_modules(others)?;
    let project = builder(true).modules(common.into_iter().chain(others)).build();
    Some(Workspace { project, roots, epoch: 1, problems })
}

fn count(files: &[Vec<RootFile>]) -> usize {
    files.iter().flatten().filter(|file| is_metadata(file.role)).count()
}

fn is_metadata(role: FileRole) -> bool {
    matches!(role, FileRole::Configuration | FileRole::Object(_))
}

/// Most questions are about common modules.
fn is_common(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "CommonModules")
}

struct Work<'a> {
    observer: &'a dyn LoadObserver,
    token: &'a CancelToken,
    done: AtomicUsize,
    total: usize,
}

impl Work<'_> {
    fn step(&self) -> Option<()> {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        self.observer.progress(done, self.total);
        (!self.token.is_cancelled()).then_some(())
    }

    fn read_metadata(
        &self,
        roots: Vec<RootFolder>,
        files: &[Vec<RootFile>],
    ) -> Option<(Vec<RootState>, Vec<Problem>)> {
        let mut problems = Vec::new();
        let mut states = Vec::with_capacity(roots.len());
        for (folder, files) in roots.into_iter().zip(files) {
            let parts = self.read_parts(&folder, files)?;
            let mut files = RootFiles::default();
            if folder.configuration.is_none() {
                files.configuration = Arc::new(external_configuration(&folder));
            }
            for (path, part, found) in parts {
                problems.extend(found);
                if let Some(part) = part {
                    files.insert(path, part);
                }
            }
            states.push(RootState { folder, files });
        }
        Some((states, problems))
    }

    fn read_parts(
        &self,
        root: &RootFolder,
        files: &[RootFile],
    ) -> Option<Vec<(PathBuf, Option<Part>, Vec<Problem>)>> {
        let files: Vec<_> = files.iter().filter(|file| is_metadata(file.role)).collect();
        let read = |file: &&RootFile| {
            self.step()?;
            let (part, problems) = read_part(root, &file.path, file.role);
            Some((file.path.clone(), part, problems))
        };
        files.par_iter().map(read).collect()
    }

    fn read_modules(&self, paths: Vec<PathBuf>) -> Option<Vec<LoadedModule>> {
        let read = |path: PathBuf| {
            self.step()?;
            let facts = read_facts(&path);
            Some((path, facts))
        };
        paths.into_par_iter().map(read).collect()
    }
}

/// Modules that cannot be read, protected ones among them, have no facts.
pub(crate) fn read_facts(path: &Path) -> ModuleFacts {
    match read_module(path) {
        Ok(decoded) => ModuleFacts::of_text(&decoded.text),
        Err(error) => {
            tracing::info!("{error}");
            ModuleFacts::default()
        }
    }
}
