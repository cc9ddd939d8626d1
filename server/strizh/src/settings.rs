//! Everything a user can set, resolved from two sources: the project file `.bsl-language-server.json` and the
//! section `strizh` of the editor. What the editor sets explicitly wins; everything has a default.

mod ai;
mod client;
mod debug_server;
mod file;
mod infobase;
mod names;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use base::Locale;
use serde::Deserialize;
use serde_json::Value;

pub(crate) use ai::{AiLanguage, AiMode, AiSettings};
pub(crate) use client::{ClientSettings, schema};
pub(crate) use debug_server::DebugServerSettings;
pub(crate) use file::{FileSettings, SETTINGS_FILE};
pub(crate) use infobase::InfobaseSettings;
pub(crate) use names::nearest;

/// When diagnostics are computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Trigger {
    #[default]
    OnType,
    OnSave,
    Never,
}

impl Trigger {
    /// Reads a name in any case.
    fn from_name(name: &str) -> Option<Self> {
        match name.to_lowercase().as_str() {
            "ontype" => Some(Self::OnType),
            "onsave" => Some(Self::OnSave),
            "never" => Some(Self::Never),
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for Trigger {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::from_name(&name).ok_or_else(|| {
            serde::de::Error::custom(format!("unknown value {name:?}, expected onType, onSave or never"))
        })
    }
}

/// The settings in force.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Language of messages and help texts.
    pub(crate) language: Locale,
    pub(crate) trigger: Trigger,
    /// Pause in typing after which diagnostics are computed.
    pub(crate) debounce: Duration,
    /// Give keywords their canonical spelling when formatting.
    pub(crate) canonical_keywords: bool,
    /// Spell `И`, `ИЛИ`, `НЕ` in capitals when formatting.
    pub(crate) upper_case_operators: bool,
    pub(crate) format_on_type: bool,
    /// Show how complex methods are above those that are hard to follow.
    pub(crate) complexity_lens: bool,
    /// Show how often methods are used.
    pub(crate) reference_lens: bool,
    /// Show names of parameters before arguments.
    pub(crate) parameter_hints: bool,
    /// Show types of variables where they get their first value.
    pub(crate) type_hints: bool,
    /// Folder of the configuration inside the workspace.
    pub(crate) configuration_root: Option<PathBuf>,
    /// Files and folders that whole-project commands leave out.
    pub(crate) exclude_paths: Vec<String>,
    /// Folder with the help files of the platform.
    pub(crate) platform_help: Option<PathBuf>,
    /// Version of the platform that rules about versions assume.
    pub(crate) platform_version: Option<(u16, u16, u16)>,
    /// The section `diagnostics` of the project file, for the rules.
    pub(crate) diagnostics: Value,
    /// Completion by a model.
    pub(crate) ai: Arc<AiSettings>,
    /// Hot reload.
    pub(crate) infobase: Arc<InfobaseSettings>,
    /// Whom measurements of a running infobase ask.
    pub(crate) debug_server: Arc<DebugServerSettings>,
    /// How measurements are shown.
    pub(crate) profile: ProfileSettings,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ProfileSettings {
    pub(crate) hints: bool,
    pub(crate) lenses: bool,
    pub(crate) diagnostics: bool,
    /// Lines that cost less get no numbers.
    pub(crate) min_percent: u32,
}

impl Settings {
    pub(crate) fn resolve(client: &ClientSettings, file: &FileSettings) -> Self {
        let formatting = &file.formatting;
        let trigger = match client.is_enabled {
            Some(false) => Trigger::Never,
            _ => client.trigger.or(file.trigger()).unwrap_or_default(),
        };
        Self {
            language: client.language.or(file.language.0).unwrap_or_default(),
            trigger,
            debounce: Duration::from_millis(client.debounce_ms.unwrap_or(client::DEBOUNCE_MS)),
            canonical_keywords: client
                .canonical_keywords
                .or(formatting.use_keywords_formatting)
                .unwrap_or(true),
            upper_case_operators: client
                .upper_case_operators
                .or(formatting.use_upper_case_for_or_not_and_keywords)
                .unwrap_or(true),
            format_on_type: client.format_on_type.or(formatting.use_on_type_formatting).unwrap_or(true),
            complexity_lens: client.complexity_lens.unwrap_or(true),
            reference_lens: client.reference_lens.unwrap_or(true),
            parameter_hints: client.parameter_hints.unwrap_or(true),
            type_hints: client.type_hints.unwrap_or(true),
            configuration_root: file.configuration_root.clone(),
            exclude_paths: file.exclude_paths.clone(),
            platform_help: client.platform_help.clone(),
            platform_version: file.v8platform.version(),
            diagnostics: file.diagnostics.clone(),
            ai: Arc::new(client.ai.clone()),
            infobase: Arc::new(client.infobase.clone()),
            debug_server: Arc::new(client.debug_server.clone()),
            profile: ProfileSettings {
                hints: client.profile_hints.unwrap_or(true),
                lenses: client.profile_lenses.unwrap_or(true),
                diagnostics: client.profile_diagnostics.unwrap_or(true),
                min_percent: client.profile_min_percent.unwrap_or(client::MIN_PERCENT),
            },
        }
    }

    /// Settings of a command-line run: the given file, or the one in `folder`, if there is one.
    pub(crate) fn for_command_line(
        path: Option<&Path>,
        folder: &Path,
    ) -> Result<(Self, Vec<String>), String> {
        let path = path.map_or_else(|| folder.join(SETTINGS_FILE), Path::to_path_buf);
        let (file, warnings) = FileSettings::read(&path)?;
        Ok((Self::resolve(&ClientSettings::default(), &file), warnings))
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self::resolve(&ClientSettings::default(), &FileSettings::default())
    }
}
