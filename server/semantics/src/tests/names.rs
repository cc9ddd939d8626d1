//! Names without receiver, modules, types of expressions.

use expect_test::expect;

use super::{check_type, look_up};
use crate::definition::Definition;
use crate::scope::Scope;
use crate::testing::TestProject;

const METADATA: &str = "//- /metadata
Catalog.Товары
 attribute Цена: Число
 attribute Поставщик: СправочникСсылка.Контрагенты
 section Состав
 column Деталь: СправочникСсылка.Товары
 column Количество: Число
 predefined Основной
 form ФормаЭлемента
Catalog.Контрагенты
 owner Catalog.Товары
Enum.Виды
 value Первый
Constant.Валюта
 type: Строка
SessionParameter.Пользователь
 type: СправочникСсылка.Контрагенты
DefinedType.Владелец
 type: СправочникСсылка.Товары, Строка
InformationRegister.Цены periodical
 dimension Товар: ОпределяемыйТип.Владелец
 resource Цена: Число
AccumulationRegister.Остатки
 dimension Товар: СправочникСсылка.Товары
 resource Количество: Число
Document.Заказ
 register AccumulationRegister.Остатки
 section Товары
 column Товар: СправочникСсылка.Товары
CommonModule.Глобальный global
";

/// A common module before `$0` in a project with the metadata above.
fn with_metadata(code: &str) -> String {
    format!("{METADATA}//- /CommonModules/Тест/Ext/Module.bsl\n{code}")
}

#[track_caller]
fn check(code: &str, expected: expect_test::Expect) {
    check_type(&with_metadata(code), expected);
}

#[test]
fn managers_make_their_own_types() {
    check("А = Справочники.Товары.НайтиПоКоду(1)$0;", expect!["СправочникСсылка.Товары"]);
    check("А = Catalogs.Товары.CreateItem()$0;", expect!["СправочникОбъект.Товары"]);
    check("А = Справочники.Товары.Выбрать()$0;", expect!["СправочникВыборка.Товары"]);
    check("А = Справочники.Товары.ПустаяСсылка().ПолучитьОбъект()$0;", expect!["СправочникОбъект.Товары"]);
    check(
        "А = РегистрыСведений.Цены.СоздатьНаборЗаписей().Добавить()$0;",
        expect!["РегистрСведенийЗапись.Цены"],
    );
    check("А = РегистрыСведений.Цены.СоздатьМенеджерЗаписи().Цена$0;", expect!["Число"]);
    check(
        "А = Документы.Заказ.СоздатьДокумент().Товары.Добавить().Товар$0;",
        expect!["СправочникСсылка.Товары"],
    );
    check("А = Справочники.Товары.Основной$0;", expect!["СправочникСсылка.Товары"]);
    check("А = Перечисления.Виды.Первый$0;", expect!["ПеречислениеСсылка.Виды"]);
    check("А = Константы.Валюта.Получить()$0;", expect!["Строка"]);
    check("А = ПараметрыСеанса.Пользователь$0;", expect!["СправочникСсылка.Контрагенты"]);
}

#[test]
fn attributes_follow_references() {
    check("А = Справочники.Товары.ПустаяСсылка().Поставщик$0;", expect!["СправочникСсылка.Контрагенты"]);
    check("А = Справочники.Товары.ПустаяСсылка().Поставщик.Наименование$0;", expect!["Строка"]);
    check("А = Справочники.Контрагенты.ПустаяСсылка().Владелец$0;", expect!["СправочникСсылка.Товары"]);
    check("А = Справочники.Товары.ПустаяСсылка().Ref.Code$0;", expect!["Строка"]);
    check(
        "А = Справочники.Товары.ПустаяСсылка().Состав$0;",
        expect!["СправочникТабличнаяЧасть.Товары.Состав"],
    );
    check(
        "Для Каждого Строка Из Справочники.Товары.ПустаяСсылка().Состав Цикл\nА = Строка.Деталь$0;\nКонецЦикла;",
        expect!["СправочникСсылка.Товары"],
    );
    check(
        "А = РегистрыСведений.Цены.СоздатьМенеджерЗаписи().Товар$0;",
        expect!["СправочникСсылка.Товары | Строка"],
    );
    check(
        "А = РегистрыНакопления.Остатки.СоздатьНаборЗаписей().Добавить().Регистратор$0;",
        expect!["ДокументСсылка.Заказ"],
    );
}

#[test]
fn tables_of_the_platform() {
    check(
        "Т = Справочники.Товары.ПустаяСсылка().Состав.Выгрузить();\nА = Т[0].Деталь$0;",
        expect!["СправочникСсылка.Товары"],
    );
    check(
        "А = Справочники.Товары.ПустаяСсылка().Состав.НайтиСтроки(О)$0;",
        expect!["Массив из СправочникТабличнаяЧастьСтрока.Товары.Состав"],
    );
    check(
        "Т = Новый ТаблицаЗначений;\nТ.Колонки.Добавить(\"Ключ\");\nС = Т.Добавить()$0;",
        expect!["СтрокаТаблицыЗначений"],
    );
    check("А = Новый Массив;\nА.Добавить(1);\nБ = А[0]$0;", expect!["Число"]);
    check("С = Новый Структура(\"Ключ\", \"Х\");\nБ = С.Ключ$0;", expect!["Строка"]);
}

#[test]
fn functions_of_modules() {
    check_type(
        "//- /CommonModules/Другой/Ext/Module.bsl
// Возвращаемое значение:
//  Массив из Строка
Функция Имена() Экспорт
КонецФункции
Функция Модуль(Имя)
КонецФункции
//- /CommonModules/Тест/Ext/Module.bsl
А = Другой.Имена()$0;",
        expect!["Массив из Строка"],
    );
    check_type(
        "//- /CommonModules/Другой/Ext/Module.bsl
// Возвращаемое значение:
//  Число
Функция Счет() Экспорт
КонецФункции
//- /CommonModules/ОбщегоНазначения/Ext/Module.bsl
Функция ОбщийМодуль(Имя) Экспорт
КонецФункции
//- /CommonModules/Тест/Ext/Module.bsl
М = ОбщегоНазначения.ОбщийМодуль(\"Другой\");
А = М.Счет()$0;",
        expect!["Число"],
    );
}

#[test]
fn endless_recursion_ends() {
    check_type(
        "//- /CommonModules/Тест/Ext/Module.bsl
// Возвращаемое значение:
//  см. Вторая
Функция Первая()
КонецФункции
// Возвращаемое значение:
//  см. Первая
Функция Вторая()
КонецФункции
А = Первая()$0;",
        expect![""],
    );
    // A field that is described by itself.
    check_type(
        "//- /CommonModules/Тест/Ext/Module.bsl
Функция Данные()
	Итог = Новый Структура;
	Итог.Вставить(\"Узел\", Данные().Узел);
	Возврат Итог;
КонецФункции
А = Данные().Узел$0;",
        expect![""],
    );
}

#[test]
fn types_have_names_in_both_languages() {
    let english = "//- /metadata-en
Catalog.Products
 attribute Vendor: CatalogRef.Vendors
Catalog.Vendors
//- /CommonModules/Test/Ext/Module.bsl
A = Catalogs.Products.FindByCode(1)$0;";
    check_type(english, expect!["CatalogRef.Products"]);
    check("А = Метаданные.Справочники.Товары$0;", expect!["ОбъектМетаданных: Товары"]);
    check(
        "А = Метаданные.Справочники.Товары.ТабличныеЧасти.Состав.Реквизиты$0;",
        expect!["КоллекцияОбъектовМетаданных"],
    );
    check("А = ТипДиаграммы.Круговая$0;", expect!["ТипДиаграммы"]);
    check("А = Тип(\"Строка\")$0;", expect!["Тип"]);
}

#[test]
fn names_resolve_in_the_order_of_the_language() {
    let test = TestProject::of_text(&with_metadata(
        "Перем Кэш Экспорт;
Процедура Своя()
КонецПроцедуры
//- /CommonModules/Глобальный/Ext/Module.bsl
Процедура Всем() Экспорт
КонецПроцедуры
Процедура Никому()
КонецПроцедуры
//- /Catalogs/Товары/Ext/ObjectModule.bsl
Процедура Проверить() Экспорт
КонецПроцедуры
//- /Catalogs/Товары/Ext/ManagerModule.bsl
Функция Все() Экспорт
КонецФункции
",
    ));
    let module = test.module("CommonModules/Тест/Ext/Module.bsl");
    let scope = Scope::new(&test.project, module);
    let is_method = |name: &str| matches!(scope.resolve_call(name), Some(Definition::Method { .. }));
    assert!(is_method("своя") && is_method("ВСЕМ") && !is_method("Никому"));
    assert!(matches!(scope.resolve_call("СтрДлина"), Some(Definition::PlatformFunction { .. })));
    assert!(matches!(scope.resolve_call("StrLen"), Some(Definition::PlatformFunction { .. })));
    assert!(matches!(scope.resolve_name("кэш"), Some(Definition::Variable { .. })));
    assert!(matches!(scope.resolve_name("Тест"), Some(Definition::Module(found)) if found == module));
    assert!(matches!(scope.resolve_name("Catalogs"), Some(Definition::ManagerCollection(_))));
    assert!(matches!(scope.resolve_name("ВидСравнения"), Some(Definition::SystemEnum(_))));
    assert!(scope.resolve_name("Неведомое").is_none() && scope.resolve_call("Неведомое").is_none());

    let object = test.module("Catalogs/Товары/Ext/ObjectModule.bsl");
    let scope = Scope::new(&test.project, object);
    assert!(matches!(scope.resolve_name("Цена"), Some(Definition::Attribute(_))));
    assert!(matches!(scope.resolve_name("наименование"), Some(Definition::StandardAttribute { .. })));
    assert!(matches!(scope.resolve_name("Description"), Some(Definition::StandardAttribute { .. })));
    assert!(matches!(scope.resolve_name("Состав"), Some(Definition::Section { .. })));
    assert!(matches!(scope.resolve_call("ЭтоНовый"), Some(Definition::PlatformMethod { .. })));
    let path = scope.resolve_path(&["Справочники", "Товары", "Все"], true);
    assert!(matches!(path, Some(Definition::Method { .. })));
}

#[test]
fn only_what_is_known_for_sure_is_missing() {
    let test = TestProject::of_text(&with_metadata(
        "Процедура Внешняя() Экспорт
КонецПроцедуры
Процедура Внутренняя()
КонецПроцедуры",
    ));
    let module = test.module("Module.bsl");
    assert_eq!(look_up(&test, module, &["Тест"], "внешняя"), "found");
    assert_eq!(look_up(&test, module, &["Тест"], "Внутренняя"), "missing");
    assert_eq!(look_up(&test, module, &["Справочники"], "Нет"), "missing");
    assert_eq!(look_up(&test, module, &["Справочники"], "ТипВсеСсылки"), "found");
    assert_eq!(look_up(&test, module, &["Перечисления", "Виды"], "Второй"), "missing");
    assert_eq!(look_up(&test, module, &["Справочники", "Товары"], "Второй"), "unknown");
    assert_eq!(look_up(&test, module, &["ПараметрыСеанса"], "Второй"), "missing");
}
