//! What names mean: facts of modules, resolution, types. Facts depend on the text of one module and on nothing else;
//! a `Project` joins them with metadata and the platform.

mod bytes;
mod codec;
mod doc_comment;
mod facts;
mod query;
mod shape;

pub use codec::FACTS_VERSION;
pub use doc_comment::{DocComment, DocLink, DocParameter, DocReturn};
pub use facts::{
    AnnotationFact, ContextDirective, Method, MethodFact, ModuleFacts, NameIndex, OpenFacts, Origin,
    Parameter, ParameterFact, Place, PlacedSection, Receiver, Reference, ReferenceKind, RegionFact,
    SectionFacts, Shift, Variable, VariableFact, collect,
};
pub use query::{QueryBatch, QueryColumn, QueryShape, QuerySource, QueryTable, QueryValue};
pub use shape::{Field, Shape};
