//! Which literals are queries, what their trees look like, and what holds for any text.

use std::fmt::Write;

use base::TextRange;
use expect_test::{Expect, expect};

use super::*;
use crate::{Document, Source, SyntaxTree};

fn with_source<T>(text: &str, visit: impl FnOnce(Source<'_>) -> T) -> T {
    let document = Document::new(text);
    let mut tree = SyntaxTree::default();
    tree.lower(document.tree(), TextRange::from(0..text.len()), text);
    visit(Source { text, tree: &tree })
}

fn queries(text: &str) -> Vec<QueryLiteral> {
    with_source(text, find_queries)
}

#[track_caller]
fn check_queries(text: &str, expected: Expect) {
    let mut out = String::new();
    for query in queries(text) {
        let marks = [(query.is_template, " template"), (query.is_concatenated, " concatenated")];
        let marks: String = marks.iter().filter(|(is, _)| *is).map(|(_, name)| *name).collect();
        let _ = writeln!(out, "{:?}{marks}", query.plain_text(text));
    }
    expected.assert_eq(&out);
}

/// Nodes with roles and the text of leaves, one per line, then the errors.
fn dump(tree: &QueryTree, text: &str) -> String {
    let mut out = String::new();
    for (id, node) in tree.nodes() {
        let depth = tree.ancestors(id).count();
        let role = if node.role == QueryRole::None { String::new() } else { format!("{:?}: ", node.role) };
        let is_leaf = tree.children(id).next().is_none() && !node.kind.is_missing();
        let leaf = if is_leaf { format!(" `{}`", tree.node_text(id, text)) } else { String::new() };
        let _ = writeln!(out, "{}{role}{:?}{leaf}", "  ".repeat(depth), node.kind);
    }
    for error in tree.errors() {
        let _ = writeln!(out, "{:?} at `{}`", error.kind, error.range.slice(text));
    }
    out
}

#[track_caller]
fn check_tree(text: &str, expected: Expect) {
    expected.assert_eq(&dump(&parse_query_text(text), text));
}

#[test]
fn literals_that_begin_like_queries() {
    check_queries(
        "А = \"ВЫБРАТЬ Т.Код ИЗ Справочник.Товары КАК Т\";
        Б = \"
        |// пояснение
        |Выбрать
        |	Т.Код
        // примечание
        |ИЗ &Таблица КАК Т\";
        В = \"Выбрать файл на диске\" + \"ВЫБРАТЬ\" + \"ВЫБРАТЬ РАЗРЕШЕННЫЕ ПЕРВЫЕ 10\" + \"ВЫБРАТЬСЯ ИЗ ЛЕСА ДОМОЙ\";
        Г = \"SELECT \"\"a\"\" AS A,\r\n|\"\"\"\" AS B\r\n|\";
        Д = \"УНИЧТОЖИТЬ ВременнаяТаблица\" \"Далее\";",
        expect![[r#"
            "ВЫБРАТЬ Т.Код ИЗ Справочник.Товары КАК Т"
            "\n// пояснение\nВыбрать\n\tТ.Код\nИЗ &Таблица КАК Т"
            "SELECT \"a\" AS A,\r\n\"\" AS B\r\n"
            "УНИЧТОЖИТЬ ВременнаяТаблица Далее"
        "#]],
    );
}

#[test]
fn a_literal_without_a_tree_is_recognised_too() {
    assert!(is_query_literal("\"ВЫБРАТЬ Т.Код ИЗ Т"));
    assert!(is_query_literal("\"\r\n\t|// а\r\n\t|select\r\n\t|\tT.Code\""));
    assert!(!is_query_literal("\"Выбрать файл на диске\""));
    assert!(!is_query_literal("\"SELECT DISTINCT TOP 100\""));
}

#[test]
fn templates_and_concatenations_are_marked() {
    check_queries(
        "А = \"ВЫБРАТЬ Т.Код ИЗ \" + Имя;
        Б = \"ВЫБРАТЬ 1 ИЗ #Таблица\";
        В = \"ВЫБРАТЬ 1 ИЗ Справочник.%1\";
        Г = \"ВЫБРАТЬ 1 // @query-part-1
        |ИЗ Т\";
        Д = \"ВЫБРАТЬ 1 ИЗ Таблица\"; // @Query-part
        Е = \"ВЫБРАТЬ \"\"#[?\"\" ИЗ Т // #\";
        Ж = \"SELECT [Field] FROM Table\";
        З = \"SELECT 1 FROM Table\" = А;",
        expect![[r##"
            "ВЫБРАТЬ Т.Код ИЗ " concatenated
            "ВЫБРАТЬ 1 ИЗ #Таблица" template
            "ВЫБРАТЬ 1 ИЗ Справочник.%1" template
            "ВЫБРАТЬ 1 // @query-part-1\nИЗ Т" template
            "ВЫБРАТЬ 1 ИЗ Таблица" template
            "ВЫБРАТЬ \"#[?\" ИЗ Т // #"
            "SELECT [Field] FROM Table" template
            "SELECT 1 FROM Table"
        "##]],
    );
}

#[test]
fn trees_have_offsets_of_the_module() {
    let text = "А = \"ВЫБРАТЬ\n\t|\tТ.Код КАК Имя,\n\t|\t\"\"а\"\"\"\"б\"\" КАК Текст\n\t|ИЗ\n\t|\tСправочник.Товары КАК Т\";";
    let query = &queries(text)[0];
    let tree = parse_query(text, query);
    expect![[r#"
        Package
          Query
            Select
              Column
                Value: Member
                  Object: Name `Т`
                  Property: Name `Код`
                Alias: Name `Имя`
              Column
                Value: String `""а""""б"`
                Alias: Name `Текст`
              From
                Source
                  Table: Member
                    Object: Name `Справочник`
                    Property: Name `Товары`
                  Alias: Name `Т`
    "#]]
    .assert_eq(&dump(&tree, text));
    let at = |part: &str| text.find(part).unwrap_or_default() as u32;
    assert!(query.is_in_text(at("Т.Код")));
    assert!(query.is_in_text(at("Товары КАК Т") + 1));
    assert!(!query.is_in_text(at("|\tТ.Код")));
    assert!(!query.is_in_text(at("ВЫБРАТЬ") - 1));
    assert!(query.is_in_text(text.len() as u32 - 2), "at the end of the text");
    assert!(!query.is_in_text(text.len() as u32 - 1));
    let field = tree.node_at(at("Код КАК") + 2);
    assert_eq!(tree.node_text(field, text), "Код");
    let table = tree.parent(tree.node_at(at("Товары"))).expect("invariant: names have parents");
    assert_eq!(tree.path(table, text), Some(vec!["Справочник", "Товары"]));
    assert!(tree.enclosing(table, QueryNodeKind::From).is_some());
    with_source(text, |source| {
        assert_eq!(query_at(source, at("Т.Код")).as_ref(), Some(query));
        assert_eq!(query_at(source, 0), None);
    });
}

#[test]
fn errors_name_what_is_missing() {
    check_tree(
        "ВЫБРАТЬ Т., , СУММА(Т.А ИЗ Т ЛЕВОЕ СОЕДИНЕНИЕ ГДЕ Т.А = & ВЫБРАТЬ \"а",
        expect![[r#"
            Package
              Query
                Select
                  Column
                    Value: Member
                      Object: Name `Т`
                      Property: MissingName
                  Column
                    Value: MissingExpression
                  Column
                    Value: Call
                      Function: Name `СУММА`
                      Arguments: Arguments
                        Member
                          Object: Name `Т`
                          Property: Name `А`
                  From
                    Source
                      Table: Name `Т`
                    Join
                      Source
                        Table: MissingTable
                      MissingCondition
                  Where
                    Condition: Binary
                      Left: Member
                        Object: Name `Т`
                        Property: Name `А`
                      Right: Parameter
                        Name: Name `ВЫБРАТЬ`
              Error
                String `"а`
            MissingName at `.`
            MissingExpression at `,`
            Missing(RightParen) at `А`
            MissingTable at `СОЕДИНЕНИЕ`
            MissingCondition at `СОЕДИНЕНИЕ`
            Unexpected at `"а`
            Missing(String) at `"`
        "#]],
    );
    check_tree(
        "SELECT VALUE(Catalog.Goods.), SUM(T.) SELECT 1",
        expect![[r#"
            Package
              Query
                Select
                  Column
                    Value: Call
                      Function: Name `VALUE`
                      Arguments: Arguments
                        Member
                          Object: Member
                            Object: Name `Catalog`
                            Property: Name `Goods`
                          Property: MissingName
                  Column
                    Value: Call
                      Function: Name `SUM`
                      Arguments: Arguments
                        Member
                          Object: Name `T`
                          Property: MissingName
              Query
                Select
                  Column
                    Value: Number `1`
            MissingName at `.`
            Missing(Semicolon) at `)`
        "#]],
    );
}

#[test]
fn templates_have_no_errors() {
    for text in ["А = \"ВЫБРАТЬ Т.Код ИЗ \" + Имя;", "А = \"ВЫБРАТЬ #Поля ИЗ ГДЕ\";"]
    {
        let tree = parse_query(text, &queries(text)[0]);
        assert!(tree.errors().is_empty(), "{text}");
        assert!(tree.is_template());
    }
    assert!(!parse_query_text("ВЫБРАТЬ 1").is_template());
    assert_eq!(parse_query_text(") (").errors().len(), 1);
}

#[test]
fn words_of_both_languages_give_the_same_tokens() {
    for kind in QueryTokenKind::KEYWORDS {
        let (russian, english) = kind.spellings().unwrap_or_default();
        let kinds = |word: &str| {
            let tree = parse_query_text(&format!(
                "ВЫБРАТЬ ВЫБОР КОГДА 1 ТОГДА 2 ИНАЧЕ 3 КОНЕЦ КАК А, Т.{word} ИЗ Т {word} Т"
            ));
            tree.tokens().iter().map(|token| token.kind).collect::<Vec<_>>()
        };
        assert_eq!(kinds(russian), kinds(english), "{russian}");
    }
}

#[test]
fn any_edit_of_a_query_leaves_a_sound_tree() {
    let text = "А = \"ВЫБРАТЬ ПЕРВЫЕ 1\n|\tТ.Код КАК Код, \"\"а\"\" КАК Б // и\n|ИЗ (ВЫБРАТЬ * ИЗ Т КАК Т) КАК Т ЛЕВОЕ СОЕДИНЕНИЕ Б ПО \
        ИСТИНА В (&А, #Б)\n|ГДЕ ВЫБОР КОГДА А ТОГДА Б КОНЕЦ;ВЫБРАТЬ 2\";";
    let pieces = [
        "\"", "\"\"", "\n", "\n|", "\r", ".", "(", ")", "ИЗ ", "КАК ", ",", ";", "//", "&", "#", "№", "{", "",
    ];
    let mut checked = 0;
    for (at, letter) in text.char_indices() {
        for piece in pieces {
            for end in [at, at + letter.len_utf8()] {
                checked += check_sound(&format!("{}{piece}{}", &text[..at], &text[end..]));
            }
        }
    }
    assert!(checked > 5_000, "{checked} queries");
}

/// Checks every query of a module and tells their number.
fn check_sound(text: &str) -> usize {
    let found = queries(text);
    for query in &found {
        assert!(query.parts.windows(2).all(|pair| pair[0].end <= pair[1].start), "{text:?}");
        let tree = parse_query(text, query);
        assert!(tree.tokens().windows(2).all(|pair| pair[0].end <= pair[1].start), "{text:?}");
        // Text that fits nowhere may begin behind the end of the line before it.
        let is_inside = |token: &QueryToken| {
            token.end <= query.range.end
                && (query.is_in_text(token.start) || token.kind == QueryTokenKind::Unknown)
        };
        assert!(tree.tokens().iter().all(is_inside), "{text:?}");
        for (id, node) in tree.nodes().skip(1) {
            let parent = tree.parent(id).expect("invariant: only the root has no parent");
            assert!(tree.range(parent).contains(node.range), "{text:?} {node:?}");
        }
        for offset in query.range.start..=query.range.end {
            tree.node_at(offset);
        }
        let plain = query.plain_text(text);
        let kinds = |tree: &QueryTree| tree.nodes().map(|(_, node)| node.kind).collect::<Vec<_>>();
        if !tree.nodes().any(|(_, node)| node.kind == QueryNodeKind::Error) {
            assert_eq!(kinds(&tree), kinds(&parse_query_text(&plain)), "{text:?}");
        }
    }
    found.len()
}

#[test]
fn deep_queries_cost_no_stack() {
    let depth = 5_000;
    for text in [format!("ВЫБРАТЬ {}", "(".repeat(depth)), format!("ВЫБРАТЬ А{}", ".Б".repeat(depth))]
    {
        let tree = parse_query_text(&text);
        assert!(tree.nodes().len() + tree.tokens().len() > depth);
        tree.node_at(text.len() as u32);
    }
}
