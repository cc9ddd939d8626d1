//! Names of the types that metadata generates, in both languages: `CatalogRef.X` and `СправочникСсылка.X`.

use smol_str::{SmolStr, format_smolstr};

use crate::kind::ObjectKind;
use crate::types::{MetaType, ObjectAspect};

/// Aspects with what follows the kind in a type's name.
const ASPECTS: &[(ObjectAspect, &str, &str)] = &[
    (ObjectAspect::Ref, "Ref", "Ссылка"),
    (ObjectAspect::Object, "Object", "Объект"),
    (ObjectAspect::Manager, "Manager", "Менеджер"),
    (ObjectAspect::Selection, "Selection", "Выборка"),
    (ObjectAspect::List, "List", "Список"),
    (ObjectAspect::RecordSet, "RecordSet", "НаборЗаписей"),
    (ObjectAspect::Record, "Record", "Запись"),
    (ObjectAspect::RecordKey, "RecordKey", "КлючЗаписи"),
    (ObjectAspect::RecordManager, "RecordManager", "МенеджерЗаписи"),
    (ObjectAspect::ValueManager, "ValueManager", "МенеджерЗначения"),
    (ObjectAspect::ValueKey, "ValueKey", "КлючЗначения"),
    (ObjectAspect::TabularSection, "TabularSection", "ТабличнаяЧасть"),
    (ObjectAspect::TabularSectionRow, "TabularSectionRow", "ТабличнаяЧастьСтрока"),
];

const ROUTE_POINT: (&str, &str) = ("BusinessProcessRoutePointRef", "ТочкаМаршрутаБизнесПроцессаСсылка");
const DEFINED_TYPE: (&str, &str) = ("DefinedType", "ОпределяемыйТип");
const CHARACTERISTIC: (&str, &str) = ("Characteristic", "Характеристика");
/// Tables of external sources; their types are named `ВнешнийИсточникДанныхТаблицаСсылка.Источник.Таблица`.
const EXTERNAL_TABLE: (&str, &str) = ("ExternalDataSourceTable", "ВнешнийИсточникДанныхТаблица");

impl ObjectAspect {
    /// The English word after the kind: `RecordSet`.
    pub fn name(self) -> &'static str {
        self.names().0
    }

    /// The Russian word after the kind: `НаборЗаписей`.
    pub fn name_ru(self) -> &'static str {
        self.names().1
    }

    fn names(self) -> (&'static str, &'static str) {
        let found = ASPECTS.iter().find(|(aspect, ..)| *aspect == self);
        found.map_or(("RoutePointRef", "ТочкаМаршрутаСсылка"), |(_, en, ru)| (*en, *ru))
    }
}

impl MetaType {
    /// A type that metadata generates by its name in either language, without case. `None` for all other names.
    pub fn from_generated_name(name: &str) -> Option<Self> {
        let (prefix, object) = match name.split_once('.') {
            Some((prefix, object)) => (prefix, Some(object)),
            None => (name, None),
        };
        if is_either(prefix, DEFINED_TYPE) {
            return object.map(|object| Self::DefinedType(object.into()));
        }
        if is_either(prefix, CHARACTERISTIC) {
            return object.map(|object| Self::Characteristic(object.into()));
        }
        let (kind, aspect) = split_prefix(prefix)?;
        Some(match object {
            Some(object) => Self::Object { kind, aspect, name: object.into() },
            None => Self::AnyOf { kind, aspect },
        })
    }

    /// English name as the files and the platform write it.
    pub fn name_en(&self) -> SmolStr {
        match self {
            Self::String => "String".into(),
            Self::Number => "Number".into(),
            Self::Boolean => "Boolean".into(),
            Self::Date => "Date".into(),
            Self::Object { kind, aspect, name } => {
                format_smolstr!("{}.{name}", prefix(*kind, *aspect, name).0)
            }
            Self::AnyOf { kind, aspect } => prefix(*kind, *aspect, "").0,
            Self::AnyRef => "AnyRef".into(),
            Self::DefinedType(name) => format_smolstr!("{}.{name}", DEFINED_TYPE.0),
            Self::Characteristic(name) => format_smolstr!("{}.{name}", CHARACTERISTIC.0),
            Self::Platform(name) => name.clone(),
            Self::Unknown => SmolStr::default(),
        }
    }

    /// Russian name; platform types keep the English one, which the platform's facts translate.
    pub fn name_ru(&self) -> SmolStr {
        match self {
            Self::String => "Строка".into(),
            Self::Number => "Число".into(),
            Self::Boolean => "Булево".into(),
            Self::Date => "Дата".into(),
            Self::Object { kind, aspect, name } => {
                format_smolstr!("{}.{name}", prefix(*kind, *aspect, name).1)
            }
            Self::AnyOf { kind, aspect } => prefix(*kind, *aspect, "").1,
            Self::AnyRef => "ЛюбаяСсылка".into(),
            Self::DefinedType(name) => format_smolstr!("{}.{name}", DEFINED_TYPE.1),
            Self::Characteristic(name) => format_smolstr!("{}.{name}", CHARACTERISTIC.1),
            Self::Platform(name) => name.clone(),
            Self::Unknown => SmolStr::default(),
        }
    }
}

/// What stands before the dot, in English and in Russian.
fn prefix(kind: ObjectKind, aspect: ObjectAspect, name: &str) -> (SmolStr, SmolStr) {
    if aspect == ObjectAspect::RoutePointRef {
        return (ROUTE_POINT.0.into(), ROUTE_POINT.1.into());
    }
    let is_table = kind == ObjectKind::ExternalDataSource && name.contains('.');
    let (en, ru) = if is_table { EXTERNAL_TABLE } else { (kind.name(), kind.name_ru()) };
    (format_smolstr!("{en}{}", aspect.name()), format_smolstr!("{ru}{}", aspect.name_ru()))
}

/// `CatalogRef` to its kind and aspect. The word of a kind may begin that of another, so all are tried.
fn split_prefix(prefix: &str) -> Option<(ObjectKind, ObjectAspect)> {
    if is_either(prefix, ROUTE_POINT) {
        return Some((ObjectKind::BusinessProcess, ObjectAspect::RoutePointRef));
    }
    let of_kind = |names: (&str, &str)| {
        let rest = strip_name(prefix, names.0).or_else(|| strip_name(prefix, names.1))?;
        let is = |(_, en, ru): &&(ObjectAspect, &str, &str)| is_either(rest, (en, ru));
        ASPECTS.iter().find(is).map(|(aspect, ..)| *aspect)
    };
    let kinds = ObjectKind::ALL.iter().map(|kind| (*kind, (kind.name(), kind.name_ru())));
    let mut all = kinds.chain([(ObjectKind::ExternalDataSource, EXTERNAL_TABLE)]);
    all.find_map(|(kind, names)| of_kind(names).map(|aspect| (kind, aspect)))
}

fn is_either(name: &str, (en, ru): (&str, &str)) -> bool {
    base::same_name(name, en) || base::same_name(name, ru)
}

/// What follows `start`, compared without case. Both alphabets keep the length of a letter in either case.
fn strip_name<'a>(name: &'a str, start: &str) -> Option<&'a str> {
    let head = name.get(..start.len())?;
    base::same_name(head, start).then(|| &name[start.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(en: &str, ru: &str, expected: &MetaType) {
        assert_eq!(MetaType::from_generated_name(en).as_ref(), Some(expected), "{en}");
        assert_eq!(MetaType::from_generated_name(ru).as_ref(), Some(expected), "{ru}");
        assert_eq!((&*expected.name_en(), &*expected.name_ru()), (en, ru));
    }

    fn object(kind: ObjectKind, aspect: ObjectAspect, name: &str) -> MetaType {
        MetaType::Object { kind, aspect, name: name.into() }
    }

    #[test]
    fn names_in_both_languages() {
        use ObjectAspect as A;
        use ObjectKind as K;
        check("CatalogRef.X", "СправочникСсылка.X", &object(K::Catalog, A::Ref, "X"));
        check("DocumentObject.X", "ДокументОбъект.X", &object(K::Document, A::Object, "X"));
        check("DocumentJournalList.X", "ЖурналДокументовСписок.X", &object(K::DocumentJournal, A::List, "X"));
        let set = object(K::InformationRegister, A::RecordSet, "X");
        check("InformationRegisterRecordSet.X", "РегистрСведенийНаборЗаписей.X", &set);
        let manager = object(K::InformationRegister, A::RecordManager, "X");
        check("InformationRegisterRecordManager.X", "РегистрСведенийМенеджерЗаписи.X", &manager);
        let value = object(K::Constant, A::ValueManager, "X");
        check("ConstantValueManager.X", "КонстантаМенеджерЗначения.X", &value);
        let row = object(K::Catalog, A::TabularSectionRow, "X.Y");
        check("CatalogTabularSectionRow.X.Y", "СправочникТабличнаяЧастьСтрока.X.Y", &row);
        let point = object(K::BusinessProcess, A::RoutePointRef, "X");
        check("BusinessProcessRoutePointRef.X", "ТочкаМаршрутаБизнесПроцессаСсылка.X", &point);
        let table = object(K::ExternalDataSource, A::Ref, "X.Y");
        check("ExternalDataSourceTableRef.X.Y", "ВнешнийИсточникДанныхТаблицаСсылка.X.Y", &table);
        check("DefinedType.X", "ОпределяемыйТип.X", &MetaType::DefinedType("X".into()));
        check("EnumRef", "ПеречислениеСсылка", &MetaType::AnyOf { kind: K::Enum, aspect: A::Ref });
    }

    #[test]
    fn case_does_not_matter_and_other_names_are_nothing() {
        let expected = object(ObjectKind::Catalog, ObjectAspect::Ref, "Валюты");
        assert_eq!(MetaType::from_generated_name("справочникссылка.Валюты"), Some(expected));
        for name in ["ReportBuilder", "ConstantsSet", "ValueTable", "Справочник.X", "", ".", "DefinedType"]
        {
            assert_eq!(MetaType::from_generated_name(name), None, "{name}");
        }
    }
}
