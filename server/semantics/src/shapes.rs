//! Types of shapes: what the code of a module says about a value, seen with the eyes of the whole project.

use std::sync::Arc;

use metadata::{ModuleKind, ObjectAspect, ObjectKind};
use smol_str::SmolStr;

use crate::definition::{Definition, Lookup};
use crate::resolver::Resolver;
use crate::shape::{Field, Shape};
use crate::types::{Fields, PlatformType, Type};

impl<'a> Resolver<'a> {
    pub(crate) fn type_of(self, shape: &Shape) -> Type {
        if !self.step() {
            return Type::Unknown;
        }
        self.deeper(|| self.follow(shape))
    }

    fn follow(self, shape: &Shape) -> Type {
        match shape {
            Shape::Unknown => Type::Unknown,
            Shape::Named(name) => self.named_type(name),
            Shape::Union { parts, is_open } => {
                let union = Type::union(parts.iter().map(|part| self.type_of(part)));
                if *is_open { Type::union([union, Type::Unknown]) } else { union }
            }
            Shape::Collection { name, element } => self.collection_type(name, element),
            Shape::Structure { name, fields } => self.with_fields(name, fields, false),
            Shape::Table { name, columns } => self.with_fields(name, columns, true),
            Shape::Query(query) => Type::Query(query.clone()),
            Shape::Global(name) => {
                self.resolve_value(name).map_or(Type::Unknown, |it| self.definition_type(&it))
            }
            Shape::Member(receiver, name) => {
                let receiver = self.type_of(receiver);
                self.each_part(&receiver, |part| self.member_value(part, name))
            }
            Shape::Call { receiver, method, literal } => {
                let receiver = self.type_of(receiver);
                self.each_part(&receiver, |part| self.call_type(part, method, literal.as_deref()))
            }
            Shape::GlobalCall { function, literal } => self.global_call(function, literal.as_deref()),
            Shape::Element(inner) => {
                let inner = self.type_of(inner);
                self.each_part(&inner, |part| self.element_of(part))
            }
            Shape::Index { of, key } => {
                let inner = self.type_of(of);
                self.each_part(&inner, |part| self.indexed(part, key))
            }
            Shape::Extended { base, fields } => self.extended(base, fields),
            Shape::Row(inner) => self.type_of(inner),
            Shape::TypeValue(inner) => Type::TypeValue(Arc::new(self.type_of(inner))),
            Shape::SeeReference(path) => self.see_reference(path),
        }
    }

    /// The union over the parts; an open receiver gives an open result.
    pub(crate) fn each_part(self, value: &Type, find: impl Fn(&Type) -> Type) -> Type {
        let union = Type::union(value.parts().iter().map(find));
        if value.is_open() && !union.is_unknown() { Type::union([union, Type::Unknown]) } else { union }
    }

    fn collection_type(self, name: &str, element: &Shape) -> Type {
        match (self.named_type(name), self.type_of(element)) {
            (collection, Type::Unknown) => collection,
            (Type::Platform(base), element) => Type::Collection { base, element: Arc::new(element) },
            (other, _) => other,
        }
    }

    fn with_fields(self, name: &str, fields: &Arc<[Field]>, is_table: bool) -> Type {
        let Type::Platform(base) = self.named_type(name) else { return self.named_type(name) };
        if fields.is_empty() {
            return Type::Platform(base);
        }
        let fields = Fields::Shape { fields: Arc::clone(fields), module: self.module };
        if is_table { Type::Table { base, fields } } else { Type::Structure { base, fields } }
    }

    /// A value with the keys that code inserts into it.
    fn extended(self, base: &Shape, fields: &Arc<[Field]>) -> Type {
        let own = Fields::Shape { fields: Arc::clone(fields), module: self.module };
        let base = self.type_of(base);
        let structure = self.platform_type("Структура");
        match base {
            Type::Structure { base, fields } => {
                Type::Structure { base, fields: Fields::Joined([fields, own].into()) }
            }
            Type::Unknown => structure.map_or(Type::Unknown, |base| {
                // Other keys may be there, too.
                Type::union([Type::Structure { base, fields: own }, Type::Unknown])
            }),
            Type::Platform(base) if Some(base) == structure => Type::Structure { base, fields: own },
            other => other,
        }
    }

    /// `X[…]`: an element of an array or a table, the value of a key, a column.
    fn indexed(self, value: &Type, key: &str) -> Type {
        let is_number =
            key.is_empty() || key.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit());
        match value {
            Type::Collection { element, .. } => match &**element {
                Type::QueryResult { query, batch: None } => {
                    Type::QueryResult { query: Arc::clone(query), batch: batch_index(query, key) }
                }
                element => element.clone(),
            },
            Type::Structure { .. } | Type::Row { .. } | Type::SectionRow { .. } if !is_number => {
                self.member_value(value, key)
            }
            Type::Object { .. }
            | Type::Form(_)
            | Type::FormElements(_)
            | Type::FormData(_)
            | Type::ManagerCollection(_)
            | Type::Description(_)
                if !is_number =>
            {
                self.member_value(value, key)
            }
            Type::Structure { .. } | Type::Row { .. } | Type::SectionRow { .. } => Type::Unknown,
            _ => self.element_of(value),
        }
    }

    /// What an element of a collection is, as `Для Каждого` sees it.
    pub(crate) fn element_of(self, value: &Type) -> Type {
        match value {
            Type::Collection { base, element } => match self.base_name(*base).as_str() {
                // Their elements are pairs; the values hide inside.
                "Соответствие" | "ФиксированноеСоответствие" => {
                    self.named_type("КлючИЗначение")
                }
                "СписокЗначений" => self.named_type("ЭлементСпискаЗначений"),
                _ => Type::clone(element),
            },
            Type::Table { base, fields } => {
                let row = match self.base_name(*base).as_str() {
                    "ДеревоЗначений" | "КоллекцияСтрокДереваЗначений" => {
                        "СтрокаДереваЗначений"
                    }
                    _ => "СтрокаТаблицыЗначений",
                };
                self.row(row, fields.clone())
            }
            Type::Structure { .. } => self.named_type("КлючИЗначение"),
            Type::Section { object, section } => Type::SectionRow { object: *object, section: *section },
            Type::FormData(data) => form_row(*data),
            Type::Object { object, aspect: ObjectAspect::RecordSet } => {
                Type::Object { object: *object, aspect: ObjectAspect::Record }
            }
            Type::ManagerCollection(kind) => Type::AnyObject { kind: *kind, aspect: ObjectAspect::Manager },
            Type::Description(place) => self.description_element(*place),
            other => match self.base_type(other) {
                Some(base) => {
                    let info = self.project.platform(base.dialect).type_info(base.id);
                    self.platform_types(&info.elements, other)
                }
                None => Type::Unknown,
            },
        }
    }

    pub(crate) fn row(self, name: &str, fields: Fields) -> Type {
        match self.platform_type(name) {
            Some(base) => Type::Row { base, fields },
            None => Type::Unknown,
        }
    }

    pub(crate) fn base_name(self, base: PlatformType) -> SmolStr {
        self.project.platform(base.dialect).type_info(base.id).names.ru.clone()
    }

    /// Type of a property of one type.
    pub(crate) fn member_value(self, receiver: &Type, name: &str) -> Type {
        if !self.step() {
            return Type::Unknown;
        }
        match self.member_of(receiver, name) {
            Lookup::Found(member) => self.member_type(receiver, &member),
            Lookup::Missing | Lookup::Unknown => Type::Unknown,
        }
    }

    /// `См. ОбщегоНазначения.НоваяСтруктура`, `См. Метод`, `См. Метод.Параметр`.
    fn see_reference(self, path: &str) -> Type {
        let path = path.trim().trim_end_matches("()");
        let parts: Vec<&str> = path.split('.').map(str::trim).collect();
        match parts.as_slice() {
            [name] => match self.own_method(name) {
                Some(Definition::Method { module, index }) => self.return_type(module, index),
                _ => self.named_type(name),
            },
            [first, second] => {
                if let Some(Definition::Method { module, index }) = self.own_method(first) {
                    return self.parameter_by_name(module, index, second);
                }
                match self.project.common_module(self.root(), first) {
                    Some(module) => self.exported_return(module, second),
                    None => self.named_type(path),
                }
            }
            [first, second, third] => {
                if let Some(module) = self.project.common_module(self.root(), first) {
                    let found = self.project.module(module).and_then(|module| module.find_method(second));
                    return found.map_or(Type::Unknown, |index| self.parameter_by_name(module, index, third));
                }
                self.manager_function(first, second, third)
            }
            _ => Type::Unknown,
        }
    }

    /// `Справочники.Товары.НовоеОписание`, `Справочник.Товары.…`.
    fn manager_function(self, first: &str, second: &str, third: &str) -> Type {
        let kind = ObjectKind::from_collection(first).or_else(|| ObjectKind::from_name(first));
        let object = kind.and_then(|kind| self.project.find_object(self.root(), kind, second));
        let module = object.and_then(|object| self.project.object_module(object, ModuleKind::ManagerModule));
        module.map_or(Type::Unknown, |module| self.exported_return(module, third))
    }

    fn exported_return(self, module: crate::ids::ModuleId, name: &str) -> Type {
        let found = self.project.module(module).and_then(|module| module.find_method(name));
        found.map_or(Type::Unknown, |index| self.return_type(module, index))
    }

    fn parameter_by_name(self, module: crate::ids::ModuleId, method: u32, name: &str) -> Type {
        let Some(found) = self.project.method(module, method) else { return Type::Unknown };
        let Some(parameter) = found.parameters().find(|it| base::same_name(&it.name, name)) else {
            return Type::Unknown;
        };
        self.in_module(module).type_of(&parameter.fact().shape)
    }
}

pub(crate) fn form_row(data: crate::types::FormData) -> Type {
    use crate::types::FormData;
    match data {
        FormData::Section { object, section } => Type::FormData(FormData::SectionRow { object, section }),
        FormData::Attribute { form, attribute } | FormData::AttributeItems { form, attribute } => {
            Type::FormData(FormData::AttributeRow { form, attribute })
        }
        FormData::Object { object, aspect: ObjectAspect::RecordSet } => {
            Type::FormData(FormData::Object { object, aspect: ObjectAspect::Record })
        }
        _ => Type::Unknown,
    }
}

/// Index of the batch that a literal between brackets means.
fn batch_index(query: &crate::query::QueryShape, key: &str) -> Option<u32> {
    let index: i64 = key.parse().ok()?;
    let count = query.batches.len() as i64;
    let index = if index < 0 { count + index } else { index };
    (0..count).contains(&index).then_some(index as u32)
}
