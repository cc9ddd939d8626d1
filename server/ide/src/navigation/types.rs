//! From a value to what declares its type: a module of an object, a form, the file of the object.

use metadata::ObjectAspect;
use semantics::{Definition, FormData, Location, Type};

use crate::meaning::{Meaning, ProjectDocument, Section};
use crate::navigation::{Target, places};

/// Where the type of the value at an offset is declared; of a union, those of all parts that are declared somewhere.
pub fn type_definition(document: ProjectDocument<'_>, offset: u32) -> Vec<Target> {
    let section = document.section(offset);
    let Some(value) = section.value_at(offset) else { return Vec::new() };
    let mut targets: Vec<Target> = Vec::new();
    for part in value.parts() {
        for location in of_type(document, part).into_iter().take(1) {
            let target = Target::There(location);
            if !targets.contains(&target) {
                targets.push(target);
            }
        }
    }
    targets
}

impl Section<'_> {
    /// Type of what the name or the literal at an offset means.
    fn value_at(&self, offset: u32) -> Option<Type> {
        let Some(name) = self.name_at(offset) else {
            let definition = self.named_by_literal(offset)?.definition;
            return Some(match definition {
                Definition::Object(object) => Type::Object { object, aspect: ObjectAspect::Ref },
                Definition::Form(form) => Type::Form(form),
                other => self.of.scope().type_of_definition(&other),
            });
        };
        Some(self.type_of_meaning(name, self.meaning(name).as_ref()))
    }

    /// Type of a name: what is assigned or inferred there, else what its declaration says.
    pub(crate) fn type_of_meaning(&self, name: syntax::NodeId, meaning: Option<&Meaning>) -> Type {
        let scope = self.of.scope();
        let declared = match meaning {
            Some(Meaning::Known { definition, receiver }) => match (definition, receiver) {
                (Definition::Method { .. }, _) | (_, None) => scope.type_of_definition(definition),
                (_, Some(receiver)) => match scope.member(receiver, self.source().node_text(name)).found() {
                    Some(member) => scope.member_type(receiver, &member),
                    None => Type::Unknown,
                },
            },
            _ => Type::Unknown,
        };
        if declared.is_unknown() { self.type_of(name) } else { declared }
    }
}

fn of_type(document: ProjectDocument<'_>, value: &Type) -> Vec<Location> {
    let project = document.project;
    match value {
        Type::Object { object, aspect } => places::of_object(project, *object, *aspect),
        Type::Section { object, .. }
        | Type::SectionRow { object, .. }
        | Type::FormData(
            FormData::Object { object, .. }
            | FormData::Section { object, .. }
            | FormData::SectionRow { object, .. },
        ) => places::of_object(project, *object, ObjectAspect::Object),
        Type::Module(module) | Type::ScriptClass(module) => vec![Location::ModuleStart(*module)],
        Type::Form(form)
        | Type::FormElements(form)
        | Type::FormCommands(form)
        | Type::FormParameters(form) => places::of_form(project, *form),
        Type::FormElement { form, element } => {
            let definition = Definition::FormElement { form: *form, index: *element };
            project.location(&definition).into_iter().collect()
        }
        Type::FormData(
            FormData::Attribute { form, attribute } | FormData::AttributeRow { form, attribute },
        ) => {
            let definition = Definition::FormAttribute { form: *form, index: *attribute };
            project.location(&definition).into_iter().collect()
        }
        Type::Collection { element, .. } => of_type(document, element),
        _ => Vec::new(),
    }
}
