//! Types of what names mean: of properties, attributes, elements, and of the names that stand alone.

use std::sync::Arc;

use metadata::{Details, ObjectAspect, ObjectKind};
use platform::Names;

use crate::definition::{AttributeRef, Definition, Member};
use crate::ids::{FormId, ObjectId};
use crate::members::{collection_kind, part_of};
use crate::query_tables::TableSource;
use crate::resolver::Resolver;
use crate::shape::Field;
use crate::types::{Description, Fields, FormData, Part, PlatformEnum, PlatformType, Type};

impl<'a> Resolver<'a> {
    /// Type of a member that `receiver` has.
    pub(crate) fn member_type(self, receiver: &Type, member: &Member) -> Type {
        self.typed(Some(receiver), &member.definition)
    }

    /// Type of what a name without receiver means.
    pub(crate) fn definition_type(self, definition: &Definition) -> Type {
        let own = self.self_type();
        self.typed(own.as_ref(), definition)
    }

    fn typed(self, receiver: Option<&Type>, definition: &Definition) -> Type {
        match definition {
            Definition::Variable { module, index } => self.variable_type(*module, *index),
            Definition::Parameter { module, method, index } => self.parameter_type(*module, *method, *index),
            Definition::Module(module) => Type::Module(*module),
            Definition::ManagerCollection(kind) => self.collection_value(*kind, receiver),
            Definition::Object(object) => self.object_value(*object, receiver),
            Definition::Attribute(attribute) => self.attribute_value(*attribute, receiver),
            Definition::StandardAttribute { .. } if matches!(receiver, Some(Type::RegisterFilter(_))) => {
                self.named_type("ЭлементОтбора")
            }
            Definition::StandardAttribute { object, section, names } => {
                self.standard_value(*object, section.is_some(), names)
            }
            Definition::Section { object, section } => section_value(*object, *section, receiver),
            Definition::EnumValue { object, .. } | Definition::Predefined { object, .. } => {
                Type::Object { object: *object, aspect: ObjectAspect::Ref }
            }
            Definition::FormAttribute { form, index } => self.form_attribute_value(*form, *index),
            Definition::FormColumn { form, attribute, column } => {
                self.column_type(*form, *attribute, *column)
            }
            Definition::FormElement { form, index } => Type::FormElement { form: *form, element: *index },
            Definition::FormCommand { .. } => self.named_type("КомандаФормы"),
            Definition::FormParameter { form, index } => self.form_parameter_type(*form, *index),
            Definition::PlatformProperty { name, .. } => self.global_property(name),
            Definition::PlatformMember { owner, name } => self.property_type(*owner, name, receiver),
            Definition::SystemEnum(owner) => Type::SystemEnum(*owner),
            Definition::SystemEnumValue { owner, .. } => Type::SystemEnumValue(*owner),
            Definition::Field { module, name, .. } => self.field_type(receiver, *module, name),
            Definition::QueryColumn { name } => self.query_column_type(receiver, name),
            Definition::DescriptionPart { names } => self.description_part(receiver, names),
            Definition::QueryField { names } => self.plain_standard_type(names, receiver),
            Definition::ComputedResource { attribute, .. } => self.attribute_type(*attribute),
            Definition::This { .. } => self.self_type().unwrap_or_default(),
            _ => Type::Unknown,
        }
    }

    fn variable_type(self, module: crate::ids::ModuleId, index: u32) -> Type {
        let shape =
            self.project.module(module).and_then(|module| Some(module.variable(index)?.fact().shape.clone()));
        shape.map_or(Type::Unknown, |shape| self.in_module(module).type_of(&shape))
    }

    pub(crate) fn parameter_type(self, module: crate::ids::ModuleId, method: u32, index: u32) -> Type {
        let Some(method) = self.project.method(module, method) else { return Type::Unknown };
        let shape = method.parameters().nth(index as usize).map(|parameter| &parameter.fact().shape);
        shape.map_or(Type::Unknown, |shape| self.in_module(module).type_of(shape))
    }

    fn collection_value(self, kind: ObjectKind, receiver: Option<&Type>) -> Type {
        match receiver {
            Some(Type::Description(Description::Root)) => Type::Description(Description::Kind(kind)),
            _ => Type::ManagerCollection(kind),
        }
    }

    /// `Справочники.Товары`, `ПараметрыСеанса.X`, `Метаданные.Справочники.Товары`, a common attribute.
    fn object_value(self, object: ObjectId, receiver: Option<&Type>) -> Type {
        if matches!(receiver, Some(Type::Description(_))) {
            return Type::Description(Description::Object(object));
        }
        let Some(content) = self.object(object) else { return Type::Unknown };
        match content.kind {
            _ if matches!(receiver, Some(Type::RegisterRecords(_))) => {
                Type::Object { object, aspect: ObjectAspect::RecordSet }
            }
            ObjectKind::StyleItem => Type::Unknown,
            ObjectKind::CommonPicture => self.named_type("Картинка"),
            ObjectKind::Constant if matches!(receiver, Some(Type::Source(_))) => self.value_of_object(object),
            ObjectKind::SessionParameter | ObjectKind::CommonAttribute => self.value_of_object(object),
            ObjectKind::CommonModule | ObjectKind::XDTOPackage | ObjectKind::WSReference => Type::Unknown,
            _ => Type::Object { object, aspect: ObjectAspect::Manager },
        }
    }

    fn attribute_value(self, attribute: AttributeRef, receiver: Option<&Type>) -> Type {
        match receiver {
            Some(Type::Description(_)) => Type::Description(Description::Leaf),
            Some(Type::RegisterFilter(_)) => self.named_type("ЭлементОтбора"),
            _ => self.attribute_type(attribute),
        }
    }

    fn column_type(self, form: FormId, attribute: u32, column: u32) -> Type {
        let Some(entry) = self.project.form_entry(form) else { return Type::Unknown };
        let column = self
            .project
            .form_content(form)
            .and_then(|content| content.attributes.get(attribute as usize)?.columns.get(column as usize));
        column.map_or(Type::Unknown, |column| self.described(entry.object.root, &column.types))
    }

    fn form_parameter_type(self, form: FormId, index: u32) -> Type {
        let Some(entry) = self.project.form_entry(form) else { return Type::Unknown };
        let parameter = self.project.form_content(form).and_then(|it| it.parameters.get(index as usize));
        parameter.map_or(Type::Unknown, |parameter| self.described(entry.object.root, &parameter.types))
    }

    fn global_property(self, name: &str) -> Type {
        match name {
            "Метаданные" => return Type::Description(Description::Root),
            "ПараметрыСеанса" => return Type::ManagerCollection(ObjectKind::SessionParameter),
            _ => {}
        }
        let Some(found) = self.platform().property(name) else { return Type::Unknown };
        let listed = self.platform_types(&found.types, &Type::Unknown);
        // Many properties have a type of their own name.
        if listed.is_unknown() {
            self.platform_type(name).map_or(Type::Unknown, Type::Platform)
        } else {
            listed
        }
    }

    fn property_type(self, owner: PlatformType, name: &str, receiver: Option<&Type>) -> Type {
        let special = receiver.and_then(|receiver| self.special_property(receiver, name));
        if let Some(special) = special {
            return special;
        }
        let info = self.project.platform(owner.dialect).type_info(owner.id);
        let property = info.properties.iter().find(|property| property.names.ru == name);
        let receiver = receiver.cloned().unwrap_or_default();
        property.map_or(Type::Unknown, |property| self.platform_types(&property.types, &receiver))
    }

    fn special_property(self, receiver: &Type, name: &str) -> Option<Type> {
        Some(match (receiver, name) {
            (Type::Form(form), "Элементы") => Type::FormElements(*form),
            (Type::Form(form), "Команды") => Type::FormCommands(*form),
            (Type::Form(form), "Параметры") => Type::FormParameters(*form),
            (Type::FormElement { form, element }, "ТекущиеДанные") => {
                self.current_data(*form, *element)
            }
            (Type::Row { fields, .. }, "Строки") => {
                let base = self.platform_type("КоллекцияСтрокДереваЗначений")?;
                Type::Table { base, fields: fields.clone() }
            }
            (Type::Row { .. }, "Родитель") => Type::union([receiver.clone(), Type::UNDEFINED]),
            (Type::Table { fields, .. }, "Строки") => {
                let base = self.platform_type("КоллекцияСтрокДереваЗначений")?;
                Type::Table { base, fields: fields.clone() }
            }
            (Type::Object { object, aspect: ObjectAspect::Object }, "Движения") => {
                Type::RegisterRecords(*object)
            }
            (Type::Object { object, aspect: ObjectAspect::RecordSet }, "Отбор") => {
                Type::RegisterFilter(*object)
            }
            (Type::Object { .. } | Type::Form(_), "ЭтотОбъект") => receiver.clone(),
            (Type::Description(Description::Root), "СвойстваОбъектов") => {
                Type::Description(Description::Properties)
            }
            _ => return None,
        })
    }

    /// A key of a structure or a column: the description that the receiver has.
    fn field_type(self, receiver: Option<&Type>, module: crate::ids::ModuleId, name: &str) -> Type {
        let fields = match receiver {
            Some(Type::Structure { fields, .. } | Type::Row { fields, .. } | Type::Table { fields, .. }) => {
                fields
            }
            _ => return Type::Unknown,
        };
        let shape = find_field(fields, name);
        shape.map_or(Type::Unknown, |field| self.in_module(module).type_of(&field.shape))
    }

    fn query_column_type(self, receiver: Option<&Type>, name: &str) -> Type {
        let fields = match receiver {
            Some(Type::Row { fields, .. } | Type::Table { fields, .. } | Type::Structure { fields, .. }) => {
                fields
            }
            _ => return Type::Unknown,
        };
        self.column_of_fields(fields, name)
    }

    fn column_of_fields(self, fields: &Fields, name: &str) -> Type {
        match fields {
            Fields::Query { query, batch, module } => {
                self.in_module(*module).column_type_of(query, *batch, name)
            }
            Fields::Joined(parts) => {
                let types = parts.iter().map(|part| self.column_of_fields(part, name));
                types.into_iter().find(|found| !found.is_unknown()).unwrap_or_default()
            }
            _ => Type::Unknown,
        }
    }

    fn description_part(self, receiver: Option<&Type>, names: &Names) -> Type {
        let Some(Type::Description(place)) = receiver else { return Type::Unknown };
        Type::Description(match *place {
            Description::Root => match collection_kind(&names.ru) {
                Some(kind) => Description::Kind(kind),
                None => return Type::Unknown,
            },
            Description::Object(object) => match part_of(&names.ru) {
                Some(part) => Description::Parts { object, part },
                None => return Type::Unknown,
            },
            Description::Parts { object, part: Part::TabularSections } => {
                match self.find_section(object, &names.ru) {
                    Some((object, section)) => Description::Section { object, section },
                    None => Description::Leaf,
                }
            }
            Description::Section { object, section } => Description::SectionAttributes { object, section },
            _ => Description::Leaf,
        })
    }

    pub(crate) fn description_element(self, place: Description) -> Type {
        match place {
            Description::Kind(_) | Description::Parts { .. } | Description::SectionAttributes { .. } => {
                Type::Description(Description::Leaf)
            }
            _ => Type::Unknown,
        }
    }

    /// A standard attribute of a kind without a known object.
    fn plain_standard_type(self, names: &Names, receiver: Option<&Type>) -> Type {
        match receiver {
            Some(Type::AnyObject { kind, .. }) if names.en == "Ref" => {
                Type::AnyObject { kind: *kind, aspect: ObjectAspect::Ref }
            }
            Some(Type::AnyObject { kind, .. }) if names.en == "Parent" => {
                Type::AnyObject { kind: *kind, aspect: ObjectAspect::Ref }
            }
            Some(Type::Description(_)) => Type::Description(Description::Leaf),
            Some(Type::Source(source)) => self.source_field_type(*source, names),
            _ => simple_standard_type(&names.en).unwrap_or_default(),
        }
    }

    /// Fields that tables of queries have by themselves.
    fn source_field_type(self, source: TableSource, names: &Names) -> Type {
        let object = match source {
            TableSource::Object(object)
            | TableSource::Section { object, .. }
            | TableSource::Virtual { object, .. } => object,
            TableSource::Constants => return Type::Unknown,
        };
        match names.en.as_str() {
            "Ref" => Type::Object { object, aspect: ObjectAspect::Ref },
            "Value" => self.value_of_object(object),
            "Presentation" | "DataVersion" => Type::STRING,
            "PointInTime" => self.named_type("МоментВремени"),
            "Recorder" => self.recorders(object),
            "Node" => Type::AnyObject { kind: ObjectKind::ExchangePlan, aspect: ObjectAspect::Ref },
            "MessageNo" | "LineNumber" => Type::NUMBER,
            en if en.ends_with("Period") => Type::DATE,
            _ => Type::Unknown,
        }
    }

    /// Type of a standard attribute of an object.
    pub(crate) fn standard_value(self, object: ObjectId, is_section: bool, names: &Names) -> Type {
        let reference = Type::Object { object, aspect: ObjectAspect::Ref };
        let Some(content) = self.project.object_chain(object).last().map(|(_, content)| content) else {
            return Type::Unknown;
        };
        match names.en.as_str() {
            "Ref" | "Parent" | "HeadTask" if !is_section => match names.en.as_str() {
                "HeadTask" => self.linked_ref(content),
                _ => reference,
            },
            "Code" | "Number" => match content.keys.is_code_number {
                true => Type::NUMBER,
                false => Type::STRING,
            },
            "Owner" => match &content.details {
                Details::Related { owners, .. } => self.refs_by_full_names(owners),
                _ => Type::Unknown,
            },
            "Recorder" => self.recorders(object),
            "RecordType" => {
                let name = if content.kind == ObjectKind::AccountingRegister {
                    "ВидДвиженияБухгалтерии"
                } else {
                    "ВидДвиженияНакопления"
                };
                self.enum_value_type(name)
            }
            "Account" => match &content.details {
                Details::Register(register) => self.refs_by_full_names(std::slice::from_ref(&register.chart)),
                _ => Type::Unknown,
            },
            "BusinessProcess" => {
                Type::AnyObject { kind: ObjectKind::BusinessProcess, aspect: ObjectAspect::Ref }
            }
            "Type" if content.kind == ObjectKind::ChartOfAccounts => self.enum_value_type("ВидСчета"),
            "ValueType" => self.named_type("ОписаниеТипов"),
            en => simple_standard_type(en).unwrap_or_default(),
        }
    }

    fn enum_value_type(self, name: &str) -> Type {
        let dialect = self.dialect();
        let found = self.platform().enum_id(name);
        found.map_or(Type::Unknown, |id| Type::SystemEnumValue(PlatformEnum { dialect, id }))
    }

    fn linked_ref(self, content: &metadata::MetadataObject) -> Type {
        match &content.details {
            Details::Related { link, .. } if !link.is_empty() => {
                self.refs_by_full_names(std::slice::from_ref(link))
            }
            _ => Type::AnyObject { kind: ObjectKind::Task, aspect: ObjectAspect::Ref },
        }
    }

    /// References of objects by their full names: `Catalog.X`.
    pub(crate) fn refs_by_full_names(self, names: &[smol_str::SmolStr]) -> Type {
        Type::union(names.iter().map(|name| match self.object_by_full_name(name) {
            Some(object) => Type::Object { object, aspect: ObjectAspect::Ref },
            None => Type::Unknown,
        }))
    }

    /// Documents that write to a register.
    fn recorders(self, register: ObjectId) -> Type {
        let Some(content) = self.object(register) else { return Type::Unknown };
        let full_name = format!("{}.{}", content.kind.name(), content.name);
        let Some(root) = self.project.root(register.root) else { return Type::Unknown };
        let is_recorder = |object: &metadata::MetadataObject| match &object.details {
            Details::Related { registers, .. } => {
                registers.iter().any(|name| base::same_name(name, &full_name))
            }
            _ => false,
        };
        let documents = root
            .of_kind(ObjectKind::Document)
            .filter(|index| root.objects().get(*index).is_some_and(|object| is_recorder(object)));
        Type::union(documents.map(|index| Type::Object {
            object: ObjectId { root: register.root, index: index as u32 },
            aspect: ObjectAspect::Ref,
        }))
    }

    pub(crate) fn array_of(self, element: Type) -> Type {
        match self.platform_type("Массив") {
            Some(base) if !element.is_unknown() => Type::Collection { base, element: Arc::new(element) },
            Some(base) => Type::Platform(base),
            None => Type::Unknown,
        }
    }

    pub(crate) fn table_of(self, fields: Fields) -> Type {
        self.platform_type("ТаблицаЗначений").map_or(Type::Unknown, |base| Type::Table { base, fields })
    }
}

/// The description of a field by name.
fn find_field<'f>(fields: &'f Fields, name: &str) -> Option<&'f Field> {
    match fields {
        Fields::Shape { fields, .. } => fields.iter().find(|field| base::same_name(&field.name, name)),
        Fields::Joined(parts) => parts.iter().find_map(|part| find_field(part, name)),
        _ => None,
    }
}

fn section_value(object: ObjectId, section: u16, receiver: Option<&Type>) -> Type {
    match receiver {
        Some(Type::FormData(_)) => Type::FormData(FormData::Section { object, section }),
        Some(Type::Description(_)) => Type::Description(Description::Section { object, section }),
        _ => Type::Section { object, section },
    }
}

/// Standard attributes that have one type wherever they stand, by English name.
fn simple_standard_type(en: &str) -> Option<Type> {
    Some(match en {
        "Code" | "Description" | "PredefinedDataName" | "Number" => Type::STRING,
        "DeletionMark"
        | "IsFolder"
        | "Predefined"
        | "Posted"
        | "Active"
        | "Completed"
        | "Started"
        | "Executed"
        | "OffBalance"
        | "ThisNode"
        | "ActionPeriodIsBasic"
        | "ReversingEntry" => Type::BOOLEAN,
        "Date" | "Period" | "ExchangeDate" | "ActionPeriod" | "RegistrationPeriod" | "BegOfActionPeriod"
        | "EndOfActionPeriod" | "BegOfBasePeriod" | "EndOfBasePeriod" => Type::DATE,
        "LineNumber" | "SentNo" | "ReceivedNo" => Type::NUMBER,
        _ => return None,
    })
}
