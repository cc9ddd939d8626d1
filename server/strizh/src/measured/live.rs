//! A measurement of a running infobase by its debug server, for the command line and for editors.

use std::path::PathBuf;

use base::Locale;
use profile::Profile;
use rdbg::{DebugError, DebugOptions, Debugger, ModuleNames};

use crate::files::Disk;
use crate::workspace::project_folder;

/// Why there is no profile.
#[derive(Debug)]
pub(crate) enum LiveError {
    Debug(DebugError),
    NothingRan,
}

impl LiveError {
    pub(crate) fn text(&self, locale: Locale) -> String {
        match (self, locale) {
            (Self::Debug(error), _) => error.text(locale),
            (Self::NothingRan, Locale::Ru) => "пока шёл замер, ничего не выполнялось".to_owned(),
            (Self::NothingRan, Locale::En) => "nothing ran while it was measured".to_owned(),
        }
    }
}

impl From<DebugError> for LiveError {
    fn from(error: DebugError) -> Self {
        Self::Debug(error)
    }
}

/// Measures until `is_done`, and leaves the infobase to others whatever happens. `note_start` is called when everything
/// counts from now on. The calling thread waits.
pub(crate) fn measure(
    options: DebugOptions,
    names: impl FnOnce() -> ModuleNames,
    note_start: impl FnOnce(),
    is_done: impl FnMut() -> bool,
) -> Result<Profile, LiveError> {
    let title = options.infobase.clone();
    let mut debugger = Debugger::attach(options)?;
    note_start();
    let measurement = debugger.measure(is_done);
    if let Err(error) = debugger.detach() {
        tracing::warn!("the debugger did not leave in order: {error}");
    }
    let profile = measurement?.to_profile(&names(), &title);
    if profile.modules.is_empty() { Err(LiveError::NothingRan) } else { Ok(profile) }
}

/// Identifiers of configurations; those of forms and commands stand in `ConfigDumpInfo.xml`. Problems of files are told.
pub(crate) fn module_names(projects: &[PathBuf], mut tell: impl FnMut(String)) -> ModuleNames {
    let mut names = ModuleNames::default();
    for project in projects {
        let (metadata, _) = metadata::load(&Disk, &project_folder(project));
        names.extend(ModuleNames::of_metadata(&metadata));
        for (_, root) in metadata.roots() {
            let file = root.folder().folder.join("ConfigDumpInfo.xml");
            let Ok(bytes) = std::fs::read(&file) else { continue };
            match base::encoding::decode(bytes) {
                Ok(decoded) => names.add_dump_info(decoded.text),
                Err(error) => tell(format!("{}: {error}", file.display())),
            }
        }
    }
    names
}
