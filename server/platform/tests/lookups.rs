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
    assert!(platform.is_context_method("ПолучитьРеквизиты"));
    assert!(platform.is_context_method("isnew"));
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

/// `Тип.Член` and what it returns or holds.
#[track_caller]
fn member(path: &str) -> String {
    let platform = Platform::embedded();
    let (owner, name) = path.split_once('.').expect("a path");
    let id = platform.type_id(owner).unwrap_or_else(|| panic!("{owner} is unknown"));
    let method = platform.method(id, name).map(|method| &method.returns);
    let types = method.or_else(|| platform.member_property(id, name).map(|property| &property.types));
    types.unwrap_or_else(|| panic!("{path} is unknown")).join(", ")
}

#[test]
fn members_that_code_uses_most_have_types() {
    for (path, types) in [
        ("Запрос.Выполнить", "РезультатЗапроса"),
        ("Query.ExecuteBatch", "Массив"),
        ("РезультатЗапроса.Пустой", "Булево"),
        ("QueryResult.Select", "ВыборкаИзРезультатаЗапроса"),
        ("ВыборкаИзРезультатаЗапроса.Следующий", "Булево"),
        ("ФормаКлиентскогоПриложения.Элементы", "ВсеЭлементыФормы"),
        ("ManagedForm.Items", "ВсеЭлементыФормы"),
        ("ПолеФормы.СписокВыбора", "СписокЗначений"),
        ("ТаблицаФормы.Видимость", "Булево"),
        ("ДанныеФормыКоллекция.Выгрузить", "ТаблицаЗначений"),
        ("CatalogObject.IsNew", "Булево"),
        ("СправочникСсылка.Пустая", "Булево"),
        ("РегистрСведенийНаборЗаписей.Отбор", "Отбор"),
        ("InformationRegisterRecordManager.Selected", "Булево"),
        ("МенеджерФоновыхЗаданий.Выполнить", "ФоновоеЗадание"),
        ("ОбъектМетаданных.ПолноеИмя", "Строка"),
        ("DynamicList.QueryText", "Строка"),
        ("DocumentsManager.AllRefsType", "ОписаниеТипов"),
        ("CatalogManager.CreateItem", "СправочникОбъект"),
        ("ДокументСсылка.ПолучитьОбъект", "ДокументОбъект"),
        ("InformationRegisterManager.CreateRecordSet", "РегистрСведенийНаборЗаписей"),
    ] {
        assert_eq!(member(path), types, "{path}");
    }
}

#[test]
fn loops_over_collections_know_their_elements() {
    let platform = Platform::embedded();
    for (collection, element) in [
        ("Структура", "КлючИЗначение"),
        ("Map", "КлючИЗначение"),
        ("ValueList", "ЭлементСпискаЗначений"),
        ("ТаблицаЗначений", "СтрокаТаблицыЗначений"),
        ("ValueTreeRowCollection", "СтрокаДереваЗначений"),
        ("AccumulationRegisterRecordSet", "РегистрНакопленияЗапись"),
    ] {
        let id = platform.type_id(collection).unwrap_or_else(|| panic!("{collection} is unknown"));
        assert_eq!(platform.type_info(id).elements, [element], "{collection}");
    }
    let onescript = Platform::onescript();
    let map = onescript.type_id("Соответствие").expect("known");
    assert_eq!(onescript.type_info(map).elements, ["КлючИЗначение"]);
}

#[test]
fn elements_of_forms_have_types_in_code() {
    let platform = Platform::embedded();
    assert_eq!(platform.element_type("InputField"), platform.type_id("FormField"));
    assert_eq!(platform.element_type("Table"), platform.type_id("ТаблицаФормы"));
    assert_eq!(platform.element_type("Nothing"), None);
}

/// Types in the tables are names of types or enumerations of the tables.
#[test]
fn types_of_our_own_facts_exist() {
    let own: serde_json::Value = serde_json::from_str(include_str!("../data/own.json")).expect("JSON");
    let platform = Platform::embedded();
    let mut unknown = Vec::new();
    let mut check = |names: &serde_json::Value| {
        for name in names.as_array().into_iter().flatten().filter_map(|name| name.as_str()) {
            if platform.type_id(name).is_none() && platform.enum_id(name).is_none() {
                unknown.push(name.to_owned());
            }
        }
    };
    for info in own["types"].as_array().expect("a list") {
        check(&info["el"]);
        for member in [&info["m"], &info["p"]].into_iter().filter_map(|list| list.as_array()).flatten() {
            check(&member["r"]);
            check(&member["t"]);
        }
    }
    for members in own["kinds"].as_object().expect("an object").values() {
        for list in members.as_object().into_iter().flat_map(|lists| lists.values()) {
            for member in list.as_array().into_iter().flatten() {
                check(&member["r"]);
                check(&member["t"]);
            }
        }
    }
    assert_eq!(unknown, [""; 0]);
}
