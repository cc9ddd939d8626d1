//! Who makes suggestions, as the requests see it: the joined tiers of the crate `ai`, or a stand-in of the tests.

use std::time::Instant;

use ai::{Acceptor, Context, Extent, Suggestion};
use base::CancelToken;

use crate::assistant::ModelStatus;

/// Makes suggestions. Calls block; none of them waits for the model to load.
pub(crate) trait Completions: Send + Sync {
    /// Checked suggestions, the best first.
    fn suggest(&self, ask: &Ask<'_>, cancel: &CancelToken) -> Vec<Suggestion>;

    /// Loads the model; called once, in the background.
    fn load(&self) {}

    /// Reads a context in idle time.
    fn warm(&self, _context: &Context, _cancel: &CancelToken) {}

    /// Many modules of the project, by their keys, read like this now.
    fn learn_all(&self, modules: &mut dyn Iterator<Item = (String, String)>, cancel: &CancelToken) {
        modules.for_each(|(module, text)| self.learn(&module, &text, cancel));
    }

    /// A module of the project reads like this now.
    fn learn(&self, _module: &str, _text: &str, _cancel: &CancelToken) {}

    /// A module is gone.
    fn forget(&self, _module: &str) {}

    fn status(&self) -> ModelStatus;

    /// Is there an engine elsewhere that may be asked?
    fn has_remote(&self) -> bool {
        false
    }

    /// What was sent elsewhere last, word by word; `None` if nothing was.
    fn last_sent(&self) -> Option<String> {
        None
    }
}

/// One question.
pub(crate) struct Ask<'a> {
    pub(crate) context: &'a Context,
    pub(crate) acceptor: &'a dyn Acceptor,
    pub(crate) effort: Effort,
    pub(crate) extent: Extent,
    pub(crate) candidates: usize,
    /// The user asked: doubtful suggestions are welcome, too.
    pub(crate) is_invoked: bool,
    pub(crate) deadline: Option<Instant>,
}

/// How far to go for a suggestion. Each step includes the ones before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Effort {
    /// Caches and lines of the project: microseconds.
    Instant,
    /// The model on this machine.
    Model,
    /// The engine elsewhere.
    Remote,
}
