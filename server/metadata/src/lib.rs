//! What a configuration consists of: objects, their attributes and forms, who owns which module. Read from the
//! Designer and the EDT layout into one model. Files come through `base::Files`; nothing here keeps trees of XML.

mod kind;
mod model;
mod types;
pub mod xml;

pub use kind::ObjectKind;
pub use model::{
    Attribute, Command, CommonModule, Configuration, Details, EnumValue, Form, FormAttribute, FormElement,
    FormHandler, HttpMethod, Layout, MetadataObject, Operation, PredefinedItem, Problem, Register, Reuse,
    RootKind, ScriptVariant, Synonym, TabularSection, UrlTemplate,
};
pub use types::{MetaType, ObjectAspect, TypeDescription};
