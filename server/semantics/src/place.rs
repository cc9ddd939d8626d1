//! Which module a path is: the folders and the file name below a root say it, alike in both layouts.

use std::path::Path;

use metadata::{ObjectKind, RootKind};
use smol_str::SmolStr;

use crate::module::ModuleKind;
use crate::roots::Root;

/// What the path of a module says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PathPlace {
    pub(crate) object: Option<(ObjectKind, SmolStr)>,
    pub(crate) kind: ModuleKind,
    pub(crate) form: Option<SmolStr>,
    /// Command or recalculation.
    pub(crate) name: SmolStr,
}

/// Reads a path inside the folder of a root.
pub(crate) fn place_of(root: &Root, path: &Path) -> Option<PathPlace> {
    let relative = path.strip_prefix(&root.configuration.folder).ok()?;
    let parts: Option<Vec<&str>> = relative.iter().map(|part| part.to_str()).collect();
    let mut parts = parts?;
    let file = parts.pop()?;
    parts.retain(|part| *part != "Ext");
    // External objects of the Designer lie in no folder of their kind.
    if root.configuration.kind == RootKind::External
        && let Some(object) = root.objects.iter().find(|object| parts.first() == Some(&object.name.as_str()))
    {
        parts.insert(0, object.kind.folder());
    }
    match parts.as_slice() {
        [] | ["Configuration"] => Some(PathPlace { kind: application_kind(file)?, ..PathPlace::default() }),
        ["CommonForms", form] | ["CommonForms", form, "Form"] => Some(PathPlace {
            object: Some((ObjectKind::CommonForm, SmolStr::new(form))),
            kind: ModuleKind::Form,
            form: Some(SmolStr::new(form)),
            name: SmolStr::default(),
        }),
        [folder, object, "Forms", form] | [folder, object, "Forms", form, "Form"] => Some(PathPlace {
            form: Some(SmolStr::new(form)),
            ..object_place(folder, object, ModuleKind::Form)?
        }),
        [folder, object, "Commands", name] => {
            Some(PathPlace { name: SmolStr::new(name), ..object_place(folder, object, ModuleKind::Command)? })
        }
        [folder, object, "Recalculations", name] => Some(PathPlace {
            name: SmolStr::new(name),
            ..object_place(folder, object, ModuleKind::RecordSet)?
        }),
        [folder, object] => object_place(folder, object, file_kind(folder, file)?),
        _ => None,
    }
}

fn object_place(folder: &str, object: &str, kind: ModuleKind) -> Option<PathPlace> {
    let object = (ObjectKind::from_folder(folder)?, SmolStr::new(object));
    Some(PathPlace { object: Some(object), kind, ..PathPlace::default() })
}

fn application_kind(file: &str) -> Option<ModuleKind> {
    Some(match file {
        "ManagedApplicationModule.bsl" => ModuleKind::ManagedApplication,
        "OrdinaryApplicationModule.bsl" => ModuleKind::OrdinaryApplication,
        "SessionModule.bsl" => ModuleKind::Session,
        "ExternalConnectionModule.bsl" => ModuleKind::ExternalConnection,
        _ => return None,
    })
}

fn file_kind(folder: &str, file: &str) -> Option<ModuleKind> {
    Some(match file {
        "Module.bsl" if folder == "CommonModules" => ModuleKind::Common,
        "Module.bsl" => ModuleKind::Service,
        "ObjectModule.bsl" => ModuleKind::Object,
        "ManagerModule.bsl" => ModuleKind::Manager,
        "RecordSetModule.bsl" => ModuleKind::RecordSet,
        "ValueManagerModule.bsl" => ModuleKind::ValueManager,
        "CommandModule.bsl" => ModuleKind::Command,
        _ => return None,
    })
}
