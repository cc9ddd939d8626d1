//! What a configuration consists of: objects, their attributes and forms, who owns which module. Read from the
//! Designer and the EDT layout into one model. Files come through `base::Files`; nothing here keeps trees of XML.

mod composition;
mod configuration;
mod details;
mod discovery;
mod embedded;
mod event_names;
mod forms;
mod full_name;
mod handlers;
mod kind;
mod load;
mod metadata;
mod model;
mod module_name;
mod module_path;
mod object;
mod oscript;
mod predefined;
mod rights;
mod root;
mod source;
mod support;
mod type_names;
mod type_reader;
mod types;
pub mod xml;

pub use composition::{DataSetQuery, composition_path, is_composition_schema, read_composition_queries};
pub use configuration::{ProjectFile, read_configuration, read_object_list, read_project_file};
pub use discovery::{FileRole, RootFile, RootFolder, file_role, find_roots, list_files, role_in};
pub use embedded::EmbeddedText;
pub use event_names::{form_event_name_en, form_event_name_ru};
pub use forms::{
    Form, FormAttribute, FormColumns, FormCommand, FormElement, FormHandler, form_path, parse_form, read_form,
};
pub use full_name::FullName;
pub use handlers::{
    CodeReference, CodeReferenceKind, form_module, form_references, handler_parts, object_references,
    root_references,
};
pub use kind::ObjectKind;
pub use load::{
    CONTENT_VERSION, FileContent, assemble, is_metadata, load, needed_bytes, read_exchange_plan_content,
    read_file, read_project,
};
pub use metadata::{Metadata, ObjectId, RootId};
pub use model::{
    Attribute, Command, CommonModule, Configuration, Details, EnumValue, HttpMethod, KeyFields, Layout,
    MetadataObject, Operation, PredefinedItem, Problem, Register, Reuse, RootKind, ScriptVariant, Synonym,
    TabularSection, UrlTemplate,
};
pub use module_name::ModuleName;
pub use module_path::{ModuleInfo, ModuleKind, ModulePlace, module_kinds};
pub use object::read_object;
pub use oscript::{Library, LibraryEntry, find_libraries, library_entry, read_library};
pub use predefined::{predefined_of_edt, read_predefined};
pub use rights::{ObjectRights, Right, Rights, read_rights};
pub use root::Root;
pub use source::read_texts;
pub use support::{Support, SupportState, Vendor, read_support};
pub use type_reader::read_types;
pub use types::{MetaType, ObjectAspect, TypeDescription};
