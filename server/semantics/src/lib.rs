//! What names mean: facts of modules, resolution, types. Facts depend on the text of one module and on nothing else;
//! a `Project` joins them with metadata and the platform.

mod bytes;
mod codec;
mod cache;
mod definition;
mod digest;
mod doc_comment;
mod facts;
mod forms;
mod ids;
mod module;
mod place;
mod project;
mod flow;
mod query;
mod roots;
mod shape;
mod table;
mod types;

pub use codec::FACTS_VERSION;
pub use definition::{
    AttributeList, AttributeRef, Definition, Location, Lookup, Member, MemberKind,
};
pub use doc_comment::{DocComment, DocLink, DocParameter, DocReturn};
pub use facts::{
    AnnotationFact, ContextDirective, Method, MethodFact, ModuleFacts, NameIndex, OpenFacts, Origin,
    Parameter, ParameterFact, Place, PlacedSection, Receiver, Reference, ReferenceKind, RegionFact,
    SectionFacts, Shift, Variable, VariableFact, collect,
};
pub use forms::{FormEntry, FormReader, NoForms};
pub use ids::{FormId, ModuleId, ObjectRef, RootId};
pub use module::{Module, ModuleKind, ModulePlace};
pub use project::{Project, ProjectBuilder};
pub use flow::{Flow, LocalVariable, ModuleScope, ReadQuery};
pub use query::{QueryBatch, QueryColumn, QueryShape, QuerySource, QueryTable, QueryValue};
pub use roots::{Root, RootContent};
pub use shape::{Field, Shape};
pub use types::{
    Description, Dialect, Fields, FormData, Part, PlatformEnum, PlatformType, Primitive, Type, UNION_LIMIT,
};
