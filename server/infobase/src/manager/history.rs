//! What was applied, with the texts before, so that it can be taken back.

use std::collections::VecDeque;
use std::time::Duration;

use serde::Serialize;

use crate::clock_text::utc;
use crate::digest::{hex, sha256};

/// More is in the audit, without texts.
const MAX_ENTRIES: usize = 200;

/// One applied change.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HistoryEntry {
    pub number: u64,
    pub timestamp: String,
    pub path: String,
    pub backend: String,
    pub generation: String,
    pub old_sha256: String,
    pub new_sha256: String,
    pub changes: String,
    /// `None` if it was not known.
    #[serde(skip)]
    pub previous: Option<String>,
}

#[derive(Clone, Debug, Default)]
pub struct History {
    entries: VecDeque<HistoryEntry>,
}

impl History {
    pub(super) fn push(&mut self, entry: HistoryEntry) {
        if self.entries.len() == MAX_ENTRIES {
            self.entries.pop_front();
        }
        self.entries.push_back(entry);
    }

    /// The oldest first.
    pub fn entries(&self) -> impl Iterator<Item = &HistoryEntry> {
        self.entries.iter()
    }

    /// The text before the last change of a module.
    pub fn previous(&self, path: &str) -> Option<&str> {
        let last = self.entries.iter().rev().find(|entry| entry.path == path)?;
        last.previous.as_deref()
    }
}

impl HistoryEntry {
    pub(super) fn new(number: u64, path: &str, previous: Option<String>, text: &str, now: Duration) -> Self {
        let digest = |text: &str| hex(&sha256(text.as_bytes()));
        Self {
            number,
            timestamp: utc(now),
            path: path.to_owned(),
            backend: String::new(),
            generation: String::new(),
            old_sha256: previous.as_deref().map(digest).unwrap_or_default(),
            new_sha256: digest(text),
            changes: String::new(),
            previous,
        }
    }
}
