//! Settings of measurements of a running infobase. The user names the debug server: a project can neither choose an address
//! that is asked nor a host that is allowed.

use serde_json::Value;

use crate::settings::client::{ClientSetting, Kind};

/// Of an infobase in files.
const INFOBASE: &str = "DefAlias";

pub(super) const DEBUG_SERVER_SETTINGS: &[ClientSetting] = &[
    ClientSetting {
        name: "profile.debugServer.url",
        kind: Kind::UserText,
        doc_ru: "Адрес сервера отладки, который замеряет работающую базу (`http://127.0.0.1:1550`). Пусто (по умолчанию): замеры из редактора выключены.",
        doc_en: "Address of the debug server that measures a running infobase (`http://127.0.0.1:1550`). Empty (the default): measuring from the editor is off.",
    },
    ClientSetting {
        name: "profile.debugServer.infobase",
        kind: Kind::UserText,
        doc_ru: "Имя базы на сервере отладки. По умолчанию `DefAlias` — файловая база; у базы на сервере — её имя в кластере.",
        doc_en: "Name of the infobase on the debug server. The default `DefAlias` is an infobase in files; one on a server has its name in the cluster.",
    },
    ClientSetting {
        name: "profile.debugServer.user",
        kind: Kind::UserText,
        doc_ru: "Пользователь сервера отладки, если он их различает.",
        doc_en: "User of the debug server, if it tells users apart.",
    },
    ClientSetting {
        name: "profile.debugServer.passwordVariable",
        kind: Kind::UserText,
        doc_ru: "Переменная окружения с паролем сервера отладки.",
        doc_en: "Environment variable that holds the password of the debug server.",
    },
    ClientSetting {
        name: "profile.debugServer.allowedHosts",
        kind: Kind::UserTexts,
        doc_ru: "Узлы, кроме этой машины, на которых можно спрашивать сервер отладки. Его протокол не шифруется.",
        doc_en: "Hosts besides this machine whose debug server may be asked. Its protocol is not encrypted.",
    },
];

/// What the user has set.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DebugServerSettings {
    /// Empty: off.
    pub(crate) url: String,
    pub(crate) infobase: String,
    pub(crate) user: String,
    pub(crate) password_variable: String,
    pub(crate) allowed_hosts: Vec<String>,
}

impl Default for DebugServerSettings {
    fn default() -> Self {
        Self {
            url: String::new(),
            infobase: INFOBASE.to_owned(),
            user: String::new(),
            password_variable: String::new(),
            allowed_hosts: Vec::new(),
        }
    }
}

impl DebugServerSettings {
    /// `None` if the value does not fit the setting.
    pub(super) fn read_value(&mut self, name: &str, value: &Value) -> Option<()> {
        if name == "profile.debugServer.allowedHosts" {
            let hosts = value.as_array()?.iter().map(|host| host.as_str().map(str::to_owned));
            self.allowed_hosts = hosts.collect::<Option<_>>()?;
            return Some(());
        }
        let text = value.as_str()?.trim().to_owned();
        match name {
            "profile.debugServer.url" => self.url = text,
            "profile.debugServer.infobase" if text.is_empty() => self.infobase = INFOBASE.to_owned(),
            "profile.debugServer.infobase" => self.infobase = text,
            "profile.debugServer.user" => self.user = text,
            "profile.debugServer.passwordVariable" => self.password_variable = text,
            _ => return None,
        }
        Some(())
    }

    /// Nobody is asked for a workspace that the user does not trust.
    pub(crate) fn distrust(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use base::Locale;
    use serde_json::json;

    use super::*;
    use crate::settings::ClientSettings;

    #[test]
    fn the_section_is_read_and_distrusted() {
        let value = json!({"profile": {"debugServer": {
            "url": " http://127.0.0.1:1550 ", "infobase": "trade", "allowedHosts": ["stand"],
        }, "minimumPercent": 3}});
        let (settings, warnings) = ClientSettings::parse(&value);
        assert_eq!((warnings, settings.profile_min_percent), (Vec::new(), Some(3)));
        let mut server = settings.debug_server;
        assert_eq!((server.url.as_str(), server.infobase.as_str()), ("http://127.0.0.1:1550", "trade"));
        assert_eq!(server.allowed_hosts, ["stand"]);
        server.distrust();
        assert_eq!(server, DebugServerSettings::default());
        assert!(server.url.is_empty(), "off by default");
        for name in DEBUG_SERVER_SETTINGS.iter().map(|setting| setting.name) {
            assert_eq!(DebugServerSettings::default().read_value(name, &json!([1])), None, "{name}");
        }
        let in_schema = crate::settings::schema(Locale::En);
        let scope = |name: &str| in_schema[format!("strizh.{name}")]["scope"].clone();
        assert!(DEBUG_SERVER_SETTINGS.iter().all(|setting| scope(setting.name) == "machine"));
    }
}
