//! Settings of completion by a model. They come from the user only, never from a file of the project: a project must not
//! choose what is loaded or where code is sent.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;

use crate::settings::client::{ClientSetting, Kind};

const MEMORY_MEGABYTES: u64 = 512;
const DEADLINE_MS: u64 = 150;
const DISK_CACHE_MEGABYTES: u64 = 32;
const REMOTE_TIMEOUT_MS: u64 = 3_000;

const PROTOCOLS: &[&str] =
    &["openAi", "openAiSuffix", "llamaInfill", "llamaCompletion", "ollama", "ollamaRaw", "tgi", "mistral"];
const TEMPLATES: &[&str] = &["qwen", "starCoder", "codeLlama", "deepSeek", "codeGemma"];

/// When the model is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum AiMode {
    /// No model is loaded.
    Off,
    /// Only when the user asks.
    OnDemand,
    #[default]
    Automatic,
}

/// Kinds of text that can be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AiLanguage {
    Bsl,
    OneScript,
    Query,
    Comment,
}

pub(super) const AI_SETTINGS: &[ClientSetting] = &[
    ClientSetting {
        name: "ai.mode",
        kind: Kind::Choice(&["automatic", "onDemand", "off"]),
        doc_ru: "Дописывание кода моделью: `automatic` — при вводе (по умолчанию), `onDemand` — только по команде, `off` — модель не загружается. Модель встроена и работает без сети.",
        doc_en: "Completion by the model: `automatic` while typing (the default), `onDemand` only when asked, `off` loads no model. The model is built in and works without a network.",
    },
    ClientSetting {
        name: "ai.modelFile",
        kind: Kind::UserFile,
        doc_ru: "Файл модели (GGUF) вместо встроенной.",
        doc_en: "File of a model (GGUF) to use instead of the built-in one.",
    },
    ClientSetting {
        name: "ai.expertsFile",
        kind: Kind::UserFile,
        doc_ru: "Файл JSON со списком экспертов: какой адаптер LoRA дописывает запросы, комментарии, тесты. Описание — в docs/ai.ru.md.",
        doc_en: "JSON file with a list of experts: which LoRA adapter completes queries, comments, tests. See docs/ai.md.",
    },
    ClientSetting {
        name: "ai.diskCacheMegabytes",
        kind: Kind::Number { default: DISK_CACHE_MEGABYTES, min: 0, max: 4096 },
        doc_ru: "Сколько места на диске могут занять подсказки прошлых сеансов, в мегабайтах; `0` — на диск ничего не пишется.",
        doc_en: "How much of the disk suggestions of earlier sessions may take, in megabytes; `0` writes nothing to the disk.",
    },
    ClientSetting {
        name: "ai.maxMemoryMegabytes",
        kind: Kind::Number { default: MEMORY_MEGABYTES, min: 16, max: 65_536 },
        doc_ru: "Сколько памяти может занять модель; бо́льшая не загружается. В мегабайтах.",
        doc_en: "How much memory the model may take; a larger one is not loaded. In megabytes.",
    },
    ClientSetting {
        name: "ai.deadlineMilliseconds",
        kind: Kind::Number { default: DEADLINE_MS, min: 10, max: 10_000 },
        doc_ru: "Сколько модель может думать над одной подсказкой при вводе, в миллисекундах.",
        doc_en: "How long the model may think about one suggestion while you type, in milliseconds.",
    },
    ClientSetting {
        name: "ai.disabledLanguages",
        kind: Kind::Words(&["bsl", "oscript", "query", "comment"]),
        doc_ru: "Где модель молчит: `bsl`, `oscript`, `query` (тексты запросов), `comment` (комментарии).",
        doc_en: "Where the model is silent: `bsl`, `oscript`, `query` (texts of queries), `comment`.",
    },
    ClientSetting {
        name: "ai.disabledFolders",
        kind: Kind::Texts,
        doc_ru: "Папки и файлы, в которых модель молчит и которые она не читает: пути внутри проекта, можно с `*`.",
        doc_en: "Folders and files where the model is silent and which it does not read: paths inside the project, `*` allowed.",
    },
    ClientSetting {
        name: "ai.completionItems.enable",
        kind: Kind::Bool,
        doc_ru: "Добавлять строки модели в обычный список автодополнения, вызванный вручную. Без значения — только для редакторов, которые не умеют показывать текст-призрак.",
        doc_en: "Add lines of the model to the ordinary completion list when you ask for it. Without a value only for editors that cannot show ghost text.",
    },
    ClientSetting {
        name: "ai.remote.url",
        kind: Kind::UserText,
        doc_ru: "Адрес собственного сервера моделей. Пусто (по умолчанию) — ничего не отправляется. Кроме этого компьютера допускается только `https`.",
        doc_en: "Address of your own model server. Empty (the default): nothing is sent. Other machines than this one need `https`.",
    },
    ClientSetting {
        name: "ai.remote.protocol",
        kind: Kind::Choice(PROTOCOLS),
        doc_ru: "На каком языке говорит сервер моделей. По умолчанию `openAi` (`/v1/completions`).",
        doc_en: "Which protocol the model server speaks. The default is `openAi` (`/v1/completions`).",
    },
    ClientSetting {
        name: "ai.remote.template",
        kind: Kind::Choice(TEMPLATES),
        doc_ru: "Как модель на сервере размечает пропуск в коде. По умолчанию `qwen`.",
        doc_en: "How the model on the server marks the gap in the code. The default is `qwen`.",
    },
    ClientSetting {
        name: "ai.remote.model",
        kind: Kind::UserText,
        doc_ru: "Имя модели на сервере.",
        doc_en: "Name of the model on the server.",
    },
    ClientSetting {
        name: "ai.remote.keyVariable",
        kind: Kind::UserText,
        doc_ru: "Переменная окружения с ключом доступа к серверу моделей. Сам ключ в настройки не пишется.",
        doc_en: "Environment variable that holds the key of the model server. The key itself never goes into settings.",
    },
    ClientSetting {
        name: "ai.remote.certificateFile",
        kind: Kind::UserFile,
        doc_ru: "Сертификат своего удостоверяющего центра (PEM) для сервера моделей, кроме общеизвестных.",
        doc_en: "Certificate of your own authority (PEM) for the model server, besides the public ones.",
    },
    ClientSetting {
        name: "ai.remote.exclude",
        kind: Kind::Texts,
        doc_ru: "Модули, из которых ничего не отправляется: имена вида `ОбщийМодуль.Пароли*`. Сам редактор их дописывает по-прежнему.",
        doc_en: "Modules of which nothing is sent: names such as `ОбщийМодуль.Пароли*`. They are still completed on this machine.",
    },
    ClientSetting {
        name: "ai.remote.timeoutMilliseconds",
        kind: Kind::Number { default: REMOTE_TIMEOUT_MS, min: 100, max: 120_000 },
        doc_ru: "Сколько ждать ответа сервера моделей, в миллисекундах.",
        doc_en: "How long to wait for the model server, in milliseconds.",
    },
    ClientSetting {
        name: "ai.sharedCache.url",
        kind: Kind::UserText,
        doc_ru: "Адрес Redis команды для общего кэша подсказок (`redis://`, `rediss://`). Пусто — кэш только на этом компьютере.",
        doc_en: "Address of the team's Redis with the shared cache of suggestions (`redis://`, `rediss://`). Empty: the cache stays on this machine.",
    },
    ClientSetting {
        name: "ai.sharedCache.passwordVariable",
        kind: Kind::UserText,
        doc_ru: "Переменная окружения с паролем общего кэша.",
        doc_en: "Environment variable that holds the password of the shared cache.",
    },
];

/// What the user has set, with defaults for the rest.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AiSettings {
    pub(crate) mode: AiMode,
    /// Instead of the model inside the binary.
    pub(crate) model_file: Option<PathBuf>,
    /// Adapters for special places.
    pub(crate) experts_file: Option<PathBuf>,
    /// Zero: nothing is written to the disk.
    pub(crate) disk_cache_bytes: u64,
    pub(crate) max_memory_bytes: u64,
    pub(crate) deadline: Duration,
    pub(crate) disabled_languages: Vec<AiLanguage>,
    pub(crate) disabled_folders: Vec<String>,
    pub(crate) completion_items: Option<bool>,
    pub(crate) remote: RemoteSettings,
    pub(crate) shared_cache: SharedCacheSettings,
}

/// An engine elsewhere; none without an address.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct RemoteSettings {
    pub(crate) url: String,
    pub(crate) protocol: String,
    pub(crate) template: String,
    pub(crate) model: String,
    pub(crate) key_variable: String,
    pub(crate) certificate_file: Option<PathBuf>,
    /// Names of modules of which nothing is sent.
    pub(crate) exclude: Vec<String>,
    pub(crate) timeout: Duration,
}

/// A cache shared by a team; none without an address.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct SharedCacheSettings {
    pub(crate) url: String,
    pub(crate) password_variable: String,
}

impl Default for AiSettings {
    fn default() -> Self {
        Self {
            mode: AiMode::default(),
            model_file: None,
            experts_file: None,
            disk_cache_bytes: DISK_CACHE_MEGABYTES << 20,
            max_memory_bytes: MEMORY_MEGABYTES << 20,
            deadline: Duration::from_millis(DEADLINE_MS),
            disabled_languages: Vec::new(),
            disabled_folders: Vec::new(),
            completion_items: None,
            remote: RemoteSettings {
                protocol: "openAi".to_owned(),
                template: "qwen".to_owned(),
                timeout: Duration::from_millis(REMOTE_TIMEOUT_MS),
                ..RemoteSettings::default()
            },
            shared_cache: SharedCacheSettings::default(),
        }
    }
}

impl AiSettings {
    /// `None` if the value does not fit the setting.
    pub(super) fn read_value(&mut self, name: &str, value: &Value) -> Option<()> {
        let setting = AI_SETTINGS.iter().find(|setting| setting.name == name)?;
        let number = || match setting.kind {
            Kind::Number { min, max, .. } => value.as_u64().filter(|number| (min..=max).contains(number)),
            _ => None,
        };
        match name {
            "ai.mode" => {
                self.mode = match value.as_str()?.to_lowercase().as_str() {
                    "automatic" => AiMode::Automatic,
                    "ondemand" => AiMode::OnDemand,
                    "off" => AiMode::Off,
                    _ => return None,
                }
            }
            "ai.modelFile" => self.model_file = filled(value)?.map(PathBuf::from),
            "ai.expertsFile" => self.experts_file = filled(value)?.map(PathBuf::from),
            "ai.diskCacheMegabytes" => self.disk_cache_bytes = number()? << 20,
            "ai.maxMemoryMegabytes" => self.max_memory_bytes = number()? << 20,
            "ai.deadlineMilliseconds" => self.deadline = Duration::from_millis(number()?),
            "ai.disabledLanguages" => {
                self.disabled_languages =
                    texts(value)?.iter().map(|it| language(it)).collect::<Option<_>>()?;
            }
            "ai.disabledFolders" => self.disabled_folders = texts(value)?,
            "ai.completionItems.enable" => self.completion_items = Some(value.as_bool()?),
            "ai.remote.url" => self.remote.url = filled(value)?.unwrap_or_default(),
            "ai.remote.protocol" => self.remote.protocol = choice(setting.kind, value.as_str()?)?,
            "ai.remote.template" => self.remote.template = choice(setting.kind, value.as_str()?)?,
            "ai.remote.model" => self.remote.model = filled(value)?.unwrap_or_default(),
            "ai.remote.keyVariable" => self.remote.key_variable = filled(value)?.unwrap_or_default(),
            "ai.remote.certificateFile" => self.remote.certificate_file = filled(value)?.map(PathBuf::from),
            "ai.remote.exclude" => self.remote.exclude = texts(value)?,
            "ai.remote.timeoutMilliseconds" => self.remote.timeout = Duration::from_millis(number()?),
            "ai.sharedCache.url" => self.shared_cache.url = filled(value)?.unwrap_or_default(),
            "ai.sharedCache.passwordVariable" => {
                self.shared_cache.password_variable = filled(value)?.unwrap_or_default();
            }
            _ => return None,
        }
        Some(())
    }

    /// What a workspace that the user does not trust may not choose: files that are read, and where code goes.
    pub(crate) fn distrust(&mut self) {
        let defaults = Self::default();
        self.model_file = defaults.model_file;
        self.experts_file = defaults.experts_file;
        self.remote = defaults.remote;
        self.shared_cache = defaults.shared_cache;
    }
}

/// The outer `None`: not a text; the inner one: an empty text.
fn filled(value: &Value) -> Option<Option<String>> {
    let text = value.as_str()?.trim();
    Some((!text.is_empty()).then(|| text.to_owned()))
}

fn texts(value: &Value) -> Option<Vec<String>> {
    let texts = value.as_array()?.iter();
    texts.map(|value| filled(value)?.filter(|text| text.len() < 1_000)).collect()
}

fn choice(kind: Kind, name: &str) -> Option<String> {
    let Kind::Choice(names) = kind else { return None };
    names.iter().find(|known| known.eq_ignore_ascii_case(name)).map(|known| (*known).to_owned())
}

fn language(name: &str) -> Option<AiLanguage> {
    Some(match name.to_lowercase().as_str() {
        "bsl" => AiLanguage::Bsl,
        "oscript" => AiLanguage::OneScript,
        "query" => AiLanguage::Query,
        "comment" => AiLanguage::Comment,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::settings::ClientSettings;

    #[test]
    fn the_section_is_read_and_wrong_values_are_named() {
        let value = json!({"ai": {
            "mode": "ondemand", "maxMemoryMegabytes": 64, "disabledLanguages": ["Query"],
            "remote": {"url": " https://models.example ", "protocol": "OLLAMA"}, "deadlineMilliseconds": 0,
        }});
        let (settings, warnings) = ClientSettings::parse(&value);
        assert_eq!(warnings, ["strizh.ai.deadlineMilliseconds: 0 is not a possible value"]);
        let ai = settings.ai;
        assert_eq!((ai.mode, ai.max_memory_bytes), (AiMode::OnDemand, 64 << 20));
        assert_eq!(ai.disabled_languages, [AiLanguage::Query]);
        assert_eq!(
            (ai.remote.url.as_str(), ai.remote.protocol.as_str()),
            ("https://models.example", "ollama")
        );
    }

    #[test]
    fn every_setting_has_a_place() {
        for setting in AI_SETTINGS {
            let value = match setting.kind {
                Kind::Bool => json!(true),
                Kind::Choice(names) => json!(names[0]),
                Kind::Number { default, .. } => json!(default),
                Kind::Words(names) => json!([names[0]]),
                Kind::Texts => json!(["a"]),
                _ => json!("a"),
            };
            assert_eq!(AiSettings::default().read_value(setting.name, &value), Some(()), "{}", setting.name);
        }
    }

    #[test]
    fn a_workspace_without_trust_sends_nothing() {
        let value =
            json!({"ai": {"mode": "off", "modelFile": "/m.gguf", "remote": {"url": "http://localhost"}}});
        let mut ai = ClientSettings::parse(&value).0.ai;
        ai.distrust();
        assert_eq!((ai.mode, ai.model_file, ai.remote.url.as_str()), (AiMode::Off, None, ""));
    }
}
