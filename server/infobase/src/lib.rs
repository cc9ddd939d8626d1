//! Changes of modules brought into a living infobase: what changed and how risky it is, the ways to apply it, retries
//! and rollback, who may do it, and the record of it. The protocol of the HTTP contract is spoken from both sides.
//!
//! No platform runs where this is built: transports that start platform programs follow their documentation and are
//! tested with programs that answer like them.

pub mod change;
mod clock_text;
pub mod config;
mod digest;
pub mod gate;
pub mod manager;
mod message;
pub mod module;
pub mod security;
pub mod serve;
pub mod transport;

pub use clock_text::{parse_utc, utc};
pub use digest::{Digest, hex, sha256};
pub use message::{Diagnostic, DiagnosticSeverity, ReloadReply, ReloadRequest, Status};
