//! Completion by a model as a session sees it: who makes suggestions, who is asked when, what was shown, and what is
//! prepared while nobody types. Nothing here is waited for by `initialize`; with the mode `off` nothing here starts.

mod completions;
mod context;
mod desk;
mod fake;
mod idle;
mod lesson;
mod recent;
mod shown;
mod similar;
mod sources;
mod start;
mod status;
mod tiers;

use std::sync::Arc;

use base::CancelToken;
use parking_lot::Mutex;
use tokio::sync::{Notify, watch};
use tower_lsp::gen_lsp_types::Uri;

use crate::lsp::OpenDocument;
use crate::settings::AiSettings;

pub(crate) use completions::{Ask, Completions, Effort};
pub(crate) use context::{Prepared, is_silent, prepare, to_context};
pub(crate) use idle::prepare_ahead;
pub(crate) use lesson::learn_project;
pub(crate) use shown::Shown;
pub(crate) use start::start;
pub(crate) use status::{ModelState, ModelStatus};

use crate::assistant::desk::Desk;
use crate::assistant::lesson::Learned;
use crate::assistant::recent::RecentEdits;
use crate::assistant::similar::Similar;

/// Where the user is, as far as messages tell.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Caret {
    pub(crate) uri: Uri,
    pub(crate) offset: u32,
    /// Of the document that the offset belongs to.
    pub(crate) generation: u64,
}

/// What a session knows about completion by a model. All of it may be asked from any thread.
#[derive(Default)]
pub(crate) struct Assistant {
    pub(crate) desk: Desk,
    pub(crate) recent: Mutex<RecentEdits>,
    pub(crate) similar: Similar,
    pub(crate) shown: Mutex<Option<Shown>>,
    /// What was computed for the line after an accepted suggestion.
    pub(crate) expected: Mutex<Option<Shown>>,
    /// Where a suggestion was accepted.
    accepted: Mutex<Option<Caret>>,
    /// Who answers; `None` while switched off.
    completions: Mutex<Option<Arc<dyn Completions>>>,
    /// For which settings `completions` was made.
    started: Mutex<Option<Arc<AiSettings>>>,
    is_ready: watch::Sender<bool>,
    caret: Mutex<Option<Caret>>,
    moved: Notify,
    /// Stops what is prepared ahead.
    ahead: Mutex<CancelToken>,
    learned: Mutex<Learned>,
    hits: Mutex<Hits>,
}

/// Answers with content by what made them fast.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Hits {
    pub(crate) requests: u64,
    pub(crate) shown: u64,
    /// Answers that needed no engine.
    pub(crate) instant: u64,
    pub(crate) accepted: u64,
}

impl Assistant {
    pub(crate) fn completions(&self) -> Option<Arc<dyn Completions>> {
        self.completions.lock().clone()
    }

    /// The caret has moved: what was prepared for its last place is not needed any more.
    pub(crate) fn note_caret(&self, caret: Caret) {
        if self.completions.lock().is_none() {
            return;
        }
        self.ahead.lock().cancel();
        *self.caret.lock() = Some(caret);
        self.moved.notify_one();
    }

    /// A document was changed up to the caret, which is in a line.
    pub(crate) fn note_edit(&self, open: &OpenDocument, offset: u32, line: u32) {
        self.recent.lock().note(&open.uri, line);
        let caret = Caret { uri: open.uri.clone(), offset, generation: open.generation };
        let is_accepted = {
            let mut shown = self.shown.lock();
            let is_accepted =
                shown.as_ref().is_some_and(|shown| shown.is_accepted(&open.uri, &open.document, offset));
            if is_accepted {
                *shown = None;
            }
            is_accepted
        };
        if is_accepted {
            self.count(|hits| hits.accepted += 1);
            *self.accepted.lock() = Some(caret.clone());
        }
        self.note_caret(caret);
    }

    /// True once after a suggestion was accepted at a place.
    fn take_accepted(&self, caret: &Caret) -> bool {
        self.accepted.lock().take_if(|accepted| accepted == caret).is_some()
    }

    /// A request is here: it goes before everything that is prepared.
    pub(crate) fn give_way(&self) {
        self.ahead.lock().cancel();
    }

    pub(crate) fn count(&self, change: impl FnOnce(&mut Hits)) {
        change(&mut self.hits.lock());
    }

    pub(crate) fn hits(&self) -> Hits {
        *self.hits.lock()
    }

    /// Becomes true when the model is there, or it is known that it will not be.
    pub(crate) fn readiness(&self) -> watch::Receiver<bool> {
        self.is_ready.subscribe()
    }

    pub(crate) fn cancel_all(&self) {
        self.ahead.lock().cancel();
        self.learned.lock().cancel.cancel();
    }
}
