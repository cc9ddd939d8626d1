//! Types by their names, as code, metadata and the platform's tables write them.

use metadata::{Details, MetaType, ModuleKind, ObjectAspect, ObjectKind, TypeDescription};

use crate::definition::AttributeRef;
use crate::ids::{ObjectId, RootId};
use crate::resolver::Resolver;
use crate::types::{Dialect, PlatformEnum, PlatformType, Primitive, Type};

/// Names that say that anything may come.
const ANYTHING: &[&str] = &["Произвольный", "Arbitrary", "Any", "Объект"];

impl Primitive {
    pub fn from_name(name: &str) -> Option<Self> {
        const NAMES: [(&str, &str, Primitive); 6] = [
            ("Строка", "String", Primitive::String),
            ("Число", "Number", Primitive::Number),
            ("Булево", "Boolean", Primitive::Boolean),
            ("Дата", "Date", Primitive::Date),
            ("Неопределено", "Undefined", Primitive::Undefined),
            ("Null", "Null", Primitive::Null),
        ];
        let is = |(ru, en, _): &&(&str, &str, Self)| base::same_name(ru, name) || base::same_name(en, name);
        NAMES.iter().find(is).map(|(_, _, primitive)| *primitive)
    }
}

impl<'a> Resolver<'a> {
    /// A type as code or a description writes it: `СправочникСсылка.Товары`, `Array`, `Неопределено`.
    pub(crate) fn named_type(self, name: &str) -> Type {
        let name = name.trim();
        if let Some(primitive) = Primitive::from_name(name) {
            return Type::Primitive(primitive);
        }
        if ANYTHING.iter().any(|any| base::same_name(any, name)) {
            return Type::Unknown;
        }
        if self.dialect() == Dialect::OneScript
            && let Some(class) =
                self.project.scripts(name).find(|module| module.place.kind == ModuleKind::OScriptClass)
        {
            return Type::ScriptClass(class.id);
        }
        if let Some(found) = self.platform_type(name) {
            return self.known_type(found);
        }
        if base::same_name(name, "ЛюбаяСсылка") || base::same_name(name, "AnyRef") {
            return Type::AnyRef;
        }
        if let Some(generated) = MetaType::from_generated_name(name) {
            return self.meta_type(self.root(), &generated, 0);
        }
        let dialect = self.dialect();
        if let Some(id) = self.platform().enum_id(name) {
            return Type::SystemEnumValue(PlatformEnum { dialect, id });
        }
        self.module_by_full_name(name)
    }

    /// `ОбщийМодуль.X`.
    fn module_by_full_name(self, name: &str) -> Type {
        let Some((prefix, rest)) = name.split_once('.') else { return Type::Unknown };
        if ObjectKind::from_name(prefix) == Some(ObjectKind::CommonModule)
            && let Some(module) = self.project.common_module(self.root(), rest)
        {
            return Type::Module(module);
        }
        Type::Unknown
    }

    /// Types that the platform lists but that we know better.
    pub(crate) fn known_type(self, found: PlatformType) -> Type {
        let info = self.project.platform(found.dialect).type_info(found.id);
        match info.names.ru.as_str() {
            "Запрос" => Type::Query(None),
            "Тип" | "ОписаниеТипов" => Type::Platform(found),
            ru => {
                if let Some(primitive) = Primitive::from_name(ru) {
                    return Type::Primitive(primitive);
                }
                match MetaType::from_generated_name(ru) {
                    Some(MetaType::AnyOf { kind, aspect }) => Type::AnyObject { kind, aspect },
                    _ => Type::Platform(found),
                }
            }
        }
    }

    /// One of the types that the platform's tables name; generic ones mean the receiver's object.
    pub(crate) fn platform_types<'n>(
        self,
        names: impl IntoIterator<Item = &'n smol_str::SmolStr>,
        receiver: &Type,
    ) -> Type {
        Type::union(names.into_iter().map(|name| self.platform_named(name, receiver)))
    }

    fn platform_named(self, name: &str, receiver: &Type) -> Type {
        let plain = name.split_once(".<").map_or(name, |(plain, _)| plain);
        let found = self.named_type(plain);
        if let Type::AnyObject { kind, aspect } = found
            && let Some(object) = self.owner_of(receiver)
            && self.object(object).is_some_and(|object| object.kind == kind)
        {
            return Type::Object { object, aspect };
        }
        found
    }

    /// The object that a generated type belongs to.
    pub(crate) fn owner_of(self, value: &Type) -> Option<ObjectId> {
        match value {
            Type::Object { object, .. } | Type::Section { object, .. } | Type::SectionRow { object, .. } => {
                Some(*object)
            }
            _ => None,
        }
    }

    /// Types of an attribute as metadata writes them.
    pub(crate) fn described(self, root: RootId, types: &TypeDescription) -> Type {
        self.described_in(Some(root), types, 0)
    }

    fn described_in(self, root: Option<RootId>, types: &TypeDescription, depth: u8) -> Type {
        Type::union(types.types.iter().map(|one| self.meta_type(root, one, depth)))
    }

    pub(crate) fn meta_type(self, root: Option<RootId>, meta: &MetaType, depth: u8) -> Type {
        match meta {
            MetaType::String => Type::STRING,
            MetaType::Number => Type::NUMBER,
            MetaType::Boolean => Type::BOOLEAN,
            MetaType::Date => Type::DATE,
            MetaType::Object { kind, aspect, name } => self.generated(root, *kind, *aspect, name),
            MetaType::AnyOf { kind, aspect } => Type::AnyObject { kind: *kind, aspect: *aspect },
            MetaType::AnyRef => Type::AnyRef,
            // Defined types may name each other in a circle.
            MetaType::DefinedType(name) if depth < 4 => {
                self.typed_object(root, ObjectKind::DefinedType, name, depth)
            }
            MetaType::Characteristic(name) if depth < 4 => {
                self.typed_object(root, ObjectKind::ChartOfCharacteristicTypes, name, depth)
            }
            MetaType::Platform(name) => {
                self.platform_type(name).map_or(Type::Unknown, |it| self.known_type(it))
            }
            MetaType::DefinedType(_) | MetaType::Characteristic(_) | MetaType::Unknown => Type::Unknown,
        }
    }

    fn generated(self, root: Option<RootId>, kind: ObjectKind, aspect: ObjectAspect, name: &str) -> Type {
        let (name, section) = match aspect {
            ObjectAspect::TabularSection | ObjectAspect::TabularSectionRow => match name.split_once('.') {
                Some((object, section)) => (object, Some(section)),
                None => return Type::AnyObject { kind, aspect },
            },
            _ => (name, None),
        };
        let Some(object) = self.project.find_object(root, kind, name) else { return Type::Unknown };
        let Some(section) = section else { return Type::Object { object, aspect } };
        let Some((object, section)) = self.find_section(object, section) else { return Type::Unknown };
        match aspect {
            ObjectAspect::TabularSectionRow => Type::SectionRow { object, section },
            _ => Type::Section { object, section },
        }
    }

    /// A tabular section by name, in the object or in its base.
    pub(crate) fn find_section(self, object: ObjectId, name: &str) -> Option<(ObjectId, u16)> {
        self.project.object_chain(object).find_map(|(reference, object)| {
            let sections = &object.tabular_sections;
            let index = sections.iter().position(|section| base::same_name(&section.name, name))?;
            Some((reference, index as u16))
        })
    }

    fn typed_object(self, root: Option<RootId>, kind: ObjectKind, name: &str, depth: u8) -> Type {
        let Some(object) = self.project.find_object(root, kind, name) else { return Type::Unknown };
        // An extension borrows defined types without their content.
        let types = self.project.object_chain(object).find_map(|(at, object)| match &object.details {
            Details::Typed(types) if !types.types.is_empty() => Some((at, types)),
            _ => None,
        });
        types.map_or(Type::Unknown, |(at, types)| self.described_in(Some(at.root), types, depth + 1))
    }

    /// Type of the value of a constant, a session parameter, a defined type.
    pub(crate) fn value_of_object(self, object: ObjectId) -> Type {
        let types = self.project.object_chain(object).find_map(|(at, object)| match &object.details {
            Details::Typed(types) | Details::CommonAttribute { types, .. } => Some((at, types)),
            _ => None,
        });
        types.map_or(Type::Unknown, |(at, types)| self.described(at.root, types))
    }

    pub(crate) fn attribute_type(self, attribute: AttributeRef) -> Type {
        let found = self.object(attribute.object).and_then(|object| attribute.find(object));
        found.map_or(Type::Unknown, |found| self.described(attribute.object.root, &found.types))
    }

    /// `Справочник.Товары`, `Catalog.Products`: an object by its full name.
    pub(crate) fn object_by_full_name(self, name: &str) -> Option<ObjectId> {
        let mut parts = name.split('.');
        let kind = ObjectKind::from_name(parts.next()?.trim())?;
        self.project.find_object(self.root(), kind, parts.next()?.trim())
    }
}
