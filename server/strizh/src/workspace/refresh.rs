//! Reads again what changed on the disk; everything else stays as it is.

use std::path::{Path, PathBuf};

use metadata::{FileRole, RootFile, RootId, is_metadata, role_in};

use crate::workspace::source::{CachedSource, FactsSource};
use crate::workspace::{Workspace, next_epoch};

/// More changed files of metadata than this, and a new load is cheaper.
const MAX_METADATA_FILES: usize = 300;

/// What changed files mean for a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refresh {
    /// Nothing that counts.
    Nothing,
    Done,
    /// Roots came or went: the workspace has to be loaded again.
    Reload,
}

impl Workspace {
    /// Takes files that were created, changed or deleted.
    pub(crate) fn refresh(&mut self, paths: &[PathBuf], source: &CachedSource) -> Refresh {
        let metadata: Vec<_> = paths.iter().filter_map(|path| self.file_of(path)).collect();
        if metadata.len() > MAX_METADATA_FILES || paths.iter().any(|path| self.moves_a_root(path)) {
            return Refresh::Reload;
        }
        let mut refresh = Refresh::Nothing;
        for path in paths.iter().filter(|path| is_module(path)) {
            self.refresh_module(path, source);
            refresh = Refresh::Done;
        }
        if !metadata.is_empty() {
            for (root, file) in &metadata {
                self.refresh_file(*root, file, source);
            }
            self.project = self.project.with_metadata(self.metadata.clone(), next_epoch());
            refresh = Refresh::Done;
        }
        refresh
    }

    /// A file of metadata or a form with the root it lies in.
    fn file_of(&self, path: &Path) -> Option<(RootId, RootFile)> {
        let id = self.metadata.root_of_path(path)?;
        let role = role_in(self.metadata.root(id)?.folder(), path)?;
        let is_form = matches!(role, FileRole::Form | FileRole::BaseForm);
        (is_form || is_metadata(role)).then(|| (id, RootFile { path: path.to_owned(), role }))
    }

    fn refresh_module(&mut self, path: &Path, source: &CachedSource) {
        let known = self.project.module_by_path(path);
        self.project = match (path.is_file(), known) {
            (true, _) => self.project.with_module(path, source.facts(path)).0,
            (false, Some(id)) => self.project.without_module(id),
            (false, None) => return,
        };
    }

    fn refresh_file(&mut self, id: RootId, file: &RootFile, source: &CachedSource) {
        // Forms are read when somebody asks for them.
        let Some(root) = self.metadata.root(id).filter(|_| is_metadata(file.role)) else { return };
        self.problems.retain(|problem| problem.path != file.path);
        if !file.path.is_file() {
            self.metadata = self.metadata.without_file(id, &file.path);
            return;
        }
        let (content, problems) = source.metadata(root.folder().layout, file);
        self.problems.extend(problems);
        if let Some(content) = content {
            self.metadata = self.metadata.with_file(id, &file.path, content);
        }
    }

    /// True for a file whose coming or going makes or ends a root.
    fn moves_a_root(&self, path: &Path) -> bool {
        let name = path.file_name().and_then(|name| name.to_str());
        let is_marker = matches!(name, Some("Configuration.xml" | "Configuration.mdo" | ".project"));
        let is_known =
            self.metadata.roots().any(|(_, root)| root.folder().configuration.as_deref() == Some(path));
        is_marker && is_known != path.is_file()
    }
}

fn is_module(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|it| it.eq_ignore_ascii_case("bsl") || it.eq_ignore_ascii_case("os"))
}
