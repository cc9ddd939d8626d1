//! Where names lead: declarations, types, methods of extensions, names in literals.

use std::path::Path;

use expect_test::{Expect, expect};
use semantics::{Location, ModuleId};

use crate::tests::project::Opened;
use crate::{Target, definition, implementations, reference_target, type_definition};

/// Places as `path:line: text of the line`.
fn shown(open: &Opened, targets: &[Target]) -> String {
    let lines = targets.iter().map(|target| place(open, target));
    lines.collect::<Vec<_>>().join("\n")
}

fn place(open: &Opened, target: &Target) -> String {
    let project = &open.project.project;
    let path =
        |module: &ModuleId| project.module(*module).map(|module| module.path.clone()).unwrap_or_default();
    match target {
        Target::Here(range) => format!("here: {}", at(open, &path(&open.module), range.start)),
        Target::There(Location::Module { module, place }) => at(open, &path(module), place.offset),
        Target::There(Location::ModuleStart(module)) => name(&path(module)),
        Target::There(Location::Offset { module, offset }) => at(open, &path(module), *offset),
        Target::There(Location::File { path, range: Some(range) }) => at(open, path, range.start),
        Target::There(Location::File { path, range: None }) => name(path),
    }
}

fn at(open: &Opened, path: &Path, offset: u32) -> String {
    let bytes = open.files.read(path).unwrap_or_default();
    let text = base::encoding::decode(bytes).map(|decoded| decoded.text).unwrap_or_default();
    let before = &text[..offset as usize];
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = text[start..].lines().next().unwrap_or_default().trim();
    format!("{}:{}: {line}", name(path), before.matches('\n').count() + 1)
}

/// The end of a path that tells modules apart.
fn name(path: &Path) -> String {
    let path = path.to_string_lossy().replace('\\', "/");
    path.rsplit("/fixtures/").next().unwrap_or(&path).trim_start_matches('/').to_owned()
}

#[track_caller]
fn check(text: &str, expected: Expect) {
    let open = Opened::of_text(text);
    expected.assert_eq(&shown(&open, &definition(open.document(), open.offset, &*open.files)));
}

#[track_caller]
fn check_type(text: &str, expected: Expect) {
    let open = Opened::of_text(text);
    expected.assert_eq(&shown(&open, &type_definition(open.document(), open.offset)));
}

#[track_caller]
fn check_demo(folder: &str, module: &str, needle: &str, expected: Expect) {
    let open = Opened::of_fixtures(folder, module, needle);
    expected.assert_eq(&shown(&open, &definition(open.document(), open.offset, &*open.files)));
}

const COMMON: &str = "
//- /CommonModules/Общий/Ext/Module.bsl
Перем Счетчик Экспорт;
Функция Посчитать(Число) Экспорт
	Возврат Число;
КонецФункции
Процедура ПослеВопроса(Ответ, Параметры) Экспорт
КонецПроцедуры
";

fn with_common(code: &str) -> String {
    format!(
        "//- /metadata\nCatalog.Товары\n attribute Цена: Число\n value Х\n{}\n//- /CommonModules/Тест/Ext/Module.bsl\n{code}",
        COMMON.trim_start()
    )
}

#[test]
fn methods_and_modules() {
    check(
        &with_common("А = Общий.Посчи$0тать(1);\n"),
        expect!["CommonModules/Общий/Ext/Module.bsl:2: Функция Посчитать(Число) Экспорт"],
    );
    check(
        &with_common("А = Общ$0ий.Посчитать(1);\n"),
        expect![[r#"
        CommonModules/Общий/Ext/Module.bsl
        CommonModules/Общий.xml"#]],
    );
    check(
        &with_common("Процедура П()\n\tП$0();\nКонецПроцедуры\n"),
        expect!["CommonModules/Тест/Ext/Module.bsl:1: Процедура П()"],
    );
    check(
        "Procedure Pr$0oc() Export\nEndProcedure\n",
        expect!["CommonModules/Тест/Ext/Module.bsl:1: Procedure Proc() Export"],
    );
    check(&with_common("А = Общий.Нет$0(1);\n"), expect![[r#""#]]);
}

#[test]
fn variables_and_parameters() {
    check(
        "Процедура П(А)\n\tБ = $0А;\nКонецПроцедуры\n",
        expect!["here: CommonModules/Тест/Ext/Module.bsl:1: Процедура П(А)"],
    );
    check(
        "Процедура П()\n\tБ = 1;\n\tВ = Б$0;\nКонецПроцедуры\n",
        expect!["here: CommonModules/Тест/Ext/Module.bsl:2: Б = 1;"],
    );
    check(
        "Procedure P()\n\tVar B;\n\tB = 1;\n\tC = $0B;\nEndProcedure\n",
        expect!["here: CommonModules/Тест/Ext/Module.bsl:2: Var B;"],
    );
    check(
        "Перем Общая;\nПроцедура П()\n\tОбщ$0ая = 1;\nКонецПроцедуры\n",
        expect!["CommonModules/Тест/Ext/Module.bsl:1: Перем Общая;"],
    );
    check("Пер$0ем Общая;\n", expect![[r#""#]]);
    check("Перем Общ$0ая;\n", expect!["CommonModules/Тест/Ext/Module.bsl:1: Перем Общая;"]);
    check(
        "Процедура П()\n\tДля Каждого Строка Из Х Цикл\n\t\tА = Стро$0ка;\n\tКонецЦикла;\nКонецПроцедуры\n",
        expect!["here: CommonModules/Тест/Ext/Module.bsl:2: Для Каждого Строка Из Х Цикл"],
    );
}

#[test]
fn an_assigned_attribute_is_no_variable() {
    let object =
        "//- /metadata\nCatalog.Товары\n attribute Цена: Число\n//- /Catalogs/Товары/Ext/ObjectModule.bsl\n";
    check(
        &format!("{object}Процедура П()\n\tЦена = 1;\n\tА = Це$0на;\nКонецПроцедуры\n"),
        expect!["Catalogs/Товары.xml"],
    );
    check(
        &format!("{object}Процедура П()\n\tПерем Цена;\n\tЦе$0на = 1;\nКонецПроцедуры\n"),
        expect!["here: Catalogs/Товары/Ext/ObjectModule.bsl:2: Перем Цена;"],
    );
    check(
        &format!("{object}Процедура П()\n\tСумма = 1;\n\tА = Сум$0ма;\nКонецПроцедуры\n"),
        expect!["here: Catalogs/Товары/Ext/ObjectModule.bsl:2: Сумма = 1;"],
    );
    let module = "Documents/ЗаказПокупателя/Forms/ФормаДокумента/Ext/Form/Module.bsl";
    check_demo(
        "demo/designer",
        module,
        "\tОбъект",
        expect![[
            r#"demo/designer/Documents/ЗаказПокупателя/Forms/ФормаДокумента/Ext/Form.xml:202: <Attribute name="Объект" id="1">"#
        ]],
    );
}

#[test]
fn objects_and_their_parts() {
    check(&with_common("А = Справочники.Тов$0ары;\n"), expect!["Catalogs/Товары.xml"]);
    let module = "Documents/ЗаказПокупателя/Ext/ObjectModule.bsl";
    check_demo(
        "demo/designer",
        module,
        "Контрагент",
        expect![[r#"
            demo/designer/Catalogs/Контрагенты/Ext/ObjectModule.bsl
            demo/designer/Catalogs/Контрагенты.xml"#]],
    );
    check_demo(
        "demo/edt",
        "Documents/ЗаказПокупателя/ObjectModule.bsl",
        "Контрагент",
        expect![[r#"
            demo/edt/src/Catalogs/Контрагенты/ObjectModule.bsl
            demo/edt/src/Catalogs/Контрагенты/Контрагенты.mdo"#]],
    );
    check_demo(
        "demo/designer",
        module,
        "СтатусыЗаказов.Новый",
        expect!["demo/designer/Enums/СтатусыЗаказов.xml:34: <Name>Новый</Name>"],
    );
    check_demo(
        "demo/edt",
        "Documents/ЗаказПокупателя/ObjectModule.bsl",
        "СтатусыЗаказов.Новый",
        expect!["demo/edt/src/Enums/СтатусыЗаказов/СтатусыЗаказов.mdo:16: <name>Новый</name>"],
    );
    check_demo(
        "demo/designer",
        module,
        "\tСтатус",
        expect!["demo/designer/Documents/ЗаказПокупателя.xml:128: <Name>Статус</Name>"],
    );
    check_demo(
        "demo/edt",
        "Documents/ЗаказПокупателя/ObjectModule.bsl",
        "\tСтатус",
        expect!["demo/edt/src/Documents/ЗаказПокупателя/ЗаказПокупателя.mdo:73: <name>Статус</name>"],
    );
    check_demo(
        "demo-en",
        "CommonModules/OrderServer/Ext/Module.bsl",
        "Procedure FillPrices",
        expect!["demo-en/CommonModules/OrderServer/Ext/Module.bsl:98: Procedure FillPrices(Items) Export"],
    );
}

#[test]
fn handlers_in_literals() {
    check(
        &with_common("О = Новый ОписаниеОповещения(\"ПослеВопр$0оса\", Общий);\n"),
        expect!["CommonModules/Общий/Ext/Module.bsl:5: Процедура ПослеВопроса(Ответ, Параметры) Экспорт"],
    );
    check(
        "Процедура После(Ответ, П) Экспорт\nКонецПроцедуры\nПроцедура П()\n\tО = Новый ОписаниеОповещения(\"По$0сле\", ЭтотОбъект);\nКонецПроцедуры\n",
        expect!["CommonModules/Тест/Ext/Module.bsl:1: Процедура После(Ответ, П) Экспорт"],
    );
    check(
        "Procedure After(A, B) Export\nEndProcedure\nProcedure P()\n\tN = New NotifyDescription(\"Af$0ter\", ThisObject);\nEndProcedure\n",
        expect!["CommonModules/Тест/Ext/Module.bsl:1: Procedure After(A, B) Export"],
    );
    check(
        "Процедура Часы()\nКонецПроцедуры\nПодключитьОбработчикОжидания(\"Ча$0сы\", 1);\n",
        expect!["CommonModules/Тест/Ext/Module.bsl:1: Процедура Часы()"],
    );
    check(
        "Процедура Нажатие()\nКонецПроцедуры\nЭлемент.УстановитьДействие(\"Нажатие\", \"Нажа$0тие\");\n",
        expect!["CommonModules/Тест/Ext/Module.bsl:1: Процедура Нажатие()"],
    );
    check(
        &with_common("М = Общее.ОбщийМодуль(\"Общ$0ий\");\n"),
        expect![[r#"
        CommonModules/Общий/Ext/Module.bsl
        CommonModules/Общий.xml"#]],
    );
    check(
        &with_common("Выполнить(\"Общий.Посчи$0тать\");\n"),
        expect!["CommonModules/Общий/Ext/Module.bsl:2: Функция Посчитать(Число) Экспорт"],
    );
}

#[test]
fn objects_in_literals() {
    check(&with_common("Т = Тип(\"Строка, СправочникСсылка.Тов$0ары\");\n"), expect!["Catalogs/Товары.xml"]);
    check(
        &with_common("Т = ПредопределенноеЗначение(\"Справочник.Товары.Пустая$0Ссылка\");\n"),
        expect!["Catalogs/Товары.xml"],
    );
    check(
        &with_common("Т = PredefinedValue(\"Catalog.Тов$0ары.EmptyRef\");\n"),
        expect!["Catalogs/Товары.xml"],
    );
    check(
        &with_common("Т = \"ВЫБРАТЬ\n| Т.Ссылка\n|ИЗ Справочник.Тов$0ары КАК Т\";\n"),
        expect!["Catalogs/Товары.xml"],
    );
    check_demo(
        "demo/designer",
        "CommonModules/ПродажиКлиент/Ext/Module.bsl",
        "ОткрытьФорму(\"Документ.ЗаказПокупателя",
        expect![[r#"
            demo/designer/Documents/ЗаказПокупателя/Ext/ManagerModule.bsl
            demo/designer/Documents/ЗаказПокупателя.xml"#]],
    );
    check(
        "//- /Catalogs/Товары/Forms/Список/Ext/Form/Module.bsl\nПроцедура П()\nКонецПроцедуры\n//- /CommonModules/Тест/Ext/Module.bsl\nОткрытьФорму(\"Справочник.Товары.Форма.Спи$0сок\");\n",
        expect![[r#"
            Catalogs/Товары/Forms/Список/Ext/Form/Module.bsl
            Catalogs/Товары/Forms/Список/Ext/Form.xml"#]],
    );
}

#[test]
fn methods_of_extensions() {
    let module = "extension/CommonModules/ПродажиСервер/Ext/Module.bsl";
    check_demo(
        "demo",
        module,
        "&Вместо(\"ПроцентСкидки",
        expect![
            "demo/designer/CommonModules/ПродажиСервер/Ext/Module.bsl:225: Функция ПроцентСкидки(Контрагент, СуммаЗаказа) Экспорт"
        ],
    );
    check_demo(
        "demo",
        module,
        "&Вместо",
        expect![
            "demo/designer/CommonModules/ПродажиСервер/Ext/Module.bsl:225: Функция ПроцентСкидки(Контрагент, СуммаЗаказа) Экспорт"
        ],
    );
    check_demo(
        "demo",
        module,
        "Функция Доп_ПроцентСкидки",
        expect![
            "demo/designer/CommonModules/ПродажиСервер/Ext/Module.bsl:225: Функция ПроцентСкидки(Контрагент, СуммаЗаказа) Экспорт"
        ],
    );
    check_demo(
        "demo",
        module,
        "ПродолжитьВызов",
        expect![
            "demo/designer/CommonModules/ПродажиСервер/Ext/Module.bsl:225: Функция ПроцентСкидки(Контрагент, СуммаЗаказа) Экспорт"
        ],
    );
    let base = "designer/CommonModules/ПродажиСервер/Ext/Module.bsl";
    let open = Opened::of_fixtures("demo", base, "Функция ПроцентСкидки");
    let places = shown(&open, &implementations(open.document(), open.offset, &*open.files));
    expect!["demo/extension/CommonModules/ПродажиСервер/Ext/Module.bsl:4: Функция Доп_ПроцентСкидки(Контрагент, СуммаЗаказа)"].assert_eq(&places);
}

#[test]
fn types() {
    check_type(
        &with_common("С = Справочники.Товары.ПустаяСсылка();\nА = $0С;\n"),
        expect!["Catalogs/Товары.xml"],
    );
    check_type(&with_common("С = Общий;\nА = $0С;\n"), expect!["CommonModules/Общий/Ext/Module.bsl"]);
    check_type(&with_common("С = 1;\nА = $0С;\n"), expect![[r#""#]]);
    check_type(
        "//- /metadata\nCatalog.Товары\n//- /Catalogs/Товары/Ext/ObjectModule.bsl\n\n//- /CommonModules/Тест/Ext/Module.bsl\nС = Справочники.Товары.СоздатьЭлемент();\nА = $0С;\n",
        expect!["Catalogs/Товары/Ext/ObjectModule.bsl"],
    );
}

#[test]
fn links_of_comments() {
    let open = Opened::of_text(&with_common("$0\n"));
    let find = |module, method| {
        let target = reference_target(open.document(), module, method).map(crate::Target::There);
        shown(&open, &target.into_iter().collect::<Vec<_>>())
    };
    expect!["CommonModules/Общий/Ext/Module.bsl:2: Функция Посчитать(Число) Экспорт"]
        .assert_eq(&find(Some("Общий"), "Посчитать"));
    expect![[r#""#]].assert_eq(&find(None, "Нет"));
    expect!["Catalogs/Товары.xml"].assert_eq(&find(Some("Справочник"), "Товары"));
}

#[test]
fn keys_of_structures() {
    check(
        "С = Новый Структура;\nС.Вставить(\"Код\", 1);\nА = С.Ко$0д;\n",
        expect![[r#"CommonModules/Тест/Ext/Module.bsl:2: С.Вставить("Код", 1);"#]],
    );
}

#[test]
fn scripts() {
    check_demo("os", "src/main.os", "Новый Прайс", expect!["os/src/Классы/Прайс.os"]);
}

#[test]
fn broken_code() {
    check(
        &with_common("Процедура П()\n\tА = Общий.Посчи$0тать(\n"),
        expect!["CommonModules/Общий/Ext/Module.bsl:2: Функция Посчитать(Число) Экспорт"],
    );
    check(
        &with_common("Процедура П(\n\tЕсли Общий.Посчи$0тать( Тогда"),
        expect!["CommonModules/Общий/Ext/Module.bsl:2: Функция Посчитать(Число) Экспорт"],
    );
    check("$0", expect![[r#""#]]);
}
