//! New names shown in the text, and names that change together.

use base::{Locale, apply_edits};
use expect_test::{Expect, expect};

use crate::tests::with_cursor;
use crate::{RenameKind, linked_editing_ranges, prepare_rename, rename_local};

#[track_caller]
fn check(fixture: &str, new_name: &str, kind: RenameKind, expected: Expect) {
    let (document, offset) = with_cursor(fixture);
    let target = prepare_rename(&document, offset).expect("something can be renamed");
    assert_eq!(target.kind, kind);
    assert_eq!(document.slice(target.range), target.name);
    let edits = rename_local(&document, offset, new_name).expect("the name fits");
    expected.assert_eq(&apply_edits(&document.text(), edits).0);
}

#[track_caller]
fn check_refused(fixture: &str, new_name: &str, message_ru: &str, message_en: &str) {
    let (document, offset) = with_cursor(fixture);
    let problem = rename_local(&document, offset, new_name).expect_err("the name does not fit");
    assert_eq!([problem.message(Locale::Ru), problem.message(Locale::En)], [message_ru, message_en]);
}

#[test]
fn names_of_a_method() {
    check(
        "Перем А;\nПроцедура П(А$0)\n\tБ = а + В.А + А();\nКонецПроцедуры\nПроцедура Р() А = 1; КонецПроцедуры",
        "Новое",
        RenameKind::Local,
        expect![[r#"
            Перем А;
            Процедура П(Новое)
            	Б = Новое + В.А + А();
            КонецПроцедуры
            Процедура Р() А = 1; КонецПроцедуры"#]],
    );
    check(
        "Procedure P()\n\tGoto ~A$0;\n\t~a: B();\nEndProcedure\nProcedure Q() ~A: EndProcedure",
        "C",
        RenameKind::Label,
        expect![[r#"
            Procedure P()
            	Goto ~C;
            	~C: B();
            EndProcedure
            Procedure Q() ~A: EndProcedure"#]],
    );
    check(
        "А = 1; Б = А$0;\nПроцедура П() А = 2; КонецПроцедуры",
        "В",
        RenameKind::Local,
        expect![[r#"
        В = 1; Б = В;
        Процедура П() А = 2; КонецПроцедуры"#]],
    );
}

#[test]
fn names_of_the_module() {
    check(
        "Перем Кэш;\nПроцедура П()\n\tкэш$0 = Кэш + 1;\nКонецПроцедуры\nПроцедура Р(Кэш) Кэш = 1; КонецПроцедуры\nКэш = 0;",
        "Данные",
        RenameKind::Variable,
        expect![[r#"
            Перем Данные;
            Процедура П()
            	Данные = Данные + 1;
            КонецПроцедуры
            Процедура Р(Кэш) Кэш = 1; КонецПроцедуры
            Данные = 0;"#]],
    );
    check(
        "&НаКлиенте\nПроцедура Готово(А, Б)\nКонецПроцедуры\nПроцедура П()\n\tГотово$0(1, Готово);\n\tО = Новый ОписаниеОповещения(\"готово\", ЭтотОбъект);\n\tПодключитьОбработчикОжидания(\"Готово\", 1);\n\tСообщить(\"Готово\");\n\tА.Готово();\nКонецПроцедуры",
        "Завершено",
        RenameKind::Method,
        expect![[r#"
            &НаКлиенте
            Процедура Завершено(А, Б)
            КонецПроцедуры
            Процедура П()
            	Завершено(1, Готово);
            	О = Новый ОписаниеОповещения("Завершено", ЭтотОбъект);
            	ПодключитьОбработчикОжидания("Завершено", 1);
            	Сообщить("Готово");
            	А.Готово();
            КонецПроцедуры"#]],
    );
}

#[test]
fn names_that_the_module_does_not_decide_about() {
    for fixture in
        ["Сообщить$0(1);", "А.Б$0 = 1;", "Процедура П() А = Объект$0; КонецПроцедуры", "Если$0 А Тогда", "$0"]
    {
        let (document, offset) = with_cursor(fixture);
        assert_eq!(prepare_rename(&document, offset), None, "{fixture}");
    }
    let (document, offset) = with_cursor("Функция Ф$0() Экспорт\nКонецФункции");
    assert!(prepare_rename(&document, offset).is_some_and(|target| target.is_export));
}

#[test]
fn new_names_have_to_fit() {
    let module = "Перем М;\nПроцедура П(А$0)\n\tБ = А + М;\nКонецПроцедуры";
    check_refused(
        module,
        "1А",
        "«1А» не может быть именем: нужны буквы, цифры и «_», первой — не цифра",
        "\"1А\" is no name: letters, digits and \"_\" are allowed, a digit cannot be first",
    );
    check_refused(module, "если", "«если» — ключевое слово языка", "\"если\" is a keyword of the language");
    check_refused(module, "б", "в методе уже есть переменная «б»", "the method already has a variable \"б\"");
    check_refused(module, "М", "в методе уже есть переменная «М»", "the method already has a variable \"М\"");
    check_refused(module, "п", "в модуле уже есть метод «п»", "the module already has a method \"п\"");
    check_refused(
        "Перем А$0;\nПроцедура П() Б = 1; КонецПроцедуры",
        "Б",
        "в методе уже есть переменная «Б»",
        "the method already has a variable \"Б\"",
    );
    check_refused(
        "Перем Б;\nПроцедура П$0() КонецПроцедуры",
        "Б",
        "в модуле уже есть переменная «Б»",
        "the module already has a variable \"Б\"",
    );
    check_refused(
        "~А$0: Б(); ~В: Г();",
        "В",
        "в методе уже есть метка «В»",
        "the method already has a label \"В\"",
    );
    check_refused("А.Б$0();", "В", "здесь нечего переименовать", "nothing here can be renamed");
}

#[test]
fn local_names_change_while_typing() {
    let linked = |fixture: &str| {
        let (document, offset) = with_cursor(fixture);
        let ranges = linked_editing_ranges(&document, offset);
        ranges.iter().map(|range| (range.start, document.slice(*range))).collect::<Vec<_>>()
    };
    let found = linked("Перем М;\n\nProcedure P(Name$0)\n\tM = name;\n\tA.Name = Name;\nEndProcedure");
    assert_eq!(found.len(), 3);
    assert!(found.iter().all(|(_, name)| base::same_name(name, "Name")));
    for fixture in [
        "Перем М;\nПроцедура П()\n\tМ$0 = М + 1;\nКонецПроцедуры",
        "Процедура П()\n\tА = Б$0 + Б;\nКонецПроцедуры",
        "Процедура П(А$0)\nКонецПроцедуры",
        "А = 1; А$0 = 2;",
        "Процедура П() А.Б$0 = Б; КонецПроцедуры",
        "$0",
    ] {
        assert_eq!(linked(fixture), [], "{fixture}");
    }
}
