//! Reads again what changed on the disk; everything else stays as it is.

use std::path::{Path, PathBuf};

use metadata::{FileRole, role_in};

use crate::workspace::Workspace;
use crate::workspace::load::read_facts;
use crate::workspace::metadata_files::{contents, owner_file, read_part};

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
    pub(crate) fn refresh(&mut self, paths: &[PathBuf]) -> Refresh {
        let mut refresh = Refresh::Nothing;
        let mut is_metadata_changed = false;
        for path in paths {
            if is_root_marker(path) && self.root_of(path).is_none() {
                return Refresh::Reload;
            }
            if is_module(path) {
                self.refresh_module(path);
                refresh = Refresh::Done;
            } else if let Some((root, role)) = self.root_of(path) {
                if is_root_marker(path) && !path.exists() {
                    return Refresh::Reload;
                }
                is_metadata_changed |= self.refresh_file(root, path, role);
            }
        }
        if is_metadata_changed {
            self.epoch += 1;
            let contents = contents(&self.roots, true);
            self.project = self.project.with_roots(contents, self.epoch);
            refresh = Refresh::Done;
        }
        refresh
    }

    fn root_of(&self, path: &Path) -> Option<(usize, FileRole)> {
        let found = |(index, root): (usize, &crate::workspace::RootState)| {
            Some((index, role_in(&root.folder, path)?))
        };
        self.roots.iter().enumerate().find_map(found)
    }

    fn refresh_module(&mut self, path: &Path) {
        let known = self.project.module_by_path(path);
        self.project = match (path.is_file(), known) {
            (true, _) => self.project.with_module(path, read_facts(path)).0,
            (false, Some(id)) => self.project.without_module(id),
            (false, None) => return,
        };
    }

    /// True if the metadata of the project are others now.
    fn refresh_file(&mut self, root: usize, path: &Path, role: FileRole) -> bool {
        if matches!(role, FileRole::Form | FileRole::BaseForm) {
            return true;
        }
        let Some(owner) = owner_file(path, role) else { return false };
        let Some(state) = self.roots.get_mut(root) else { return false };
        let Some(owner_role) = role_in(&state.folder, &owner) else { return false };
        if !owner.is_file() {
            return state.files.objects.remove(&owner).is_some();
        }
        let (part, problems) = read_part(&state.folder, &owner, owner_role);
        self.problems.retain(|problem| problem.path != owner);
        self.problems.extend(problems);
        let Some(part) = part else { return false };
        state.files.insert(owner, part);
        true
    }
}

fn is_module(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|it| it.eq_ignore_ascii_case("bsl") || it.eq_ignore_ascii_case("os"))
}

/// Files whose coming or going makes or ends a root.
fn is_root_marker(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    matches!(name, Some("Configuration.xml" | "Configuration.mdo" | ".project"))
}
