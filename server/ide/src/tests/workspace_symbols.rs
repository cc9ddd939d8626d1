//! Names of a project found by what somebody types.

use base::CancelToken;
use expect_test::{Expect, expect};
use semantics::testing::TestProject;

use crate::{SymbolIndex, workspace_symbols};

#[track_caller]
fn check(project: &TestProject, query: &str, expected: Expect) {
    let index = SymbolIndex::new(&project.project);
    let found = workspace_symbols(&project.project, &index, &[], query, &CancelToken::new());
    let line = |it: &crate::WorkspaceSymbol| format!("{:?} {} | {}\n", it.kind, it.name, it.container);
    expected.assert_eq(&found.iter().take(8).map(line).collect::<String>());
    // Open modules are searched anew and replace what the index knows of them.
    let open: Vec<_> = project.project.modules().map(|module| module.id).collect();
    let again = workspace_symbols(&project.project, &index, &open, query, &CancelToken::new());
    assert_eq!(again, found);
}

#[test]
fn better_names_come_first() {
    let demo = TestProject::of_fixtures("demo/designer");
    check(
        &demo,
        "ПересчетЦен",
        expect![[r#"
        Procedure ПересчетЦен | СобытияТорговли
        Object(ScheduledJob) ПересчетЦен | РегламентноеЗадание
    "#]],
    );
    check(
        &demo,
        "заказпок",
        expect![[r#"
        Object(Document) ЗаказПокупателя | Документ
    "#]],
    );
    check(
        &demo,
        "НПШ",
        expect![[r#"
        Function НайтиПоШтрихкоду | Справочник.Номенклатура
    "#]],
    );
    check(
        &demo,
        "ПродажиСервер.К",
        expect![[r#"
        Function ОборотКонтрагента | ПродажиСервер
        Function ПроцентСкидки | ПродажиСервер
        Function ОстаткиТоваров | ПродажиСервер
        Function НехваткаТоваров | ПродажиСервер
        Function ПоследниеЗаказы | ПродажиСервер
        Procedure РаспределитьСкидку | ПродажиСервер
        Function ПересчитатьЦеныЗаказа | ПродажиСервер
        Procedure ЗаполнитьОстаткиВСтроках | ПродажиСервер
    "#]],
    );
    check(
        &demo,
        "ФормаСписка",
        expect![[r#"
        Form ФормаСписка | Справочник.Номенклатура
        Form ФормаСписка | Документ.ЗаказПокупателя
    "#]],
    );
    check(&demo, "ъъъ", expect![[""]]);
}

#[test]
fn both_languages_and_scripts() {
    check(
        &TestProject::of_fixtures("demo-en"),
        "order",
        expect![[r#"
        CommonModule OrderServer | ОбщийМодуль
        CommonModule OrderClientServer | ОбщийМодуль
        Object(Document) SalesOrder | Документ
        Procedure LogOrderError | OrderServer
        Function StockForOrder | OrderServer
    "#]],
    );
    check(
        &TestProject::of_fixtures("os"),
        "протокол",
        expect![[r#"
        Variable Протокол | Прайс
        Class ЗаписьПротокола | 
    "#]],
    );
}
