//! Members of what metadata generates: references, objects, managers, record sets, selections, tabular sections.

use metadata::{Attribute, Details, ModuleKind, ObjectAspect, ObjectKind};

use crate::definition::{AttributeList, AttributeRef, Definition, MemberKind};
use crate::ids::ObjectId;
use crate::members::Sink;
use crate::resolver::Resolver;

impl<'a> Resolver<'a> {
    /// Members besides those that every object of the kind has.
    pub(super) fn object_members(self, object: ObjectId, aspect: ObjectAspect, sink: &mut Sink<'_>) {
        match aspect {
            ObjectAspect::Manager => self.manager_members(object, sink),
            // A set has what a table has; its columns are members of its records.
            ObjectAspect::RecordSet => self.module_exports(object, ModuleKind::RecordSetModule, sink),
            ObjectAspect::ValueManager => {
                self.module_exports(object, ModuleKind::ValueManagerModule, sink);
            }
            ObjectAspect::Object => {
                self.object_fields(object, aspect, sink);
                self.module_exports(object, ModuleKind::ObjectModule, sink);
            }
            _ => self.object_fields(object, aspect, sink),
        }
    }

    fn module_exports(self, object: ObjectId, kind: ModuleKind, sink: &mut Sink<'_>) {
        for (part, _) in self.project.object_chain(object) {
            let Some(module) = self.project.object_module(part, kind) else { continue };
            match sink.wanted() {
                Some(name) => self.exported(module, name, sink),
                None => self.all_exports(module, sink),
            }
        }
    }

    fn manager_members(self, object: ObjectId, sink: &mut Sink<'_>) {
        for (part, content) in self.project.object_chain(object) {
            for (index, value) in content.enum_values.iter().enumerate() {
                let index = index as u32;
                sink.offer(&value.name, MemberKind::EnumValue, || Definition::EnumValue {
                    object: part,
                    index,
                });
            }
            for (index, item) in content.predefined.iter().enumerate() {
                let index = index as u32;
                sink.offer(&item.name, MemberKind::Predefined, || Definition::Predefined {
                    object: part,
                    index,
                });
            }
        }
        self.module_exports(object, ModuleKind::ManagerModule, sink);
    }

    /// Attributes of all sorts: those of references, objects, records and form data.
    pub(crate) fn object_fields(self, object: ObjectId, aspect: ObjectAspect, sink: &mut Sink<'_>) {
        for (part, content) in self.project.object_chain(object) {
            if sink.is_done() {
                return;
            }
            let lists = [
                (AttributeList::Dimensions, &content.dimensions),
                (AttributeList::Resources, &content.resources),
                (AttributeList::Attributes, &content.attributes),
                (AttributeList::Others, &content.other_fields),
            ];
            for (list, attributes) in lists {
                offer_attributes(part, list, attributes, sink);
            }
            let has_sections = matches!(aspect, ObjectAspect::Ref | ObjectAspect::Object);
            let sections = content.tabular_sections.iter().enumerate().filter(|_| has_sections);
            for (index, section) in sections {
                let section_index = index as u16;
                sink.offer(&section.name, MemberKind::Section, || Definition::Section {
                    object: part,
                    section: section_index,
                });
            }
        }
        self.standard_attributes(object, sink);
        self.common_attributes(object, sink);
    }

    /// Registers that a document writes to.
    pub(super) fn register_records(self, object: ObjectId, sink: &mut Sink<'_>) {
        for (part, content) in self.project.object_chain(object) {
            let Details::Related { registers, .. } = &content.details else { continue };
            for name in registers {
                let register = self.project.metadata().find_full_name(part.root, name);
                if let Some((register, found)) = register.and_then(|it| Some((it, self.object(it)?))) {
                    sink.offer(&found.name, MemberKind::Object, || Definition::Object(register));
                }
            }
        }
    }

    fn standard_attributes(self, object: ObjectId, sink: &mut Sink<'_>) {
        let Some(content) = self.object(object) else { return };
        let Some(members) = self.platform().kind_members(content.kind.name()) else { return };
        for attribute in &members.standard_attributes {
            sink.offer_names(&attribute.names, MemberKind::StandardAttribute, || {
                Definition::StandardAttribute { object, section: None, names: attribute.names.clone() }
            });
        }
    }

    pub(super) fn standard_attributes_of_kind(self, kind: ObjectKind, sink: &mut Sink<'_>) {
        let Some(members) = self.platform().kind_members(kind.name()) else { return };
        for attribute in &members.standard_attributes {
            sink.offer_names(&attribute.names, MemberKind::StandardAttribute, || Definition::QueryField {
                names: attribute.names.clone(),
            });
        }
    }

    /// Common attributes that the object has.
    fn common_attributes(self, object: ObjectId, sink: &mut Sink<'_>) {
        for &common in self.project.common_attributes(object).iter() {
            if let Some(attribute) = self.object(common) {
                sink.offer(&attribute.name, MemberKind::Attribute, || Definition::Object(common));
            }
        }
    }

    pub(crate) fn section_fields(self, object: ObjectId, section: u16, sink: &mut Sink<'_>) {
        let Some(content) = self.object(object) else { return };
        let Some(found) = content.tabular_sections.get(section as usize) else { return };
        for (part, content) in self.project.object_chain(object) {
            let same = |other: &metadata::TabularSection| base::same_name(&other.name, &found.name);
            let Some(index) = content.tabular_sections.iter().position(same) else { continue };
            let Some(section) = content.tabular_sections.get(index) else { continue };
            offer_attributes(part, AttributeList::Section(index as u16), &section.attributes, sink);
        }
        let Some(members) = self.platform().kind_members("TabularSection") else { return };
        for attribute in &members.standard_attributes {
            sink.offer_names(&attribute.names, MemberKind::StandardAttribute, || {
                Definition::StandardAttribute {
                    object,
                    section: Some(section),
                    names: attribute.names.clone(),
                }
            });
        }
    }
}

fn offer_attributes(object: ObjectId, list: AttributeList, attributes: &[Attribute], sink: &mut Sink<'_>) {
    for (index, attribute) in attributes.iter().enumerate() {
        sink.offer(&attribute.name, MemberKind::Attribute, || {
            Definition::Attribute(AttributeRef { object, list, index: index as u32 })
        });
    }
}
