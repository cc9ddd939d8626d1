//! Names of parameters and types of variables between the words of the code.

use base::TextRange;
use expect_test::{Expect, expect};

use crate::tests::project::Opened;
use crate::{InlayHintKind, InlayHintOptions, inlay_hints};

const ALL: InlayHintOptions = InlayHintOptions { has_parameters: true, has_types: true };

/// The lines with hints, hints in angle brackets.
fn shown(open: &Opened, range: TextRange, options: InlayHintOptions) -> String {
    let mut text = open.document.text();
    let hints = inlay_hints(open.document(), range, options, &open.token);
    assert!(hints.is_sorted_by_key(|hint| hint.offset));
    for hint in hints.iter().rev() {
        let gap = if hint.kind == InlayHintKind::Parameter { " " } else { "" };
        text.insert_str(hint.offset as usize, &format!("<{}{gap}>", hint.label));
    }
    text.lines().map(str::trim).filter(|line| line.contains('<')).collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn check(code: &str, expected: Expect) {
    let open = Opened::of_text(&format!("{code}$0"));
    let range = TextRange { start: 0, end: open.document.len() };
    expected.assert_eq(&shown(&open, range, ALL));
}

const METHOD: &str =
    "Функция Ф(Код, Знач Истинно = Ложь, Список)\n\tВозврат Новый Структура;\nКонецФункции\n";

fn method(code: &str) -> String {
    format!("{METHOD}Процедура П(Код, Данные)\n\t{code}\nКонецПроцедуры\n")
}

#[test]
fn parameters_of_methods() {
    check(&method("Ф(1, Истина, Код);"), expect!["Ф(<Код: >1, <Истинно: >Истина, Код);"]);
    check(&method("Ф(1, , 2 + Код);"), expect!["Ф(<Код: >1, , <Список: >2 + Код);"]);
    check(&method("Ф(, , Новый Список, 4);"), expect![""]);
    check(
        &method("Ф(Код(), Данные.Код, Новый Массив(1));"),
        expect!["Ф(Код(), Данные.Код, <Список: >Новый Массив(1));"],
    );
    check(
        &method("Ф(\"а\n\t|б\", Не Код);"),
        expect![[r#"
        Ф(<Код: >"а
        |б", <Истинно: >Не Код);"#]],
    );
}

#[test]
fn a_lone_argument_is_named_if_it_may_mean_anything() {
    check(&method("Ф(1);"), expect![""]);
    check(&method("Ф(Истина);"), expect!["Ф(<Код: >Истина);"]);
    check(&method("Ф(, Ложь);"), expect!["Ф(, <Истинно: >Ложь);"]);
}

#[test]
fn parameters_of_the_platform() {
    check(
        "А = СтрНайти(\"а\", \"б\" + Б, , 1);\nСтрШаблон(\"%1\", 1, 2);",
        expect![[r#"
            А<: Число> = СтрНайти(<Строка: >"а", <ПодстрокаПоиска: >"б" + Б, , <НачальнаяПозиция: >1);
            СтрШаблон(<Шаблон: >"%1", 1, 2);"#]],
    );
    check(
        "М = Новый Массив;\nМ.Вставить(0, Истина);",
        expect!["М.Вставить(<Индекс: >0, <Значение: >Истина);"],
    );
    check(
        "С = Новый Структура(\"А, Б\", 1);",
        expect![[r#"С = Новый Структура(<Ключи: >"А, Б", <Значения: >1);"#]],
    );
    check("A = StrFind(\"a\", \"b\");\nIf A Then EndIf;", expect![[r#"A<: Number> = StrFind("a", "b");"#]]);
}

#[test]
fn english() {
    check(
        "//- /metadata-en\nCommonModule.Common\n//- /CommonModules/Common/Ext/Module.bsl\n\
         Procedure Work()\n\tResult = Sum(1, True);\n\tNumber = Result;\nEndProcedure\n\
         Function Sum(Start, IsRound)\n\tReturn \"\" + Start;\nEndFunction\n",
        expect![[r#"
            Result<: String> = Sum(<Start: >1, <IsRound: >True);
            Number<: String> = Result;"#]],
    );
}

#[test]
fn types_of_variables() {
    check(
        &method(
            "А = Ф(Код);\n\tА = 1;\n\tБ = А;\n\tВ = 1 + 1;\n\tСтруктура = Ф(Код);\n\tД = Дата(\"20200101\");",
        ),
        expect![[r#"
            А<: Структура> = Ф(Код);
            Б<: Число> = А;"#]],
    );
    check(
        "Процедура П(Текст)\n\tТ = Новый ТаблицаЗначений;\n\tТ.Колонки.Добавить(\"Имя\");\n\tСтр = Т.Добавить();\n\
         \tДля Каждого Колонка Из Т.Колонки Цикл\n\tКонецЦикла;\n\tТекст = ТекущаяДата();\n\tСейчас = ТекущаяДата();\n\
         \tСейчас = 1;\n\tХ = Неизвестно();\nКонецПроцедуры\n",
        expect![[r#"
            Стр<: СтрокаТаблицыЗначений> = Т.Добавить();
            Для Каждого Колонка<: КолонкаТаблицыЗначений> Из Т.Колонки Цикл
            Сейчас<: Дата> = ТекущаяДата();"#]],
    );
    check(
        "//- /metadata\nCatalog.Товары\n  attribute Цена Number\nEnum.Виды\n  value Один\nCommonModule.Общий\n//- /CommonModules/Общий/Ext/Module.bsl\n\
         М = Справочники.Товары;\nС = М.НайтиПоКоду(1);\nО = С.ПолучитьОбъект();\nЦ = О.Цена;\nВ = Перечисления.Виды.Один;\nОбщ = Общий;\n",
        expect![[r#"
            С<: СправочникСсылка.Товары> = М.НайтиПоКоду(1);
            О<: СправочникОбъект.Товары> = С.ПолучитьОбъект();"#]],
    );
}

#[test]
fn only_the_range_is_looked_at() {
    let code = "Процедура А()\n\tСейчас = ТекущаяДата();\n\tСтрНайти(1, 2);\n\tПотом = Сейчас;\nКонецПроцедуры\n\
                Процедура Б()\n\tСейчас = ТекущаяДата();\n\tСейчас = ТекущаяДата();\nКонецПроцедуры\n";
    let open = Opened::of_text(&format!("{code}$0"));
    let line = |number: usize| {
        let mut lines = code.split_inclusive('\n');
        let start = lines.by_ref().take(number).map(str::len).sum::<usize>();
        TextRange::from(start..start + lines.next().unwrap_or_default().len() - 1)
    };
    expect!["СтрНайти(<Строка: >1, <ПодстрокаПоиска: >2);"].assert_eq(&shown(&open, line(2), ALL));
    expect!["Потом<: Дата> = Сейчас;"].assert_eq(&shown(&open, line(3), ALL));
    expect!["Сейчас<: Дата> = ТекущаяДата();"].assert_eq(&shown(&open, line(6), ALL));
    expect![""].assert_eq(&shown(&open, line(7), ALL));
    let all = TextRange { start: 0, end: open.document.len() };
    expect!["СтрНайти(<Строка: >1, <ПодстрокаПоиска: >2);"].assert_eq(&shown(
        &open,
        all,
        InlayHintOptions { has_types: false, ..ALL },
    ));
    expect![""].assert_eq(&shown(&open, all, InlayHintOptions::default()));
}
