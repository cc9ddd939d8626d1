//! Other places of aliases, temporary tables, columns and parameters, and new names for them.

use base::{Edit, apply_edits};
use expect_test::{Expect, expect};
use semantics::Location;

use super::{open, with_code};
use crate::tests::project::Opened;
use crate::{HighlightKind, prepare_project_rename, query_highlights, references, rename_in_project};

/// The query after the rename, or the problem.
fn renamed(opened: &Opened, new_name: &str) -> String {
    match rename_in_project(opened.document(), &opened.search(), opened.offset, new_name) {
        Ok(edits) => {
            let edits = edits.into_iter().map(|edit| {
                let Location::Module { place, .. } = edit.location else { panic!("{edit:?}") };
                Edit::replace(place.range(), edit.text.unwrap_or_else(|| new_name.to_owned()))
            });
            apply_edits(&opened.document.text(), edits.collect()).0
        }
        Err(problem) => format!("{problem:?}"),
    }
}

#[track_caller]
fn check(query: &str, new_name: &str, expected: Expect) {
    let text = renamed(&open(query), new_name);
    let is_problem = text.lines().count() == 1;
    let lines = text.lines().skip(if is_problem { 0 } else { 2 }).take_while(|line| !line.contains("Другой"));
    expected.assert_eq(&lines.map(str::trim).collect::<Vec<_>>().join("\n"));
}

#[test]
fn aliases_and_temporary_tables() {
    check(
        "ВЫБРАТЬ Т.Код, Т.Цена ИЗ Справочник.Товары КАК $0Т ГДЕ Т.Код = 1 ОБЪЕДИНИТЬ ВСЕ\nВЫБРАТЬ Т.Код, 1 ИЗ Справочник.Контрагенты КАК Т",
        "Товары",
        expect![[r#"
            Запрос.УстановитьПараметр("Дата", '20200101');
            Запрос.УстановитьПараметр("Склады", Новый Массив);
            Запрос.Текст = "ВЫБРАТЬ Товары.Код, Товары.Цена ИЗ Справочник.Товары КАК Товары ГДЕ Товары.Код = 1 ОБЪЕДИНИТЬ ВСЕ
            |ВЫБРАТЬ Т.Код, 1 ИЗ Справочник.Контрагенты КАК Т";"#]],
    );
    check(
        "ВЫБРАТЬ Т.Код ПОМЕСТИТЬ ВТ ИЗ Справочник.Товары КАК Т;\nВЫБРАТЬ В$0Т.Код ИЗ ВТ;\nУНИЧТОЖИТЬ ВТ",
        "Товары",
        expect![[r#"
            Запрос.УстановитьПараметр("Дата", '20200101');
            Запрос.УстановитьПараметр("Склады", Новый Массив);
            Запрос.Текст = "ВЫБРАТЬ Т.Код ПОМЕСТИТЬ Товары ИЗ Справочник.Товары КАК Т;
            |ВЫБРАТЬ Товары.Код ИЗ Товары;
            |УНИЧТОЖИТЬ Товары";"#]],
    );
    check(
        "SELECT T$0.Code FROM Catalog.Товары AS T ORDER BY T.Code",
        "Goods",
        expect![[r#"
        Запрос.УстановитьПараметр("Дата", '20200101');
        Запрос.УстановитьПараметр("Склады", Новый Массив);
        Запрос.Текст = "SELECT Goods.Code FROM Catalog.Товары AS Goods ORDER BY Goods.Code";"#]],
    );
    check(
        "ВЫБРАТЬ Т$0.Код ИЗ Справочник.Товары КАК Т, Справочник.Товары КАК Б",
        "б",
        expect![[r#"LocalExists("б")"#]],
    );
    check("ВЫБРАТЬ Т$0.Код ИЗ Справочник.Товары КАК Т", "ГДЕ", expect![[r#"Keyword("ГДЕ")"#]]);
}

#[test]
fn columns_of_temporary_tables() {
    check(
        "ВЫБРАТЬ Т.Код КАК Артикул ПОМЕСТИТЬ ВТ ИЗ Справочник.Товары КАК Т;\nВЫБРАТЬ ВТ.Арти$0кул, ВТ.Артикул КАК Б ИЗ ВТ КАК ВТ ГДЕ ВТ.Артикул = 1",
        "Номер",
        expect![[r#"
            Запрос.УстановитьПараметр("Дата", '20200101');
            Запрос.УстановитьПараметр("Склады", Новый Массив);
            Запрос.Текст = "ВЫБРАТЬ Т.Код КАК Номер ПОМЕСТИТЬ ВТ ИЗ Справочник.Товары КАК Т;
            |ВЫБРАТЬ ВТ.Номер КАК Артикул, ВТ.Номер КАК Б ИЗ ВТ КАК ВТ ГДЕ ВТ.Номер = 1";"#]],
    );
    check(
        "ВЫБРАТЬ Т.Код ПОМЕСТИТЬ ВТ ИЗ Справочник.Товары КАК Т;\nВЫБРАТЬ ВТ.К$0од КАК А ИЗ ВТ КАК ВТ",
        "Номер",
        expect![[r#"
            Запрос.УстановитьПараметр("Дата", '20200101');
            Запрос.УстановитьПараметр("Склады", Новый Массив);
            Запрос.Текст = "ВЫБРАТЬ Т.Код КАК Номер ПОМЕСТИТЬ ВТ ИЗ Справочник.Товары КАК Т;
            |ВЫБРАТЬ ВТ.Номер КАК А ИЗ ВТ КАК ВТ";"#]],
    );
    // The code reads the columns of the result.
    check("ВЫБРАТЬ Т.Код КАК Арти$0кул ИЗ Справочник.Товары КАК Т", "Номер", expect!["NothingToRename"]);
}

#[test]
fn parameters_on_both_sides() {
    check(
        "ВЫБРАТЬ 1 ИЗ Справочник.Товары КАК Т ГДЕ &Да$0та < &Дата И &Склады",
        "Начало",
        expect![[r#"
        Запрос.УстановитьПараметр("Начало", '20200101');
        Запрос.УстановитьПараметр("Склады", Новый Массив);
        Запрос.Текст = "ВЫБРАТЬ 1 ИЗ Справочник.Товары КАК Т ГДЕ &Начало < &Начало И &Склады";"#]],
    );
    check(
        "ВЫБРАТЬ 1 ИЗ Справочник.Товары КАК Т ГДЕ &Да$0та < &Дата И &Склады",
        "Склады",
        expect![[r#"LocalExists("Склады")"#]],
    );
    let opened = Opened::of_text(&with_code(
        "Function Read()
	Text = \"SELECT 1 FROM Catalog.Товары AS T WHERE T.Code = &Code\";
	Query = New Query(Text);
	Query.Parameters.Insert(\"Co$0de\", 1);
	Other = New Query(\"SELECT 1 FROM Catalog.Товары AS T WHERE T.Code = &Code\");
	Other.SetParameter(\"Code\", 1);
EndFunction
",
    ));
    expect![[r#"
        Function Read()
        	Text = "SELECT 1 FROM Catalog.Товары AS T WHERE T.Code = &Number";
        	Query = New Query(Text);
        	Query.Parameters.Insert("Number", 1);
        	Other = New Query("SELECT 1 FROM Catalog.Товары AS T WHERE T.Code = &Code");
        	Other.SetParameter("Code", 1);
        EndFunction
    "#]]
    .assert_eq(&renamed(&opened, "Number"));
}

#[test]
fn places_of_names() {
    let opened = open("ВЫБРАТЬ Т.Код КАК Код ИЗ Справочник.Товары КАК $0Т ГДЕ Т.Код = &Дата");
    let found = query_highlights(opened.document(), opened.offset).unwrap_or_default();
    let kinds: Vec<_> = found.iter().map(|highlight| highlight.kind).collect();
    assert_eq!(kinds, [HighlightKind::Read, HighlightKind::Write, HighlightKind::Read]);
    let count = |with_declaration| {
        let found = references(opened.document(), &opened.search(), opened.offset, with_declaration);
        found.map_or(0, |found| found.found.len())
    };
    assert_eq!((count(true), count(false)), (3, 2));
    let target = prepare_project_rename(opened.document(), opened.offset).map(|found| found.name);
    assert_eq!(target, Ok("Т".to_owned()));
}

#[test]
fn code_is_no_query() {
    let opened = Opened::of_text(&with_code("Процедура П()\n\tА = \"Просто$0 текст\";\nКонецПроцедуры\n"));
    assert!(query_highlights(opened.document(), opened.offset).is_none());
}
