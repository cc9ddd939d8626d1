//! What names mean: facts of modules, resolution, types. Facts depend on the text of one module and on nothing else;
//! a `Project` joins them with metadata and the platform.

mod facts;
mod flow;
mod query;
mod shape;

pub use facts::{
    AnnotationFact, ContextDirective, MethodFact, ModuleFacts, NameIndex, ParameterFact, Place, Reference,
    ReferenceKind, RegionFact, VariableFact,
};
pub use flow::{Flow, LocalVariable, ModuleScope, ReadQuery};
pub use query::{QueryBatch, QueryColumn, QueryShape, QuerySource, QueryTable, QueryValue};
pub use shape::{Field, Shape};
