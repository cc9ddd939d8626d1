//! Branches inverted, split, joined and turned into values; statements wrapped.

use expect_test::expect;

use crate::tests::refactor::{check, check_not_offered};

#[test]
fn branches_are_swapped() {
    check(
        "invertIf",
        "Если$0 А > 1 Тогда\n\t// раз\n\tБ();\nИначе // два\n\tВ();\nКонецЕсли;\n",
        expect![[r#"
            Если А <= 1 Тогда // два
            	В();
            Иначе
            	// раз
            	Б();
            КонецЕсли;
        "#]],
    );
    for (condition, negated) in [
        ("НЕ А", "А"),
        ("НЕ (А И Б)", "А И Б"),
        ("А И Б", "НЕ (А И Б)"),
        ("А", "НЕ А"),
        ("А.Б()", "НЕ А.Б()"),
        ("А = Б", "А <> Б"),
        ("А + 1 <= Б", "А + 1 > Б"),
        ("Ложь", "Истина"),
    ] {
        let module = |condition: &str, cursor: &str, [one, two]: [&str; 2]| {
            format!("Если {cursor}{condition} Тогда {one} Иначе {two} КонецЕсли")
        };
        let before = module(condition, "$0", ["Б();", "В();"]);
        let after = module(negated, "", ["В();", "Б();"]);
        let (document, selection) = super::with_selection(&before);
        let edit =
            crate::refactoring_edit(&document, selection, &crate::RefactorOptions::default(), "invertIf");
        let edits = edit.expect("the condition can be inverted").edits;
        assert_eq!(base::apply_edits(&document.text(), edits).0, after);
    }
    check_not_offered("invertIf", "Если$0 А Тогда Б(); КонецЕсли;");
    check_not_offered("invertIf", "Если А Тогда Б$0(); Иначе КонецЕсли;");
    check_not_offered("invertIf", "Если$0 А Тогда ИначеЕсли Б Тогда Иначе КонецЕсли;");
}

#[test]
fn a_condition_is_split_at_the_cursor() {
    check(
        "splitIf",
        "Процедура П()\n\tЕсли А И$0 Б\n\t\tИ В Тогда // да\n\t\tГ();\n\tКонецЕсли;\nКонецПроцедуры\n",
        expect![[r#"
            Процедура П()
            	Если А Тогда
            		Если Б
            		И В Тогда // да
            			Г();
            		КонецЕсли;
            	КонецЕсли;
            КонецПроцедуры
        "#]],
    );
    check_not_offered("splitIf", "Если А И$0 Б ИЛИ В Тогда Г(); КонецЕсли;");
    check_not_offered("splitIf", "Если А И$0 Б Тогда Г(); Иначе Д(); КонецЕсли;");
}

#[test]
fn nested_conditions_are_joined() {
    check(
        "joinIfs",
        "If$0 A Or B Then\n\tIf C Then\n\t\tD(); // yes\n\n\t\tE();\n\tEndIf;\nEndIf;\n",
        expect![[r#"
            If (A Or B) And C Then
            	D(); // yes

            	E();
            EndIf;
        "#]],
    );
    check_not_offered("joinIfs", "Если$0 А Тогда\n\t// зачем\n\tЕсли Б Тогда КонецЕсли;\nКонецЕсли;");
    check_not_offered("joinIfs", "Если$0 А Тогда\n\tЕсли Б Тогда КонецЕсли;\n\tВ();\nКонецЕсли;");
}

#[test]
fn a_choice_of_values_is_one_expression_and_back() {
    check(
        "ifToTernary",
        "Если$0 А Тогда\n\tБ.В = 1;\nИначе\n\tб.в = 2;\nКонецЕсли;\n",
        expect![[r#"
            Б.В = ?(А, 1, 2);
        "#]],
    );
    check(
        "ternaryToIf",
        "Процедура П()\n\tБ$0.В = ?(А И Г, 1, Ф(2));\nКонецПроцедуры\n",
        expect![[r#"
            Процедура П()
            	Если А И Г Тогда
            		Б.В = 1;
            	Иначе
            		Б.В = Ф(2);
            	КонецЕсли;
            КонецПроцедуры
        "#]],
    );
    check(
        "ternaryToIf",
        "Function F()\n    Return $0?(A, 1, 2);\nEndFunction\n",
        expect![[r#"
        Function F()
            If A Then
                Return 1;
            Else
                Return 2;
            EndIf;
        EndFunction
    "#]],
    );
    check_not_offered("ifToTernary", "Если$0 А Тогда\n\tБ = 1; // почему\nИначе\n\tБ = 2;\nКонецЕсли;");
    check_not_offered("ifToTernary", "Если$0 А Тогда\n\tБ = 1;\nИначе\n\tВ = 2;\nКонецЕсли;");
    check_not_offered("ternaryToIf", "А$0 = ?(Б, 1, 2) + 1;");
}

#[test]
fn statements_are_tried() {
    check(
        "wrapInTry",
        "Процедура П()\n\t«А();\n\tТ = \"раз\n\t|два\";»\nКонецПроцедуры\n",
        expect![[r#"
            Процедура П()
            	Попытка
            		А();
            		Т = "раз
            		|два";
            	Исключение
            		ВызватьИсключение;
            	КонецПопытки;
            КонецПроцедуры
        "#]],
    );
    check(
        "wrapInTry",
        "If A Then\r\n  B$0();\r\nEndIf;\r\n",
        expect![[r#"
            If A Then
              Try
                B();
              Except
                Raise;
              EndTry;
            EndIf;
        "#]],
    );
    check_not_offered("wrapInTry", "Процедура П()\n\t«Перем А;»\nКонецПроцедуры");
}
