//! Texts before and after formatting, as a whole and while typing.

use base::{CancelToken, TextRange, apply_edits};
use expect_test::{Expect, expect};
use syntax::Document;

use crate::tests::{visible, with_cursor};
use crate::{FormatOptions, Indent, format, format_on_type};

pub(crate) const TABS: FormatOptions = FormatOptions {
    indent: Indent::Tab,
    canonical_keywords: true,
    upper_case_operators: true,
    trim_trailing_whitespace: true,
    insert_final_newline: false,
};

pub(crate) const SPACES: FormatOptions = FormatOptions {
    indent: Indent::Spaces(4),
    canonical_keywords: false,
    upper_case_operators: false,
    insert_final_newline: true,
    ..TABS
};

fn formatted(text: &str, options: &FormatOptions) -> String {
    let edits = format(&Document::new(text), None, options, &CancelToken::new());
    let (result, skipped) = apply_edits(text, edits);
    assert!(skipped.is_empty(), "edits overlap");
    result
}

#[track_caller]
fn check(text: &str, expected: Expect) {
    let result = formatted(text, &TABS);
    expected.assert_eq(&result);
    assert_eq!(formatted(&result, &TABS), result, "formatting again changes the text");
}

#[track_caller]
fn check_spaces(text: &str, expected: Expect) {
    let result = formatted(text, &SPACES);
    expected.assert_eq(&visible(&result));
    assert_eq!(formatted(&result, &SPACES), result, "formatting again changes the text");
}

/// Types the character before the cursor.
#[track_caller]
fn check_typed(fixture: &str, expected: Expect) {
    let (document, offset) = with_cursor(fixture);
    let text = document.text();
    let typed = text[..offset as usize].trim_end_matches([' ', '\t']).chars().next_back();
    let typed = typed.expect("invariant: something was typed");
    let (result, skipped) = apply_edits(&text, format_on_type(&document, offset, typed, &TABS));
    assert!(skipped.is_empty(), "edits overlap");
    expected.assert_eq(&visible(&result));
}

#[test]
fn blocks_are_indented() {
    check(
        "&НаСервере\n  функция А(знач Б=1)экспорт\nперем В;\n // c\nесли Б=1 и не В тогда\nА(1);  \n\n  \nиначеесли В тогда\nДля каждого Г Из Д цикл\nПрервать ;\nКонецЦикла;\n// тело\n\tиначе\nпопытка\nВ();\nисключение\nвызватьИсключение;\nконецпопытки\nконецЕсли\n;\nВозврат Б;\nКонецФункции\n  А();",
        expect![[r#"
            &НаСервере
            Функция А(Знач Б = 1) Экспорт
            	Перем В;
            	// c
            	Если Б = 1 И НЕ В Тогда
            		А(1);


            	ИначеЕсли В Тогда
            		Для каждого Г Из Д Цикл
            			Прервать;
            		КонецЦикла;
            		// тело
            	Иначе
            		Попытка
            			В();
            		Исключение
            			ВызватьИсключение;
            		КонецПопытки
            	КонецЕсли
            	;
            	Возврат Б;
            КонецФункции
            А();"#]],
    );
    check(
        "procedure A() if B Then\nC();D();\nEndIf\nEndProcedure",
        expect![[r#"
        Procedure A() If B Then
        		C(); D();
        	EndIf
        EndProcedure"#]],
    );
}

#[test]
fn one_blank_around_operators_and_none_inside_parentheses() {
    check(
        "А=-1+( Б-В )*Г [ 1 ] . Д ( , Е,-Ж,);А  =  Б<>В И НЕ(Г);\nВ=?( А,Б ,В);Г=Новый Структура (\"А\" , 1);\nВозврат(А);ВызватьИсключение(А);~ М : Перейти ~ М;\nА = \"а  б\" \"в\"   ; // хвост  \nБ();// без пробела\nВ = 1%2/3;\nГ(,,  , Д);",
        expect![[r#"
            А = -1 + (Б - В) * Г[1].Д(, Е, -Ж,); А = Б <> В И НЕ (Г);
            В = ?(А, Б, В); Г = Новый Структура("А", 1);
            Возврат (А); ВызватьИсключение(А); ~М: Перейти ~М;
            А = "а  б" "в"; // хвост  
            Б(); // без пробела
            В = 1 % 2 / 3;
            Г(,, , Д);"#]],
    );
}

#[test]
fn continued_lines_move_with_their_statement() {
    check(
        "Процедура А()\nТекст = \"ВЫБРАТЬ\n       |  Поле\n|ИЗ\n   |  Т\";\n  Если А\n    И Б\n  Тогда\n    В(1,\n      2);\n  КонецЕсли;\nКонецПроцедуры",
        expect![[r#"
            Процедура А()
            	Текст = "ВЫБРАТЬ
            	       |  Поле
            	|ИЗ
            	   |  Т";
            	Если А
            	  И Б
            	Тогда
            		В(1,
            		  2);
            	КонецЕсли;
            КонецПроцедуры"#]],
    );
    check_spaces(
        "Процедура А(Б,\n\t\tВ)\n\tД(1,\n\t\t2,\n\t  3);\nКонецПроцедуры",
        expect![[r#"Процедура А(Б,\n        В)\n    Д(1,\n        2,\n      3);\nКонецПроцедуры\n"#]],
    );
}

#[test]
fn comments_keep_to_the_code_they_describe() {
    check(
        "Если А Тогда\n    // первая\n    Б();\n// о ветке\nИначе\n  // последняя\n  В(1, // почему\n    // ещё\n    2);\n// в конце\nКонецЕсли;\n  // снаружи",
        expect![[r#"
            Если А Тогда
            	// первая
            	Б();
            // о ветке
            Иначе
            	// последняя
            	В(1, // почему
            	  // ещё
            	  2);
            	// в конце
            КонецЕсли;
            // снаружи"#]],
    );
}

#[test]
fn directives_stay_at_the_margin_or_follow_the_code() {
    check(
        "  #Область О\nПроцедура А()\n#Если Сервер Тогда\nБ();\n  #Иначе\nВ();\n #КонецЕсли  \n  #Удаление\nа=1;\n  #КонецУдаления\nКонецПроцедуры\n#КонецОбласти",
        expect![[r#"
            #Область О
            Процедура А()
            #Если Сервер Тогда
            	Б();
            	#Иначе
            	В();
            	#КонецЕсли
              #Удаление
            а=1;
              #КонецУдаления
            КонецПроцедуры
            #КонецОбласти"#]],
    );
}

#[test]
fn line_ends_stay() {
    check_spaces(
        "\r\n  Если А Тогда  \r\n\t\r\nБ();\rВ();\nКонецЕсли; ",
        expect![[r#"\r\nЕсли А Тогда\r\n\r\n    Б();\r    В();\nКонецЕсли;\r\n"#]],
    );
    check_spaces(
        "А = \"б  \r  |в  \r\r|г\";\r// x  \rГ();",
        expect![[r#"А = "б  \r  |в  \r\r|г";\r// x  \rГ();\r"#]],
    );
    check_spaces("", expect![]);
    check_spaces(" \n ", expect![[r#"\n"#]]);
    check_spaces("\u{a0}А = 1;\u{a0}\n\u{c}\n  Б  =  1", expect![[r#" А = 1; \n\n  Б = 1\n"#]]);
}

#[test]
fn broken_statements_stay_as_they_are() {
    check(
        "Процедура А()\nБ=1;\n В  =  ( 1;\n   Г  =  =  2;\nД=3;\nЕсли  Е\nЖ=1;\nКонецЕсли;\nКонецПроцедуры",
        expect![[r#"
            Процедура А()
            	Б = 1;
             В  =  ( 1;
               Г  =  =  2;
            	Д = 3;
            Если  Е
            		Ж = 1;
            	КонецЕсли;
            КонецПроцедуры"#]],
    );
    check(
        "Процедура А()\nЕсли Б=1 Тогда\nВ();\nКонецПроцедуры\nПроцедура Г()\nД();\nКонецПроцедуры",
        expect![[r#"
        Процедура А()
        Если Б=1 Тогда
        В();
        КонецПроцедуры
        Процедура Г()
        	Д();
        КонецПроцедуры"#]],
    );
    check("Для А=1 По 2 Цикл\nБ(1 ,2);", expect![["Для А=1 По 2 Цикл\nБ(1 ,2);"]]);
    check(
        "А=1\nБ=2;\n  В=3;",
        expect![[r#"
            А=1
            Б = 2;
            В = 3;"#]],
    );
}

#[test]
fn only_the_asked_lines_change() {
    let text = "Если А Тогда\nБ=1;\nВ=2;\nГ=Д(\n1);\nКонецЕсли;";
    let start = text.find('В').expect("invariant: the text has that name");
    let range = TextRange::from(start..text.find('1').map_or(0, |_| text.rfind("1)").unwrap_or_default()));
    let edits = format(&Document::new(text), Some(range), &TABS, &CancelToken::new());
    expect![[r#"
        Если А Тогда
        Б=1;
        	В = 2;
        	Г = Д(
        1);
        КонецЕсли;"#]]
    .assert_eq(&apply_edits(text, edits).0);
}

#[test]
fn a_semicolon_formats_its_statement() {
    check_typed(
        "Если А Тогда\nБ=1;\nВ=Г(1,\n\t2);$0\nКонецЕсли;",
        expect![[r#"Если А Тогда\nБ=1;\n\tВ = Г(1,\n\t\t2);\nКонецЕсли;"#]],
    );
    check_typed("Если А=1 Тогда\nБ=1;\n  конецесли;$0", expect![[r#"Если А=1 Тогда\nБ=1;\nКонецЕсли;"#]]);
    check_typed("А=1 ;$0 Б=2", expect!["А = 1; Б = 2"]);
    check_typed("А = \"x;$0", expect![[r#"А = "x;"#]]);
}

#[test]
fn a_new_line_gets_its_indent() {
    check_typed("\tЕсли А Тогда\n$0", expect![[r#"\tЕсли А Тогда\n\t\t"#]]);
    check_typed("\tIf A\n\t\tAnd B Then\n  $0", expect![[r#"\tIf A\n\t\tAnd B Then\n\t\t"#]]);
    check_typed(
        "Процедура А(Б = 1,\n\tВ = (1)) Экспорт\r\n$0\r\nКонецПроцедуры",
        expect![[r#"Процедура А(Б = 1,\n\tВ = (1)) Экспорт\r\n\t\r\nКонецПроцедуры"#]],
    );
    check_typed(
        "\tЕсли А Тогда\n\t\tБ();\n\t\tКонецЕсли;\n$0",
        expect![[r#"\tЕсли А Тогда\n\t\tБ();\n\tКонецЕсли;\n\t"#]],
    );
    check_typed("Попытка\n\tА();\n\tИсключение\n$0", expect![[r#"Попытка\n\tА();\nИсключение\n\t"#]]);
    check_typed("\tА = Б(1,\n\t\t2);\n$0", expect![[r#"\tА = Б(1,\n\t\t2);\n\t"#]]);
    check_typed("\tА = Б(1,\n\t\t$0", expect![[r#"\tА = Б(1,\n\t\t"#]]);
    check_typed("Пока А Цикл\n$0КонецЦикла;", expect![[r#"Пока А Цикл\nКонецЦикла;"#]]);
    check_typed("\tА = \"б\n\t|в\n$0\n\t|\";", expect![[r#"\tА = "б\n\t|в\n\n\t|";"#]]);
}
