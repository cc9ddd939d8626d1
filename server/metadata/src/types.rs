//! Types as metadata writes them.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::kind::ObjectKind;

/// The set of types of an attribute with its qualifiers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TypeDescription {
    pub types: Vec<MetaType>,
    /// 0 is unlimited or absent.
    pub string_length: u32,
    pub number_digits: u16,
    pub number_fraction: u16,
    /// `Date`, `Time` or `DateTime`; empty if absent.
    pub date_fractions: SmolStr,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum MetaType {
    String,
    Number,
    Boolean,
    Date,
    /// A type that metadata generates: `CatalogRef.X`, `DocumentObject.X`, `InformationRegisterRecordSet.X`.
    Object {
        kind: ObjectKind,
        aspect: ObjectAspect,
        name: SmolStr,
    },
    /// `CatalogRef` without a name: references of all objects of the kind.
    AnyOf {
        kind: ObjectKind,
        aspect: ObjectAspect,
    },
    /// `AnyIBRef`.
    AnyRef,
    DefinedType(SmolStr),
    /// `Characteristic.X`: the value types of a chart of characteristic types.
    Characteristic(SmolStr),
    /// English name without prefix: `ValueTable`, `UUID`, `Color`, `DynamicList`, `ValueList`.
    Platform(SmolStr),
    Unknown,
}

/// Which of the generated types of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ObjectAspect {
    Ref,
    Object,
    Manager,
    Selection,
    List,
    RecordSet,
    Record,
    RecordKey,
    RecordManager,
    /// Constants.
    ValueManager,
    ValueKey,
    /// Row of a tabular section; the name is `Object.Section`.
    TabularSection,
    TabularSectionRow,
    RoutePointRef,
}
