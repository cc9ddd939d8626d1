//! Growing selections, one per line.

use base::TextRange;
use expect_test::{Expect, expect};
use syntax::Document;

use crate::selection_ranges;
use crate::tests::{visible, with_cursor};

#[track_caller]
fn check(fixture: &str, expected: Expect) {
    let (document, offset) = with_cursor(fixture);
    let text = document.text();
    let ranges = selection_ranges(&document, offset);
    assert!(ranges.windows(2).all(|pair| pair[1].contains(pair[0]) && pair[0] != pair[1]));
    let lines = ranges.iter().map(|range| format!("{}\n", visible(range.slice(&text))));
    expected.assert_eq(&lines.collect::<String>());
}

#[test]
fn from_a_word_to_the_module() {
    check(
        "#Область О\n// Делает.\nПроцедура А()\n\tЕсли Б Тогда\n\t\tВ(1, Г$0 + 2);\n\t\tД();\n\tИначе\n\t\tЕ();\n\tКонецЕсли;\nКонецПроцедуры\n#КонецОбласти\n",
        expect![[r#"
            Г
            Г + 2
            1, Г + 2
            (1, Г + 2)
            В(1, Г + 2)
            В(1, Г + 2);
            В(1, Г + 2);\n\t\tД();
            Если Б Тогда\n\t\tВ(1, Г + 2);\n\t\tД();
            Если Б Тогда\n\t\tВ(1, Г + 2);\n\t\tД();\n\tИначе\n\t\tЕ();\n\tКонецЕсли
            Если Б Тогда\n\t\tВ(1, Г + 2);\n\t\tД();\n\tИначе\n\t\tЕ();\n\tКонецЕсли;
            Процедура А()\n\tЕсли Б Тогда\n\t\tВ(1, Г + 2);\n\t\tД();\n\tИначе\n\t\tЕ();\n\tКонецЕсли;\nКонецПроцедуры
            // Делает.\nПроцедура А()\n\tЕсли Б Тогда\n\t\tВ(1, Г + 2);\n\t\tД();\n\tИначе\n\t\tЕ();\n\tКонецЕсли;\nКонецПроцедуры
            #Область О\n// Делает.\nПроцедура А()\n\tЕсли Б Тогда\n\t\tВ(1, Г + 2);\n\t\tД();\n\tИначе\n\t\tЕ();\n\tКонецЕсли;\nКонецПроцедуры\n#КонецОбласти
            #Область О\n// Делает.\nПроцедура А()\n\tЕсли Б Тогда\n\t\tВ(1, Г + 2);\n\t\tД();\n\tИначе\n\t\tЕ();\n\tКонецЕсли;\nКонецПроцедуры\n#КонецОбласти\n
        "#]],
    );
}

#[test]
fn literals_grow_from_word_to_quotes() {
    check(
        "А = \"ВЫБРАТЬ\n\t|  По$0ле ИЗ Т\";",
        expect![[r#"
        Поле
          Поле ИЗ Т
        ВЫБРАТЬ\n\t|  Поле ИЗ Т
        "ВЫБРАТЬ\n\t|  Поле ИЗ Т"
        А = "ВЫБРАТЬ\n\t|  Поле ИЗ Т"
        А = "ВЫБРАТЬ\n\t|  Поле ИЗ Т";
    "#]],
    );
    check(
        "А = \"од$0ин два\" + 1;",
        expect![[r#"
        один
        один два
        "один два"
        "один два" + 1
        А = "один два" + 1
        А = "один два" + 1;
    "#]],
    );
    check(
        "А = \"$0",
        expect![[r#"
        "
        А = "
    "#]],
    );
}

#[test]
fn comments_belong_to_their_method() {
    check(
        "А();\n// раз\n// дв$0а три\nProcedure B()\nEndProcedure",
        expect![[r#"
        два
        // два три
        // раз\n// два три
        // раз\n// два три\nProcedure B()\nEndProcedure
        А();\n// раз\n// два три\nProcedure B()\nEndProcedure
    "#]],
    );
}

#[test]
fn blanks_select_the_block_around() {
    check(
        "Пока А Цикл\r\n\tБ();\r\n$0\r\n\tВ();\r\nКонецЦикла",
        expect![[r#"
        Б();\r\n\r\n\tВ();
        Пока А Цикл\r\n\tБ();\r\n\r\n\tВ();\r\nКонецЦикла
    "#]],
    );
}

#[test]
fn an_empty_module_is_one_empty_range() {
    assert_eq!(selection_ranges(&Document::new(""), 0), [TextRange::empty(0)]);
    assert_eq!(selection_ranges(&Document::new("А"), 90), [TextRange::new(0, 2)]);
}
