//! Explains errors: reads what the platform or OneScript reported, finds the place in the project, names the reason and
//! offers a repair. Nothing here does IO; texts of modules come from the caller.

pub mod catalogue;
mod cause;
mod code;
mod explain;
mod fingerprint;
mod history;
mod locate;
mod message;
mod module_path;
mod nearest;
mod reach;
mod render;
mod repair;
#[cfg(test)]
mod tests;
mod trace;

pub use cause::Confidence;
pub use code::ReadText;
pub use explain::{Explanation, Place, ShownStep, explain};
pub use history::{History, Occurrences, Record};
pub use locate::{LineState, LocatedFrame};
pub use message::{ErrorLink, ErrorReport, ErrorSource, QueryPlace, ReportedError, StackFrame, read_errors};
pub use render::{Rendering, Style};
pub use repair::Repair;
pub use trace::StepRole;
