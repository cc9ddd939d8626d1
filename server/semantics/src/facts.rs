//! Facts of one module: what it declares and which names it uses. They depend on its text alone, are kept for closed
//! modules instead of trees, and go to the disk cache as they are.

mod code_shapes;
mod collect;
mod declare;
mod interner;
mod methods;
mod module;
mod names;
mod open;
mod place;
mod query_uses;
mod references;
mod regions;
mod scope;
mod tracker;
mod uses;

pub use collect::collect;
pub use methods::{
    AnnotationFact, ContextDirective, Method, MethodFact, Parameter, ParameterFact, Variable, VariableFact,
};
pub use module::{ModuleFacts, PlacedSection, SectionFacts};
pub use names::NameIndex;
pub use open::OpenFacts;
pub use place::{Place, Shift};
pub use references::{Origin, Receiver, Reference, ReferenceKind};
pub use regions::RegionFact;

#[cfg(test)]
mod tests;
