//! Places and the words that fit there.

use base::TextRange;
use expect_test::{Expect, expect};

use crate::tests::{visible, with_cursor};
use crate::{CompletionPosition, KeywordItemKind, PositionKind, completion_position, keyword_items};

fn place(fixture: &str) -> (String, CompletionPosition) {
    let (document, offset) = with_cursor(fixture);
    (document.text(), completion_position(&document, offset))
}

/// The kind with the texts of its ranges.
fn kind_of(text: &str, position: &CompletionPosition) -> String {
    let shown = |name: &str, range: TextRange| format!("{name} «{}»", visible(range.slice(text)));
    match &position.kind {
        PositionKind::Member { receiver, node } => {
            let source = position.section.source();
            let has_node = node.is_some_and(|node| source.node_text(node) == receiver.slice(text));
            format!("{} {}", shown("Member", *receiver), if has_node { "node" } else { "tokens" })
        }
        PositionKind::String { literal } => shown("String", *literal),
        PositionKind::Query { literal } => shown("Query", *literal),
        other => format!("{other:?}"),
    }
}

/// One line per fixture.
#[track_caller]
fn check(fixtures: &[&str], expected: Expect) {
    let mut lines = String::new();
    for fixture in fixtures {
        let (text, position) = place(fixture);
        assert!(position.word.slice(&text).ends_with(&position.prefix));
        lines += &format!("{:40} {}", visible(fixture), kind_of(&text, &position));
        if let Some(call) = &position.call {
            let new = if call.is_new { "New " } else { "" };
            lines += &format!("; {new}{} #{}", visible(call.callee.slice(&text)), call.argument);
        }
        lines.push('\n');
    }
    expected.assert_eq(&lines);
}

/// Words in lines of some length.
fn wrapped(words: &[String]) -> String {
    let mut text = String::new();
    let mut width = 0;
    for word in words {
        let separator = if width > 70 { "\n" } else { " " };
        width = if width > 70 { 0 } else { width } + word.chars().count() + 1;
        text += if text.is_empty() { "" } else { separator };
        text += word;
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// Keywords, without snippets.
#[track_caller]
fn check_keywords(fixture: &str, expected: Expect) {
    let (_, position) = place(fixture);
    let items = keyword_items(&position).into_iter();
    let words: Vec<String> =
        items.filter(|item| item.kind == KeywordItemKind::Keyword).map(|item| item.label).collect();
    expected.assert_eq(&wrapped(&words));
}

#[test]
fn statements_and_values() {
    check(
        &[
            "$0",
            "Про$0",
            "А = 1; $0",
            "А = 1\n$0",
            "А = 1 $0",
            "А = $0",
            "А = Б + В$0",
            "А(Б, $0",
            "А(Б\n$0",
            "Если $0",
            "Если А $0",
            "Если А\n\tИ Б\n\t$0",
            "Если А Тогда $0",
            "Если А Тогда\n\tБ();\n$0",
            "Возврат $0",
            "Пока А Цикл\n$0\nКонецЦикла;",
            "Для Каждого А Из $0",
            "Для Каждого А $0",
            "~М: $0",
            "А[$0",
            "А = ?(Б, $0",
            "А = 5$0",
            "Процедура А()\n$0\nКонецПроцедуры",
            "Процедура А() $0",
            "Процедура А() Экспорт\n\t$0",
            "&НаКлиенте\n$0",
        ],
        expect![[r#"
            $0                                       Statement
            Про$0                                    Statement
            А = 1; $0                                Statement
            А = 1\n$0                                Statement
            А = 1 $0                                 AfterExpression
            А = $0                                   Expression
            А = Б + В$0                              Expression
            А(Б, $0                                  Expression; А #1
            А(Б\n$0                                  AfterExpression; А #0
            Если $0                                  Expression
            Если А $0                                AfterExpression
            Если А\n\tИ Б\n\t$0                      AfterExpression
            Если А Тогда $0                          Statement
            Если А Тогда\n\tБ();\n$0                 Statement
            Возврат $0                               Expression
            Пока А Цикл\n$0\nКонецЦикла;             Statement
            Для Каждого А Из $0                      Expression
            Для Каждого А $0                         AfterExpression
            ~М: $0                                   Statement
            А[$0                                     Expression
            А = ?(Б, $0                              Expression
            А = 5$0                                  Nothing
            Процедура А()\n$0\nКонецПроцедуры        Statement
            Процедура А() $0                         AfterExpression
            Процедура А() Экспорт\n\t$0              Statement
            &НаКлиенте\n$0                           Statement
        "#]],
    );
}

#[test]
fn behind_a_dot() {
    check(
        &[
            "А.$0",
            "А.Б$0",
            "Процедура П()\n\tА.$0\n\tБ = 1;\nКонецПроцедуры",
            "Х = А.Б(1, 2).В[0].$0;",
            "Если А.Б.$0 Тогда",
            "А = Новый Массив(5).$0",
            "Б(1 + ?(А, Б, В).$0",
            "А = (Б + В).$0",
            "А.Если.$0",
            "А = Б + Справочники.Товары.$0",
            "А(Б(1).$0, 2)",
        ],
        expect![[r#"
            А.$0                                     Member «А» node
            А.Б$0                                    Member «А» node
            Процедура П()\n\tА.$0\n\tБ = 1;\nКонецПроцедуры Member «А» node
            Х = А.Б(1, 2).В[0].$0;                   Member «А.Б(1, 2).В[0]» node
            Если А.Б.$0 Тогда                        Member «А.Б» node
            А = Новый Массив(5).$0                   Member «Новый Массив(5)» node
            Б(1 + ?(А, Б, В).$0                      Member «?(А, Б, В)» node; Б #0
            А = (Б + В).$0                           Member «(Б + В)» node
            А.Если.$0                                Member «А.Если» node
            А = Б + Справочники.Товары.$0            Member «Справочники.Товары» node
            А(Б(1).$0, 2)                            Member «Б(1)» node; А #0
        "#]],
    );
}

#[test]
fn names_and_words_of_declarations() {
    check(
        &[
            "Процедура $0",
            "Функция А$0",
            "Перем $0",
            "Перем А, $0",
            "Перем А $0",
            "Для Каждого $0",
            "Для $0",
            "Процедура А($0",
            "Процедура А(Б, Знач $0)",
            "Процедура А(Б = $0",
            "&$0",
            "&НаКл$0\nПроцедура А()\nКонецПроцедуры",
            "Новый $0",
            "А = Новый Мас$0;",
            "Перейти ~$0",
            "#$0",
            "  # Обл$0",
            "#Если $0",
            "#Если Клиент Или Сер$0 Тогда",
            "#Область $0",
            "#КонецОбласти $0",
        ],
        expect![[r#"
            Процедура $0                             DeclarationName
            Функция А$0                              DeclarationName
            Перем $0                                 DeclarationName
            Перем А, $0                              DeclarationName
            Перем А $0                               AfterExpression
            Для Каждого $0                           DeclarationName
            Для $0                                   ForHeader
            Процедура А($0                           Parameter
            Процедура А(Б, Знач $0)                  DeclarationName
            Процедура А(Б = $0                       ParameterDefault
            &$0                                      Annotation
            &НаКл$0\nПроцедура А()\nКонецПроцедуры   Annotation
            Новый $0                                 New
            А = Новый Мас$0;                         New
            Перейти ~$0                              Label
            #$0                                      Directive
              # Обл$0                                Directive
            #Если $0                                 DirectiveCondition
            #Если Клиент Или Сер$0 Тогда             DirectiveCondition
            #Область $0                              RegionName
            #КонецОбласти $0                         Nothing
        "#]],
    );
}

#[test]
fn literals_and_comments() {
    check(
        &[
            "А(1, \"$0",
            "А(1, \"б$0в\");",
            "А = \"б\"$0;",
            "А = \"\"\"$0",
            "А = \"\"$0",
            "А.Найти(\"$0\")",
            "Новый Структура(\"А, $0\", 1)",
            "А = \"ВЫБРАТЬ\n\t|\tТ.$0\n\t|ИЗ Справочник.Товары КАК Т\";",
            "Запрос.Текст = \"$0\";",
            "З = Новый Запрос(\"$0",
            "А = \"раз\n|два$0\n|три\";",
            "А = 1; // сло$0во",
            "// Опи$0сание\nПроцедура А() КонецПроцедуры",
            "А /$0/ б",
            "А = '2020$0';",
        ],
        expect![[r#"
            А(1, "$0                                 String «"»; А #1
            А(1, "б$0в");                            String «"бв"»; А #1
            А = "б"$0;                               AfterExpression
            А = """$0                                String «"""»
            А = ""$0                                 AfterExpression
            А.Найти("$0")                            String «""»; А.Найти #0
            Новый Структура("А, $0", 1)              String «"А, "»; New Структура #0
            А = "ВЫБРАТЬ\n\t|\tТ.$0\n\t|ИЗ Справочник.Товары КАК Т"; Query «"ВЫБРАТЬ\n\t|\tТ.\n\t|ИЗ Справочник.Товары КАК Т"»
            Запрос.Текст = "$0";                     Query «""»
            З = Новый Запрос("$0                     Query «"»; New Запрос #0
            А = "раз\n|два$0\n|три";                 String «"раз\n|два\n|три"»
            А = 1; // сло$0во                        Comment { is_description: false }
            // Опи$0сание\nПроцедура А() КонецПроцедуры Comment { is_description: true }
            А /$0/ б                                 AfterExpression
            А = '2020$0';                            Nothing
        "#]],
    );
}

#[test]
fn arguments_are_counted() {
    check(
        &[
            "А($0)",
            "А.Б(1, В(2, 3), $0)",
            "А(Б(1, $0",
            "Новый Массив(1,$0)",
            "А(Б[1, $0])",
            "А(1); $0",
            "А(Б, (В + $0",
            "&Перед(\"$0\")\nПроцедура А() КонецПроцедуры",
        ],
        expect![[r#"
            А($0)                                    Expression; А #0
            А.Б(1, В(2, 3), $0)                      Expression; А.Б #2
            А(Б(1, $0                                Expression; Б #1
            Новый Массив(1,$0)                       Expression; New Массив #1
            А(Б[1, $0])                              Expression; А #0
            А(1); $0                                 Statement
            А(Б, (В + $0                             Expression; А #1
            &Перед("$0")\nПроцедура А() КонецПроцедуры String «""»
        "#]],
    );
}

#[test]
fn keywords_fit_the_block() {
    check_keywords(
        "$0",
        expect![[r#"
        Процедура Функция Асинх Перем Если Для Пока Попытка ВызватьИсключение Выполнить
        Перейти ДобавитьОбработчик УдалитьОбработчик
    "#]],
    );
    check_keywords(
        "Процедура А()\n\t$0\nКонецПроцедуры",
        expect![[r#"
        КонецПроцедуры Перем Если Для Пока Попытка Возврат ВызватьИсключение Выполнить
        Перейти ДобавитьОбработчик УдалитьОбработчик
    "#]],
    );
    check_keywords(
        "Async Function A()\n\tB = 1;\n\tWhile B Do\n\t\tTry\n\t\t\tC();\n\t\t$0\nEndFunction",
        expect![[r#"
            Except EndTry If For While Try Break Continue Return Await Raise Execute
            Goto AddHandler RemoveHandler
        "#]],
    );
    check_keywords(
        "Процедура А()\n\tЕсли Б Тогда\n\tИначе\n\t\t$0",
        expect![[r#"
        КонецЕсли Если Для Пока Попытка Возврат ВызватьИсключение Выполнить Перейти
        ДобавитьОбработчик УдалитьОбработчик
    "#]],
    );
    check_keywords(
        "Процедура А()\n\tЕсли Б Тогда\n\t\t$0",
        expect![[r#"
        КонецЕсли Иначе ИначеЕсли Если Для Пока Попытка Возврат ВызватьИсключение
        Выполнить Перейти ДобавитьОбработчик УдалитьОбработчик
    "#]],
    );
    check_keywords(
        "Если А $0",
        expect![[r#"
        Тогда И ИЛИ
    "#]],
    );
    check_keywords(
        "А = $0",
        expect![[r#"
        Новый НЕ Истина Ложь Неопределено NULL
    "#]],
    );
    check_keywords(
        "Процедура А() $0",
        expect![[r#"
        Экспорт
    "#]],
    );
    check_keywords(
        "&$0\nProcedure A() EndProcedure",
        expect![[r#"
        AtClient AtServer AtServerNoContext AtClientAtServer AtClientAtServerNoContext
        Before After Around ChangeAndValidate
    "#]],
    );
    check_keywords(
        "#Если $0",
        expect![[r#"
        Сервер НаСервере Клиент НаКлиенте ТонкийКлиент ВебКлиент МобильныйКлиент
        МобильноеПриложениеКлиент МобильноеПриложениеСервер ТолстыйКлиентОбычноеПриложение
        ТолстыйКлиентУправляемоеПриложение ВнешнееСоединение И Или Не Тогда
    "#]],
    );
    check_keywords("А.$0", expect![""]);
}

#[test]
fn snippets_are_in_the_language_of_the_module() {
    let labels = |fixture: &str| {
        let items = keyword_items(&place(fixture).1).into_iter();
        items.filter(|item| item.kind == KeywordItemKind::Snippet).map(|item| item.label).collect::<Vec<_>>()
    };
    let english = labels("Procedure A()\n\t$0\nEndProcedure");
    assert!(english.contains(&"For Each".to_owned()) && !english.contains(&"Procedure".to_owned()));
    let russian = labels("Процедура А() КонецПроцедуры\n$0");
    assert!(russian.contains(&"ФункцияЭкспорт".to_owned()) && russian.contains(&"Запрос".to_owned()));
    assert_eq!(labels("А = $0"), [""; 0]);
}
