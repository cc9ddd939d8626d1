//! Secrets come from the environment or from the program that keeps them; never from a file of the project.

use std::fmt;
use std::process::{Command, Stdio};

use serde::{Deserialize, Deserializer};

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
    /// A program with arguments that prints the secret: the command line of the system's keyring.
    Command(Vec<String>),
}

/// As it is written.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Written {
    environment: Option<String>,
    command: Option<Vec<String>>,
}

// By hand: a complaint about a wrong value must not show it, for it may be the secret.
impl<'de> Deserialize<'de> for SecretSource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        let written = if value.is_object() { serde_json::from_value(value).ok() } else { None };
        match written {
            Some(Written { environment: Some(name), command: None }) => Ok(Self::Environment(name)),
            Some(Written { environment: None, command: Some(words) }) => Ok(Self::Command(words)),
            _ => Err(serde::de::Error::custom(
                "a secret is never written into a file: name an environment variable as {\"environment\": …} or a program \
                 that prints it as {\"command\": […]}",
            )),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretError {
    Empty(String),
    Failed(String, String),
}

impl fmt::Display for SecretError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty(name) => write!(formatter, "the environment variable {name} is not set"),
            Self::Failed(program, why) => write!(formatter, "{program} gave no secret: {why}"),
        }
    }
}

impl std::error::Error for SecretError {}

impl SecretSource {
    pub fn read(&self) -> Result<Secret, SecretError> {
        self.read_from(&|name| std::env::var(name).ok())
    }

    pub(crate) fn read_from(
        &self,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Secret, SecretError> {
        match self {
            Self::Environment(name) => environment(name)
                .map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty())
                .map(Secret)
                .ok_or_else(|| SecretError::Empty(name.clone())),
            Self::Command(command) => run(command),
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
        let secret = source.read_from(&environment).expect("set");
        assert_eq!((secret.reveal(), format!("{secret:?}").as_str()), ("invented", "***"));
        let missing = source.read_from(&|_| None).expect_err("not set");
        assert_eq!(missing.to_string(), "the environment variable TOKEN is not set");
        for text in [r#""invented""#, r#"{"value": "invented"}"#, r#"{"environment": ["invented"]}"#] {
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
