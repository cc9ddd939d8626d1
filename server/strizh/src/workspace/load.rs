//! The first load: metadata, then modules, the common ones first.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base::CancelToken;
use metadata::{
    FileContent, Metadata, Problem, Root, RootFile, RootFolder, assemble, is_metadata, read_project_file,
};
use rayon::prelude::*;
use semantics::Project;

use crate::files::{Disk, find_modules};
use crate::workspace::forms::DiskForms;
use crate::workspace::help;
use crate::workspace::source::{CachedSource, FactsSource};
use crate::workspace::{LoadObserver, LoadedModule, Workspace, WorkspaceOptions, next_epoch};

/// Reads everything; `None` if cancelled.
pub(crate) fn load(
    options: &WorkspaceOptions,
    source: &CachedSource,
    facts: &dyn FactsSource,
    observer: &dyn LoadObserver,
    token: &CancelToken,
) -> Option<Workspace> {
    let roots: Vec<RootFolder> =
        options.folders.iter().flat_map(|folder| metadata::find_roots(&Disk, folder)).collect();
    let list_metadata = || roots.par_iter().map(metadata_files).collect::<Vec<Vec<RootFile>>>();
    let list_modules = || find_modules(&options.folders, &options.exclude).modules;
    let (files, modules) = rayon::join(list_metadata, list_modules);
    let total = files.iter().map(Vec::len).sum::<usize>() + modules.len();
    let work = Work { source, facts, observer, token, done: AtomicUsize::new(0), total };
    let read_help = || help::platform(options.help_folder.as_deref(), options.language, source);
    let (platform, metadata) = rayon::join(read_help, || work.read_metadata(roots, &files));
    let (metadata, problems) = metadata?;
    let epoch = next_epoch();
    let builder = || {
        let forms = Arc::new(DiskForms);
        let builder = Project::builder().form_reader(forms).platform(Arc::clone(&platform));
        builder.metadata(metadata.clone()).metadata_epoch(epoch)
    };
    let (common, others): (Vec<_>, Vec<_>) = modules.into_iter().partition(|path| is_common(path));
    let common = work.read_modules(common)?;
    if !others.is_empty() {
        observer.partial(&builder().incomplete().modules(common.iter().cloned()).build());
    }
    let others = work.read_modules(others)?;
    let project = builder().modules(common.into_iter().chain(others)).build();
    Some(Workspace { project, metadata, problems })
}

fn metadata_files(root: &RootFolder) -> Vec<RootFile> {
    let mut files = metadata::list_files(&Disk, root);
    files.retain(|file| is_metadata(file.role));
    files
}

/// Most questions are about common modules.
fn is_common(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "CommonModules")
}

struct Work<'a> {
    source: &'a CachedSource,
    facts: &'a dyn FactsSource,
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
        folders: Vec<RootFolder>,
        files: &[Vec<RootFile>],
    ) -> Option<(Metadata, Vec<Problem>)> {
        let mut problems = Vec::new();
        let mut roots = Vec::with_capacity(folders.len());
        for (folder, files) in folders.into_iter().zip(files) {
            let read = |file: &RootFile| {
                self.step()?;
                let (content, problems) = self.source.metadata(folder.layout, file);
                Some((file.path.clone(), content, problems))
            };
            let contents: Vec<_> = files.par_iter().map(read).collect::<Option<_>>()?;
            let contents = contents.into_iter().filter_map(|(path, content, found)| {
                problems.extend(found);
                Some((path, content?))
            });
            roots.push(assemble_root(folder, contents.collect()));
        }
        Some((Metadata::new(roots), problems))
    }

    fn read_modules(&self, paths: Vec<PathBuf>) -> Option<Vec<LoadedModule>> {
        let read = |path: PathBuf| {
            self.step()?;
            let facts = self.facts.facts(&path);
            Some((path, facts))
        };
        paths.into_par_iter().map(read).collect()
    }
}

fn assemble_root(folder: RootFolder, contents: Vec<(PathBuf, FileContent)>) -> Root {
    let project = folder.project_file.as_ref().and_then(|path| std::fs::read(path).ok());
    let project = project.map(read_project_file).unwrap_or_default();
    assemble(folder, &project, contents)
}
