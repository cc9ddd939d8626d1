//! Uses of code and of form parts in files of metadata.

use base::{TextRange, same_name};
use metadata::{CodeReference, ObjectKind, RootId, form_module, form_references, root_references};
use semantics::{Definition, FormId, Location, ModuleId, Project};

use crate::references::target::canonical;
use crate::references::{FoundReference, UseKind};

/// Adds places in files of metadata that name a definition.
pub(crate) fn add(project: &Project, definition: &Definition, found: &mut Vec<FoundReference>) {
    match definition {
        Definition::Method { module, index } => {
            for (_, reference) in handlers_of(project, *module, *index) {
                push(found, &reference, reference.range);
            }
        }
        Definition::Object(object) => {
            let is_module =
                project.object(*object).is_some_and(|object| object.kind == ObjectKind::CommonModule);
            if is_module {
                add_module_names(project, definition, found);
            }
        }
        Definition::FormAttribute { form, index } => add_data_paths(project, *form, *index, found),
        Definition::FormCommand { form, index } => add_command_uses(project, *form, *index, found),
        _ => {}
    }
}

fn push(found: &mut Vec<FoundReference>, reference: &CodeReference<'_>, range: TextRange) {
    let location = Location::File { path: reference.path.to_path_buf(), range: Some(range) };
    found.push(FoundReference { location, kind: UseKind::Metadata });
}

/// What metadata call a method by, with the root that says so.
pub(crate) fn handlers_of(
    project: &Project,
    module: ModuleId,
    index: u32,
) -> Vec<(Option<RootId>, CodeReference<'_>)> {
    let Some(method) = project.method(module, index) else { return Vec::new() };
    let Some(place) = project.place(module) else { return Vec::new() };
    let mut handlers = Vec::new();
    if let Some(content) = place.form.and_then(|form| project.form_content(form)) {
        let layout = place.form.and_then(|form| project.form_entry(form)).map(|entry| entry.layout());
        let owner = form_module(&content.path, layout.unwrap_or_default());
        let references = form_references(content, &owner).into_iter();
        let own = references.filter(|reference| same_name(reference.method, &method.name));
        handlers.extend(own.map(|reference| (place.root, reference)));
        return handlers;
    }
    for (id, root) in project.metadata().roots() {
        let references = root_references(root).into_iter();
        let own = references.filter(|reference| {
            same_name(reference.method, &method.name)
                && handler_method(project, id, reference) == Some((module, index))
        });
        handlers.extend(own.map(|reference| (Some(id), reference)));
    }
    handlers
}

/// The method that an object's file names.
pub(crate) fn handler_method(
    project: &Project,
    root: RootId,
    reference: &CodeReference<'_>,
) -> Option<(ModuleId, u32)> {
    let (kind, name) = reference.module.owner.as_ref()?;
    let module = if *kind == ObjectKind::CommonModule {
        project.common_module(Some(root), name)?
    } else {
        let object = project.find_object(Some(root), *kind, name)?;
        project.object_module(object, reference.module.kind)?
    };
    project.module_chain(module).find_map(|module| Some((module.id, module.find_method(reference.method)?)))
}

/// Names of a common module before the procedures of subscriptions and jobs.
fn add_module_names(project: &Project, definition: &Definition, found: &mut Vec<FoundReference>) {
    for (id, root) in project.metadata().roots() {
        for reference in root_references(root) {
            let Some((ObjectKind::CommonModule, name)) = &reference.module.owner else { continue };
            let object = project.find_object(Some(id), ObjectKind::CommonModule, name);
            if object.is_some_and(|object| canonical(project, &Definition::Object(object)) == *definition) {
                push(found, &reference, reference.module_range);
            }
        }
    }
}

/// Elements that show an attribute of the form.
fn add_data_paths(project: &Project, form: FormId, index: u32, found: &mut Vec<FoundReference>) {
    let Some(content) = project.form_content(form) else { return };
    let Some(attribute) = content.attributes.get(index as usize) else { return };
    for element in &content.elements {
        let head = element.data_path.split('.').next().unwrap_or_default();
        if same_name(head, &attribute.name) && element.data_path_range.len() >= head.len() as u32 {
            let start = element.data_path_range.start;
            let range = TextRange::new(start, start + head.len() as u32);
            let location = Location::File { path: content.path.clone(), range: Some(range) };
            found.push(FoundReference { location, kind: UseKind::Metadata });
        }
    }
}

/// Buttons of a command of the form.
fn add_command_uses(project: &Project, form: FormId, index: u32, found: &mut Vec<FoundReference>) {
    let Some(content) = project.form_content(form) else { return };
    let Some(command) = content.commands.get(index as usize) else { return };
    for element in &content.elements {
        let Some(name) = element.command.strip_prefix("Form.Command.") else { continue };
        if same_name(name, &command.name) && element.command_range.len() >= name.len() as u32 {
            let end = element.command_range.end;
            let range = TextRange::new(end - name.len() as u32, end);
            let location = Location::File { path: content.path.clone(), range: Some(range) };
            found.push(FoundReference { location, kind: UseKind::Metadata });
        }
    }
}
