//! What a name means: enough to show it and to go there.

use std::path::PathBuf;

use base::TextRange;
use metadata::{Attribute, ObjectKind};
use platform::Names;
use smol_str::SmolStr;

use crate::facts::Place;
use crate::ids::{FormId, ModuleId, ObjectId};
use crate::types::{Dialect, PlatformEnum, PlatformType};

/// Variables and iterators of methods are the caller's business; all else that a name can mean is here.
#[derive(Clone, Debug, PartialEq)]
pub enum Definition {
    Method {
        module: ModuleId,
        index: u32,
    },
    /// A variable of the module.
    Variable {
        module: ModuleId,
        index: u32,
    },
    Parameter {
        module: ModuleId,
        method: u32,
        index: u32,
    },
    /// A common module; a module or a class of a OneScript library.
    Module(ModuleId),
    /// `Справочники`.
    ManagerCollection(ObjectKind),
    /// `Справочники.Товары`.
    Object(ObjectId),
    Attribute(AttributeRef),
    /// A standard attribute of an object; of its tabular section if one is named.
    StandardAttribute {
        object: ObjectId,
        section: Option<u16>,
        names: Names,
    },
    Section {
        object: ObjectId,
        section: u16,
    },
    EnumValue {
        object: ObjectId,
        index: u32,
    },
    Predefined {
        object: ObjectId,
        index: u32,
    },
    Command {
        object: ObjectId,
        index: u32,
    },
    Template {
        object: ObjectId,
        index: u32,
    },
    Form(FormId),
    FormAttribute {
        form: FormId,
        index: u32,
    },
    FormColumn {
        form: FormId,
        attribute: u32,
        column: u32,
    },
    FormElement {
        form: FormId,
        index: u32,
    },
    FormCommand {
        form: FormId,
        index: u32,
    },
    FormParameter {
        form: FormId,
        index: u32,
    },
    PlatformFunction {
        dialect: Dialect,
        name: SmolStr,
    },
    PlatformProperty {
        dialect: Dialect,
        name: SmolStr,
    },
    PlatformType(PlatformType),
    PlatformMethod {
        owner: PlatformType,
        name: SmolStr,
    },
    PlatformMember {
        owner: PlatformType,
        name: SmolStr,
    },
    /// A member of the module's own context that is known by name only.
    ContextMember {
        names: Names,
    },
    SystemEnum(PlatformEnum),
    SystemEnumValue {
        owner: PlatformEnum,
        index: u32,
    },
    /// A key of a structure or a column of a table that code adds.
    Field {
        module: ModuleId,
        name: SmolStr,
        description: SmolStr,
        offset: Option<u32>,
    },
    /// A column of a query's result.
    QueryColumn {
        name: SmolStr,
    },
    /// A field that a table of the query language has by itself: `Представление`.
    QueryField {
        names: Names,
    },
    /// A resource as a virtual table computes it: `СуммаОстаток`.
    ComputedResource {
        attribute: AttributeRef,
        names: Names,
    },
    /// A node of the tree of `Метаданные`.
    DescriptionPart {
        names: Names,
    },
    /// `ЭтотОбъект`, `ЭтаФорма`.
    This {
        names: Names,
    },
}

/// An attribute of an object by its list and index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AttributeRef {
    pub object: ObjectId,
    pub list: AttributeList,
    pub index: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AttributeList {
    Attributes,
    Dimensions,
    Resources,
    Others,
    /// Index of the tabular section.
    Section(u16),
}

/// Where something is declared.
#[derive(Clone, Debug, PartialEq)]
pub enum Location {
    Module {
        module: ModuleId,
        place: Place,
    },
    /// The start of a module.
    ModuleStart(ModuleId),
    /// A place in a module by offset alone.
    Offset {
        module: ModuleId,
        offset: u32,
    },
    File {
        path: PathBuf,
        range: Option<TextRange>,
    },
}

/// What a member is, for icons and order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MemberKind {
    Method,
    Function,
    Property,
    Variable,
    Attribute,
    StandardAttribute,
    Section,
    EnumValue,
    Predefined,
    Object,
    Module,
    Collection,
    Form,
    Command,
    Element,
    Field,
    Column,
    Type,
    Enum,
}

/// A member of a type, or a name that code may use by itself. Its type is computed on demand: `Scope::member_type`.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    pub names: Names,
    pub kind: MemberKind,
    pub definition: Definition,
}

/// Result of looking for a member.
#[derive(Clone, Debug, PartialEq)]
pub enum Lookup {
    Found(Member),
    /// There is certainly no such member.
    Missing,
    Unknown,
}

impl Lookup {
    pub fn found(self) -> Option<Member> {
        match self {
            Self::Found(member) => Some(member),
            Self::Missing | Self::Unknown => None,
        }
    }
}

impl Member {
    pub(crate) fn new(names: Names, kind: MemberKind, definition: Definition) -> Self {
        Self { names, kind, definition }
    }
}

/// A name that is alike in both languages.
pub(crate) fn plain(name: &str) -> Names {
    Names { ru: SmolStr::new(name), ..Names::default() }
}

pub(crate) fn pair(ru: &'static str, en: &'static str) -> Names {
    Names { ru: SmolStr::new_static(ru), en: SmolStr::new_static(en), aliases: Vec::new() }
}

impl AttributeRef {
    /// The attribute in the object that it belongs to.
    pub fn find(self, object: &metadata::MetadataObject) -> Option<&Attribute> {
        let list = match self.list {
            AttributeList::Attributes => &object.attributes,
            AttributeList::Dimensions => &object.dimensions,
            AttributeList::Resources => &object.resources,
            AttributeList::Others => &object.other_fields,
            AttributeList::Section(section) => &object.tabular_sections.get(section as usize)?.attributes,
        };
        list.get(self.index as usize)
    }
}
