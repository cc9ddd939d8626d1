//! Shapes of queries, printed in one line per batch.

use std::fmt::Write;

use expect_test::{Expect, expect};

use super::*;

fn show_value(value: &QueryValue) -> String {
    match value {
        QueryValue::Field(path) => path.join("."),
        QueryValue::AllFields(path) => format!("{}.*", path.join(".")),
        QueryValue::Reference(path) => format!("ref {}", path.join(".")),
        QueryValue::OneOf(values) => values.iter().map(show_value).collect::<Vec<_>>().join(" | "),
        QueryValue::Nested(columns) => format!("({})", show_columns(columns)),
        QueryValue::Parameter(name) => format!("&{name}"),
        other => format!("{other:?}"),
    }
}

fn show_columns(columns: &[QueryColumn]) -> String {
    let show = |column: &QueryColumn| format!("{} = {}", column.name, show_value(&column.value));
    columns.iter().map(show).collect::<Vec<_>>().join(", ")
}

fn show_batch(batch: &QueryBatch) -> String {
    let mut out = show_columns(&batch.columns);
    for source in &batch.sources {
        let table = match &source.table {
            QueryTable::Path(path) => path.join("."),
            QueryTable::Parameter(name) => format!("&{name}"),
            QueryTable::Subquery(batch) => format!("[{}]", show_batch(batch)),
            QueryTable::Unknown => "?".to_owned(),
        };
        let _ = write!(out, "; from {table} as {}", source.alias);
    }
    for (name, word) in [(&batch.temporary_table, "into"), (&batch.drops, "drop")] {
        if !name.is_empty() {
            let _ = write!(out, "; {word} {name}");
        }
    }
    if !batch.totals.is_empty() {
        let _ = write!(out, "; totals {}", batch.totals.join(", "));
    }
    out
}

#[track_caller]
fn check(text: &str, expected: Expect) {
    let shape = query_text_shape(text);
    let mut out = shape.batches.iter().map(show_batch).collect::<Vec<_>>().join("\n");
    if !shape.parameters.is_empty() {
        let _ = write!(out, "\nparameters {}", shape.parameters.join(", "));
    }
    if shape.is_template {
        out += "\ntemplate";
    }
    expected.assert_eq(&out);
}

#[test]
fn columns_and_sources() {
    check(
        "ВЫБРАТЬ Т.Код, Т.Ссылка.Имя КАК Имя, Цена, Т.*, *, Т.Строки.(Номер, Товар.Код КАК Товар), &Дата КАК Дата, 1 + 1
        ИЗ Справочник.Товары КАК Т, Документ.Заказ ЛЕВОЕ СОЕДИНЕНИЕ РегистрНакопления.Запасы.Остатки(&Дата, Склад = &склад) КАК О
        ВНУТРЕННЕЕ СОЕДИНЕНИЕ &Внешняя КАК В ПО ИСТИНА ПО ИСТИНА",
        expect![[r#"
            Код = Т.Код, Имя = Т.Ссылка.Имя, Цена = Цена, * = Т.*, * = .*, Строки = (Номер = Т.Строки.Номер, Товар = Т.Строки.Товар.Код), Дата = &Дата,  = Number; from Справочник.Товары as Т; from Документ.Заказ as Заказ; from РегистрНакопления.Запасы.Остатки as О; from &Внешняя as В
            parameters Дата, склад, Внешняя"#]],
    );
}

#[test]
fn packages_and_totals() {
    check(
        "SELECT T.Ref AS Ref INTO Found FROM Catalog.Goods AS T;
        SELECT Ref, Amount FROM Found TOTALS SUM(Amount) BY OVERALL, Ref ONLY HIERARCHY, Period PERIODS(MONTH, , ) AS Month;
        DROP Found",
        expect![[r#"
            Ref = T.Ref; from Catalog.Goods as T; into Found
            Ref = Ref, Amount = Amount; from Found as Found; totals Ref, Month
            ; drop Found"#]],
    );
}

#[test]
fn subqueries_and_unions() {
    check(
        "ВЫБРАТЬ П.А КАК А ИЗ (ВЫБРАТЬ Т.А КАК А, Т.Б, 0 КАК В ИЗ Т КАК Т ОБЪЕДИНИТЬ ВСЕ ВЫБРАТЬ Т.А, Д.Б, \"\" ИЗ Т КАК Т, Д КАК Д) КАК П
        ГДЕ П.А В (ВЫБРАТЬ Х.А ИЗ Х КАК Х)",
        expect![
            "А = П.А; from [А = Т.А, Б = Т.Б | Unknown, В = Number | String; from Т as Т] as П"
        ],
    );
}

#[test]
fn types_of_expressions() {
    check(
        "ВЫБРАТЬ ВЫРАЗИТЬ(Т.А КАК ЧИСЛО(15, 2)) КАК А, ВЫРАЗИТЬ(Т.А КАК Документ.Заказ) КАК Б, ЗНАЧЕНИЕ(Справочник.Валюты.Рубль) КАК В,
        ЗНАЧЕНИЕ(Справочник.Валюты.) КАК Г, ЗНАЧЕНИЕ(ВидДвиженияНакопления.Приход) КАК Д, ТИП(Справочник.Валюты) КАК Е,
        ЕСТЬNULL(Т.А, 0) КАК Ж, ВЫБОР КОГДА Т.А ТОГДА 1 КОГДА Т.Б ТОГДА 2 ИНАЧЕ \"\" КОНЕЦ КАК З, ВЫБОР Т.А КОГДА 1 ТОГДА Т.А КОНЕЦ КАК И,
        МАКСИМУМ(Т.А) КАК К, СУММА(Т.А) КАК Л, НАЧАЛОПЕРИОДА(Т.А, ДЕНЬ) КАК М, ПРЕДСТАВЛЕНИЕ(Т.А) КАК Н, НЕ Т.А КАК О, -Т.А КАК П,
        Т.А В (1) КАК Р, (Т.А + \"\") КАК С, Т.А + Т.Б КАК Т, Т.А > 1 КАК У, NULL КАК Ф, ВЫРАЗИТЬ(Т.А КАК Документ.Заказ).Дата КАК Х ИЗ Т",
        expect![
            "А = Number, Б = ref Документ.Заказ, В = ref Справочник.Валюты, Г = ref Справочник.Валюты, Д = Unknown, Е = Type, Ж = Т.А | Number, З = Number | String, И = Т.А | Null, К = Т.А, Л = Number, М = Date, Н = String, О = Boolean, П = Number, Р = Boolean, С = String, Т = Unknown, У = Boolean, Ф = Null, Х = Unknown; from Т as Т"
        ],
    );
    check(
        "SELECT CAST(A AS STRING(10)) AS A, COUNT(*) AS B, ISNULL(X.D, DATETIME(1, 1, 1)) AS C FROM X",
        expect!["A = String, B = Number, C = X.D | Date; from X as X"],
    );
}

#[test]
fn templates_and_half_typed_texts() {
    check(
        "ВЫБРАТЬ Т.#Поле, #Поле КАК Имя ИЗ #Таблица КАК Т, (#Запрос) КАК З",
        expect![[r#"
             = Unknown, Имя = Unknown; from ? as Т; from ? as З
            template"#]],
    );
    check(
        "ВЫБРАТЬ Т., , Т.Код КАК\nИЗ Справочник. КАК Т ЛЕВОЕ СОЕДИНЕНИЕ",
        expect![" = Т, Код = Т.Код; from Справочник as Т"],
    );
    check("", expect![""]);
}

#[test]
fn deep_texts_cost_no_stack() {
    let depth = 20_000;
    for text in [
        format!("ВЫБРАТЬ {}1{}", "(".repeat(depth), ")".repeat(depth)),
        format!("ВЫБРАТЬ 1{}", " + 1".repeat(depth)),
        format!("ВЫБРАТЬ А{} КАК Б", ".Б".repeat(depth)),
        format!("ВЫБРАТЬ 1 ИЗ {}", "(ВЫБРАТЬ 1 ИЗ ".repeat(depth)),
        format!("{} ВЫБРАТЬ 1{}", "ВЫБРАТЬ 1 ИЗ (".repeat(200), ")".repeat(200)),
    ] {
        query_text_shape(&text);
    }
}
