//! Limits of the generated parsers, and their keywords: each must be extracted from the main lexer.

use std::collections::HashSet;

use crate::support::queries::parse_plain;
use crate::support::trees::{parse, problems, walk};

const PARSER: &str = include_str!("../bsl/src/parser.c");
const GRAMMAR: &str = include_str!("../bsl/grammar.js");
const QUERY_PARSER: &str = include_str!("../sdbl/src/parser.c");
const QUERY_GRAMMAR: &str = include_str!("../sdbl/grammar.js");

fn defined(parser: &str, name: &str) -> usize {
    let line = parser.lines().find_map(|line| line.strip_prefix(&format!("#define {name} ")));
    line.and_then(|value| value.trim().parse().ok()).unwrap_or_else(|| panic!("{name} is not defined"))
}

/// Spellings in the keyword tables of grammar.js, as pairs of Russian and English where both exist.
fn spellings(grammar: &str) -> Vec<Vec<String>> {
    let tables = grammar.split("const PREC").next().unwrap_or_default();
    tables
        .lines()
        .filter_map(|line| line.split_once(": ['"))
        .map(|(_, rest)| rest.trim_end_matches("'],").split("', '").map(str::to_owned).collect())
        .collect()
}

/// Number of keywords that the lexer of keywords knows.
fn extracted_keywords(parser: &str) -> usize {
    let function = parser.split("static bool ts_lex_keywords").nth(1).expect("keywords are extracted");
    let body = function.split("\n}\n").next().unwrap_or_default();
    let accepted: HashSet<&str> =
        body.split("ACCEPT_TOKEN(").skip(1).filter_map(|rest| rest.split(')').next()).collect();
    accepted.len()
}

#[test]
fn every_keyword_is_extracted() {
    for (parser, grammar, count) in [(PARSER, GRAMMAR, 40), (QUERY_PARSER, QUERY_GRAMMAR, 54)] {
        assert_eq!(spellings(grammar).len(), count);
        assert_eq!(extracted_keywords(parser), count);
    }
}

#[test]
fn parsers_stay_small() {
    for (parser, states, bytes) in [(PARSER, 800, 1_600_000), (QUERY_PARSER, 1_500, 1_600_000)] {
        let [state_count, symbol_count, version] =
            ["STATE_COUNT", "SYMBOL_COUNT", "LANGUAGE_VERSION"].map(|name| defined(parser, name));
        assert!(state_count <= states, "{state_count} states");
        assert!(symbol_count < 256, "{symbol_count} symbols");
        assert_eq!(version, 15);
        assert!(parser.len() <= bytes, "{} bytes", parser.len());
    }
}

#[test]
fn every_keyword_of_queries_is_a_name_after_a_dot_and_an_alias() {
    for spelling in spellings(QUERY_GRAMMAR).concat() {
        for word in [spelling.clone(), spelling.to_uppercase()] {
            let text =
                format!("ВЫБРАТЬ Т.{word}, Т.{word}.{word} КАК {word} ИЗ А.{word} КАК {word} ГДЕ &{word}");
            assert!(problems(&parse_plain(&text)).is_empty(), "{text}");
        }
    }
}

#[test]
fn every_keyword_is_a_name_after_a_dot() {
    for spelling in spellings(GRAMMAR).concat() {
        for word in [spelling.clone(), spelling.to_uppercase()] {
            let text = format!("А.{word} = Б.{word}(1).{word};");
            assert!(!parse(&text).root_node().has_error(), "{text}");
        }
    }
}

#[test]
fn both_languages_give_the_same_tokens() {
    let kinds = |text: &str| {
        let mut kinds = Vec::new();
        let tree = parse(text);
        walk(&tree, |cursor| {
            kinds.push(cursor.node().kind().to_owned());
            true
        });
        kinds
    };
    let russian = "Процедура А(Знач Б) Экспорт Если НЕ Б И Истина ИЛИ Ложь Тогда Возврат; ИначеЕсли Б Тогда Иначе \
        КонецЕсли; Для Каждого В Из Б Цикл Прервать; Продолжить; КонецЦикла; Пока Б Цикл КонецЦикла; \
        Попытка Исключение ВызватьИсключение; КонецПопытки; Для В = 1 По 2 Цикл КонецЦикла; А = Неопределено; \
        Перейти ~М; ~М: Выполнить Б; ДобавитьОбработчик А, Б; УдалитьОбработчик А, Б; А = Новый Б; КонецПроцедуры \
        Асинх Функция Г() Перем А; Ждать А(); КонецФункции";
    let english = "Procedure A(Val B) Export If NOT B AND True OR False Then Return; ElsIf B Then Else \
        EndIf; For Each C In B Do Break; Continue; EndDo; While B Do EndDo; \
        Try Except Raise; EndTry; For C = 1 To 2 Do EndDo; A = Undefined; \
        Goto ~M; ~M: Execute B; AddHandler A, B; RemoveHandler A, B; A = New B; EndProcedure \
        Async Function D() Var A; Await A(); EndFunction";
    assert_eq!(kinds(russian), kinds(english));
    assert!(!parse(russian).root_node().has_error());
}

#[test]
fn positions_of_omitted_arguments_are_visible() {
    let tree = parse("Ф(, А, );");
    let mut tokens = Vec::new();
    walk(&tree, |cursor| {
        if cursor.node().parent().is_some_and(|parent| parent.kind() == "arguments") {
            tokens.push(cursor.node().kind());
        }
        true
    });
    assert_eq!(tokens, ["(", ",", "identifier", ",", ")"]);
}

#[test]
fn operators_are_fields() {
    for (text, operator) in [("А = Б ИЛИ В И Г;", "or"), ("А = НЕ Б = В;", "not"), ("А = Б + В * Г;", "+")]
    {
        let tree = parse(text);
        let assignment = tree.root_node().child(0).expect("a statement");
        let right = assignment.child_by_field_name("right").expect("a value");
        assert_eq!(right.child_by_field_name("operator").map(|it| it.kind()), Some(operator), "{text}");
    }
}

#[test]
fn async_belongs_to_the_method() {
    for text in [
        "Асинх Процедура А() КонецПроцедуры",
        "Async\nFunction A() EndFunction",
        "А();\n&Б\nАсинх Функция А() КонецФункции",
    ] {
        let tree = parse(text);
        let method = tree.root_node().child(tree.root_node().child_count() - 1).expect("a method");
        let mut cursor = method.walk();
        assert!(method.children(&mut cursor).any(|child| child.kind() == "async"), "{text}");
    }
}
