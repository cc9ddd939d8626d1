//! Members of structures, of rows and of results of queries: fields that code or a query describes.

use crate::definition::{Definition, MemberKind};
use crate::members::Sink;
use crate::resolver::Resolver;
use crate::types::Fields;

impl<'a> Resolver<'a> {
    pub(super) fn fields(self, fields: &Fields, sink: &mut Sink<'_>) {
        match fields {
            Fields::Shape { fields, module } => {
                for field in fields.iter() {
                    sink.offer(&field.name, MemberKind::Field, || Definition::Field {
                        module: *module,
                        name: field.name.clone(),
                        description: field.description.clone(),
                        offset: field.offset,
                    });
                }
            }
            Fields::Query { query, batch, module } => {
                let names = self.in_module(*module).column_names(query, *batch);
                for name in names {
                    sink.offer(&name, MemberKind::Column, || Definition::QueryColumn { name: name.clone() });
                }
            }
            Fields::Section { object, section } => self.section_fields(*object, *section, sink),
            Fields::Register(object) => {
                self.object_fields(*object, metadata::ObjectAspect::Record, sink);
            }
            Fields::FormAttribute { form, attribute } => self.form_columns(*form, *attribute, sink),
            Fields::Joined(parts) => parts.iter().for_each(|part| self.fields(part, sink)),
        }
    }
}
