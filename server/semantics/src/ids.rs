//! Small handles of what a project holds. They are valid for one project and the projects made from it by edits.

/// A module of a project.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModuleId(pub u32);

/// A configuration, an extension or an external object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RootId(pub u16);

/// A top-level metadata object: its root and its index there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectRef {
    pub root: RootId,
    pub index: u32,
}

/// A form, whether it has a module or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FormId(pub u32);
