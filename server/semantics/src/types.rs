//! Types as a project knows them. `Unknown` is a first-class answer; an open union may hold more than it lists.

use std::sync::Arc;

use metadata::{ObjectAspect, ObjectKind};
use platform::{EnumId, TypeId};

use crate::ids::{FormId, ModuleId, ObjectId};
use crate::query::QueryShape;
use crate::query_tables::TableSource;
use crate::shape::Field;

/// Most parts that a union keeps; a larger one is open.
pub const UNION_LIMIT: usize = 16;

/// Which platform a fact comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dialect {
    /// 1C:Enterprise.
    #[default]
    Enterprise,
    OneScript,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PlatformType {
    pub dialect: Dialect,
    pub id: TypeId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PlatformEnum {
    pub dialect: Dialect,
    pub id: EnumId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Primitive {
    Undefined,
    Null,
    Boolean,
    Number,
    String,
    Date,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub enum Type {
    #[default]
    Unknown,
    Primitive(Primitive),
    Platform(PlatformType),
    /// The enumeration itself: `ВидСравнения`.
    SystemEnum(PlatformEnum),
    SystemEnumValue(PlatformEnum),
    /// `Массив из Строка`; elements of maps are their values.
    Collection {
        base: PlatformType,
        element: Arc<Type>,
    },
    /// A structure with known keys.
    Structure {
        base: PlatformType,
        fields: Fields,
    },
    /// A table or a tree with known columns.
    Table {
        base: PlatformType,
        fields: Fields,
    },
    /// A row of such a table, a selection from a query result.
    Row {
        base: PlatformType,
        fields: Fields,
    },
    /// One of the generated types of an object: `СправочникСсылка.Товары`. Not for tabular sections.
    Object {
        object: ObjectId,
        aspect: ObjectAspect,
    },
    /// `СправочникСсылка`: any object of the kind.
    AnyObject {
        kind: ObjectKind,
        aspect: ObjectAspect,
    },
    /// `Движения` of a document.
    RegisterRecords(ObjectId),
    /// `Отбор` of a record set.
    RegisterFilter(ObjectId),
    /// `ЛюбаяСсылка`.
    AnyRef,
    /// A tabular section by its index.
    Section {
        object: ObjectId,
        section: u16,
    },
    SectionRow {
        object: ObjectId,
        section: u16,
    },
    /// Form data of an object, a record set or a tabular section: `ДанныеФормыСтруктура`, `ДанныеФормыКоллекция`.
    FormData(FormData),
    /// `Справочники`.
    ManagerCollection(ObjectKind),
    /// `Метаданные` and what hangs below.
    Description(Description),
    /// A common module or a module of a OneScript library.
    Module(ModuleId),
    /// A class of a OneScript library.
    ScriptClass(ModuleId),
    Form(FormId),
    /// `Элементы`.
    FormElements(FormId),
    FormElement {
        form: FormId,
        element: u32,
    },
    /// `Команды`.
    FormCommands(FormId),
    /// `Параметры`.
    FormParameters(FormId),
    /// `Новый Запрос` with the text it has, if that is known.
    Query(Option<Arc<QueryShape>>),
    /// Result of a query; without a batch: of any of its batches.
    QueryResult {
        query: Arc<QueryShape>,
        batch: Option<u32>,
    },
    /// A table that a query reads; its members are its fields.
    Source(TableSource),
    /// A value that describes types: `Тип("X")`.
    TypeValue(Arc<Type>),
    /// One of several, at most `UNION_LIMIT`; never nested, without duplicates and `Unknown`.
    Union {
        parts: Arc<[Type]>,
        is_open: bool,
    },
}

/// Where fields of a structure or columns of a table are described. Their types are computed when asked for.
#[derive(Clone, Debug)]
pub enum Fields {
    /// By code of the module.
    Shape { fields: Arc<[Field]>, module: ModuleId },
    /// Columns of a batch; of all batches that return rows if none is named.
    Query { query: Arc<QueryShape>, batch: Option<u32>, module: ModuleId },
    /// Attributes of a tabular section.
    Section { object: ObjectId, section: u16 },
    /// Dimensions, resources and attributes of a register.
    Register(ObjectId),
    /// Columns of a form attribute.
    FormAttribute { form: FormId, attribute: u32 },
    /// All of them, the first of a name counts.
    Joined(Arc<[Fields]>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FormData {
    /// `Объект`: an object, a record manager, a record set or a set of constants.
    Object {
        object: ObjectId,
        aspect: ObjectAspect,
    },
    Section {
        object: ObjectId,
        section: u16,
    },
    SectionRow {
        object: ObjectId,
        section: u16,
    },
    /// An attribute that is a table or a tree; the value of a dynamic list.
    Attribute {
        form: FormId,
        attribute: u32,
    },
    AttributeRow {
        form: FormId,
        attribute: u32,
    },
    /// Items of a tree: `Дерево.ПолучитьЭлементы()`.
    AttributeItems {
        form: FormId,
        attribute: u32,
    },
}

/// A place in the tree of `Метаданные`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Description {
    Root,
    Kind(ObjectKind),
    Object(ObjectId),
    Parts {
        object: ObjectId,
        part: Part,
    },
    /// `Метаданные.Документы.X.ТабличныеЧасти.Y`.
    Section {
        object: ObjectId,
        section: u16,
    },
    SectionAttributes {
        object: ObjectId,
        section: u16,
    },
    /// `Метаданные.СвойстваОбъектов`.
    Properties,
    /// An attribute, a form, a template and so on: nothing hangs below that we know.
    Leaf,
}

/// Collections of an object's description.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    Attributes,
    StandardAttributes,
    TabularSections,
    Dimensions,
    Resources,
    EnumValues,
    Forms,
    Commands,
    Templates,
    /// Flags of charts of accounts, addressing attributes, columns of journals.
    Others,
}

impl PartialEq for Fields {
    /// Shared descriptions are equal; equal but separate ones are compared as written.
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Shape { fields, module }, Self::Shape { fields: others, module: at }) => {
                module == at && (Arc::ptr_eq(fields, others) || fields == others)
            }
            (
                Self::Query { query, batch, module },
                Self::Query { query: others, batch: which, module: at },
            ) => batch == which && module == at && (Arc::ptr_eq(query, others) || query == others),
            (Self::Section { object, section }, Self::Section { object: other, section: at }) => {
                object == other && section == at
            }
            (Self::Register(object), Self::Register(other)) => object == other,
            (Self::FormAttribute { form, attribute }, Self::FormAttribute { form: other, attribute: at }) => {
                form == other && attribute == at
            }
            _ => false,
        }
    }
}

impl Type {
    pub const STRING: Self = Self::Primitive(Primitive::String);
    pub const NUMBER: Self = Self::Primitive(Primitive::Number);
    pub const BOOLEAN: Self = Self::Primitive(Primitive::Boolean);
    pub const DATE: Self = Self::Primitive(Primitive::Date);
    pub const UNDEFINED: Self = Self::Primitive(Primitive::Undefined);

    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// The parts of a union, or the type itself; none for `Unknown`.
    pub fn parts(&self) -> &[Self] {
        match self {
            Self::Unknown => &[],
            Self::Union { parts, .. } => parts,
            single => std::slice::from_ref(single),
        }
    }

    /// True if the value may have a type that is not listed.
    pub fn is_open(&self) -> bool {
        match self {
            Self::Unknown => true,
            Self::Union { is_open, .. } => *is_open,
            _ => false,
        }
    }

    /// One of the given types; unknown ones make the union open.
    pub fn union(types: impl IntoIterator<Item = Self>) -> Self {
        let mut parts: Vec<Self> = Vec::new();
        let mut is_open = false;
        for item in types {
            is_open |= item.is_open();
            for part in item.parts() {
                if !parts.contains(part) {
                    if parts.len() == UNION_LIMIT {
                        is_open = true;
                    } else {
                        parts.push(part.clone());
                    }
                }
            }
        }
        match parts.len() {
            0 => Self::Unknown,
            1 if !is_open => parts.remove(0),
            _ => Self::Union { parts: parts.into(), is_open },
        }
    }
}
