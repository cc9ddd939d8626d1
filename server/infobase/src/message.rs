//! The HTTP contract: what goes to `POST {server}/hotReload`, and what comes back. Keys that are not known are ignored.

use serde::{Deserialize, Serialize};

use crate::change::{AppliesTo, Change};

/// What is sent. `module`, `code` and `timestamp` are the contract everybody knows; the rest is ours.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReloadRequest {
    /// File name without extension.
    pub module: String,
    pub code: String,
    /// ISO 8601 without zone.
    pub timestamp: String,
    /// Relative to the root of the sources, with `/`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// `ОбщийМодуль.Цены.Модуль`
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub metadata: String,
    /// Empty for the configuration itself.
    #[serde(default)]
    pub extension: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sha256: String,
    /// Of the text that the sender believes to be applied.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub base_sha256: String,
    #[serde(default)]
    pub dry_run: bool,
    #[serde(default)]
    pub changes: Vec<Change>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Status {
    Applied,
    Queued,
    #[default]
    Rejected,
    Unsupported,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DiagnosticSeverity {
    #[default]
    Error,
    Warning,
}

/// A complaint about a place; both numbers count from one, 0 stands for an unknown place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Diagnostic {
    pub line: u32,
    pub column: u32,
    pub severity: DiagnosticSeverity,
    pub message: String,
}

/// What comes back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReloadReply {
    pub status: Status,
    /// `dynamic`, `agent`, `ibcmd`, `epf`, `interpreter`
    pub backend: String,
    /// Names the applied state.
    pub generation: String,
    pub applies_to: AppliesTo,
    /// Debug targets that still run the old code.
    pub needs_restart: Vec<String>,
    pub elapsed_ms: u64,
    pub diagnostics: Vec<Diagnostic>,
    /// Why not.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Of the text that is applied now; empty if the server does not tell.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sha256: String,
}

impl ReloadReply {
    pub fn rejected(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_contract_is_enough_and_unknown_keys_are_ignored() {
        let text = r#"{"module":"Цены","code":"","timestamp":"2026-01-15T10:20:30.123456","future":1}"#;
        let request: ReloadRequest = serde_json::from_str(text).expect("the base contract");
        assert_eq!((request.module.as_str(), request.path.as_str(), request.dry_run), ("Цены", "", false));
        assert!(serde_json::from_str::<ReloadRequest>(r#"{"module":"Цены","code":""}"#).is_err());
        let reply: ReloadReply = serde_json::from_str(r#"{"status":"applied","x":[]}"#).expect("a reply");
        assert_eq!(reply.status, Status::Applied);
    }
}
