//! Tells how much of a suggestion is true.

use ai::{Acceptor, Verdict};
use ide::ProjectDocument;

/// Asks with an acceptor for a place of a document.
pub(crate) fn with_acceptor<T>(
    _of: ProjectDocument<'_>,
    _caret: u32,
    ask: impl FnOnce(&dyn Acceptor) -> T,
) -> T {
    ask(&Everything)
}

/// Nothing is judged yet.
struct Everything;

impl Acceptor for Everything {
    fn judge(&self, _text: &str, _replaced: usize) -> Verdict {
        Verdict::Accepted
    }
}
