//! Ways to bring a module into an infobase, behind one trait.

mod arguments;
mod command;
mod designer;
mod http;
mod ibcmd;
mod output;
mod process;
mod staging;
mod tls;

// The programs of these tests are shell scripts.
#[cfg(all(test, unix))]
mod process_tests;
#[cfg(all(test, unix))]
mod test_program;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use base::CancelToken;
use serde::{Deserialize, Serialize};

use crate::change::AppliesTo;
use crate::message::{Diagnostic, ReloadRequest};
use crate::module::ModuleReference;
use crate::security::Refusal;

pub use arguments::{Argument, CommandLine, windows_command_line};
pub use command::CommandTransport;
pub use designer::{DesignerConnection, DesignerTransport};
pub use http::{HttpOptions, HttpTransport};
pub use ibcmd::{IbcmdDatabase, IbcmdTransport};
pub use output::{decode_output, diagnostics_of};
pub use tls::{Certificates, TlsError};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TransportKind {
    Http,
    Ibcmd,
    Designer,
    Command,
}

impl TransportKind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Ibcmd => "ibcmd",
            Self::Designer => "designer",
            Self::Command => "command",
        }
    }
}

/// One module with its new text.
#[derive(Clone, Debug)]
pub struct Update {
    pub module: ModuleReference,
    /// What `http` sends, with the text.
    pub request: ReloadRequest,
    /// The user has agreed that sessions are ended.
    pub may_end_sessions: bool,
}

/// How an update ended well.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Goes on in the background.
    pub is_queued: bool,
    pub backend: String,
    pub generation: String,
    pub applies_to: AppliesTo,
    pub needs_restart: Vec<String>,
    pub diagnostics: Vec<Diagnostic>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// Trying again may help: nobody answers, something is locked.
    Again,
    /// The other side does not want it.
    Rejected,
    /// Another text is applied there than we believe.
    Conflict,
    /// This way does not exist there; another one may.
    Unsupported,
    /// Sessions have to be ended first.
    SessionsInTheWay,
    Cancelled,
}

/// How an update ended badly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub kind: FailureKind,
    pub message: String,
    pub diagnostics: Vec<Diagnostic>,
    /// Something may have arrived, so the previous text has to be brought back.
    pub may_have_changed: bool,
}

impl Failure {
    pub fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), diagnostics: Vec::new(), may_have_changed: false }
    }

    fn after_a_change(mut self) -> Self {
        self.may_have_changed = true;
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::new(FailureKind::Rejected, refusal.to_string())
    }
}

/// What a dry run shows; secrets are masked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    pub steps: Vec<String>,
    pub files: Vec<String>,
}

/// A way to apply updates. Calls wait for the result.
pub trait Transport: Send {
    fn kind(&self) -> TransportKind;

    /// Exactly what would be done.
    fn plan(&self, update: &Update) -> Plan;

    /// One attempt, which has this long.
    fn apply(&mut self, update: &Update, limit: Duration, cancel: &CancelToken) -> Result<Applied, Failure>;

    /// The digest of the text that is applied now, if the other side tells.
    fn applied_digest(&mut self, _module: &ModuleReference) -> Option<String> {
        None
    }

    /// True once the other side has said that it replaces code at once.
    fn is_live(&self) -> bool {
        false
    }
}

/// What all ways over files have in common.
#[derive(Clone, Debug)]
pub struct SourceFiles {
    /// Folder of the configuration in files, as the Designer writes them. A text that it does not hold goes to a folder
    /// that is made for the update.
    pub root: Option<PathBuf>,
    /// The folder is a copy that exists for loading, so texts are written to it.
    pub is_export: bool,
    /// Empty for the configuration itself.
    pub extension: String,
}
