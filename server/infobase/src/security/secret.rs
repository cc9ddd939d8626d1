//! Secrets come from the environment, from the keyring of the system or from a program that keeps them; never from a file of
//! the project.

use std::fmt;
use std::process::{Command, Stdio};

use base::Locale;
use serde::{Deserialize, Deserializer};

use crate::security::keyring::{KeyringEntry, KeyringError, Opener, system_keyring};

/// A text that no log shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// For whoever has to send it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("***")
    }
}

/// Where a secret is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretSource {
    /// Name of a variable of the environment.
    Environment(String),
    /// A program with arguments that prints the secret: the command line of a keyring.
    Command(Vec<String>),
    /// The keyring of the system.
    Keyring(KeyringEntry),
}

/// As it is written.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Written {
    environment: Option<String>,
    command: Option<Vec<String>>,
    keyring: Option<KeyringEntry>,
}

// By hand: a complaint about a wrong value must not show it, for it may be the secret.
impl<'de> Deserialize<'de> for SecretSource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        let written = if value.is_object() { serde_json::from_value(value).ok() } else { None };
        match written {
            Some(Written { environment: Some(name), command: None, keyring: None }) => {
                Ok(Self::Environment(name))
            }
            Some(Written { environment: None, command: Some(words), keyring: None }) => {
                Ok(Self::Command(words))
            }
            Some(Written { environment: None, command: None, keyring: Some(entry) }) => {
                Ok(Self::Keyring(entry))
            }
            _ => Err(serde::de::Error::custom(
                "a secret is never written into a file: name an environment variable as {\"environment\": …}, an entry of \
                 the system's keyring as {\"keyring\": {\"user\": …}} or a program that prints it as {\"command\": […]}",
            )),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretError {
    Empty(String),
    Failed(String, String),
    Keyring(KeyringEntry, KeyringError),
}

impl SecretError {
    pub fn text(&self, locale: Locale) -> String {
        match (self, locale) {
            (Self::Empty(name), Locale::En) => format!("the environment variable {name} is not set"),
            (Self::Empty(name), Locale::Ru) => format!("переменная окружения {name} не задана"),
            (Self::Failed(program, why), Locale::En) => format!("{program} gave no secret: {why}"),
            (Self::Failed(program, why), Locale::Ru) => format!("{program} не выдала секрет: {why}"),
            (Self::Keyring(entry, why), locale) => why.text(entry, locale),
        }
    }
}

impl fmt::Display for SecretError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text(Locale::En))
    }
}

impl std::error::Error for SecretError {}

impl SecretSource {
    pub fn read(&self) -> Result<Secret, SecretError> {
        self.read_from(&|name| std::env::var(name).ok(), &system_keyring)
    }

    pub(crate) fn read_from(
        &self,
        environment: &dyn Fn(&str) -> Option<String>,
        keyring: Opener<'_>,
    ) -> Result<Secret, SecretError> {
        match self {
            Self::Environment(name) => environment(name)
                .map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty())
                .map(Secret)
                .ok_or_else(|| SecretError::Empty(name.clone())),
            Self::Command(command) => run(command),
            Self::Keyring(entry) => {
                entry.read_from(keyring).map_err(|why| SecretError::Keyring(entry.clone(), why))
            }
        }
    }
}

fn run(command: &[String]) -> Result<Secret, SecretError> {
    let [program, arguments @ ..] = command else {
        return Err(SecretError::Failed(String::new(), "no program is named".to_owned()));
    };
    let failed = |why: String| SecretError::Failed(program.clone(), why);
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .map_err(|error| failed(error.to_string()))?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if !output.status.success() || text.is_empty() {
        return Err(failed(output.status.to_string()));
    }
    Ok(Secret(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_read_and_never_shown() {
        let source: SecretSource = serde_json::from_str(r#"{"environment": "TOKEN"}"#).expect("a source");
        let environment = |name: &str| (name == "TOKEN").then(|| " invented \n".to_owned());
        let no_keyring = || Err(keyring_core::Error::NoDefaultStore);
        let secret = source.read_from(&environment, &no_keyring).expect("set");
        assert_eq!((secret.reveal(), format!("{secret:?}").as_str()), ("invented", "***"));
        let missing = source.read_from(&|_| None, &no_keyring).expect_err("not set");
        assert_eq!(missing.text(Locale::En), "the environment variable TOKEN is not set");
        assert_eq!(missing.text(Locale::Ru), "переменная окружения TOKEN не задана");
        let source: SecretSource =
            serde_json::from_str(r#"{"keyring": {"user": "demo"}}"#).expect("a source");
        let missing = source.read_from(&environment, &no_keyring).expect_err("no keyring");
        assert!(missing.text(Locale::En).starts_with("the system has no keyring for strizh/demo"));
        for text in [
            r#""invented""#,
            r#"{"value": "invented"}"#,
            r#"{"environment": ["invented"]}"#,
            r#"{"keyring": "invented"}"#,
            r#"{"keyring": {"user": "x", "password": "invented"}}"#,
        ] {
            let error = serde_json::from_str::<SecretSource>(text).expect_err(text).to_string();
            assert!(error.contains("never written") && !error.contains("invented"), "{error}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn the_command_of_a_keyring_prints_the_secret() {
        let of = |words: &[&str]| SecretSource::Command(words.iter().map(|it| (*it).to_owned()).collect());
        assert_eq!(of(&["echo", "invented"]).read(), Ok(Secret::new("invented")));
        assert!(of(&["false"]).read().is_err());
        assert!(of(&["/no/such/program"]).read().is_err());
        assert!(of(&[]).read().is_err());
    }
}
