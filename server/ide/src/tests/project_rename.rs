//! New names across a project, and why some are refused.

use base::Locale;
use expect_test::{Expect, expect};

use crate::tests::project::Opened;
use crate::{prepare_project_rename, rename_in_project};

#[track_caller]
fn check(opened: &Opened, new_name: &str, expected: Expect) {
    let target = prepare_project_rename(opened.document(), opened.offset).expect("it can be renamed");
    assert_eq!(opened.document.slice(target.range), target.name);
    let edits = rename_in_project(opened.document(), &opened.search(), opened.offset, new_name);
    let edits = edits.expect("the name fits");
    let lines = edits.iter().map(|edit| format!("{:?} {}\n", edit.kind, opened.show(&edit.location)));
    expected.assert_eq(&lines.collect::<String>());
}

#[track_caller]
fn check_refused(fixture: &str, new_name: &str, expected: Expect) {
    let opened = Opened::of_text(fixture);
    let edits = rename_in_project(opened.document(), &opened.search(), opened.offset, new_name);
    let problem = edits.expect_err("it is refused");
    expected.assert_eq(&[problem.message(Locale::Ru), problem.message(Locale::En)].join("\n"));
}

#[test]
fn methods_with_everything_that_names_them() {
    check(
        &Opened::of_fixtures(
            "demo/designer",
            "CommonModules/СобытияТорговли/Ext/Module.bsl",
            "Процедура ПересчетЦен",
        ),
        "ПересчитатьЦены",
        expect![[r#"
            Code demo/designer/CommonModules/СобытияТорговли:29 ПересчетЦен | Процедура ПересчетЦен() Экспорт
            Metadata demo/designer/ScheduledJobs/ПересчетЦен.xml ПересчетЦен
        "#]],
    );
    check(
        &Opened::of_text(
            r#"
//- /metadata
CommonModule.Общий
CommonModule.Другой
//- /CommonModules/Общий/Ext/Module.bsl
Процедура Готово(А, Б) Экспорт
КонецПроцедуры
//- /CommonModules/Другой/Ext/Module.bsl
// См. Общий.Готово.
Процедура П()
    Общий.Готово$0(1, 2);
    О = Новый ОписаниеОповещения("Готово", Общий);
    Имя = "Общий.Готово";
КонецПроцедуры
"#,
        ),
        "Завершено",
        expect![[r#"
            Comment CommonModules/Другой:1 Готово | // См. Общий.Готово.
            Code CommonModules/Другой:3 Готово | Общий.Готово(1, 2);
            Literal CommonModules/Другой:4 Готово | О = Новый ОписаниеОповещения("Готово", Общий);
            Literal CommonModules/Другой:5 Готово | Имя = "Общий.Готово";
            Code CommonModules/Общий:1 Готово | Процедура Готово(А, Б) Экспорт
        "#]],
    );
}

#[test]
fn locals_and_variables() {
    check(
        &Opened::of_text("Процедура П(А)\n    Б = А$0 + 1;\nКонецПроцедуры"),
        "В",
        expect![[r#"
        Code CommonModules/Тест:1 А | Процедура П(А)
        Code CommonModules/Тест:2 А | Б = А + 1;
    "#]],
    );
    check(
        &Opened::of_text("Перем А;\nПроцедура П()\n    А$0 = А + 1;\nКонецПроцедуры"),
        "Кэш",
        expect![[r#"
            Code CommonModules/Тест:1 А | Перем А;
            Code CommonModules/Тест:3 А | А = А + 1;
            Code CommonModules/Тест:3 А | А = А + 1;
        "#]],
    );
}

#[test]
fn what_cannot_be_renamed() {
    check_refused(
        "Процедура П()\n    Сообщить$0(1);\nКонецПроцедуры",
        "Б",
        expect![[r#"
        «Сообщить» — имя из платформы, его нельзя изменить
        "Сообщить" is a name of the platform and cannot be changed"#]],
    );
    check_refused(
        "Процедура П()\n    Справочники$0.Найти(1);\nКонецПроцедуры",
        "Б",
        expect![[r#"
        «Справочники» — имя из платформы, его нельзя изменить
        "Справочники" is a name of the platform and cannot be changed"#]],
    );
    check_refused(
        "Процедура П()\n    Тест$0.П();\nКонецПроцедуры",
        "Б",
        expect![[r#"
        «Тест» — имя из метаданных; его меняют в конфигураторе или EDT
        "Тест" is a name of the metadata; change it in the Designer or EDT"#]],
    );
    check_refused(
        "Процедура П()\n    С = Новый Структура(\"А\", 1);\n    С.А$0 = 1;\nКонецПроцедуры",
        "Б",
        expect![[r#"
            «А» нигде не объявлено: это ключ структуры или колонка
            "А" is declared nowhere: it is a key of a structure or a column"#]],
    );
    check_refused(
        "//- /Catalogs/Товары/Ext/ObjectModule.bsl\nПроцедура ПриЗаписи$0(Отказ)\nКонецПроцедуры",
        "Б",
        expect![[r#"
            «ПриЗаписи» — обработчик события: платформа ищет его по этому имени
            "ПриЗаписи" handles an event: the platform looks for it by this name"#]],
    );
    check_refused(
        "Процедура П$0()\nКонецПроцедуры",
        "Если",
        expect![[r#"
        «Если» — ключевое слово языка
        "Если" is a keyword of the language"#]],
    );
    check_refused(
        "Процедура П$0()\nКонецПроцедуры",
        "1А",
        expect![[r#"
        «1А» не может быть именем: нужны буквы, цифры и «_», первой — не цифра
        "1А" is no name: letters, digits and "_" are allowed, a digit cannot be first"#]],
    );
    check_refused(
        "Процедура П$0()\nКонецПроцедуры\nПроцедура Б()\nКонецПроцедуры",
        "б",
        expect![[r#"
        в модуле уже есть метод «б»
        the module already has a method "б""#]],
    );
    check_refused(
        r#"
//- /metadata
CommonModule.Везде global
CommonModule.Другой
//- /CommonModules/Везде/Ext/Module.bsl
Процедура Сделать$0() Экспорт
КонецПроцедуры
//- /CommonModules/Другой/Ext/Module.bsl
Процедура Свое()
    Сделать();
КонецПроцедуры
"#,
        "Свое",
        expect![[r#"
            метод «Свое» уже есть в модуле /CommonModules/Другой/Ext/Module.bsl, который вызывает переименуемый метод
            /CommonModules/Другой/Ext/Module.bsl, which calls the method, already has a method "Свое""#]],
    );
}
