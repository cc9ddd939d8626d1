//! Which documents are to be checked when, and what is being checked now. A touched document loses its
//! running check: its result would be outdated.

use std::time::{Duration, Instant};

use base::CancelToken;
use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use tokio::sync::Notify;
use tower_lsp::gen_lsp_types::Uri;

#[derive(Default)]
pub(crate) struct Schedule {
    state: Mutex<State>,
    wake: Notify,
}

#[derive(Default)]
struct State {
    due: FxHashMap<Uri, Instant>,
    running: FxHashMap<Uri, CancelToken>,
}

impl Schedule {
    /// Checks the document after a pause; every touch starts the pause anew.
    pub(crate) fn touch(&self, uri: Uri, pause: Duration) {
        {
            let mut state = self.state.lock();
            if let Some(running) = state.running.remove(&uri) {
                running.cancel();
            }
            state.due.insert(uri, Instant::now() + pause);
        }
        self.wake.notify_one();
    }

    /// Is a document being checked?
    pub(crate) fn is_busy(&self) -> bool {
        !self.state.lock().running.is_empty()
    }

    pub(crate) fn cancel_all(&self) {
        let mut state = self.state.lock();
        state.due.clear();
        state.running.drain().for_each(|(_, token)| token.cancel());
    }

    /// Forgets a finished check, unless another one has replaced it.
    pub(crate) fn finished(&self, uri: &Uri, is_cancelled: bool) {
        if !is_cancelled {
            self.state.lock().running.remove(uri);
        }
    }

    /// Waits for the next documents whose pause is over.
    pub(crate) async fn next(&self) -> Vec<(Uri, CancelToken)> {
        loop {
            let (ready, next_due) = self.take_due(Instant::now());
            if !ready.is_empty() {
                return ready;
            }
            match next_due {
                Some(due) => {
                    let _ = tokio::time::timeout_at(due.into(), self.wake.notified()).await;
                }
                None => self.wake.notified().await,
            }
        }
    }

    fn take_due(&self, now: Instant) -> (Vec<(Uri, CancelToken)>, Option<Instant>) {
        let mut state = self.state.lock();
        let State { due, running } = &mut *state;
        let mut ready = Vec::new();
        due.retain(|uri, time| {
            let is_due = *time <= now;
            if is_due {
                let token = CancelToken::new();
                running.insert(uri.clone(), token.clone());
                ready.push((uri.clone(), token));
            }
            !is_due
        });
        (ready, due.values().min().copied())
    }
}
