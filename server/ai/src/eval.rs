//! Measuring completion: places in real code whose rest of the line is hidden, and figures about what is offered there.

mod cases;
mod figures;

pub use cases::{CaretKind, Case, EvalModule, select_cases};
pub use figures::{Figures, Outcome, edit_similarity, first_identifier};
