//! What calls return: functions of modules, factories of managers, methods of the platform.

use std::sync::Arc;

use metadata::{ObjectAspect, ObjectKind};

use crate::definition::{Definition, Lookup};
use crate::ids::ObjectId;
use crate::names::is_module_getter;
use crate::query::QueryShape;
use crate::resolver::Resolver;
use crate::shapes::form_row;
use crate::types::{Description, Fields, FormData, Type};

impl<'a> Resolver<'a> {
    /// What a call without receiver returns.
    pub(crate) fn global_call(self, function: &str, literal: Option<&str>) -> Type {
        let definition = self.resolve_call(function);
        if let Some(found) = self.by_literal(function, literal) {
            return found;
        }
        match definition {
            Some(Definition::Method { module, index }) => self.return_type(module, index),
            Some(Definition::PlatformFunction { dialect, name }) => {
                let found = self.project.platform(dialect).function(&name);
                found.map_or(Type::Unknown, |found| self.method_returns(found, &Type::Unknown))
            }
            Some(Definition::PlatformMethod { .. }) => match self.self_type() {
                Some(own) => self.call_type(&own, function, literal),
                None => Type::Unknown,
            },
            _ => Type::Unknown,
        }
    }

    /// Functions whose result depends on a name in their argument.
    fn by_literal(self, function: &str, literal: Option<&str>) -> Option<Type> {
        let literal = literal?.trim();
        let is = |ru: &str, en: &str| base::same_name(function, ru) || base::same_name(function, en);
        if is("ПредопределенноеЗначение", "PredefinedValue") {
            let object = self.object_by_full_name(literal)?;
            return Some(Type::Object { object, aspect: ObjectAspect::Ref });
        }
        if is("Тип", "Type") {
            return Some(Type::TypeValue(Arc::new(self.named_type(literal))));
        }
        if is("ПолучитьФорму", "GetForm") || is("ОткрытьФорму", "OpenForm") {
            return self.form_by_full_name(literal).map(Type::Form);
        }
        if is_module_getter(function) {
            return self.module_by_text(literal);
        }
        None
    }

    /// A common module or a manager by the text that code passes to `ОбщийМодуль`.
    fn module_by_text(self, text: &str) -> Option<Type> {
        if let Some(module) = self.project.common_module(self.root(), text) {
            return Some(Type::Module(module));
        }
        let (first, second) = text.split_once('.')?;
        let kind = ObjectKind::from_collection(first).or_else(|| ObjectKind::from_name(first))?;
        let object = self.project.find_object(self.root(), kind, second)?;
        Some(Type::Object { object, aspect: ObjectAspect::Manager })
    }

    /// `Документ.Заказ.Форма.ФормаСписка`, `ОбщаяФорма.X`.
    fn form_by_full_name(self, name: &str) -> Option<crate::ids::FormId> {
        let object = self.object_by_full_name(name)?;
        let form = name.split('.').nth(3).or_else(|| name.split('.').nth(1))?;
        self.project.object_chain(object).find_map(|(object, _)| self.project.find_form(object, form))
    }

    /// What a method of one type returns.
    pub(crate) fn call_type(self, receiver: &Type, method: &str, literal: Option<&str>) -> Type {
        if !self.step() {
            return Type::Unknown;
        }
        let Lookup::Found(member) = self.member_of(receiver, method) else {
            return self.by_getter(method, literal);
        };
        match &member.definition {
            Definition::Method { module, index } => {
                let literal = is_module_getter(method).then_some(literal).flatten();
                let getter = literal.and_then(|literal| self.module_by_text(literal));
                getter.unwrap_or_else(|| self.return_type(*module, *index))
            }
            Definition::PlatformMethod { owner, name } => {
                if let Some(special) = self.special_call(receiver, name, literal) {
                    return special;
                }
                let info = self.project.platform(owner.dialect).type_info(owner.id);
                let found = info.methods.iter().find(|method| method.names.ru == *name);
                found.map_or(Type::Unknown, |found| self.method_returns(found, receiver))
            }
            _ => Type::Unknown,
        }
    }

    /// `ОбщегоНазначения.ОбщийМодуль("X")`, whoever offers it.
    fn by_getter(self, method: &str, literal: Option<&str>) -> Type {
        let literal = literal.filter(|_| is_module_getter(method));
        literal.and_then(|literal| self.module_by_text(literal)).unwrap_or_default()
    }

    fn method_returns(self, method: &platform::Method, receiver: &Type) -> Type {
        if method.returns.is_empty() {
            let variants = method.signatures.iter().flat_map(|signature| &signature.returns);
            return self.platform_types(variants, receiver);
        }
        self.platform_types(&method.returns, receiver)
    }

    /// Methods whose result we know better than the tables; `name` is the Russian name.
    fn special_call(self, receiver: &Type, name: &str, literal: Option<&str>) -> Option<Type> {
        match receiver {
            Type::Object { object, aspect } => self.object_call(*object, *aspect, name),
            Type::Section { object, section } => {
                let row = Type::SectionRow { object: *object, section: *section };
                let fields = Fields::Section { object: *object, section: *section };
                self.table_call(name, row, fields)
            }
            Type::FormData(data) => self.form_data_call(*data, name),
            Type::Table { base, fields } => {
                let row = self.element_of(receiver);
                match name {
                    "Скопировать" => Some(Type::Table { base: *base, fields: fields.clone() }),
                    _ => self.table_call(name, row, fields.clone()),
                }
            }
            Type::Row { .. } if name == "Выбрать" => Some(receiver.clone()),
            Type::Collection { element, .. } if matches!(name, "Получить") => {
                Some(Type::clone(element))
            }
            Type::Collection { .. } if name == "Скопировать" => Some(receiver.clone()),
            Type::Query(query) => self.query_call(query.as_ref()?, name),
            Type::QueryResult { query, batch } => self.result_call(query, *batch, name),
            Type::Description(place) => self.description_call(*place, name, literal),
            Type::Form(form) => self.form_call(*form, name, literal),
            _ => None,
        }
    }

    fn object_call(self, object: ObjectId, aspect: ObjectAspect, name: &str) -> Option<Type> {
        let of = |aspect| Type::Object { object, aspect };
        if name == "Метаданные" {
            return Some(Type::Description(Description::Object(object)));
        }
        let kind = self.object(object)?.kind;
        Some(match (aspect, name) {
            (ObjectAspect::Manager | ObjectAspect::ValueManager, "Получить")
                if kind == ObjectKind::Constant =>
            {
                self.value_of_object(object)
            }
            (ObjectAspect::Manager, _) => return manager_call(name).map(of),
            (ObjectAspect::Ref, "ПолучитьОбъект")
            | (ObjectAspect::Ref | ObjectAspect::Object, "Скопировать")
            | (ObjectAspect::Selection, "ПолучитьОбъект") => of(ObjectAspect::Object),
            (ObjectAspect::Object, "ПолучитьСсылкуНового") => of(ObjectAspect::Ref),
            (ObjectAspect::RecordSet, "Добавить" | "Вставить" | "Получить") => {
                of(ObjectAspect::Record)
            }
            (ObjectAspect::RecordSet, "Выгрузить" | "ВыгрузитьКолонки") => {
                self.table_of(Fields::Register(object))
            }
            (ObjectAspect::Selection, "ПолучитьМенеджерЗаписи") => {
                of(ObjectAspect::RecordManager)
            }
            _ => return None,
        })
    }

    /// Methods that tables of all sorts share.
    fn table_call(self, name: &str, row: Type, fields: Fields) -> Option<Type> {
        Some(match name {
            "Добавить" | "Вставить" | "Получить" | "ВыбратьСтроку" | "НайтиПоИдентификатору" => {
                row
            }
            "Найти" => Type::union([row, Type::UNDEFINED]),
            "НайтиСтроки" => self.array_of(row),
            "Выгрузить" | "Скопировать" | "ВыгрузитьКолонки" | "СкопироватьКолонки" => {
                self.table_of(fields)
            }
            _ => return None,
        })
    }

    fn form_data_call(self, data: FormData, name: &str) -> Option<Type> {
        let fields = match data {
            FormData::Section { object, section } => Fields::Section { object, section },
            FormData::Attribute { form, attribute } | FormData::AttributeItems { form, attribute } => {
                Fields::FormAttribute { form, attribute }
            }
            FormData::Object { object, aspect: ObjectAspect::RecordSet } => Fields::Register(object),
            // Rows of trees.
            FormData::AttributeRow { form, attribute } => {
                return match name {
                    "ПолучитьЭлементы" => {
                        Some(Type::FormData(FormData::AttributeItems { form, attribute }))
                    }
                    "ПолучитьРодителя" => {
                        Some(Type::union([Type::FormData(data), Type::UNDEFINED]))
                    }
                    _ => None,
                };
            }
            _ => return None,
        };
        match (data, name) {
            (FormData::Attribute { form, attribute }, "ПолучитьЭлементы") => {
                Some(Type::FormData(FormData::AttributeItems { form, attribute }))
            }
            _ => self.table_call(name, form_row(data), fields),
        }
    }

    fn query_call(self, query: &Arc<QueryShape>, name: &str) -> Option<Type> {
        match name {
            "Выполнить" => {
                let returning = |(_, batch): &(usize, &crate::query::QueryBatch)| {
                    batch.temporary_table.is_empty() && batch.drops.is_empty()
                };
                let last = query.batches.iter().enumerate().rev().find(returning);
                let batch = last.map(|(index, _)| index as u32);
                Some(Type::QueryResult { query: Arc::clone(query), batch })
            }
            "ВыполнитьПакет" | "ВыполнитьПакетСПромежуточнымиДанными" => {
                Some(self.array_of(Type::QueryResult { query: Arc::clone(query), batch: None }))
            }
            _ => None,
        }
    }

    fn result_call(self, query: &Arc<QueryShape>, batch: Option<u32>, name: &str) -> Option<Type> {
        let fields = Fields::Query { query: Arc::clone(query), batch, module: self.module };
        match name {
            "Выбрать" => Some(self.row("ВыборкаИзРезультатаЗапроса", fields)),
            "Выгрузить" => {
                let has_totals = query.batches.iter().any(|batch| !batch.totals.is_empty());
                let table = self.table_of(fields.clone());
                // Which one depends on the argument.
                let tree = self.platform_type("ДеревоЗначений").filter(|_| has_totals);
                Some(Type::union(std::iter::once(table).chain(tree.map(|base| Type::Table { base, fields }))))
            }
            _ => None,
        }
    }

    fn description_call(self, place: Description, name: &str, literal: Option<&str>) -> Option<Type> {
        match (place, name) {
            (Description::Kind(kind), "Найти") => {
                let object = self.project.find_object(self.root(), kind, literal?)?;
                let found = Type::Description(Description::Object(object));
                Some(Type::union([found, Type::UNDEFINED]))
            }
            (Description::Kind(_) | Description::Parts { .. }, "Найти" | "Получить") => {
                Some(Type::Description(Description::Leaf))
            }
            _ => None,
        }
    }

    fn form_call(self, form: crate::ids::FormId, name: &str, literal: Option<&str>) -> Option<Type> {
        match name {
            "РеквизитФормыВЗначение" => {
                let attribute = self.member_value(&Type::Form(form), literal?);
                Some(match attribute {
                    Type::FormData(FormData::Object { object, aspect }) => Type::Object { object, aspect },
                    Type::FormData(FormData::Attribute { form, attribute }) => {
                        self.table_of(Fields::FormAttribute { form, attribute })
                    }
                    other => other,
                })
            }
            _ => None,
        }
    }
}

/// Aspect of what a manager's method gives, by Russian name.
fn manager_call(name: &str) -> Option<ObjectAspect> {
    Some(match name {
        "СоздатьЭлемент"
        | "СоздатьГруппу"
        | "СоздатьДокумент"
        | "СоздатьСчет"
        | "СоздатьВидРасчета"
        | "СоздатьУзел"
        | "СоздатьБизнесПроцесс"
        | "СоздатьЗадачу"
        | "Создать" => ObjectAspect::Object,
        "СоздатьНаборЗаписей" => ObjectAspect::RecordSet,
        "СоздатьМенеджерЗаписи" => ObjectAspect::RecordManager,
        "СоздатьМенеджерЗначения" => ObjectAspect::ValueManager,
        "СоздатьКлючЗаписи" | "ПустойКлюч" => ObjectAspect::RecordKey,
        "ПустаяСсылка" | "ПолучитьСсылку" | "НайтиПоСсылке" | "ЭтотУзел" => {
            ObjectAspect::Ref
        }
        "Выбрать" | "ВыбратьИерархически" | "ВыбратьПоРегистратору" => {
            ObjectAspect::Selection
        }
        _ => return None,
    })
}
