//! Where things are declared, and what they are called.

use platform::{Names, Property};

use crate::definition::{Definition, Location, plain};
use crate::ids::{FormId, ObjectId};
use crate::members::collection_names;
use crate::project::Project;

impl Project {
    /// Where to go from a name. Members of the platform are declared nowhere.
    pub fn location(&self, definition: &Definition) -> Option<Location> {
        match definition {
            Definition::Method { module, index } => {
                let place = self.method(*module, *index)?.place();
                Some(Location::Module { module: *module, place })
            }
            Definition::Variable { module, index } => {
                let place = self.module(*module)?.variable(*index)?.place();
                Some(Location::Module { module: *module, place })
            }
            Definition::Parameter { module, method, index } => {
                let place = self.method(*module, *method)?.parameters().nth(*index as usize)?.place();
                Some(Location::Module { module: *module, place })
            }
            Definition::Module(module) => Some(Location::ModuleStart(*module)),
            Definition::Field { module, offset: Some(offset), .. } => {
                Some(Location::Offset { module: *module, offset: *offset })
            }
            Definition::Object(object)
            | Definition::StandardAttribute { object, .. }
            | Definition::Section { object, .. }
            | Definition::EnumValue { object, .. }
            | Definition::Predefined { object, .. }
            | Definition::Template { object, .. } => self.object_location(*object),
            Definition::Attribute(attribute) | Definition::ComputedResource { attribute, .. } => {
                self.object_location(attribute.object)
            }
            Definition::Command { object, index } => {
                let name = &self.object(*object)?.commands.get(*index as usize)?.name;
                let module = self.command_module(*object, name).map(Location::ModuleStart);
                module.or_else(|| self.object_location(*object))
            }
            Definition::Form(form) => self.form_location(*form),
            part => self.form_part_location(part),
        }
    }

    fn form_part_location(&self, definition: &Definition) -> Option<Location> {
        match definition {
            Definition::FormAttribute { form, index } => {
                let content = self.form_content(*form)?;
                let range = content.attributes.get(*index as usize)?.name_range;
                Some(Location::File { path: content.path.clone(), range: Some(range) })
            }
            Definition::FormElement { form, index } => {
                let content = self.form_content(*form)?;
                let range = content.elements.get(*index as usize)?.name_range;
                Some(Location::File { path: content.path.clone(), range: Some(range) })
            }
            Definition::FormCommand { form, index } => {
                let content = self.form_content(*form)?;
                let range = content.commands.get(*index as usize)?.name_range;
                Some(Location::File { path: content.path.clone(), range: Some(range) })
            }
            Definition::FormColumn { form, .. } | Definition::FormParameter { form, .. } => {
                let content = self.form_content(*form)?;
                Some(Location::File { path: content.path.clone(), range: None })
            }
            _ => None,
        }
    }

    fn object_location(&self, object: ObjectId) -> Option<Location> {
        Some(Location::File { path: self.object(object)?.path.clone(), range: None })
    }

    fn form_location(&self, form: FormId) -> Option<Location> {
        if let Some(module) = self.form_module(form) {
            return Some(Location::ModuleStart(module));
        }
        Some(Location::File { path: self.form_entry(form)?.path.clone(), range: None })
    }

    /// What a definition is called.
    pub fn definition_names(&self, definition: &Definition) -> Option<Names> {
        Some(match definition {
            Definition::Method { module, index } => plain(&self.method(*module, *index)?.name),
            Definition::Variable { module, index } => plain(&self.module(*module)?.variable(*index)?.name),
            Definition::Parameter { module, method, index } => {
                plain(&self.method(*module, *method)?.parameters().nth(*index as usize)?.name)
            }
            Definition::Module(module) => {
                let place = self.place(*module)?;
                match place.object {
                    Some(object) => plain(&self.object(object)?.name),
                    None => plain(&place.name),
                }
            }
            Definition::ManagerCollection(kind) => collection_names(*kind),
            Definition::Object(object) => plain(&self.object(*object)?.name),
            Definition::Attribute(attribute) => plain(&attribute.find(self.object(attribute.object)?)?.name),
            Definition::Section { object, section } => {
                plain(&self.object(*object)?.tabular_sections.get(*section as usize)?.name)
            }
            Definition::EnumValue { object, index } => {
                plain(&self.object(*object)?.enum_values.get(*index as usize)?.name)
            }
            Definition::Predefined { object, index } => {
                plain(&self.object(*object)?.predefined.get(*index as usize)?.name)
            }
            Definition::Command { object, index } => {
                plain(&self.object(*object)?.commands.get(*index as usize)?.name)
            }
            Definition::Template { object, index } => {
                plain(self.object(*object)?.templates.get(*index as usize)?)
            }
            Definition::Form(form) => plain(&self.form_entry(*form)?.name),
            Definition::Field { name, .. } | Definition::QueryColumn { name } => plain(name),
            Definition::StandardAttribute { names, .. }
            | Definition::ContextMember { names }
            | Definition::QueryField { names }
            | Definition::ComputedResource { names, .. }
            | Definition::DescriptionPart { names }
            | Definition::This { names } => names.clone(),
            other => return self.form_part_names(other).or_else(|| self.platform_names(other)),
        })
    }

    fn form_part_names(&self, definition: &Definition) -> Option<Names> {
        Some(match definition {
            Definition::FormAttribute { form, index } => {
                plain(&self.form_content(*form)?.attributes.get(*index as usize)?.name)
            }
            Definition::FormColumn { form, attribute, column } => {
                let attribute = self.form_content(*form)?.attributes.get(*attribute as usize)?;
                plain(&attribute.columns.get(*column as usize)?.name)
            }
            Definition::FormElement { form, index } => {
                plain(&self.form_content(*form)?.elements.get(*index as usize)?.name)
            }
            Definition::FormCommand { form, index } => {
                plain(&self.form_content(*form)?.commands.get(*index as usize)?.name)
            }
            Definition::FormParameter { form, index } => {
                plain(&self.form_content(*form)?.parameters.get(*index as usize)?.name)
            }
            _ => return None,
        })
    }

    fn platform_names(&self, definition: &Definition) -> Option<Names> {
        if let Some(method) = self.platform_method(definition) {
            return Some(method.names.clone());
        }
        if let Some(property) = self.platform_property(definition) {
            return Some(property.names.clone());
        }
        match definition {
            Definition::PlatformType(found) => {
                Some(self.platform(found.dialect).type_info(found.id).names.clone())
            }
            Definition::SystemEnum(owner) => {
                Some(self.platform(owner.dialect).enum_info(owner.id).names.clone())
            }
            Definition::SystemEnumValue { owner, index } => {
                self.platform(owner.dialect).enum_info(owner.id).values.get(*index as usize).cloned()
            }
            _ => None,
        }
    }

    /// The record of a function or a method of the platform.
    pub fn platform_method(&self, definition: &Definition) -> Option<&platform::Method> {
        match definition {
            Definition::PlatformFunction { dialect, name } => self.platform(*dialect).function(name),
            Definition::PlatformMethod { owner, name } => {
                let methods = &self.platform(owner.dialect).type_info(owner.id).methods;
                methods.iter().find(|method| method.names.ru == *name)
            }
            _ => None,
        }
    }

    /// The record of a property of the platform.
    pub fn platform_property(&self, definition: &Definition) -> Option<&Property> {
        match definition {
            Definition::PlatformProperty { dialect, name } => self.platform(*dialect).property(name),
            Definition::PlatformMember { owner, name } => {
                let properties = &self.platform(owner.dialect).type_info(owner.id).properties;
                properties.iter().find(|property| property.names.ru == *name)
            }
            _ => None,
        }
    }
}
