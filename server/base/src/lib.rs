//! Vocabulary shared by every layer: positions, edits, severities, cancellation, encodings, names.
//! Nothing here does IO.

mod cancel;
mod edit;
pub mod encoding;
mod files;
mod host;
mod name;
mod range;
mod severity;

pub use cancel::CancelToken;
pub use edit::{Edit, apply_edits};
pub use files::{FileEntry, Files};
pub use host::is_loopback;
pub use name::{fold_case, same_name};
pub use range::TextRange;
pub use severity::{Locale, Severity};
