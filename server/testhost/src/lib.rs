//! A host that executes BSL: an interpreter over the project's own syntax tree, so that hot reload, measurements and
//! error messages can be tried end to end where no platform is at hand. It is no replacement of the platform; what it
//! does not know it names.

#![expect(clippy::mutable_key_type, reason = "objects hash by identity or by keys that never change")]

mod arguments;
mod builtins;
mod code;
mod compile;
mod date;
mod failure;
mod files;
mod grants;
mod infobase;
mod machine;
mod memory;
mod name;
mod number;
mod object;
mod objects;
mod query;
mod transactions;
mod types;
mod value;

pub use arguments::Arguments;
pub use code::{CompileError, Method, Module, ModuleVariable, Parameter};
pub use compile::{Environment, compile};
pub use date::{Date, DateParts};
pub use failure::{Failure, FailureKind, Frame, Outcome};
pub use grants::Grants;
pub use infobase::{Configuration, ReplaceError};
pub use machine::{
    Clock, CommonModule, Instance, Limits, LineMeasure, Machine, Measurement, Observer, Tracer,
};
pub use name::Name;
pub use number::{Number, NumberError};
pub use object::{AsAny, Object};
pub use objects::{Array, Map, Structure, ValueList, ValueTable};
pub use query::{Database, Table};
pub use types::TypeName;
pub use value::Value;
