//! Settings of living infobases. Which infobase belongs to a workspace, and how it is reached, stands in a file of the user:
//! a project can neither choose a program that is started nor an address that code is sent to.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;

use crate::settings::client::{ClientSetting, Kind};

/// A pause that a hand does not notice and a burst of saves does not have.
const DEBOUNCE_MS: u64 = 50;

pub(super) const INFOBASE_SETTINGS: &[ClientSetting] = &[
    ClientSetting {
        name: "infobase.hotReload.enable",
        kind: Kind::Bool,
        doc_ru: "Разрешить перезагрузку модулей в живой базе этой рабочей области. По умолчанию выключено; база описывается в файле пользователя (`infobase.configurationFile`).",
        doc_en: "Allow modules of this workspace to be reloaded into a living infobase. Off by default; the infobase is described in a file of the user (`infobase.configurationFile`).",
    },
    ClientSetting {
        name: "infobase.hotReload.onSave",
        kind: Kind::Bool,
        doc_ru: "Перезагружать модуль при сохранении. По умолчанию выключено.",
        doc_en: "Reload a module when it is saved. Off by default.",
    },
    ClientSetting {
        name: "infobase.hotReload.debounceMilliseconds",
        kind: Kind::Number { default: DEBOUNCE_MS, min: 0, max: 60_000 },
        doc_ru: "Пауза после сохранения, в миллисекундах: из нескольких сохранений подряд применяется последнее.",
        doc_en: "Pause after saving, in milliseconds: of several saves in a row the last one is applied.",
    },
    ClientSetting {
        name: "infobase.configurationFile",
        kind: Kind::UserFile,
        doc_ru: "Файл с базами рабочих областей. По умолчанию `strizh/infobase.json` в папке настроек пользователя; файл внутри рабочей области не используется.",
        doc_en: "File with the infobases of workspaces. The default is `strizh/infobase.json` in the user's settings folder; a file inside the workspace is not used.",
    },
];

/// What the user has set.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct InfobaseSettings {
    pub(crate) is_enabled: bool,
    pub(crate) on_save: bool,
    pub(crate) debounce: Duration,
    /// Instead of the user's own one.
    pub(crate) configuration_file: Option<PathBuf>,
}

impl Default for InfobaseSettings {
    fn default() -> Self {
        Self {
            is_enabled: false,
            on_save: false,
            debounce: Duration::from_millis(DEBOUNCE_MS),
            configuration_file: None,
        }
    }
}

impl InfobaseSettings {
    /// `None` if the value does not fit the setting.
    pub(super) fn read_value(&mut self, name: &str, value: &Value) -> Option<()> {
        match name {
            "infobase.hotReload.enable" => self.is_enabled = value.as_bool()?,
            "infobase.hotReload.onSave" => self.on_save = value.as_bool()?,
            "infobase.hotReload.debounceMilliseconds" => {
                self.debounce = Duration::from_millis(value.as_u64().filter(|ms| *ms <= 60_000)?);
            }
            "infobase.configurationFile" => {
                let path = value.as_str()?.trim();
                self.configuration_file = (!path.is_empty()).then(|| PathBuf::from(path));
            }
            _ => return None,
        }
        Some(())
    }

    /// A workspace that the user does not trust reloads nothing.
    pub(crate) fn distrust(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::settings::ClientSettings;

    #[test]
    fn the_section_is_read_and_distrusted() {
        let value = json!({"infobase": {
            "hotReload": {"enable": true, "onSave": true, "debounceMilliseconds": 5}, "configurationFile": "/a.json",
        }});
        let (settings, warnings) = ClientSettings::parse(&value);
        assert_eq!(warnings, [""; 0]);
        let mut infobase = settings.infobase;
        assert!(infobase.is_enabled && infobase.on_save);
        assert_eq!(infobase.debounce, Duration::from_millis(5));
        assert_eq!(infobase.configuration_file, Some(PathBuf::from("/a.json")));
        infobase.distrust();
        assert_eq!(infobase, InfobaseSettings::default());
        assert!(!infobase.is_enabled && !infobase.on_save, "off by default");
        for name in INFOBASE_SETTINGS.iter().map(|setting| setting.name) {
            assert_eq!(InfobaseSettings::default().read_value(name, &json!([])), None, "{name}");
        }
    }
}
