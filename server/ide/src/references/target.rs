//! What a search is about: the thing with a name at a place, wherever the name stands.

use metadata::{MetaType, ModuleKind, ObjectKind};
use semantics::{
    AttributeList, AttributeRef, Definition, ModuleId, ObjectId, Project, Reference, ReferenceKind, Scope,
};

use crate::meaning::{Meaning, ProjectDocument};
use crate::query::query_target;
use crate::references::literals::handler_owner;

/// What stands at a place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Target {
    /// Something that only its method can name.
    Local,
    Known(Definition),
}

/// What the name, the literal or the link at an offset means.
pub(crate) fn target_at(document: ProjectDocument<'_>, offset: u32) -> Option<Target> {
    let section = document.section(offset);
    if let Some(name) = section.name_at(offset) {
        return match section.meaning(name) {
            Some(Meaning::Known { definition, .. }) => Some(Target::Known(definition)),
            Some(Meaning::Local { .. }) => Some(Target::Local),
            None => crate::rename::prepare_rename(document.document, offset).map(|_| Target::Local),
        };
    }
    if let Some(definition) = query_target(document, offset) {
        return Some(Target::Known(definition));
    }
    let module = document.project.module(document.module)?;
    let reference = module.facts.reference_at(offset)?;
    named_at(document, &reference, offset).map(Target::Known)
}

fn named_at(document: ProjectDocument<'_>, reference: &Reference<'_>, offset: u32) -> Option<Definition> {
    let (project, module) = (document.project, document.module);
    let scope = document.scope();
    match reference.kind {
        ReferenceKind::Annotation => {
            let base = project.base_module(module)?;
            let index = project.module(base)?.find_method(reference.name)?;
            Some(Definition::Method { module: base, index })
        }
        ReferenceKind::Literal | ReferenceKind::DocLink | ReferenceKind::QueryTable => {
            // Of a path, what its part under the cursor completes.
            let behind = offset.checked_sub(reference.place.offset)? as usize;
            let end = reference.name.get(behind..)?.find('.').map_or(reference.name.len(), |at| behind + at);
            let path = &reference.name[..end];
            if reference.kind == ReferenceKind::Literal && !path.contains('.') {
                let owner = handler_owner(&document.section(offset), reference.place.offset);
                return single_literal(scope, path, owner);
            }
            named(scope, path)
        }
        _ => None,
    }
}

/// A literal of one name that code calls a method or gets a module by.
fn single_literal(scope: Scope<'_>, name: &str, owner: Option<ModuleId>) -> Option<Definition> {
    if let Some(owner) = owner {
        let index = scope.project.module(owner)?.find_method(name)?;
        return Some(Definition::Method { module: owner, index });
    }
    let root = scope.project.visible_root(scope.module);
    scope.project.find_object(root, ObjectKind::CommonModule, name).map(Definition::Object)
}

/// What a path of names in a text stands for.
fn named(scope: Scope<'_>, path: &str) -> Option<Definition> {
    let project = scope.project;
    let root = project.visible_root(scope.module);
    if let Some(MetaType::Object { kind, name, .. }) = MetaType::from_generated_name(path) {
        let name = name.split('.').next().unwrap_or_default();
        return project.find_object(root, kind, name).map(Definition::Object);
    }
    if let Some(object) = root.and_then(|root| project.metadata().find_full_name(root, path)) {
        return Some(Definition::Object(object));
    }
    let names: Vec<&str> = path.split('.').collect();
    scope.resolve_path(&names, true).or_else(|| scope.resolve_path(&names, false))
}

/// The last name of a path.
pub(crate) fn last_name(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// One definition for what has several: common modules are their objects, parts that an extension borrowed are those
/// of its base.
pub(crate) fn canonical(project: &Project, definition: &Definition) -> Definition {
    match definition {
        Definition::Module(module) => {
            let place = project.place(*module).filter(|place| place.kind == ModuleKind::CommonModule);
            match place.and_then(|place| place.object) {
                Some(object) => Definition::Object(base_object(project, object)),
                None => definition.clone(),
            }
        }
        Definition::Object(object) => Definition::Object(base_object(project, *object)),
        Definition::Attribute(attribute) => Definition::Attribute(base_attribute(project, *attribute)),
        Definition::StandardAttribute { object, section, names } => Definition::StandardAttribute {
            object: base_object(project, *object),
            section: *section,
            names: names.clone(),
        },
        Definition::Section { object, section } => base_section(project, *object, *section)
            .map_or_else(|| definition.clone(), |(object, section)| Definition::Section { object, section }),
        Definition::EnumValue { object, index } => {
            let name = |object: ObjectId, index: u32| {
                Some(&project.object(object)?.enum_values.get(index as usize)?.name)
            };
            let base = base_object(project, *object);
            let found = name(*object, *index).and_then(|wanted| {
                let values = &project.object(base)?.enum_values;
                values.iter().position(|value| base::same_name(&value.name, wanted))
            });
            found.map_or_else(
                || definition.clone(),
                |index| Definition::EnumValue { object: base, index: index as u32 },
            )
        }
        other => other.clone(),
    }
}

fn base_object(project: &Project, object: ObjectId) -> ObjectId {
    project.object_chain(object).last().map_or(object, |(id, _)| id)
}

fn base_section(project: &Project, object: ObjectId, section: u16) -> Option<(ObjectId, u16)> {
    let name = &project.object(object)?.tabular_sections.get(section as usize)?.name;
    let base = base_object(project, object);
    let mut sections = project.object(base)?.tabular_sections.iter();
    let index = sections.position(|section| base::same_name(&section.name, name))?;
    Some((base, index as u16))
}

fn base_attribute(project: &Project, attribute: AttributeRef) -> AttributeRef {
    let find = || {
        let name = attribute_name(project, attribute)?;
        let (object, list) = match attribute.list {
            AttributeList::Section(section) => {
                let (object, section) = base_section(project, attribute.object, section)?;
                (object, AttributeList::Section(section))
            }
            list => (base_object(project, attribute.object), list),
        };
        let mut candidates = (0..).map(|index| AttributeRef { object, list, index });
        let is_it = |found: &AttributeRef| {
            attribute_name(project, *found).is_none_or(|other| base::same_name(&other, &name))
        };
        candidates.find(is_it).filter(|found| attribute_name(project, *found).is_some())
    };
    find().unwrap_or(attribute)
}

fn attribute_name(project: &Project, attribute: AttributeRef) -> Option<smol_str::SmolStr> {
    project.definition_names(&Definition::Attribute(attribute)).map(|names| names.ru)
}
