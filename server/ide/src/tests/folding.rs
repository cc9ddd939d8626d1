//! Folds with their first and last lines.

use base::CancelToken;
use expect_test::{Expect, expect};
use syntax::Document;

use crate::folding_ranges;
use crate::tests::visible;

#[track_caller]
fn check(text: &str, expected: Expect) {
    let document = Document::new(text);
    let line = |offset: u32| document.rope().byte_to_line(offset as usize);
    let folds = folding_ranges(&document, &CancelToken::new());
    let to_text = |fold: &crate::Fold| {
        let (first, last) = (line(fold.range.start), line(fold.range.end));
        let end = visible(fold.range.slice(text).lines().last().unwrap_or_default());
        format!("{first}-{last} {:?} …{}\n", fold.kind, end.trim())
    };
    expected.assert_eq(&folds.iter().map(to_text).collect::<String>());
}

#[test]
fn branches_end_before_the_next_keyword() {
    check(
        "Если А Тогда\n\tБ();\n// c\nИначеЕсли В Тогда\n\tГ();\nElse\n\tД();\nКонецЕсли;\nПопытка\n\tА();\nИсключение\n\tБ();\nКонецПопытки;\nIf A Then\n\tB();\nEndIf;\nЕсли А Тогда\nИначе\nКонецЕсли",
        expect![[r#"
            0-2 Code …// c
            3-4 Code …\tГ();
            5-6 Code …\tД();
            8-9 Code …\tА();
            10-11 Code …\tБ();
            13-15 Code …EndIf
        "#]],
    );
}

#[test]
fn methods_regions_and_comments() {
    check(
        "// Раз\n// Два\n&НаКлиенте\nПроцедура А(Знач Б,\n\tВ)\n\n\tДля Сч = 1 По 2 Цикл\n\t\tПока Истина Цикл\n\t\tКонецЦикла;\n\tКонецЦикла;\n\t// одна\n\tА = 1; // не отдельно\n\t// две\nКонецПроцедуры\n#Область О\n\n#КонецОбласти\n#Область Незакрытая",
        expect![[r#"
            0-1 Comment …// Два
            3-13 Code …КонецПроцедуры
            6-9 Code …\tКонецЦикла
            7-8 Code …\t\tКонецЦикла
            14-16 Region …#КонецОбласти
        "#]],
    );
}

#[test]
fn literals_and_arguments_over_several_lines() {
    check(
        "А = \"ВЫБРАТЬ\n\t|  1\n\t|\";\nБ(\n\tВ,\n\tГ(1,\n\t\t2)\n);\nД(Е(1,\n\t2));",
        expect![[r#"
            0-2 Code …\t|"
            3-7 Code …)
            5-6 Code …\t\t2)
            8-9 Code …\t2))
        "#]],
    );
}

#[test]
fn conditions_of_the_preprocessor() {
    check(
        "#Если Сервер Тогда\nА();\n#Иначе\nБ();\n#КонецЕсли\n#If Client Then\r#EndIf\r#Вставка\r\n#КонецВставки\r\n#Удаление\nмёртвое\n#КонецУдаления",
        expect![[r#"
            0-1 Code …А();
            2-3 Code …Б();
            5-6 Code …#If Client Then\r#EndIf
            7-8 Code …#КонецВставки
            9-11 Code …#КонецУдаления
        "#]],
    );
}

#[test]
fn broken_code_folds_what_is_whole() {
    check(
        "Процедура А()\n\tЕсли Б Тогда\n\t\tВ();\n\tИначе\n\t\tГ(\nКонецПроцедуры",
        expect![[r#"
        0-5 Code …КонецПроцедуры
        1-2 Code …\t\tВ();
    "#]],
    );
    check("", expect![]);
}
