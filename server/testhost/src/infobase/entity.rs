//! What the infobase knows of a metadata object that has data: its fields, its tabular sections, its types.

use std::rc::Rc;

use metadata::{Attribute, Details, MetaType, Metadata, MetadataObject, ObjectAspect, ObjectKind, RootId};

use crate::infobase::field_type::{FieldType, TypeKind};
use crate::name::Name;
use crate::types::TypeName;

/// What a field is for the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Reference,
    Code,
    Description,
    DeletionMark,
    Parent,
    Owner,
    IsFolder,
    Predefined,
    PredefinedName,
    DataVersion,
    Date,
    Posted,
    Order,
    Period,
    Recorder,
    LineNumber,
    Active,
    RecordType,
    Dimension,
    Resource,
    Attribute,
}

#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) name: Name,
    /// The name in the other language.
    pub(crate) other: Name,
    pub(crate) role: Role,
    pub(crate) field_type: FieldType,
}

/// A tabular section; its first field is the number of the line.
#[derive(Debug)]
pub(crate) struct Section {
    pub(crate) name: Name,
    pub(crate) fields: Vec<Field>,
}

/// An object of the configuration with its table.
#[derive(Debug)]
pub(crate) struct Entity {
    /// Number of the entity and of its table.
    pub(crate) index: usize,
    pub(crate) kind: ObjectKind,
    pub(crate) name: Name,
    pub(crate) synonym: Rc<str>,
    pub(crate) fields: Vec<Field>,
    pub(crate) sections: Vec<Section>,
    /// Types of references, objects (or record sets) and managers.
    pub(crate) reference_type: TypeName,
    pub(crate) object_type: TypeName,
    pub(crate) manager_type: TypeName,
    pub(crate) code_length: usize,
    pub(crate) is_code_unique: bool,
    /// Registers that a document writes to.
    pub(crate) registers: Vec<usize>,
    /// Names of enumeration values and predefined items; their identifiers count from one.
    pub(crate) named_items: Vec<NamedItem>,
    pub(crate) is_periodic: bool,
    /// The period that the dates of an information register are cut to: `Day`.
    pub(crate) periodicity: Rc<str>,
    pub(crate) is_balance: bool,
    pub(crate) has_recorder: bool,
}

#[derive(Debug)]
pub(crate) struct NamedItem {
    pub(crate) name: Name,
    pub(crate) presentation: Rc<str>,
    pub(crate) is_folder: bool,
}

impl Entity {
    pub(crate) fn field(&self, name: &Name) -> Option<usize> {
        self.fields.iter().position(|field| field.name == *name || field.other == *name)
    }

    pub(crate) fn role(&self, role: Role) -> Option<usize> {
        self.fields.iter().position(|field| field.role == role)
    }

    pub(crate) fn section(&self, name: &Name) -> Option<usize> {
        self.sections.iter().position(|section| section.name == *name)
    }

    pub(crate) fn has_references(&self) -> bool {
        has_references(self.kind)
    }

    /// `Справочник.Товары`
    pub(crate) fn full_name(&self) -> String {
        format!("{}.{}", self.kind.name_ru(), self.name.shown)
    }
}

pub(crate) fn has_references(kind: ObjectKind) -> bool {
    use ObjectKind as K;
    matches!(
        kind,
        K::Catalog
            | K::Document
            | K::Enum
            | K::ChartOfCharacteristicTypes
            | K::ChartOfAccounts
            | K::ChartOfCalculationTypes
            | K::ExchangePlan
            | K::BusinessProcess
            | K::Task
    )
}

pub(crate) fn is_register(kind: ObjectKind) -> bool {
    matches!(kind, ObjectKind::InformationRegister | ObjectKind::AccumulationRegister)
}

/// Kinds that have a manager here.
pub(crate) fn is_entity(kind: ObjectKind) -> bool {
    has_references(kind)
        || is_register(kind)
        || matches!(kind, ObjectKind::Constant | ObjectKind::DataProcessor | ObjectKind::Report)
}

/// Makes entities of metadata objects; their numbers are known before.
pub(crate) struct EntityReader<'a> {
    pub(crate) metadata: &'a Metadata,
    pub(crate) root: RootId,
    pub(crate) number_of: &'a dyn Fn(ObjectKind, &str) -> Option<usize>,
    pub(crate) is_english: bool,
}

impl EntityReader<'_> {
    pub(crate) fn read(&self, index: usize, object: &MetadataObject) -> Entity {
        let kind = object.kind;
        let (russian, english) = (kind.name_ru(), kind.name());
        let types = |ru: &str, en: &str| {
            TypeName::made(format!("{russian}{ru}.{}", object.name), format!("{english}{en}.{}", object.name))
        };
        let register = match &object.details {
            Details::Register(register) => register.clone(),
            _ => metadata::Register::default(),
        };
        let is_accumulation = kind == ObjectKind::AccumulationRegister;
        let periodicity = register.periodicity.as_str();
        let is_periodic = is_accumulation || !matches!(periodicity, "" | "Nonperiodical");
        let has_recorder = is_accumulation || register.write_mode == "RecorderSubordinate";
        let is_balance = is_accumulation && register.register_type != "Turnovers";
        let mut entity = Entity {
            index,
            kind,
            name: Name::new(&object.name),
            synonym: object.synonym.first().map_or(object.name.as_str(), |(_, text)| text).into(),
            fields: Vec::new(),
            sections: object.tabular_sections.iter().map(|section| self.section(section)).collect(),
            reference_type: types("Ссылка", "Ref"),
            object_type: if is_register(kind) {
                types("НаборЗаписей", "RecordSet")
            } else {
                types("Объект", "Object")
            },
            manager_type: types("Менеджер", "Manager"),
            code_length: object.keys.code_length as usize,
            is_code_unique: object.keys.is_code_unique,
            registers: self.registers(object),
            named_items: named_items(object),
            is_periodic,
            periodicity: periodicity.into(),
            is_balance,
            has_recorder,
        };
        entity.fields = self.standard_fields(&entity, object);
        let own = [
            (Role::Dimension, &object.dimensions),
            (Role::Resource, &object.resources),
            (Role::Attribute, &object.attributes),
            (Role::Attribute, &object.other_fields),
        ];
        for (role, attributes) in own {
            entity.fields.extend(attributes.iter().map(|attribute| self.attribute(role, attribute)));
        }
        for id in self.metadata.common_attributes(self.root, object) {
            if let Some(common) = self.metadata.object(id)
                && let Details::CommonAttribute { types, .. } = &common.details
            {
                let name = Name::new(&common.name);
                let field_type = self.field_type(types);
                entity.fields.push(Field { other: name.clone(), name, role: Role::Attribute, field_type });
            }
        }
        entity
    }

    fn registers(&self, object: &MetadataObject) -> Vec<usize> {
        let Details::Related { registers, .. } = &object.details else { return Vec::new() };
        let names = registers.iter().filter_map(|name| metadata::FullName::parse(name));
        names.filter_map(|name| (self.number_of)(name.kind, &name.name)).collect()
    }

    fn section(&self, section: &metadata::TabularSection) -> Section {
        let number = self.standard(Role::LineNumber, ["НомерСтроки", "LineNumber"], FieldType::number());
        let mut fields = vec![number];
        fields.extend(section.attributes.iter().map(|attribute| self.attribute(Role::Attribute, attribute)));
        Section { name: Name::new(&section.name), fields }
    }

    fn attribute(&self, role: Role, attribute: &Attribute) -> Field {
        let name = Name::new(&attribute.name);
        Field { other: name.clone(), name, role, field_type: self.field_type(&attribute.types) }
    }

    fn standard(&self, role: Role, names: [&str; 2], field_type: FieldType) -> Field {
        let [russian, english] = names.map(Name::new);
        let (name, other) = if self.is_english { (english, russian) } else { (russian, english) };
        Field { name, other, role, field_type }
    }

    fn standard_fields(&self, entity: &Entity, object: &MetadataObject) -> Vec<Field> {
        use ObjectKind as K;
        let own = FieldType::reference(entity.index);
        let code = if object.keys.is_code_number {
            FieldType::number()
        } else {
            FieldType::text(object.keys.code_length)
        };
        let reference = (Role::Reference, ["Ссылка", "Ref"], own.clone());
        let mark = (Role::DeletionMark, ["ПометкаУдаления", "DeletionMark"], FieldType::boolean());
        let version = (Role::DataVersion, ["ВерсияДанных", "DataVersion"], FieldType::text(12));
        let fields = match entity.kind {
            K::Document | K::BusinessProcess | K::Task => vec![
                reference,
                (Role::Code, ["Номер", "Number"], code),
                (Role::Date, ["Дата", "Date"], FieldType::date()),
                (Role::Posted, ["Проведен", "Posted"], FieldType::boolean()),
                mark,
                version,
            ],
            K::Enum => vec![reference, (Role::Order, ["Порядок", "Order"], FieldType::number())],
            K::Constant => match &object.details {
                Details::Typed(types) => {
                    vec![(Role::Attribute, ["Значение", "Value"], self.field_type(types))]
                }
                _ => Vec::new(),
            },
            K::InformationRegister | K::AccumulationRegister => register_fields(entity),
            K::DataProcessor | K::Report => Vec::new(),
            _ => {
                let description = FieldType::text(object.keys.description_length);
                let mut fields = vec![
                    reference,
                    (Role::Code, ["Код", "Code"], code),
                    (Role::Description, ["Наименование", "Description"], description),
                    mark,
                ];
                if object.keys.is_hierarchical {
                    fields.push((Role::Parent, ["Родитель", "Parent"], own));
                }
                if object.keys.is_hierarchical && object.keys.has_folders {
                    fields.push((Role::IsFolder, ["ЭтоГруппа", "IsFolder"], FieldType::boolean()));
                }
                if let Some(owner) = self.owner_type(object) {
                    fields.push((Role::Owner, ["Владелец", "Owner"], owner));
                }
                fields.push((Role::Predefined, ["Предопределенный", "Predefined"], FieldType::boolean()));
                let names = ["ИмяПредопределенныхДанных", "PredefinedDataName"];
                fields.push((Role::PredefinedName, names, FieldType::text(0)));
                fields.push(version);
                fields
            }
        };
        fields.into_iter().map(|(role, names, field_type)| self.standard(role, names, field_type)).collect()
    }

    fn owner_type(&self, object: &MetadataObject) -> Option<FieldType> {
        let Details::Related { owners, .. } = &object.details else { return None };
        let owners = owners.iter().filter_map(|name| metadata::FullName::parse(name));
        let numbers: Vec<_> = owners
            .filter_map(|name| (self.number_of)(name.kind, &name.name))
            .map(TypeKind::Reference)
            .collect();
        (!numbers.is_empty()).then(|| FieldType { kinds: numbers, ..FieldType::default() })
    }

    /// Types with defined types replaced by what they stand for.
    pub(crate) fn field_type(&self, types: &metadata::TypeDescription) -> FieldType {
        let mut kinds = Vec::new();
        for meta_type in self.metadata.expand(self.root, types) {
            kinds.push(match meta_type {
                MetaType::String => TypeKind::Text,
                MetaType::Number => TypeKind::Number,
                MetaType::Boolean => TypeKind::Boolean,
                MetaType::Date => TypeKind::Date,
                MetaType::Object { kind, aspect: ObjectAspect::Ref, name } => {
                    match (self.number_of)(kind, &name) {
                        Some(number) => TypeKind::Reference(number),
                        None => TypeKind::Other,
                    }
                }
                MetaType::AnyRef | MetaType::AnyOf { aspect: ObjectAspect::Ref, .. } => {
                    TypeKind::AnyReference
                }
                _ => TypeKind::Other,
            });
        }
        FieldType {
            kinds,
            length: types.string_length as usize,
            has_fraction: types.number_digits > 0,
            fraction: i64::from(types.number_fraction),
        }
    }
}

type StandardField = (Role, [&'static str; 2], FieldType);

fn register_fields(entity: &Entity) -> Vec<StandardField> {
    let mut fields = Vec::new();
    if entity.is_periodic {
        fields.push((Role::Period, ["Период", "Period"], FieldType::date()));
    }
    if entity.has_recorder {
        let any = FieldType { kinds: vec![TypeKind::AnyReference; 2], ..FieldType::default() };
        fields.push((Role::Recorder, ["Регистратор", "Recorder"], any));
        fields.push((Role::LineNumber, ["НомерСтроки", "LineNumber"], FieldType::number()));
        fields.push((Role::Active, ["Активность", "Active"], FieldType::boolean()));
    }
    if entity.is_balance {
        fields.push((Role::RecordType, ["ВидДвижения", "RecordType"], FieldType::default()));
    }
    fields
}

fn named_items(object: &MetadataObject) -> Vec<NamedItem> {
    let values = object.enum_values.iter().map(|value| NamedItem {
        name: Name::new(&value.name),
        presentation: value.synonym.first().map_or(value.name.as_str(), |(_, text)| text).into(),
        is_folder: false,
    });
    let items = object.predefined.iter().map(|item| NamedItem {
        name: Name::new(&item.name),
        presentation: item.description.as_str().into(),
        is_folder: item.is_folder,
    });
    values.chain(items).collect()
}
