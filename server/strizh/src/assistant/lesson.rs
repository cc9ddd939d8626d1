//! Teaches the index of lines what the project says. A warm start reads no modules, so it is done afterwards, slowly,
//! and only files that have changed since.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use base::CancelToken;
use rustc_hash::FxHashMap;
use tower_lsp::gen_lsp_types::Uri;

use crate::assistant::context::is_left_out;
use crate::files::read_module;
use crate::lsp::{Snapshot, World};

const MAX_FILES: usize = 20_000;
const MAX_FILE_BYTES: u64 = 4 << 20;
const MAX_BYTES: u64 = 256 << 20;
/// More changed files are read as a whole, which is cheaper.
const MAX_SINGLY: usize = 50;
const BUSY_PAUSE: Duration = Duration::from_millis(5);
/// Longer than any check takes; then learning goes on beside it.
const MAX_PAUSES: usize = 400;

/// What has been learned already.
#[derive(Default)]
pub(crate) struct Learned {
    files: FxHashMap<PathBuf, (SystemTime, u64)>,
    documents: FxHashMap<Uri, u64>,
    pub(crate) cancel: CancelToken,
}

impl Learned {
    /// Everything has to be learned again.
    pub(crate) fn restart(&mut self) {
        self.cancel.cancel();
        *self = Self::default();
    }

    /// Marks a revision of a document as learned; false if it was already.
    pub(crate) fn is_new(&mut self, uri: &Uri, generation: u64) -> bool {
        self.documents.insert(uri.clone(), generation) != Some(generation)
    }
}

/// Learns what has changed on the disk. Called on a thread that may block.
pub(crate) fn learn_project(world: &Arc<World>) {
    let assistant = &world.assistant;
    let snapshot = world.snapshot();
    let Some(completions) = assistant.completions().filter(|_| snapshot.disk.is_complete) else { return };
    let (token, known) = {
        let mut learned = assistant.learned.lock();
        std::mem::take(&mut learned.cancel).cancel();
        (learned.cancel.clone(), std::mem::take(&mut learned.files))
    };
    let now = files(&snapshot);
    let changed: Vec<&PathBuf> =
        now.iter().filter(|(path, stamp)| known.get(*path) != Some(*stamp)).map(|(path, _)| path).collect();
    let mut texts = changed.iter().filter_map(|path| {
        give_way(world, &token);
        let decoded = read_module(path).ok()?;
        Some((module_key(&snapshot, path), decoded.text))
    });
    if changed.len() > MAX_SINGLY {
        completions.learn_all(&mut texts, &token);
    } else {
        texts
            .take_while(|_| !token.is_cancelled())
            .for_each(|(key, text)| completions.learn(&key, &text, &token));
    }
    for gone in known.keys().filter(|path| !now.contains_key(*path)) {
        completions.forget(&module_key(&snapshot, gone));
    }
    // A cancelled lesson begins anew.
    if !token.is_cancelled() {
        assistant.learned.lock().files = now;
    }
}

/// What an index knows a module by: its path in the workspace.
pub(crate) fn module_key(snapshot: &Snapshot, path: &Path) -> String {
    let roots = snapshot.session.roots.iter();
    let inside = roots.filter_map(|root| path.strip_prefix(root).ok()).next().unwrap_or(path);
    inside.to_string_lossy().replace('\\', "/")
}

/// Files of modules that are worth reading, with how they look from outside.
fn files(snapshot: &Snapshot) -> FxHashMap<PathBuf, (SystemTime, u64)> {
    let mut paths: Vec<PathBuf> = snapshot.disk.project.modules().map(|module| module.path.clone()).collect();
    paths.sort();
    let mut found = FxHashMap::default();
    let mut bytes = 0;
    for path in paths.into_iter().take(MAX_FILES).filter(|path| !is_left_out(snapshot, path)) {
        let Ok(metadata) = std::fs::metadata(&path) else { continue };
        bytes += metadata.len();
        if metadata.len() <= MAX_FILE_BYTES && bytes <= MAX_BYTES {
            found.insert(path, (metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH), metadata.len()));
        }
    }
    found
}

/// Waits while documents are checked, unless cancelled.
fn give_way(world: &World, token: &CancelToken) {
    for _ in 0..MAX_PAUSES {
        if token.is_cancelled() || !world.schedule.is_busy() {
            return;
        }
        std::thread::sleep(BUSY_PAUSE);
    }
}
