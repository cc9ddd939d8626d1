//! Finds the infobase of a module and hands the text to its manager.

use std::path::{Path, PathBuf};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Weak};
use std::time::SystemTime;

use infobase::change::{Bound, ModuleTraits, bindings};
use infobase::config::InfobaseConfig;
use infobase::manager::{Consent, History, Manager, Submission};
use resilience::SystemClock;

use crate::files::Disk;
use crate::live::{audit_file, configuration_file, locate};
use crate::lsp::World;
use crate::reload::Wish;
use crate::settings::{InfobaseSettings, Settings};

/// A text on its way to the desk.
pub(super) struct Wanted {
    pub number: u64,
    pub path: PathBuf,
    pub text: Arc<str>,
    pub base: Option<Arc<str>>,
    pub traits: ModuleTraits,
    pub wish: Wish,
    pub consent: Consent,
    pub settings: Arc<Settings>,
}

/// A manager with what it was started for.
pub(super) struct Running {
    manager: Manager,
    settings: Arc<InfobaseSettings>,
    changed: Option<SystemTime>,
}

impl Running {
    pub(super) fn history(&self) -> History {
        self.manager.history()
    }

    pub(super) fn cancel(&self) {
        self.manager.cancel();
    }
}

pub(super) struct Desk {
    pub world: Weak<World>,
}

impl Desk {
    pub(super) fn run(self, incoming: &Receiver<Wanted>) {
        while let Ok(wanted) = incoming.recv() {
            let Some(world) = self.world.upgrade() else { return };
            let number = wanted.number;
            if let Err(why) = self.accept(&world, wanted) {
                world.reloads.refuse(&world, number, &why);
            }
        }
    }

    fn accept(&self, world: &World, wanted: Wanted) -> Result<(), String> {
        let (root, module) = locate(&wanted.path).map_err(|error| error.to_string())?;
        let file = wanted.settings.infobase.configuration_file.clone().or_else(configuration_file);
        let file = file.ok_or("there is no folder for the user's settings")?;
        let changed = std::fs::metadata(&file).and_then(|metadata| metadata.modified()).ok();
        let mut managers = world.reloads.managers.lock();
        let is_current = managers.get(&root).is_some_and(|running| {
            running.settings == wanted.settings.infobase && running.changed == changed
        });
        if !is_current {
            managers.remove(&root);
            let manager = self.start(&file, &root, &wanted.settings)?;
            let settings = Arc::clone(&wanted.settings.infobase);
            managers.insert(root.clone(), Running { manager, settings, changed });
        }
        let Some(running) = managers.get(&root) else { return Ok(()) };
        let path = module.path.clone();
        let bound = Bound::by(move || bindings(&Disk, &root, &path));
        running.manager.submit(Submission {
            number: wanted.number,
            base: wanted.base.as_deref().map(str::to_owned),
            traits: ModuleTraits { bound, ..wanted.traits },
            consent: wanted.consent,
            is_urgent: wanted.wish != Wish::Saved,
            is_dry_run: wanted.wish == Wish::Plan,
            is_rollback: wanted.wish == Wish::Undo,
            ..Submission::new(module, wanted.text.to_string())
        });
        Ok(())
    }

    fn start(&self, file: &Path, root: &Path, settings: &Settings) -> Result<Manager, String> {
        let (_, infobase) = InfobaseConfig::load(file, root).map_err(|error| error.to_string())?;
        let audit = audit_file().ok_or("there is no folder for the audit")?;
        let session = infobase
            .session(root, audit, settings.language, SystemClock::shared())
            .map_err(|error| error.to_string())?;
        let world = self.world.clone();
        let listener = Box::new(move |event| {
            if let Some(world) = world.upgrade() {
                world.reloads.heard(&world, event);
            }
        });
        Manager::start(session, settings.infobase.debounce, listener).map_err(|error| error.to_string())
    }
}
