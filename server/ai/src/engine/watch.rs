//! Whether to go on: asked before every piece of a prompt and every token.

use std::time::Instant;

use base::CancelToken;

use super::Finish;

/// Who may stop the work on one request.
pub(crate) struct Watch<'a> {
    /// Whoever asked lost interest, a newer request came, or the engine ends.
    pub(crate) cancels: [&'a CancelToken; 2],
    pub(crate) deadline: Option<Instant>,
}

impl Watch<'_> {
    /// Why to stop, if there is a reason.
    pub(crate) fn stop(&self) -> Option<Finish> {
        if self.cancels.iter().any(|cancel| cancel.is_cancelled()) {
            Some(Finish::Cancelled)
        } else if self.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            Some(Finish::Deadline)
        } else {
            None
        }
    }
}
