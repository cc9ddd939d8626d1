//! Statements, methods and paths through them, for rules about the flow of control.

mod method;
mod statements;

pub(crate) use method::{complete_method_name, is_complete, returns};
pub(crate) use statements::statements;
