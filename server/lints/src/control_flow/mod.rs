//! Statements, methods and paths through them, for rules about the flow of control.

mod complexity;
mod equality;
mod iterators;
mod method;
mod statements;

pub(crate) use complexity::{Increment, find_increments, method_score, module_score};
pub(crate) use equality::equal_groups;
pub(crate) use iterators::{IteratorFact, unused_iterator};
pub(crate) use method::{complete_method_name, returns};
pub(crate) use statements::statements;
