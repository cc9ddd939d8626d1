//! The section `strizh` of the editor. One table holds every setting with its documentation and default; the
//! settings schema of the extension is generated from it.

use std::path::PathBuf;

use base::Locale;
use serde_json::{Value, json};

use crate::settings::Trigger;
use crate::settings::ai::{AI_SETTINGS, AiSettings};
use crate::settings::debug_server::{DEBUG_SERVER_SETTINGS, DebugServerSettings};
use crate::settings::infobase::{INFOBASE_SETTINGS, InfobaseSettings};
use crate::settings::names::unknown_setting;

pub(crate) const DEBOUNCE_MS: u64 = 250;
pub(crate) const MIN_PERCENT: u32 = 1;
const MAX_DEBOUNCE_MS: u64 = 60_000;
/// Sections that only the editor extension reads.
const CLIENT_ONLY: &[&str] = &["server", "trace"];

/// A setting as the schema shows it.
pub(super) struct ClientSetting {
    /// Name below the section, with dots.
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) doc_ru: &'static str,
    pub(super) doc_en: &'static str,
}

#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// No value leaves the choice to the project file.
    Bool,
    Choice(&'static [&'static str]),
    Milliseconds(u64),
    Number {
        default: u64,
        min: u64,
        max: u64,
    },
    Folder,
    /// A list of some of these words.
    Words(&'static [&'static str]),
    /// A list of any texts.
    Texts,
    /// A text that settings of a workspace cannot set.
    UserText,
    /// A list of texts that settings of a workspace cannot set.
    UserTexts,
    /// A file that settings of a workspace cannot set.
    UserFile,
}

const CLIENT_SETTINGS: &[ClientSetting] = &[
    ClientSetting {
        name: "language",
        kind: Kind::Choice(&["ru", "en"]),
        doc_ru: "Язык сообщений и справки. Без значения действует `language` из `.bsl-language-server.json`.",
        doc_en: "Language of messages and help. Without a value `language` of `.bsl-language-server.json` applies.",
    },
    ClientSetting {
        name: "diagnostics.enable",
        kind: Kind::Bool,
        doc_ru: "Показывать замечания в открытых модулях.",
        doc_en: "Show diagnostics of open modules.",
    },
    ClientSetting {
        name: "diagnostics.trigger",
        kind: Kind::Choice(&["onType", "onSave", "never"]),
        doc_ru: "Когда проверять открытый модуль. По умолчанию — при вводе.",
        doc_en: "When to check an open module. The default is while typing.",
    },
    ClientSetting {
        name: "diagnostics.debounceMilliseconds",
        kind: Kind::Milliseconds(DEBOUNCE_MS),
        doc_ru: "Пауза во вводе, после которой начинается проверка, в миллисекундах.",
        doc_en: "Pause in typing after which checking starts, in milliseconds.",
    },
    ClientSetting {
        name: "formatting.canonicalKeywords.enable",
        kind: Kind::Bool,
        doc_ru: "При форматировании писать ключевые слова канонически.",
        doc_en: "Give keywords their canonical spelling when formatting.",
    },
    ClientSetting {
        name: "formatting.upperCaseOperators.enable",
        kind: Kind::Bool,
        doc_ru: "При форматировании писать `И`, `ИЛИ`, `НЕ` заглавными буквами.",
        doc_en: "Spell `AND`, `OR`, `NOT` in capitals when formatting.",
    },
    ClientSetting {
        name: "formatting.onType.enable",
        kind: Kind::Bool,
        doc_ru: "Форматировать строку после `;` и перевода строки.",
        doc_en: "Format a line after `;` and a line break.",
    },
    ClientSetting {
        name: "codeLens.complexity.enable",
        kind: Kind::Bool,
        doc_ru: "Показывать сложность над методами, которые трудно понять. По умолчанию включено.",
        doc_en: "Show the complexity above methods that are hard to follow. On by default.",
    },
    ClientSetting {
        name: "codeLens.references.enable",
        kind: Kind::Bool,
        doc_ru: "Показывать над методами, сколько раз они используются. По умолчанию включено.",
        doc_en: "Show above methods how often they are used. On by default.",
    },
    ClientSetting {
        name: "platform.helpFolder",
        kind: Kind::Folder,
        doc_ru: "Папка с файлами справки платформы (`shcntx_ru.hbk`). По умолчанию ищется новейшая установка.",
        doc_en: "Folder with the help files of the platform (`shcntx_ru.hbk`). The newest installation by default.",
    },
    ClientSetting {
        name: "inlayHint.parameters.enable",
        kind: Kind::Bool,
        doc_ru: "Показывать имена параметров перед значениями в вызовах. По умолчанию включено.",
        doc_en: "Show names of parameters before the values in calls. On by default.",
    },
    ClientSetting {
        name: "inlayHint.types.enable",
        kind: Kind::Bool,
        doc_ru: "Показывать типы переменных там, где они получают первое значение. По умолчанию включено.",
        doc_en: "Show types of variables where they get their first value. On by default.",
    },
    ClientSetting {
        name: "profile.inlayHints.enable",
        kind: Kind::Bool,
        doc_ru: "Показывать время, долю и число выполнений за измеренными строками. По умолчанию включено.",
        doc_en: "Show time, share and number of executions behind measured lines. On by default.",
    },
    ClientSetting {
        name: "profile.codeLens.enable",
        kind: Kind::Bool,
        doc_ru: "Показывать над методами и горячими строками, сколько они стоят. По умолчанию включено.",
        doc_en: "Show above methods and hot lines what they cost. On by default.",
    },
    ClientSetting {
        name: "profile.diagnostics.enable",
        kind: Kind::Bool,
        doc_ru: "Называть причины горячих строк подсказками среди замечаний. По умолчанию включено.",
        doc_en: "Name the causes of hot lines by hints among the diagnostics. On by default.",
    },
    ClientSetting {
        name: "profile.minimumPercent",
        kind: Kind::Number { default: MIN_PERCENT as u64, min: 0, max: 100 },
        doc_ru: "Доля замера в процентах, начиная с которой у строки показываются числа.",
        doc_en: "Part of the measurement in percent from which on a line gets its numbers.",
    },
];

fn all_settings() -> impl Iterator<Item = &'static ClientSetting> {
    CLIENT_SETTINGS.iter().chain(DEBUG_SERVER_SETTINGS).chain(AI_SETTINGS).chain(INFOBASE_SETTINGS)
}

/// What the editor has set explicitly.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ClientSettings {
    pub(crate) language: Option<Locale>,
    pub(crate) is_enabled: Option<bool>,
    pub(crate) trigger: Option<Trigger>,
    pub(crate) debounce_ms: Option<u64>,
    pub(crate) canonical_keywords: Option<bool>,
    pub(crate) upper_case_operators: Option<bool>,
    pub(crate) format_on_type: Option<bool>,
    pub(crate) complexity_lens: Option<bool>,
    pub(crate) reference_lens: Option<bool>,
    pub(crate) platform_help: Option<PathBuf>,
    pub(crate) parameter_hints: Option<bool>,
    pub(crate) type_hints: Option<bool>,
    pub(crate) profile_hints: Option<bool>,
    pub(crate) profile_lenses: Option<bool>,
    pub(crate) profile_diagnostics: Option<bool>,
    pub(crate) profile_min_percent: Option<u32>,
    pub(crate) debug_server: DebugServerSettings,
    pub(crate) ai: AiSettings,
    pub(crate) infobase: InfobaseSettings,
}

impl ClientSettings {
    /// Reads the section (nested objects or names with dots) and names everything that is not understood.
    pub(crate) fn parse(value: &Value) -> (Self, Vec<String>) {
        let value = value.get("strizh").unwrap_or(value);
        let mut settings = Self::default();
        let mut warnings = Vec::new();
        settings.read_section(value, "", &mut warnings);
        (settings, warnings)
    }

    fn read_section(&mut self, value: &Value, prefix: &str, warnings: &mut Vec<String>) {
        for (key, value) in value.as_object().into_iter().flatten() {
            let name = format!("{prefix}{key}");
            let section = format!("{name}.");
            if CLIENT_ONLY.contains(&name.split('.').next().unwrap_or_default()) {
                continue;
            }
            if value.is_object() && all_settings().any(|setting| setting.name.starts_with(&section)) {
                self.read_section(value, &section, warnings);
            } else if !all_settings().any(|setting| setting.name == name) {
                let known = all_settings().map(|setting| setting.name);
                warnings.push(unknown_setting(&name, "strizh", known));
            } else if !value.is_null() && self.read_value(&name, value).is_none() {
                warnings.push(format!("strizh.{name}: {value} is not a possible value"));
            }
        }
    }

    /// `None` if the value does not fit the setting.
    fn read_value(&mut self, name: &str, value: &Value) -> Option<()> {
        match name {
            "language" => {
                self.language = Some(match value.as_str()?.to_lowercase().as_str() {
                    "ru" => Locale::Ru,
                    "en" => Locale::En,
                    _ => return None,
                });
            }
            "diagnostics.enable" => self.is_enabled = Some(value.as_bool()?),
            "diagnostics.trigger" => self.trigger = Some(Trigger::from_name(value.as_str()?)?),
            "diagnostics.debounceMilliseconds" => {
                self.debounce_ms = Some(value.as_u64().filter(|ms| *ms <= MAX_DEBOUNCE_MS)?);
            }
            "formatting.canonicalKeywords.enable" => self.canonical_keywords = Some(value.as_bool()?),
            "formatting.upperCaseOperators.enable" => self.upper_case_operators = Some(value.as_bool()?),
            "formatting.onType.enable" => self.format_on_type = Some(value.as_bool()?),
            "codeLens.references.enable" => self.reference_lens = Some(value.as_bool()?),
            "codeLens.complexity.enable" => self.complexity_lens = Some(value.as_bool()?),
            "platform.helpFolder" => self.platform_help = Some(PathBuf::from(value.as_str()?)),
            "inlayHint.parameters.enable" => self.parameter_hints = Some(value.as_bool()?),
            "inlayHint.types.enable" => self.type_hints = Some(value.as_bool()?),
            "profile.inlayHints.enable" => self.profile_hints = Some(value.as_bool()?),
            "profile.codeLens.enable" => self.profile_lenses = Some(value.as_bool()?),
            "profile.diagnostics.enable" => self.profile_diagnostics = Some(value.as_bool()?),
            "profile.minimumPercent" => {
                let percent = value.as_u64().filter(|percent| *percent <= 100)?;
                self.profile_min_percent = u32::try_from(percent).ok();
            }
            name if name.starts_with("profile.debugServer.") => self.debug_server.read_value(name, value)?,
            name if name.starts_with("ai.") => self.ai.read_value(name, value)?,
            name if name.starts_with("infobase.") => self.infobase.read_value(name, value)?,
            _ => {}
        }
        Some(())
    }
}

/// `contributes.configuration.properties` of a `package.json`.
pub(crate) fn schema(locale: Locale) -> Value {
    let properties = all_settings().map(|setting| {
        let doc = match locale {
            Locale::Ru => setting.doc_ru,
            Locale::En => setting.doc_en,
        };
        let mut property = property(setting.kind);
        property["markdownDescription"] = json!(doc);
        (format!("strizh.{}", setting.name), property)
    });
    Value::Object(properties.collect())
}

fn property(kind: Kind) -> Value {
    match kind {
        Kind::Bool => json!({"type": ["boolean", "null"], "default": null}),
        Kind::Choice(names) => {
            let names: Vec<Value> = names.iter().map(|name| json!(name)).chain([Value::Null]).collect();
            json!({"type": ["string", "null"], "enum": names, "default": null})
        }
        Kind::Folder => json!({"type": ["string", "null"], "default": null}),
        Kind::UserText | Kind::UserFile => {
            json!({"type": ["string", "null"], "default": null, "scope": "machine"})
        }
        Kind::Words(names) => json!({
            "type": "array", "items": {"type": "string", "enum": names}, "uniqueItems": true, "default": [],
        }),
        Kind::Texts => json!({"type": "array", "items": {"type": "string"}, "default": []}),
        Kind::UserTexts => {
            json!({"type": "array", "items": {"type": "string"}, "default": [], "scope": "machine"})
        }
        Kind::Milliseconds(default) => {
            json!({"type": "integer", "default": default, "minimum": 0, "maximum": MAX_DEBOUNCE_MS})
        }
        Kind::Number { default, min, max } => {
            json!({"type": "integer", "default": default, "minimum": min, "maximum": max})
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Map;

    use super::*;

    #[test]
    fn nested_and_dotted_names_mean_the_same() {
        let nested = json!({"strizh": {"diagnostics": {"debounceMilliseconds": 0}, "language": "EN"}});
        let dotted = json!({"diagnostics.debounceMilliseconds": 0, "language": "en"});
        assert_eq!(ClientSettings::parse(&nested), ClientSettings::parse(&dotted));
        let (settings, warnings) = ClientSettings::parse(&nested);
        assert_eq!((settings.debounce_ms, settings.language), (Some(0), Some(Locale::En)));
        assert_eq!(warnings, [""; 0]);
    }

    #[test]
    fn what_is_not_understood_is_named() {
        let value = json!({"diagnostics": {"debounceMiliseconds": 1, "trigger": "sometimes"}});
        assert_eq!(
            ClientSettings::parse(&value).1,
            [
                "strizh: unknown setting \"diagnostics.debounceMiliseconds\"; \
                 did you mean \"diagnostics.debounceMilliseconds\"?",
                "strizh.diagnostics.trigger: \"sometimes\" is not a possible value",
            ]
        );
    }

    #[test]
    fn every_setting_has_docs_in_both_languages() {
        for setting in all_settings() {
            assert!(setting.doc_ru.ends_with('.') && setting.doc_en.ends_with('.'), "{}", setting.name);
        }
        assert_eq!(schema(Locale::En).as_object().map(Map::len), Some(all_settings().count()));
    }
}
