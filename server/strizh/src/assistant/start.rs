//! Starts, replaces and stops what makes suggestions, as the settings say. Runs in the background.

use std::sync::Arc;

use crate::assistant::completions::Completions;
use crate::assistant::fake::Fake;
use crate::assistant::learn_project;
use crate::assistant::status::announce;
use crate::assistant::tiers::Tiers;
use crate::lsp::World;
use crate::settings::{AiMode, AiSettings};

/// Brings the model in line with the settings; nothing happens if it is. Called on a thread that may block.
pub(crate) fn start(world: &Arc<World>) {
    let assistant = &world.assistant;
    let snapshot = world.snapshot();
    let settings = Arc::clone(&snapshot.settings.ai);
    {
        let mut started = assistant.started.lock();
        let is_wanted = settings.mode != AiMode::Off && snapshot.documents().next().is_some();
        let is_same = started.as_ref().is_some_and(|started| same_engine(started, &settings));
        if is_same || (!is_wanted && started.is_none()) {
            return;
        }
        assistant.cancel_all();
        assistant.is_ready.send_replace(false);
        assistant.learned.lock().restart();
        *assistant.shown.lock() = None;
        *started = (settings.mode != AiMode::Off).then(|| Arc::clone(&settings));
        *assistant.completions.lock() = started.is_some().then(|| open(&settings));
    }
    announce(world);
    if let Some(completions) = assistant.completions() {
        completions.load();
        // Meanwhile other settings may have come.
        if assistant.completions().is_some_and(|current| Arc::ptr_eq(&current, &completions)) {
            assistant.is_ready.send_replace(true);
        }
        announce(world);
        learn_project(world);
    }
}

/// What a change of the other settings leaves in place.
fn same_engine(one: &AiSettings, other: &AiSettings) -> bool {
    let engine = |settings: &AiSettings| {
        let is_off = settings.mode == AiMode::Off;
        let remote = (settings.remote.clone(), settings.disabled_folders.clone());
        (
            is_off,
            (settings.model_file.clone(), settings.experts_file.clone()),
            (settings.max_memory_bytes, settings.disk_cache_bytes),
            remote,
            settings.shared_cache.clone(),
        )
    };
    engine(one) == engine(other)
}

/// Tests of the protocol have a stand-in for the model.
fn open(settings: &AiSettings) -> Arc<dyn Completions> {
    if std::env::var_os(crate::lsp::TEST_REQUESTS).is_some_and(|value| value == "1") {
        return Arc::new(Fake::default());
    }
    Arc::new(Tiers::open(settings))
}
