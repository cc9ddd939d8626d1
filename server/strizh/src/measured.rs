//! The measurement that a session shows: read from a file on command, kept until it is cleared or replaced.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use base::Locale;
use ide::{HotLines, HotOptions, ProjectDocument};
use metadata::{ModuleName, ModulePlace, RootKind};
use profile::{ModuleProfile, Profile, read_profile};

use crate::lsp::Snapshot;

/// Larger files are no profiles; logs are imported by the command line.
const MAX_BYTES: u64 = 256 << 20;

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

    /// Reads a file in the interchange format. The message names the file.
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        let told = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        let file = std::fs::File::open(path).map_err(|error| told(&error))?;
        let mut bytes = Vec::new();
        file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|error| told(&error))?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(told(&"the file is too large for a profile"));
        }
        read_profile(&bytes).map(Self::new).map_err(|error| told(&error))
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

/// What was read, for the user.
pub(crate) fn summary(profile: &Profile, language: Locale) -> String {
    let lines: usize = profile.modules.iter().map(|module| module.lines.len()).sum();
    let modules = profile.modules.len();
    match language {
        Locale::Ru => format!("Замер загружен. Модулей: {modules}, строк: {lines}."),
        Locale::En => format!("The measurement is loaded. Modules: {modules}, lines: {lines}."),
    }
}
