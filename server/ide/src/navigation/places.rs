//! Places of definitions: in modules, and in files of metadata where those have no module.

use base::Files;
use metadata::{ModuleKind, ObjectAspect};
use semantics::{Definition, Location, ModuleId, ObjectId, Project};

use crate::meaning::ProjectDocument;
use crate::navigation::{Target, xml};

/// Kinds of modules of an object, the one that most likely is wanted first.
const OF_MANAGER: &[ModuleKind] = &[
    ModuleKind::ManagerModule,
    ModuleKind::ObjectModule,
    ModuleKind::RecordSetModule,
    ModuleKind::ValueManagerModule,
    ModuleKind::CommonModule,
    ModuleKind::HTTPServiceModule,
    ModuleKind::WEBServiceModule,
    ModuleKind::CommandModule,
];
const OF_OBJECT: &[ModuleKind] =
    &[ModuleKind::ObjectModule, ModuleKind::ValueManagerModule, ModuleKind::ManagerModule];
const OF_RECORDS: &[ModuleKind] = &[ModuleKind::RecordSetModule, ModuleKind::ManagerModule];

pub(crate) fn of_definition(
    document: ProjectDocument<'_>,
    definition: &Definition,
    files: &dyn Files,
) -> Vec<Target> {
    let project = document.project;
    let locations = match definition {
        Definition::Module(module) => of_module(project, *module),
        Definition::Object(object) => of_object(project, *object, ObjectAspect::Manager),
        Definition::Form(form) => of_form(project, *form),
        Definition::This { .. } => vec![Location::ModuleStart(document.module)],
        Definition::Attribute(_)
        | Definition::Section { .. }
        | Definition::EnumValue { .. }
        | Definition::Predefined { .. } => {
            let place = xml::part_of_object(project, definition, files);
            place.or_else(|| project.location(definition)).into_iter().collect()
        }
        other => project.location(other).into_iter().collect(),
    };
    locations.into_iter().map(Target::There).collect()
}

/// The start of a module, then the file of the object that it is the module of.
fn of_module(project: &Project, module: ModuleId) -> Vec<Location> {
    let mut places = vec![Location::ModuleStart(module)];
    let object = project.place(module).and_then(|place| place.object);
    places.extend(object.and_then(|object| file_of(project, object)));
    places
}

/// The module of an object that the aspect asks for, then its file.
pub(super) fn of_object(project: &Project, object: ObjectId, aspect: ObjectAspect) -> Vec<Location> {
    let kinds = match aspect {
        ObjectAspect::Manager => OF_MANAGER,
        ObjectAspect::RecordSet | ObjectAspect::Record | ObjectAspect::RecordManager => OF_RECORDS,
        _ => OF_OBJECT,
    };
    let module = kinds.iter().find_map(|kind| {
        let mut parts = project.object_chain(object);
        parts.find_map(|(part, _)| project.object_module(part, *kind))
    });
    let module = module.map(Location::ModuleStart);
    module.into_iter().chain(file_of(project, object)).collect()
}

/// The module of a form, then its content.
pub(super) fn of_form(project: &Project, form: semantics::FormId) -> Vec<Location> {
    let module = project.form_module(form).map(Location::ModuleStart);
    let content =
        project.form_entry(form).map(|entry| Location::File { path: entry.path.clone(), range: None });
    module.into_iter().chain(content).collect()
}

fn file_of(project: &Project, object: ObjectId) -> Option<Location> {
    Some(Location::File { path: project.object(object)?.path.clone(), range: None })
}
