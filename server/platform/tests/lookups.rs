//! The shipped facts are found by their names.

use platform::{Platform, Script};

/// The functions that public code calls most.
const MOST_USED: &str = "НСтр Тип ЗначениеЗаполнено ТипЗнч СтрЗаменить Строка СтрНайти ПустаяСтрока \
    ЗаполнитьЗначенияСвойств НРег ВРег СтрШаблон ИнформацияОбОшибке Сред СокрЛП УстановитьПривилегированныйРежим Формат \
    СтрДлина Лев Сообщить СтрРазделить СтрСоединить Найти ОткрытьФорму ЗаписьЖурналаРегистрации ОтменитьТранзакцию \
    ЗафиксироватьТранзакцию НачатьТранзакцию ОписаниеОшибки ПредопределенноеЗначение СтрНачинаетсяС \
    ПодключитьОбработчикОжидания ПоместитьВоВременноеХранилище ПоказатьПредупреждение ТекущаяДатаСеанса \
    ПолучитьИзВременногоХранилища Число УдалитьФайлы ПолучитьИмяВременногоФайла \
    ТекущаяУниверсальнаяДатаВМиллисекундах Цел ПравоДоступа Дата Прав ВыполнитьОбработкуОповещения Вычислить \
    ПоказатьВопрос ПодробноеПредставлениеОшибки XMLСтрока Оповестить";

#[test]
fn functions_that_code_calls_most_are_known() {
    let platform = Platform::embedded();
    let unknown: Vec<&str> =
        MOST_USED.split_whitespace().filter(|name| platform.function(name).is_none()).collect();
    assert_eq!(unknown, [""; 0]);
}

#[test]
fn names_are_found_in_both_languages_and_any_case() {
    let platform = Platform::embedded();
    let function = platform.function("стрнайти").expect("known");
    assert_eq!(function.names.in_script(Script::English), "StrFind");
    assert_eq!(platform.function("STRFIND"), Some(function));
    assert_eq!(platform.function("RunCallback"), platform.function("ВыполнитьОбработкуОповещения"));
    assert_eq!(platform.function("ExecuteNotifyProcessing"), platform.function("RunCallback"));
    assert_eq!(platform.function(""), None);
    assert_eq!(platform.function("НетТакойФункции"), None);

    let table = platform.type_id("valuetable").expect("known");
    assert_eq!(platform.type_id("ТаблицаЗначений"), Some(table));
    assert_eq!(platform.type_info(table).names.in_script(Script::Russian), "ТаблицаЗначений");
    assert!(platform.method(table, "GroupBy").is_some());
    assert!(platform.member_property(table, "колонки").is_some());
    assert!(platform.method(table, "Колонки").is_none());
    assert_eq!(platform.type_id("NotifyDescription"), platform.type_id("ОписаниеОповещения"));
    assert!(platform.type_id("NotifyDescription").is_some());

    let comparison = platform.enum_id("ComparisonType").expect("known");
    assert!(platform.enum_info(comparison).value("равно").is_some());
    assert!(platform.property("Catalogs").is_some());
}

#[test]
fn every_object_of_a_kind_has_the_members_of_the_kind() {
    let platform = Platform::embedded();
    let members = platform.kind_members("Catalog").expect("known");
    assert!(members.manager.iter().any(|method| method.names.is("FindByCode")));
    assert!(platform.standard_attribute("Catalog", "наименование").is_some());
    assert!(platform.standard_attribute("TabularSection", "LineNumber").is_some());
    for (name, method) in [
        ("СправочникМенеджер", "СоздатьЭлемент"),
        ("CatalogObject", "Записать"),
        ("DocumentRef", "ПолучитьОбъект"),
        ("РегистрСведенийНаборЗаписей", "Загрузить"),
        ("CatalogsManager", "AllRefsType"),
    ] {
        let id = platform.type_id(name).unwrap_or_else(|| panic!("{name} is unknown"));
        assert!(platform.method(id, method).is_some(), "{name}.{method}");
    }
}

#[test]
fn events_of_modules_and_forms() {
    let platform = Platform::embedded();
    let names = |kind, module| -> Vec<&str> {
        platform.module_events(kind, module).iter().map(|event| event.names.ru.as_str()).collect()
    };
    assert!(names("Catalog", "ObjectModule").contains(&"ПередЗаписью"));
    assert!(names("", "SessionModule").contains(&"УстановкаПараметровСеанса"));
    assert!(names("Catalog", "NoModule").is_empty());
    let of_form = platform.form_events("Form");
    assert!(of_form.iter().any(|event| event.names.is("OnCreateAtServer") && event.directive == "server"));
    assert!(of_form.iter().all(|event| event.element == "Form"));
    assert!(platform.form_events("Nothing").is_empty());
}

#[test]
fn context_methods_keywords_and_queries() {
    let platform = Platform::embedded();
    assert!(platform.is_context_method("Закрыть"));
    assert!(platform.is_context_method("formattributetovalue"));
    assert!(!platform.is_context_method("СтрНайти"));
    assert!(platform.keywords().iter().any(|keyword| keyword.names.is("Procedure")));
    let query = platform.query();
    assert!(query.keywords.iter().any(|keyword| keyword.is("ON") && keyword.is("BY")));
    assert!(
        query
            .virtual_tables
            .iter()
            .any(|table| table.of == "AccumulationRegister" && table.names.is("Остатки"))
    );
}

#[test]
fn onescript_has_a_library_of_its_own() {
    let onescript = Platform::onescript();
    assert!(onescript.function("ЗапуститьПриложение").is_some());
    assert!(onescript.type_id("TCPServer").is_some());
    assert!(onescript.type_id("СправочникСсылка").is_none());
    assert!(!onescript.module_events("", "OneScriptClass").is_empty());
}

#[test]
fn an_id_of_another_platform_is_an_empty_type() {
    let last = Platform::embedded().types().last().map(|(id, _)| id).expect("there are types");
    assert!(Platform::onescript().type_info(last).names.ru.is_empty());
}
