//! Texts of queries inside literals: what stands at a place of them, and everything an editor asks about it. Each
//! question is answered with `None` where no query is, so that other features ask here first.

pub(crate) mod code;
mod columns;
mod completion;
mod definition;
mod hover;
mod meaning;
mod parameters;
mod symbols;

pub(crate) use code::QueryCode;
pub(crate) use completion::query_completion;
pub(crate) use definition::{query_definition, query_target};
pub(crate) use hover::query_hover;
pub(crate) use meaning::QueryMeaning;
pub use symbols::query_highlights;
pub(crate) use symbols::{prepare_query_rename, query_references, rename_in_query};
