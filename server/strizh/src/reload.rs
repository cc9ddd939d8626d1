//! Hot reload in the editor: commands, saves, states, consent. What it means for an infobase is the business of the crate
//! `infobase`; here is who asked, and how they are told.

mod commands;
mod desk;
mod tell;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, OnceLock, Weak};

use infobase::change::ModuleTraits;
use infobase::manager::{Consent, Event, HistoryEntry};
use metadata::{Details, Reuse};
use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use tokio::sync::oneshot;

use crate::lsp::{Snapshot, Uri, World, path_of};
use crate::reload::desk::{Desk, Running, Wanted};
use crate::reload::tell::Shown;
use crate::settings::InfobaseSettings;

pub(crate) use commands::{HISTORY, RELOAD, RELOAD_PLAN, UNDO, run_command};
pub(crate) use tell::{Question, ask, show_progress};

/// Who wants a reload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    Saved,
    Asked,
    /// Only tell what would be done.
    Plan,
    /// Takes the last change back.
    Undo,
}

/// A submission under way.
#[derive(Clone)]
struct UnderWay {
    uri: Uri,
    wish: Wish,
    text: Arc<str>,
    generation: u64,
    consent: Consent,
}

/// What a session knows about hot reloads. All of it may be asked from any thread.
#[derive(Default)]
pub(crate) struct Reloads {
    world: OnceLock<Weak<World>>,
    desk: Mutex<Option<Sender<Wanted>>>,
    /// By the folder of the configuration.
    managers: Mutex<FxHashMap<PathBuf, Running>>,
    under_way: Mutex<FxHashMap<u64, UnderWay>>,
    /// Whoever shows progress waits for the last event.
    waiting: Mutex<FxHashMap<u64, oneshot::Receiver<Event>>>,
    waiters: Mutex<FxHashMap<u64, oneshot::Sender<Event>>>,
    /// What the last refusal complained about.
    shown: Mutex<FxHashMap<Uri, Shown>>,
    /// Texts as they were opened: probably what is applied.
    opened: Mutex<FxHashMap<Uri, Arc<str>>>,
    next: AtomicU64,
}

impl Reloads {
    pub(crate) fn attach(&self, world: &Arc<World>) {
        let _ = self.world.set(Arc::downgrade(world));
    }

    pub(crate) fn note_open(&self, uri: &Uri, text: &str, settings: &InfobaseSettings) {
        if settings.is_enabled {
            self.opened.lock().insert(uri.clone(), text.into());
        }
    }

    pub(crate) fn forget(&self, uri: &Uri) {
        self.opened.lock().remove(uri);
        self.shown.lock().remove(uri);
    }

    /// Hands a module in; its number, or `None` if hot reload is off or there is no such text.
    pub(crate) fn submit(&self, world: &World, snapshot: &Snapshot, uri: &Uri, wish: Wish) -> Option<u64> {
        if !snapshot.settings.infobase.is_enabled {
            if wish != Wish::Saved {
                self.explain_off(world, snapshot);
            }
            return None;
        }
        let (text, generation) = match snapshot.document(uri) {
            Some(open) => (open.document.text(), open.generation),
            None => (crate::files::read_module(&path_of(uri)).ok()?.text, 0),
        };
        let consent = Consent::default();
        let under_way = UnderWay { uri: uri.clone(), wish, text: text.into(), generation, consent };
        Some(self.hand_in(snapshot, under_way))
    }

    fn hand_in(&self, snapshot: &Snapshot, under_way: UnderWay) -> u64 {
        let number = self.next.fetch_add(1, Ordering::Relaxed) + 1;
        let path = path_of(&under_way.uri);
        let wanted = Wanted {
            number,
            text: Arc::clone(&under_way.text),
            base: self.opened.lock().get(&under_way.uri).cloned(),
            traits: traits(snapshot, &path),
            path,
            wish: under_way.wish,
            consent: under_way.consent,
            settings: Arc::clone(&snapshot.settings),
        };
        if under_way.wish != Wish::Saved {
            let (waiter, waiting) = oneshot::channel();
            self.waiters.lock().insert(number, waiter);
            self.waiting.lock().insert(number, waiting);
        }
        self.under_way.lock().insert(number, under_way);
        self.send(wanted);
        number
    }

    /// The desk does what may take a while: files, programs of keyrings.
    fn send(&self, wanted: Wanted) {
        let mut desk = self.desk.lock();
        let sender = desk.get_or_insert_with(|| {
            let (sender, incoming) = channel();
            let worker = Desk { world: self.world.get().cloned().unwrap_or_default() };
            let thread = std::thread::Builder::new().name("hot reload desk".to_owned());
            if let Err(error) = thread.spawn(move || worker.run(&incoming)) {
                tracing::error!("hot reload cannot be started: {error}");
            }
            sender
        });
        if sender.send(wanted).is_err() {
            tracing::error!("hot reload has ended");
        }
    }

    /// What was applied in this session, the oldest first.
    fn history(&self) -> Vec<HistoryEntry> {
        let managers = self.managers.lock();
        let mut entries: Vec<HistoryEntry> = managers
            .values()
            .flat_map(|running| running.history().entries().cloned().collect::<Vec<_>>())
            .collect();
        entries.sort_by_key(|entry| entry.number);
        entries
    }

    /// Ends what is under way.
    pub(crate) fn cancel(&self) {
        self.desk.lock().take();
        self.managers.lock().values().for_each(Running::cancel);
    }
}

/// What the metadata says about a module.
fn traits(snapshot: &Snapshot, path: &std::path::Path) -> ModuleTraits {
    let mut traits = ModuleTraits {
        kind: lints::ModuleInfo::from_path(&path.to_string_lossy()).kind,
        ..Default::default()
    };
    let project = snapshot.project();
    let common = || {
        let object = project.place(project.module_by_path(path)?)?.object?;
        match &project.object(object)?.details {
            Details::CommonModule(common) => Some((common.is_global, common.reuse != Reuse::DontUse)),
            _ => None,
        }
    };
    if let Some((is_global, caches_values)) = common() {
        traits.is_global = is_global;
        traits.caches_values = caches_values;
    }
    traits
}
