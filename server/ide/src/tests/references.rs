//! References across modules, literals, comments and metadata.

use expect_test::{Expect, expect};

use crate::references;
use crate::tests::project::Opened;

#[track_caller]
fn check(opened: &Opened, expected: Expect) {
    let found = references(opened.document(), &opened.search(), opened.offset, true);
    let lines = |found: crate::References| {
        assert!(!found.is_cut);
        let line = |it: &crate::FoundReference| format!("{:?} {}\n", it.kind, opened.show(&it.location));
        found.found.iter().map(line).collect::<String>()
    };
    expected.assert_eq(&found.map_or("nothing".to_owned(), lines));
}

#[track_caller]
fn check_text(fixture: &str, expected: Expect) {
    check(&Opened::of_text(fixture), expected);
}

const METHODS: &str = r#"
//- /metadata
CommonModule.Общий
CommonModule.Другой
CommonModule.Глобальный global
CommonModule.Получатель
//- /CommonModules/Общий/Ext/Module.bsl
// См. Посчитать и другие.
Функция Посчитать(А) Экспорт
    Возврат Посчитать(А - 1) + Общий.Посчитать(2);
КонецФункции
//- /CommonModules/Получатель/Ext/Module.bsl
Функция ОбщийМодуль(Имя) Экспорт
КонецФункции
//- /CommonModules/Глобальный/Ext/Module.bsl
Процедура Везде() Экспорт
КонецПроцедуры
//- /CommonModules/Другой/Ext/Module.bsl
// Считает, см. Общий.Посчитать.
Процедура П()
    А = общий.ПОСЧИТАТЬ$0(1);
    Модуль = Общий;
    Модуль.Посчитать(2);
    Ф = "Общий.Посчитать";
    Г = "Посчитать";
    О = Новый ОписаниеОповещения("Посчитать", Общий);
    О = Новый ОписаниеОповещения("Посчитать", ЭтотОбъект);
    Общий = Новый Структура;
    Везде();
КонецПроцедуры
Процедура Р(Общий)
    Общий.Посчитать(1);
    Посчитать(1);
    Чужое = Новый Структура;
    Чужое.Посчитать(3);
КонецПроцедуры
"#;

#[test]
fn methods_of_common_modules() {
    check_text(
        METHODS,
        expect![[r#"
        Link CommonModules/Другой:1 Посчитать | // Считает, см. Общий.Посчитать.
        Call CommonModules/Другой:3 ПОСЧИТАТЬ | А = общий.ПОСЧИТАТЬ(1);
        Call CommonModules/Другой:5 Посчитать | Модуль.Посчитать(2);
        Literal CommonModules/Другой:6 Посчитать | Ф = "Общий.Посчитать";
        Literal CommonModules/Другой:8 Посчитать | О = Новый ОписаниеОповещения("Посчитать", Общий);
        Link CommonModules/Общий:1 Посчитать | // См. Посчитать и другие.
        Declaration CommonModules/Общий:2 Посчитать | Функция Посчитать(А) Экспорт
        Call CommonModules/Общий:3 Посчитать | Возврат Посчитать(А - 1) + Общий.Посчитать(2);
        Call CommonModules/Общий:3 Посчитать | Возврат Посчитать(А - 1) + Общий.Посчитать(2);
    "#]],
    );
    check_text(
        &METHODS.replace("$0", "").replace("Везде();", "Везде$0();"),
        expect![[r#"
        Declaration CommonModules/Глобальный:1 Везде | Процедура Везде() Экспорт
        Call CommonModules/Другой:11 Везде | Везде();
    "#]],
    );
}

#[test]
fn english_modules() {
    check_text(
        r#"
//- /metadata-en
CommonModule.Common
CommonModule.Other
//- /CommonModules/Common/Ext/Module.bsl
Var Cache Export;
Procedure Done$0(Result, Context) Export
    Cache = 1;
EndProcedure
//- /CommonModules/Other/Ext/Module.bsl
// See Common.Done.
Procedure Run()
    Common.Done(Undefined, Undefined);
    N = New CallbackDescription("Done", Common);
    AttachIdleHandler("Done", 1, True);
    X = Common.Done;
EndProcedure
"#,
        expect![[r#"
            Declaration CommonModules/Common:2 Done | Procedure Done(Result, Context) Export
            Link CommonModules/Other:1 Done | // See Common.Done.
            Call CommonModules/Other:3 Done | Common.Done(Undefined, Undefined);
            Literal CommonModules/Other:4 Done | N = New CallbackDescription("Done", Common);
        "#]],
    );
}

#[test]
fn methods_of_objects_managers_and_forms() {
    let text = r#"
//- /metadata
Catalog.Товары
  attribute Цена: Число
  form Форма
CommonModule.Общий
//- /Catalogs/Товары/Ext/ObjectModule.bsl
Процедура Пересчитать() Экспорт
    Цена = Цена + 1;
    ЭтотОбъект.Пересчитать();
КонецПроцедуры
//- /Catalogs/Товары/Ext/ManagerModule.bsl
Функция Найти() Экспорт
КонецФункции
//- /Catalogs/Товары/Forms/Форма/Ext/Form/Module.bsl
Процедура Обновить() Экспорт
    ПодключитьОбработчикОжидания("Обновить", 1);
    ЭтаФорма.Обновить();
КонецПроцедуры
//- /CommonModules/Общий/Ext/Module.bsl
Процедура П()
    О = Справочники.Товары.СоздатьЭлемент();
    О.Пересчитать();
    О.Цена = 5;
    Справочники.Товары.Найти();
    Вычислить("Справочники.Товары.Найти()");
    Имя = "Справочники.Товары.Найти";
    Н = Новый Структура;
    Н.Пересчитать();
КонецПроцедуры
"#;
    check_text(
        &text.replace("О.Пересчитать", "О.Пересчитать$0"),
        expect![[r#"
        Declaration Catalogs/Товары/ObjectModule.bsl:1 Пересчитать | Процедура Пересчитать() Экспорт
        Call Catalogs/Товары/ObjectModule.bsl:3 Пересчитать | ЭтотОбъект.Пересчитать();
        Call CommonModules/Общий:3 Пересчитать | О.Пересчитать();
    "#]],
    );
    check_text(
        &text.replace("Товары.Найти();", "Товары.Найти$0();"),
        expect![[r#"
        Declaration Catalogs/Товары/ManagerModule.bsl:1 Найти | Функция Найти() Экспорт
        Call CommonModules/Общий:5 Найти | Справочники.Товары.Найти();
        Literal CommonModules/Общий:7 Найти | Имя = "Справочники.Товары.Найти";
    "#]],
    );
    check_text(
        &text.replace("ЭтаФорма.Обновить", "ЭтаФорма.Обновить$0"),
        expect![[r#"
        Declaration Catalogs/Товары/Forms/Форма/Form:1 Обновить | Процедура Обновить() Экспорт
        Literal Catalogs/Товары/Forms/Форма/Form:2 Обновить | ПодключитьОбработчикОжидания("Обновить", 1);
        Call Catalogs/Товары/Forms/Форма/Form:3 Обновить | ЭтаФорма.Обновить();
    "#]],
    );
    check_text(
        &text.replace("О.Цена", "О.Цена$0"),
        expect![[r#"
        Write Catalogs/Товары/ObjectModule.bsl:2 Цена | Цена = Цена + 1;
        Read Catalogs/Товары/ObjectModule.bsl:2 Цена | Цена = Цена + 1;
        Declaration Catalogs/Товары.xml 
        Write CommonModules/Общий:4 Цена | О.Цена = 5;
    "#]],
    );
}

#[test]
fn variables_and_locals() {
    let text = r#"
//- /metadata
CommonModule.Тест
CommonModule.Другой
//- /CommonModules/Тест/Ext/Module.bsl
Перем Кэш Экспорт;
Процедура П(А)
    Кэш = А;
    Б = Кэш + А;
КонецПроцедуры
Процедура Р(Кэш)
    Кэш = 1;
КонецПроцедуры
//- /CommonModules/Другой/Ext/Module.bsl
Процедура П()
    Тест.Кэш = 1;
    Кэш = 2;
КонецПроцедуры
"#;
    check_text(
        &text.replace("Б = Кэш", "Б = Кэш$0"),
        expect![[r#"
        Write CommonModules/Другой:2 Кэш | Тест.Кэш = 1;
        Declaration CommonModules/Тест:1 Кэш | Перем Кэш Экспорт;
        Write CommonModules/Тест:3 Кэш | Кэш = А;
        Read CommonModules/Тест:4 Кэш | Б = Кэш + А;
    "#]],
    );
    check_text(
        &text.replace("+ А", "+ А$0"),
        expect![[r#"
        Declaration CommonModules/Тест:2 А | Процедура П(А)
        Read CommonModules/Тест:3 А | Кэш = А;
        Read CommonModules/Тест:4 А | Б = Кэш + А;
    "#]],
    );
}

#[test]
fn objects_and_common_modules() {
    let text = r#"
//- /metadata
Catalog.Товары
CommonModule.Общий
CommonModule.Другой
//- /CommonModules/Общий/Ext/Module.bsl
Функция ОбщийМодуль(Имя) Экспорт
КонецФункции
//- /CommonModules/Другой/Ext/Module.bsl
// Параметры:
//  Т - СправочникСсылка.Товары - см. Общий.ОбщийМодуль.
Процедура П(Т)
    С = Справочники.Товары.ПустаяСсылка();
    Тип1 = Тип("СправочникСсылка.Товары");
    Тип2 = Тип("CatalogRef.товары");
    Имя = "Справочник.Товары.Реквизит";
    Имя = "СправочникСсылка.ТоварыПоставщика";
    Имя = "Товары";
    М = Метаданные.Справочники.Товары;
    Общий.ОбщийМодуль("Общий").ОбщийМодуль("Другой");
    Т.Общий = "Общий";
КонецПроцедуры
"#;
    check_text(
        &text.replace("С = Справочники.Товары", "С = Справочники.Товары$0"),
        expect![[r#"
        Declaration Catalogs/Товары.xml 
        Read CommonModules/Другой:4 Товары | С = Справочники.Товары.ПустаяСсылка();
        Literal CommonModules/Другой:5 Товары | Тип1 = Тип("СправочникСсылка.Товары");
        Literal CommonModules/Другой:6 товары | Тип2 = Тип("CatalogRef.товары");
        Literal CommonModules/Другой:7 Товары | Имя = "Справочник.Товары.Реквизит";
        Read CommonModules/Другой:10 Товары | М = Метаданные.Справочники.Товары;
    "#]],
    );
    check_text(
        &text.replace("    Общий.Общий", "    Общий$0.Общий"),
        expect![[r#"
        Link CommonModules/Другой:2 Общий | //  Т - СправочникСсылка.Товары - см. Общий.ОбщийМодуль.
        Read CommonModules/Другой:11 Общий | Общий.ОбщийМодуль("Общий").ОбщийМодуль("Другой");
        Literal CommonModules/Другой:11 Общий | Общий.ОбщийМодуль("Общий").ОбщийМодуль("Другой");
        Declaration CommonModules/Общий.xml 
    "#]],
    );
}

#[test]
fn names_of_the_platform() {
    check_text(
        r#"
//- /metadata
CommonModule.Тест
CommonModule.Другой
//- /CommonModules/Тест/Ext/Module.bsl
Процедура П()
    СтрДлина$0("А");
    StrLen("Б");
КонецПроцедуры
//- /CommonModules/Другой/Ext/Module.bsl
Функция СтрДлина(С)
    Возврат СтрДлина(С);
КонецФункции
"#,
        expect![[r#"
            Call CommonModules/Тест:2 СтрДлина | СтрДлина("А");
            Call CommonModules/Тест:3 StrLen | StrLen("Б");
        "#]],
    );
}

#[test]
fn handlers_in_files_of_metadata() {
    for folder in ["demo/designer", "demo/edt"] {
        let module = "СобытияТорговли";
        let module = if folder == "demo/edt" {
            format!("CommonModules/{module}/Module.bsl")
        } else {
            format!("CommonModules/{module}/Ext/Module.bsl")
        };
        check(
            &Opened::of_fixtures(folder, &module, "Процедура ПересчетЦен"),
            if folder == "demo/edt" {
                expect![[r#"
                Declaration demo/edt/src/CommonModules/СобытияТорговли:29 ПересчетЦен | Процедура ПересчетЦен() Экспорт
                Metadata demo/edt/src/ScheduledJobs/ПересчетЦен/ПересчетЦен.mdo ПересчетЦен
            "#]]
            } else {
                expect![[r#"
                Declaration demo/designer/CommonModules/СобытияТорговли:29 ПересчетЦен | Процедура ПересчетЦен() Экспорт
                Metadata demo/designer/ScheduledJobs/ПересчетЦен.xml ПересчетЦен
            "#]]
            },
        );
    }
    check(
        &Opened::of_fixtures(
            "demo/designer",
            "Documents/ЗаказПокупателя/Forms/ФормаСписка/Ext/Form/Module.bsl",
            "Процедура ОтменитьВыбранные",
        ),
        expect![[r#"
            Declaration demo/designer/Documents/ЗаказПокупателя/Forms/ФормаСписка/Form:28 ОтменитьВыбранные | Процедура ОтменитьВыбранные(Команда)
            Metadata demo/designer/Documents/ЗаказПокупателя/Forms/ФормаСписка/Form.xml ОтменитьВыбранные
        "#]],
    );
}

#[test]
fn extensions_name_what_they_change() {
    check(
        &Opened::of_fixtures(
            "demo",
            "designer/CommonModules/ПродажиСервер/Ext/Module.bsl",
            "Функция ПроцентСкидки",
        ),
        expect![[r#"
            Declaration demo/designer/CommonModules/ПродажиСервер:225 ПроцентСкидки | Функция ПроцентСкидки(Контрагент, СуммаЗаказа) Экспорт
            Call demo/designer/Documents/ЗаказПокупателя/ObjectModule.bsl:49 ПроцентСкидки | Скидка = ПродажиСервер.ПроцентСкидки(Контрагент, СуммаДокумента);
            Annotation demo/extension/CommonModules/ПродажиСервер:3 ПроцентСкидки | &Вместо("ПроцентСкидки")
        "#]],
    );
}

#[test]
fn nothing_stands_there() {
    check_text("Процедура П()\n    А = 1;$0\nКонецПроцедуры", expect![["nothing"]]);
    check_text("А = \"что-то$0 ещё\";", expect![["nothing"]]);
}
