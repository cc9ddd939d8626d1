//! Keeps the project of the session up to date: the first load in the background, then what changes on the disk.

use std::path::PathBuf;
use std::sync::Arc;

use base::{CancelToken, Locale};
use parking_lot::Mutex;
use semantics::Project;

use crate::lsp::progress::Progress;
use crate::lsp::world::{Snapshot, World};
use crate::workspace::{CachedSource, LoadObserver, Refresh, Workspace, WorkspaceOptions, load};

/// What is being read and what waits for it.
#[derive(Default)]
pub(crate) struct Index {
    workspace: Mutex<Option<(Workspace, CachedSource)>>,
    /// Changed files that nobody has looked at yet.
    changed: Mutex<Vec<PathBuf>>,
    /// Stops the running load.
    loading: Mutex<CancelToken>,
}

impl Index {
    pub(crate) fn note_changes(&self, paths: impl IntoIterator<Item = PathBuf>) {
        self.changed.lock().extend(paths);
    }

    pub(crate) fn cancel(&self) {
        self.loading.lock().cancel();
    }

    fn take_changes(&self) -> Vec<PathBuf> {
        let mut changed = std::mem::take(&mut *self.changed.lock());
        changed.sort();
        changed.dedup();
        changed
    }
}

struct Observer<'a> {
    world: &'a World,
    progress: &'a Progress<'a>,
}

impl LoadObserver for Observer<'_> {
    fn progress(&self, done: usize, total: usize) {
        self.progress.report(done, total);
    }

    fn partial(&self, project: &Project) {
        self.world.set_project(project.clone(), false);
    }
}

/// Loads the workspace; a load that is running is stopped. Called on a thread that may block.
pub(crate) fn load_project(world: &Arc<World>, token: &str, is_shown: bool) {
    let cancel = CancelToken::new();
    std::mem::replace(&mut *world.index.loading.lock(), cancel.clone()).cancel();
    let mut workspace = world.index.workspace.lock();
    let snapshot = world.snapshot();
    let options = options(&snapshot);
    if options.folders.is_empty() {
        return;
    }
    let progress = Progress::begin(world, token, is_shown, title(snapshot.settings.language));
    let source = CachedSource::open(&options.folders);
    let loaded = load(&options, &source, &source, &Observer { world, progress: &progress }, &cancel);
    let Some(loaded) = loaded else {
        progress.end("");
        return;
    };
    for problem in &loaded.problems {
        let line = problem.line.map_or(String::new(), |line| format!(":{}", line + 1));
        world.complain(format!("{}{line}: {}", problem.path.display(), problem.message));
    }
    world.set_project(loaded.project.clone(), true);
    source.finish();
    progress.end("");
    *workspace = Some((loaded, source));
    drop(workspace);
    // Made now, so that the first search by name does not wait for it.
    world.snapshot().disk.symbols();
    refresh_project(world);
}

/// Reads what has changed on the disk since the last call. Called on a thread that may block.
pub(crate) fn refresh_project(world: &Arc<World>) {
    let mut workspace = world.index.workspace.lock();
    let Some((loaded, source)) = workspace.as_mut() else { return };
    match loaded.refresh(&world.index.take_changes(), source) {
        Refresh::Nothing => {}
        Refresh::Done => {
            world.set_project(loaded.project.clone(), true);
            world.snapshot().disk.symbols();
        }
        Refresh::Reload => world.reload_project(),
    }
}

pub(crate) fn options(snapshot: &Snapshot) -> WorkspaceOptions {
    let roots = &snapshot.session.roots;
    let folders = match &snapshot.settings.configuration_root {
        Some(folder) => roots.iter().map(|root| root.join(folder)).collect(),
        None => roots.clone(),
    };
    let settings = &snapshot.settings;
    WorkspaceOptions {
        folders,
        exclude: settings.exclude_paths.clone(),
        help_folder: settings.platform_help.clone(),
        language: settings.language,
    }
}

fn title(language: Locale) -> &'static str {
    match language {
        Locale::Ru => "Strizh: чтение конфигурации",
        Locale::En => "Strizh: reading the configuration",
    }
}
