//! From a method to the methods of extensions that hook it.

use base::Files;
use metadata::ModuleKind;
use semantics::{Definition, Location, ModuleId, ObjectId, Project, RootId};

use crate::literals::is_hook;
use crate::meaning::{Meaning, ProjectDocument};
use crate::navigation::{Target, definition};

/// Methods of extensions that are called instead of, before or after the method at an offset. For everything else, and
/// for a method that no extension hooks, the declaration.
pub fn implementations(document: ProjectDocument<'_>, offset: u32, files: &dyn Files) -> Vec<Target> {
    let section = document.section(offset);
    let project = document.project;
    if let Some(Meaning::Known { definition: Definition::Method { module, index }, .. }) =
        section.goal(offset)
    {
        let hooks = hooks_of(project, module, index);
        if !hooks.is_empty() {
            return hooks.into_iter().map(Target::There).collect();
        }
    }
    definition(document, offset, files)
}

fn hooks_of(project: &Project, module: ModuleId, index: u32) -> Vec<Location> {
    let Some(method) = project.method(module, index) else { return Vec::new() };
    let mut hooks = Vec::new();
    for extension in modules_in_extensions(project, module) {
        let Some(facts) = project.module(extension).map(|module| &module.facts) else { continue };
        for candidate in facts.methods() {
            let is_it = |annotation: semantics::AnnotationFact| {
                is_hook(&annotation.name) && base::same_name(&annotation.argument, &method.name)
            };
            if candidate.annotations().any(is_it) {
                hooks.push(Location::Module { module: extension, place: candidate.place() });
            }
        }
    }
    hooks
}

/// Modules of extensions that change a module of their base.
fn modules_in_extensions(project: &Project, module: ModuleId) -> Vec<ModuleId> {
    let Some(root) = project.place(module).and_then(|place| place.root) else { return Vec::new() };
    let extensions = project.metadata().extensions_of(root);
    extensions.filter_map(|extension| same_module(project, module, extension)).collect()
}

fn same_module(project: &Project, module: ModuleId, extension: RootId) -> Option<ModuleId> {
    let place = project.place(module)?;
    let Some(object) = place.object else { return project.root_module(extension, place.kind) };
    let object = project.object(object)?;
    let index = project.root(extension)?.find(object.kind, &object.name)? as u32;
    let own = ObjectId { root: extension, index };
    match place.kind {
        ModuleKind::FormModule => {
            let name = &project.form_entry(place.form?)?.name;
            project.form_module(project.find_form(own, name)?)
        }
        ModuleKind::CommandModule if !place.name.is_empty() => project.command_module(own, &place.name),
        kind => project.object_module(own, kind),
    }
}
