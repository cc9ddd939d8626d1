//! Descriptions of all kinds, and prose that is none.

use std::fmt::Write;

use expect_test::{Expect, expect};

use crate::doc_comment::DocComment;
use crate::shape::{Field, Shape};

pub(crate) fn show(shape: &Shape) -> String {
    let fields = |fields: &[Field]| {
        let shown: Vec<_> =
            fields.iter().map(|field| format!("{}: {}", field.name, show(&field.shape))).collect();
        shown.join("; ")
    };
    match shape {
        Shape::Unknown => "?".to_owned(),
        Shape::Named(name) => name.to_string(),
        Shape::Union { parts, is_open } => {
            let parts: Vec<_> = parts.iter().map(show).collect();
            format!("{}{}", parts.join(" | "), if *is_open { " | ?" } else { "" })
        }
        Shape::Collection { name, element } => format!("{name}<{}>", show(element)),
        Shape::Structure { name, fields: own } => format!("{name}{{{}}}", fields(own)),
        Shape::Table { name, columns } => format!("{name}[{}]", fields(columns)),
        Shape::SeeReference(path) => format!("→{path}"),
        other => format!("{other:?}"),
    }
}

#[track_caller]
fn check(text: &str, expected: Expect) {
    let comment = DocComment::parse(text);
    let mut shown = String::new();
    let mut line = |title: &str, value: &str| {
        if !value.is_empty() {
            let _ = writeln!(shown, "{title}: {value}");
        }
    };
    line("description", &comment.description);
    for parameter in &comment.parameters {
        assert_eq!(parameter.range.slice(text), parameter.name);
        line(&parameter.name, &format!("{} — {}", show(&parameter.shape), parameter.description));
    }
    if let Some(returns) = &comment.returns {
        line("returns", &format!("{} — {}", show(&returns.shape), returns.description));
    }
    line("examples", &comment.examples);
    line("call options", &comment.call_options);
    if let Some(text) = &comment.deprecated {
        line("deprecated", &format!("«{text}»"));
    }
    for link in &comment.see {
        assert_eq!(link.range.slice(text), link.path);
        line("see", &link.path);
    }
    line("described at", comment.described_at.as_deref().unwrap_or_default());
    expected.assert_eq(&shown);
}

#[test]
fn a_whole_description() {
    check(
        "// Возвращает остатки.\n// Вторая строка.\n//\n// Параметры:\n\
         //  Склад   - СправочникСсылка.Склады - где искать,\n\
         //            если их много - первый.\n\
         //  Отбор   - Структура:\n\
         //   * Товар - СправочникСсылка.Товары, Строка - что\n\
         //     искать\n\
         //   * Периоды - Массив из Структура:\n\
         //     ** Начало - Дата\n\
         //     ** Конец - Дата - последний день\n\
         //          - Неопределено - без отбора\n\
         //  Режим - Число\n\
         //        - Строка\n\
         //  Прочее - все остальное\n\
         //\n// Возвращаемое значение:\n//  ТаблицаЗначений - остатки:\n//   * Товар - СправочникСсылка.Товары\n//   * Сумма - Число\n//\n\
         // Пример:\n//  Остатки = Остатки(Склад);\n",
        expect![[r#"
            description: Возвращает остатки.
            Вторая строка.
            Склад: СправочникСсылка.Склады — где искать,
            если их много - первый.
            Отбор: Структура{Товар: СправочникСсылка.Товары | Строка; Периоды: Массив<Структура{Начало: Дата; Конец: Дата}>} | Неопределено — без отбора
            Режим: Число | Строка — 
            Прочее: ? — все остальное
            returns: ТаблицаЗначений[Товар: СправочникСсылка.Товары; Сумма: Число] — остатки:
            examples: Остатки = Остатки(Склад);
        "#]],
    );
}

#[test]
fn english_keywords_and_types_over_several_lines() {
    check(
        "\t// Deprecated. Use See Stock.NewMethod.\n\t//\n\t// Parameters:\n\t//\tValue - String,\n\t//\t        Number - a value\n\t//\tMap - Map of KeyAndValue:\n\t//\t * Key - String\n\t//\t * Value - Array of Number, Date\n\t//\n\t// Returns:\n\t//\tArbitrary, Undefined - any\n",
        expect![[r#"
            Value: String | Number — a value
            Map: Map<KeyAndValue{Key: String; Value: Array<Number | Date>}> — 
            returns: Undefined | ? — any
            deprecated: «Use See Stock.NewMethod.»
            see: Stock.NewMethod
        "#]],
    );
}

#[test]
fn links_take_the_place_of_types() {
    check(
        "// См. ОбщегоНазначения.Метод.\n",
        expect![[r#"
            description: См. ОбщегоНазначения.Метод.
            see: ОбщегоНазначения.Метод
            described at: ОбщегоНазначения.Метод
        "#]],
    );
    check(
        "// Параметры:\n//  А - см. Модуль.Новая.А\n//  Б - Массив из см. НовыйЭлемент\n//\n// Возвращаемое значение:\n//  См. Модуль.Новая()\n",
        expect![[r#"
            А: →Модуль.Новая.А — 
            Б: Массив<→НовыйЭлемент> — 
            returns: →Модуль.Новая — 
            see: Модуль.Новая.А
            see: НовыйЭлемент
            see: Модуль.Новая
        "#]],
    );
}

#[test]
fn returned_values_may_have_several_types() {
    check(
        "// Возвращаемое значение:\n//  Булево - Истина, если получилось.\n//  Неопределено - если нет.\n//\n// Варианты вызова:\n//  А() - просто.",
        expect![[r#"
            returns: Булево | Неопределено — Истина, если получилось.
            если нет.
            call options: А() - просто.
        "#]],
    );
    check(
        "// Возвращаемое значение:\n//  - Булево\n//  - Строка - текст\n//    продолжение\n",
        expect![[r#"
            returns: Булево | Строка — текст
            продолжение
        "#]],
    );
    check(
        "// Возвращаемое значение: Соответствие из КлючИЗначение:\n//   * Ключ - Строка\n//   * Значение - ТаблицаЗначений из СтрокаТаблицыЗначений:\n//     ** Колонка - Число\n",
        expect![[r#"
            returns: Соответствие<КлючИЗначение{Ключ: Строка; Значение: ТаблицаЗначений[Колонка: Число]}> — 
        "#]],
    );
    check(
        "// Возвращаемое значение:\n//  Структура с полями:\n//   * Поле - Строка - текст\n",
        expect![[r#"
            returns: Структура{Поле: Строка} — Структура с полями:
        "#]],
    );
}

#[test]
fn prose_has_no_types() {
    check(
        "// Проверяет. Параметры: нет.\n// Параметры:\n//  Имя - имя файла, или Неопределено\n//  Путь - Полный путь к файлу\n//  всякий текст - и еще текст\n//  Флаг - Истина - если надо.\n// Возвращаемое значение:\n//  Истина если все хорошо, Ложь - если нет.\n//  Иначе Неопределено.\n",
        expect![[r#"
            description: Проверяет. Параметры: нет.
            Имя: ? — имя файла, или Неопределено
            Путь: ? — Полный путь к файлу
            всякий текст - и еще текст
            Флаг: ? — Истина - если надо.
            returns: ? — Истина если все хорошо, Ложь - если нет.
            Иначе Неопределено.
        "#]],
    );
    check(
        "// Устаревшая штука. Примечание\n//Пример использования: нет\n// устарела",
        expect![[r#"
            description: Устаревшая штука. Примечание
            Пример использования: нет
            deprecated: «»
        "#]],
    );
}

#[test]
fn nothing_panics() {
    let pieces = [
        "//",
        "*",
        "-",
        "Параметры:",
        "Returns:",
        "А",
        " ",
        "\n",
        "см.",
        ".",
        ",",
        "из",
        ":",
        "Ж😀",
        "\t",
        "\r",
    ];
    let mut seed = 1_u32;
    for _ in 0..2000 {
        let mut text = String::from("// Параметры:\n//");
        for _ in 0..40 {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            text.push_str(pieces[(seed >> 16) as usize % pieces.len()]);
        }
        DocComment::parse(&text);
    }
    DocComment::parse(&format!("// Returns:\n// {}", "Array of ".repeat(100_000)));
    DocComment::parse(&format!("// Returns:\n//{}", "* А - Структура:\n// *".repeat(10_000)));
}
