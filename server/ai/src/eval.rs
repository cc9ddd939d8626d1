//! Measuring completion: places in real code whose rest of the line is hidden, and figures about what is offered there.

mod calibrate;
mod cases;
mod figures;

pub use calibrate::{Example, fit};
pub use cases::{CaretKind, Case, EvalModule, methods_of, select_cases};
pub use figures::{Figures, Outcome, edit_similarity, first_identifier};
