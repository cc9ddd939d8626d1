//! Statements, methods and paths through them, for rules about the flow of control.

mod builder;
mod complexity;
mod complexity_rule;
mod dead_code;
mod equality;
mod graph;
mod instructions;
mod iterators;
mod list;
mod method;
mod statements;

pub(crate) use builder::build_graph;
pub(crate) use complexity::{Increment, find_increments};
pub use complexity::{MethodComplexity, method_complexities};
pub(crate) use complexity_rule::{CHECK_MODULE_BODY, ComplexityRule, Measure, threshold};
pub(crate) use dead_code::DeadCode;
pub(crate) use equality::equal_groups;
pub(crate) use graph::{EdgeKind, Vertex, VertexKind};
pub(crate) use iterators::{IteratorFact, UnusedIterators};
pub(crate) use list::{StatementList, has_directive, unlabeled};
pub(crate) use method::{complete_method_name, is_well_nested, returns};
pub(crate) use statements::statements;
