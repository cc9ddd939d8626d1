//! Small handles of what a project holds. They are valid for one project and the projects made from it by edits.

pub use metadata::{ObjectId, RootId};

/// A module of a project.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModuleId(pub u32);

/// A form, whether it has a module or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FormId(pub u32);
