//! The platform's API as data: global functions and properties, types with their members, system enumerations, events,
//! keywords, the query language. Facts only: names, signatures, types, availability; a user's own help files may
//! enrich them. What is not listed here may still exist.

mod api;
#[expect(dead_code, reason = "the build script writes")]
mod codec;
mod help;
mod index;
mod platform;
mod tables;

pub use api::{
    Contexts, EnumId, EnumInfo, Event, FormEvent, Keyword, KindMembers, Method, ModuleEvents, Names,
    Parameter, Property, QueryFunction, QueryLanguage, Script, Signature, TypeId, TypeInfo, Version,
    Versions, VirtualTable,
};
pub use help::{
    BookError, ENGLISH_BOOK, Help, HelpFolder, HelpVersion, OperatingSystem, RUSSIAN_BOOK,
    help_file_candidates, help_version,
};
pub use platform::Platform;
