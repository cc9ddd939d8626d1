//! The other side of the contract: a server that lets in only whom it knows, and hands texts to a host that runs them.

mod guard;
mod listen;

#[cfg(test)]
mod attacks;

use std::path::Path;

use crate::message::{ReloadReply, ReloadRequest};

pub use guard::{Guard, GuardOptions};
pub use listen::{ServeError, start};
pub use loopback::Server;

/// What runs the code. Calls come one at a time.
pub trait Host: Send {
    /// Replaces a module, or only says whether it could be (`dry_run`). The status goes to the client as it is.
    fn apply(&mut self, request: &ReloadRequest, file: &Path) -> (u16, ReloadReply);

    /// Digest of the text that is applied, by the path of the module.
    fn applied_digest(&mut self, path: &str) -> Option<String>;
}
