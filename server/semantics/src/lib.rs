//! What names mean: facts of modules, resolution, types. Facts depend on the text of one module and on nothing else;
//! a `Project` joins them with metadata and the platform.

mod builder;
mod bytes;
mod cache;
mod calls;
mod codec;
mod definition;
mod digest;
mod display;
mod doc_comment;
mod facts;
mod flow;
mod forms;
mod ids;
mod location;
mod members;
mod module;
mod names;
mod parameters;
mod project;
mod query;
mod query_scope;
mod query_tables;
mod resolver;
mod scope;
mod shape;
mod shapes;
mod shared;
mod table;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;
mod type_names;
mod types;
mod values;

pub use builder::ProjectBuilder;
pub use codec::FACTS_VERSION;
pub use definition::{AttributeList, AttributeRef, Definition, Location, Lookup, Member, MemberKind};
pub use doc_comment::{DocComment, DocLink, DocParameter, DocReturn};
pub use facts::{
    AnnotationFact, ContextDirective, Method, MethodFact, ModuleFacts, NameIndex, OpenFacts, Origin,
    Parameter, ParameterFact, Place, PlacedSection, Receiver, Reference, ReferenceKind, RegionFact,
    SectionFacts, Shift, Variable, VariableFact, collect,
};
pub use flow::{Flow, LocalVariable, ModuleScope, ReadQuery};
pub use forms::{FormEntry, FormReader, NoForms};
pub use ids::{FormId, ModuleId, ObjectId, RootId};
pub use module::{Module, ModulePlace};
pub use project::Project;
pub use query::{
    QueryBatch, QueryColumn, QueryShape, QuerySource, QueryTable, QueryValue, query_select, query_shape,
    query_text_shape, query_value,
};
pub use query_scope::{FieldLookup, QueryField, QueryScope};
pub use query_tables::{TableSource, VirtualTable};
pub use scope::Scope;
pub use shape::{Field, Shape};
pub use types::{
    Description, Dialect, Fields, FormData, Part, PlatformEnum, PlatformType, Primitive, Type, UNION_LIMIT,
};
