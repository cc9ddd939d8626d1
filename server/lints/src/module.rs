//! Kinds of modules, which `metadata` tells from paths. They are part of the face of rules.

pub use metadata::{ModuleInfo, ModuleKind};
