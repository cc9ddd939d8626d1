//! The way of a saved text: a pause, the syntax gate, the policy, consent, attempts, rollback, the record of it.

mod event;
mod history;
mod queue;
mod report;
mod session;
mod thread;

#[cfg(test)]
mod tests;

use crate::change::ModuleTraits;
use crate::module::ModuleReference;

pub use event::{Consent, Event, Need, State, describe};
pub use history::{History, HistoryEntry};
pub use session::{Options, Session};
pub use thread::Manager;

/// A text that somebody wants to be applied.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Given by the manager if it is 0.
    pub number: u64,
    pub module: ModuleReference,
    pub text: String,
    /// What is probably applied: only to tell what has changed.
    pub base: Option<String>,
    pub traits: ModuleTraits,
    pub consent: Consent,
    /// Asked for by hand: no pause before it.
    pub is_urgent: bool,
    /// Only tell what would be done.
    pub is_dry_run: bool,
    /// Takes the last change back.
    pub is_rollback: bool,
}

impl Submission {
    pub fn new(module: ModuleReference, text: String) -> Self {
        let traits = ModuleTraits { kind: module.kind, ..ModuleTraits::default() };
        Self {
            number: 0,
            module,
            text,
            base: None,
            traits,
            consent: Consent::default(),
            is_urgent: false,
            is_dry_run: false,
            is_rollback: false,
        }
    }
}
