//! Who may do what, over which connections, with which files; and the record of all of it.

mod access;
mod address;
mod audit;
mod containment;
mod keyring;
mod policy;
mod refusal;
mod replay;
mod secret;

pub use access::{AccessEntry, AccessList, AccessProblem};
pub use address::{AddressError, check_listen_address, check_server_address};
pub use audit::{AuditLog, AuditProblem, AuditRecord, AuditReport, verify};
pub use containment::{PathError, contain};
pub use keyring::{KeyringEntry, KeyringError, OWN_SERVICE};
pub use policy::{Action, Identity, Role};
pub use refusal::Refusal;
pub use replay::{NONCE_HEADER, ReplayGuard, TIME_HEADER};
pub use secret::{Secret, SecretError, SecretSource};
