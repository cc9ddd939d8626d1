//! Measurements: how they are read and taken, and the one that a session shows until it is cleared or replaced.

mod journals;
mod live;
mod read;
mod watch;

use std::sync::Arc;

use base::Locale;
use ide::{HotLines, HotOptions, ProjectDocument};
use metadata::{ModuleName, ModulePlace, RootKind};
use profile::{ModuleProfile, Profile};

use crate::lsp::Snapshot;

pub(crate) use live::{LiveError, measure, module_names};
pub(crate) use read::{Read, Reading, find_sources, resolve};
pub(crate) use watch::Watch;

/// What was measured, shared by snapshots.
#[derive(Clone, Debug, Default)]
pub(crate) struct Measured(Option<Arc<Profile>>);

impl Measured {
    pub(crate) fn new(profile: Profile) -> Self {
        Self(Some(Arc::new(profile)))
    }

    pub(crate) fn profile(&self) -> Option<&Profile> {
        self.0.as_deref()
    }

    /// The module of a document, by its file or by its name in stacks.
    fn module_of(&self, of: ProjectDocument<'_>) -> Option<(&Profile, &ModuleProfile)> {
        let profile = self.profile()?;
        let module = of.project.module(of.module)?;
        let path = module.path.to_string_lossy();
        let by_name = || {
            let extension = module.place.root.and_then(|root| {
                let configuration = of.project.root(root)?.configuration();
                (configuration.kind == RootKind::Extension).then(|| configuration.name.clone())
            });
            let place = ModulePlace::from_path(&path);
            place.owner.as_ref()?;
            let name = ModuleName { extension: extension.unwrap_or_default(), place };
            profile.module(&name.name_ru())
        };
        let found = profile.module_of_path(&path).or_else(by_name)?;
        Some((profile, found))
    }

    /// Measured lines of a document; `None` if nothing of it was measured.
    pub(crate) fn lines_of(&self, of: ProjectDocument<'_>) -> Option<HotLines<'_>> {
        let (profile, module) = self.module_of(of)?;
        Some(HotLines::new(of.document, profile, module))
    }
}

/// What the settings say about hot lines.
pub(crate) fn hot_options(snapshot: &Snapshot) -> HotOptions {
    HotOptions { min_percent: f64::from(snapshot.settings.profile.min_percent), ..HotOptions::default() }
}

/// What is shown, in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) modules: usize,
    pub(crate) lines: usize,
}

impl Size {
    pub(crate) fn of(profile: &Profile) -> Self {
        let lines = profile.modules.iter().map(|module| module.lines.len()).sum();
        Self { modules: profile.modules.len(), lines }
    }

    /// For the user.
    pub(crate) fn text(self, language: Locale) -> String {
        let Self { modules, lines } = self;
        match language {
            Locale::Ru => format!("Замер загружен. Модулей: {modules}, строк: {lines}."),
            Locale::En => format!("The measurement is loaded. Modules: {modules}, lines: {lines}."),
        }
    }
}
