//! What a file is, from its path inside a root.

use std::path::Path;

use crate::kind::ObjectKind;
use crate::model::Layout;
use crate::module_path::{ModuleKind, ModulePlace};

/// What a file of a root holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileRole {
    /// `Configuration.xml`, `Configuration.mdo`.
    Configuration,
    /// Description of an object. External objects of the Designer may be processors or reports: their files tell.
    Object(ObjectKind),
    /// Text of a module, `.bsl`.
    Module,
    /// A module without its text, `.bin`.
    ProtectedModule,
    /// Content of a form: `Form.xml`, `Form.form`.
    Form,
    /// The form as it was in the base configuration; extensions keep it beside their own.
    BaseForm,
    /// `Ext/Predefined.xml` of the Designer; EDT keeps predefined items in the object.
    Predefined,
    /// Objects of an exchange plan, `Ext/Content.xml` of the Designer.
    ExchangePlanContent,
    /// Rights of a role.
    Rights,
    /// State of support by a vendor, `ParentConfigurations.bin`.
    Support,
}

/// The role of a file by its path relative to a root's folder; `None` if it means nothing to code.
pub fn file_role(relative: &Path, layout: Layout, is_external: bool) -> Option<FileRole> {
    let parts: Vec<&str> = relative.iter().filter_map(|part| part.to_str()).collect();
    let (file, folders) = parts.split_last()?;
    let (stem, extension) = file.rsplit_once('.')?;
    match extension {
        "bsl" => Some(FileRole::Module),
        "bin" if *file == "ParentConfigurations.bin" => Some(FileRole::Support),
        "bin" => is_module(relative).then_some(FileRole::ProtectedModule),
        _ if is_external => designer_external(folders, file),
        _ => match layout {
            Layout::Designer => designer(folders, stem, extension),
            Layout::Edt => edt(folders, stem, extension),
        },
    }
}

/// Ordinary forms and templates are stored in `.bin`, too.
fn is_module(relative: &Path) -> bool {
    ModulePlace::from_path(&relative.to_string_lossy()).kind != ModuleKind::Unknown
}

fn designer(folders: &[&str], stem: &str, extension: &str) -> Option<FileRole> {
    if extension != "xml" {
        return None;
    }
    match (folders, stem) {
        ([], "Configuration") => Some(FileRole::Configuration),
        ([.., "Subsystems"], _) => Some(FileRole::Object(ObjectKind::Subsystem)),
        ([folder], _) => ObjectKind::from_folder(folder).map(FileRole::Object),
        (["Roles", _, "Ext"], "Rights") => Some(FileRole::Rights),
        (["ExchangePlans", _, "Ext"], "Content") => Some(FileRole::ExchangePlanContent),
        ([_, _, "Ext"], "Predefined") => Some(FileRole::Predefined),
        (["CommonForms", _, "Ext"] | [_, _, "Forms", _, "Ext"], "Form") => Some(FileRole::Form),
        _ => None,
    }
}

fn designer_external(folders: &[&str], file: &str) -> Option<FileRole> {
    match (folders, file) {
        ([_, "Forms", _, "Ext"], "Form.xml") => Some(FileRole::Form),
        _ => None,
    }
}

fn edt(folders: &[&str], stem: &str, extension: &str) -> Option<FileRole> {
    match (folders, extension) {
        (["Configuration"], "mdo") => (stem == "Configuration").then_some(FileRole::Configuration),
        ([.., "Subsystems", name], "mdo") if *name == stem => Some(FileRole::Object(ObjectKind::Subsystem)),
        ([folder, name], "mdo") if *name == stem => ObjectKind::from_folder(folder).map(FileRole::Object),
        (["Roles", _], "rights") => Some(FileRole::Rights),
        ([.., "BaseForm"], "form") => Some(FileRole::BaseForm),
        (_, "form") => Some(FileRole::Form),
        _ => None,
    }
}
