//! Engines elsewhere: llama-server, vLLM and others that speak like OpenAI, Ollama, TGI, Mistral. Off unless the user
//! configures one. Nothing is sent to a host that is not this machine or named by the user, secrets are replaced before
//! sending, and a breaker leaves a failing engine alone.

pub(crate) mod address;
mod answer;
mod client;
mod config;
mod engine;
mod prompt;
mod redact;
mod shapes;
mod worker;

pub use address::AddressError;
pub(crate) use client::{ClientOptions, build_client, describe, read_bounded};
pub use config::{FimTemplate, FimTokens, RemoteConfig, RemoteKind};
pub use engine::{RemoteEngine, SentRequest};
pub use redact::{Redacted, redact};

/// Why a remote engine cannot be used as configured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RemoteError {
    Address(AddressError),
    /// A model has to be named for this kind of engine.
    ModelMissing,
    CaFile(std::path::PathBuf, String),
    Client(String),
}

impl std::fmt::Display for RemoteError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Address(error) => error.fmt(formatter),
            Self::ModelMissing => formatter.write_str("the remote engine needs the name of a model"),
            Self::CaFile(path, why) => write!(formatter, "cannot read {}: {why}", path.display()),
            Self::Client(why) => write!(formatter, "cannot set up the connection: {why}"),
        }
    }
}

impl std::error::Error for RemoteError {}

impl From<AddressError> for RemoteError {
    fn from(error: AddressError) -> Self {
        Self::Address(error)
    }
}

#[cfg(test)]
pub(crate) mod test_server;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tls_tests;
