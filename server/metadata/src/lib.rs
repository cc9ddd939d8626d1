//! What a configuration consists of: objects, their attributes and forms, who owns which module. Read from the
//! Designer and the EDT layout into one model. Files come through `base::Files`; nothing here keeps trees of XML.

mod event_names;
mod forms;
mod kind;
mod model;
mod support;
mod type_names;
mod type_reader;
mod types;
pub mod xml;

pub use event_names::{form_event_name_en, form_event_name_ru};
pub use forms::{Form, FormAttribute, FormColumns, FormCommand, FormElement, FormHandler, FormQuery};
pub use kind::ObjectKind;
pub use model::{
    Attribute, Command, CommonModule, Configuration, Details, EnumValue, HttpMethod, Layout, MetadataObject,
    Operation, PredefinedItem, Problem, Register, Reuse, RootKind, ScriptVariant, Synonym, TabularSection,
    UrlTemplate,
};
pub use support::{Support, SupportState, Vendor, read_support};
pub use type_reader::read_types;
pub use types::{MetaType, ObjectAspect, TypeDescription};
