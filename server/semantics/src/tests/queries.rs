//! Tables, fields and columns of queries.

use expect_test::{Expect, expect};
use platform::Script;

use super::check_type;
use crate::query::query_text_shape;
use crate::query_scope::{FieldLookup, QueryScope};
use crate::scope::Scope;
use crate::testing::TestProject;

const METADATA: &str = "//- /metadata
Catalog.Товары
 attribute Цена: Число
 attribute Поставщик: СправочникСсылка.Контрагенты
 section Состав
 column Деталь: СправочникСсылка.Товары
Catalog.Контрагенты
 attribute Город: Строка
Document.Заказ
 register AccumulationRegister.Остатки
 attribute Клиент: СправочникСсылка.Контрагенты
 section Товары
 column Товар: СправочникСсылка.Товары
InformationRegister.Цены periodical
 dimension Товар: СправочникСсылка.Товары
 resource Цена: Число
AccumulationRegister.Остатки
 dimension Товар: СправочникСсылка.Товары
 resource Количество: Число
Constant.Валюта
 type: Строка
";

fn project(code: &str) -> TestProject {
    TestProject::of_text(&format!("{METADATA}//- /CommonModules/Тест/Ext/Module.bsl\n{code}"))
}

/// Columns of the last batch with their types.
#[track_caller]
fn check_columns(query: &str, expected: Expect) {
    let test = project("");
    let shape = query_text_shape(query);
    let scope = Scope::new(&test.project, test.module("Module.bsl"));
    let query = QueryScope::new(scope, &shape, shape.batches.len() - 1).expect("invariant: a batch");
    let columns = query.columns().into_iter();
    let lines: Vec<_> = columns
        .map(|(name, value)| format!("{name}: {}", value.display(&test.project, Script::Russian)))
        .collect();
    expected.assert_eq(&lines.join("\n"));
}

#[track_caller]
fn check_field(query: &str, path: &str, expected: &str) {
    let test = project("");
    let shape = query_text_shape(query);
    let scope = Scope::new(&test.project, test.module("Module.bsl"));
    let query = QueryScope::new(scope, &shape, shape.batches.len() - 1).expect("invariant: a batch");
    let path: Vec<&str> = path.split('.').collect();
    let found = match query.resolve_field(&path) {
        FieldLookup::Found(field) => field.value.display(&test.project, Script::Russian),
        FieldLookup::Missing { part } => format!("missing {part}"),
        FieldLookup::Unknown => "unknown".to_owned(),
    };
    assert_eq!(found, expected);
}

#[test]
fn columns_of_metadata_tables() {
    check_columns(
        "ВЫБРАТЬ Т.Ссылка, Т.Поставщик.Город КАК Город, Т.Код, 1 КАК Один ИЗ Справочник.Товары КАК Т",
        expect![[r#"
            Ссылка: СправочникСсылка.Товары
            Город: Строка
            Код: Строка
            Один: Число"#]],
    );
    check_columns(
        "SELECT Prices.Товар, Prices.Period, Prices.Цена FROM InformationRegister.Цены.SliceLast AS Prices",
        expect![[r#"
            Товар: СправочникСсылка.Товары
            Period: Дата
            Цена: Число"#]],
    );
    check_columns(
        "ВЫБРАТЬ О.Товар, О.КоличествоОстаток, О.КоличествоBalance ИЗ РегистрНакопления.Остатки.Остатки КАК О",
        expect![[r#"
            Товар: СправочникСсылка.Товары
            КоличествоОстаток: Число
            КоличествоBalance: Число"#]],
    );
    check_columns(
        "ВЫБРАТЬ С.Товар, С.Ссылка.Клиент КАК Клиент ИЗ Документ.Заказ.Товары КАК С",
        expect![[r#"
            Товар: СправочникСсылка.Товары
            Клиент: СправочникСсылка.Контрагенты"#]],
    );
    check_columns("ВЫБРАТЬ К.Валюта ИЗ Константы КАК К", expect!["Валюта: Строка"]);
}

#[test]
fn temporary_tables_and_subqueries() {
    check_columns(
        "ВЫБРАТЬ Т.Ссылка КАК Товар, Т.Цена ПОМЕСТИТЬ ВТ ИЗ Справочник.Товары КАК Т
        ;
        ВЫБРАТЬ ВТ.*, П.Н ИЗ ВТ КАК ВТ ЛЕВОЕ СОЕДИНЕНИЕ (ВЫБРАТЬ К.Ссылка КАК Н ИЗ Справочник.Контрагенты КАК К) КАК П
        ПО ИСТИНА",
        expect![[r#"
            Товар: СправочникСсылка.Товары
            Цена: Число
            Н: СправочникСсылка.Контрагенты"#]],
    );
}

#[test]
fn certain_and_uncertain_fields() {
    let query = "ВЫБРАТЬ Т.Ссылка ИЗ Справочник.Товары КАК Т";
    check_field(query, "Т.Цена", "Число");
    check_field(query, "Цена", "Число");
    check_field(query, "Т.Ссылка.Поставщик.Город", "Строка");
    check_field(query, "Т.Нет", "missing 1");
    check_field(query, "Т.Поставщик.Нет", "missing 2");
    check_field(query, "Т.Представление", "Строка");
    check_field("ВЫБРАТЬ Т.Х ИЗ Неведомая КАК Т", "Т.Х", "unknown");
    check_field("ВЫБРАТЬ Т.Х ИЗ РегистрБухгалтерии.Нет.Остатки КАК Т", "Т.Х", "unknown");
    check_field("ВЫБРАТЬ О.Х ИЗ РегистрНакопления.Остатки.Обороты КАК О", "О.КоличествоПриход", "Число");
    check_field("ВЫБРАТЬ О.Х ИЗ РегистрНакопления.Остатки.Остатки КАК О", "О.КоличествоПриход", "missing 1");
}

#[test]
fn selections_have_the_columns_of_their_query() {
    let code = |rest: &str| {
        format!(
            "{METADATA}//- /CommonModules/Тест/Ext/Module.bsl
Запрос = Новый Запрос(\"ВЫБРАТЬ Т.Ссылка, Т.Поставщик КАК П ИЗ Справочник.Товары КАК Т\");
{rest}"
        )
    };
    check_type(&code("Выборка = Запрос.Выполнить().Выбрать();\nА = Выборка.П.Город$0;"), expect!["Строка"]);
    check_type(
        &code("Для Каждого С Из Запрос.Выполнить().Выгрузить() Цикл\nА = С.Ссылка$0;\nКонецЦикла;"),
        expect!["СправочникСсылка.Товары"],
    );
    check_type(
        &code("А = Запрос.ВыполнитьПакет()[0].Выгрузить()[0].П$0;"),
        expect!["СправочникСсылка.Контрагенты"],
    );
}
