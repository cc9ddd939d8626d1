//! Secrets in the keyring of the system: Keychain on macOS, Credential Manager on Windows, keys of the kernel on Linux. The
//! Secret Service of Linux desktops is not built in: its client brings fifty crates for D-Bus; their keyrings have command lines.

use std::sync::Arc;

use base::Locale;
use keyring_core::{CredentialStore, Entry, Error, Result};
use serde::Deserialize;

use crate::security::Secret;

/// An entry of a keyring.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyringEntry {
    /// The application that the secret is kept for.
    #[serde(default = "own_service")]
    pub service: String,
    /// What tells several secrets of an application apart.
    pub user: String,
}

/// Name of the application unless another one is named.
pub const OWN_SERVICE: &str = "strizh";

fn own_service() -> String {
    OWN_SERVICE.to_owned()
}

/// Why a keyring did not help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyringError {
    /// There is a keyring, but nothing in it under this name.
    NoEntry,
    /// The system offers none here.
    NoKeyring(String),
    /// It is there, but does not let us in.
    Locked(String),
    /// What is kept is no text.
    NoText,
    Other(String),
}

impl KeyringError {
    pub fn text(&self, entry: &KeyringEntry, locale: Locale) -> String {
        let KeyringEntry { service, user } = entry;
        match (self, locale) {
            (Self::NoEntry, Locale::En) => {
                format!(
                    "the keyring has no secret for {service}/{user}; `strizh secret set {user}` keeps one"
                )
            }
            (Self::NoEntry, Locale::Ru) => {
                format!(
                    "в хранилище нет секрета для {service}/{user}; его сохранит `strizh secret set {user}`"
                )
            }
            (Self::NoKeyring(why), Locale::En) => {
                format!("the system has no keyring for {service}/{user}: {why}")
            }
            (Self::NoKeyring(why), Locale::Ru) => {
                format!("в системе нет хранилища секретов для {service}/{user}: {why}")
            }
            (Self::Locked(why), Locale::En) => format!("the keyring is closed for {service}/{user}: {why}"),
            (Self::Locked(why), Locale::Ru) => format!("хранилище закрыто для {service}/{user}: {why}"),
            (Self::NoText, Locale::En) => {
                format!("what the keyring has for {service}/{user} is empty or no text")
            }
            (Self::NoText, Locale::Ru) => {
                format!("в хранилище для {service}/{user} лежит пустое значение или не текст")
            }
            (Self::Other(why), Locale::En) => {
                format!("the keyring gave no secret for {service}/{user}: {why}")
            }
            (Self::Other(why), Locale::Ru) => {
                format!("хранилище не отдало секрет для {service}/{user}: {why}")
            }
        }
    }
}

impl From<Error> for KeyringError {
    fn from(error: Error) -> Self {
        match error {
            Error::NoEntry => Self::NoEntry,
            Error::NoStorageAccess(why) => Self::Locked(why.to_string()),
            Error::PlatformFailure(why) => Self::NoKeyring(why.to_string()),
            Error::NoDefaultStore | Error::NotSupportedByStore(_) => Self::NoKeyring(error.to_string()),
            // Their texts could show bytes of the secret.
            Error::BadEncoding(_) | Error::BadDataFormat(..) => Self::NoText,
            other => Self::Other(other.to_string()),
        }
    }
}

/// Opens a keyring.
pub(crate) type Opener<'a> = &'a dyn Fn() -> Result<Arc<CredentialStore>>;

impl KeyringEntry {
    /// Keeps a secret in the keyring of the system.
    pub fn write(&self, secret: &Secret) -> std::result::Result<(), KeyringError> {
        Ok(self.open(&system_keyring)?.set_password(secret.reveal())?)
    }

    /// Removes what is kept.
    pub fn delete(&self) -> std::result::Result<(), KeyringError> {
        Ok(self.open(&system_keyring)?.delete_credential()?)
    }

    pub(crate) fn read_from(&self, keyring: Opener<'_>) -> std::result::Result<Secret, KeyringError> {
        let text = self.open(keyring)?.get_password()?;
        let text = text.trim();
        if text.is_empty() { Err(KeyringError::NoText) } else { Ok(Secret::new(text)) }
    }

    fn open(&self, keyring: Opener<'_>) -> Result<Entry> {
        keyring()?.build(&self.service, &self.user, None)
    }
}

#[cfg(target_os = "linux")]
pub(crate) fn system_keyring() -> Result<Arc<CredentialStore>> {
    Ok(linux_keyutils_keyring_store::Store::new()?)
}

#[cfg(target_os = "macos")]
pub(crate) fn system_keyring() -> Result<Arc<CredentialStore>> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

#[cfg(windows)]
pub(crate) fn system_keyring() -> Result<Arc<CredentialStore>> {
    Ok(windows_native_keyring_store::Store::new()?)
}

#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
pub(crate) fn system_keyring() -> Result<Arc<CredentialStore>> {
    Err(Error::NoDefaultStore)
}

#[cfg(test)]
mod tests {
    use keyring_core::api::CredentialStoreApi;
    use keyring_core::mock;

    use super::*;

    fn entry() -> KeyringEntry {
        KeyringEntry { service: OWN_SERVICE.to_owned(), user: "demo".to_owned() }
    }

    #[test]
    fn secrets_are_read_from_a_keyring() {
        let store = mock::Store::new().expect("a store");
        let opener = {
            let store = Arc::clone(&store);
            move || -> Result<Arc<CredentialStore>> { Ok(store.clone()) }
        };
        assert_eq!(entry().read_from(&opener), Err(KeyringError::NoEntry));
        let kept = store.build(OWN_SERVICE, "demo", None).expect("an entry");
        kept.set_password(" invented \n").expect("kept");
        assert_eq!(entry().read_from(&opener), Ok(Secret::new("invented")));
        let other = KeyringEntry { service: "bases".to_owned(), user: "demo".to_owned() };
        assert_eq!(other.read_from(&opener), Err(KeyringError::NoEntry));
        kept.set_secret(&[0xFF, 0xFE, 0x00]).expect("kept");
        assert_eq!(entry().read_from(&opener), Err(KeyringError::NoText));
        kept.set_password("  ").expect("kept");
        assert_eq!(entry().read_from(&opener), Err(KeyringError::NoText));
    }

    #[test]
    fn keyrings_that_do_not_answer_are_explained_in_both_languages() {
        let failed = |error: fn() -> Error| {
            let opener = move || -> Result<Arc<CredentialStore>> { Err(error()) };
            let failure = entry().read_from(&opener).expect_err("closed");
            [failure.text(&entry(), Locale::En), failure.text(&entry(), Locale::Ru)]
        };
        assert_eq!(
            failed(|| Error::PlatformFailure("no service".into())),
            [
                "the system has no keyring for strizh/demo: no service",
                "в системе нет хранилища секретов для strizh/demo: no service"
            ]
        );
        assert_eq!(
            failed(|| Error::NoStorageAccess("locked".into())),
            ["the keyring is closed for strizh/demo: locked", "хранилище закрыто для strizh/demo: locked"]
        );
        let [english, russian] = failed(|| Error::NoEntry);
        assert!(english.contains("no secret for strizh/demo") && russian.contains("нет секрета"));
    }
}
