//! Shapes of the flat tree.

use expect_test::{Expect, expect};
use syntax::{NodeKind, Source, SyntaxTree, parse_text};

fn lower(text: &str) -> SyntaxTree {
    let mut tree = SyntaxTree::default();
    tree.lower(&parse_text(text), base::TextRange::from(0..text.len()), text);
    tree
}

/// Nodes indented by depth with their text, then errors.
fn dump(text: &str) -> String {
    let tree = lower(text);
    let source = Source { text, tree: &tree };
    let mut out = String::new();
    for (id, node) in tree.nodes() {
        let depth = tree.ancestors(id).count();
        let role = if node.role == syntax::Role::None { String::new() } else { format!("{:?}: ", node.role) };
        let mut code: String = source.node_text(id).split_whitespace().collect::<Vec<_>>().join(" ");
        if code.chars().count() > 40 {
            code = code.chars().take(39).chain(['…']).collect();
        }
        out += &format!("{}{role}{:?} `{code}`\n", "  ".repeat(depth), node.kind);
    }
    for error in tree.errors() {
        out += &format!("error {:?} at `{}`\n", error.kind, source.slice(error.range));
    }
    out
}

#[track_caller]
fn check(text: &str, expected: Expect) {
    expected.assert_eq(&dump(text));
}

#[test]
fn blocks_exist_even_when_empty() {
    check(
        "Если А Тогда\n// пусто\nИначеЕсли Б Тогда\n Ф();\nИначе\n;\nКонецЕсли;",
        expect![[r#"
            Module `Если А Тогда // пусто ИначеЕсли Б Тогда…`
              If `Если А Тогда // пусто ИначеЕсли Б Тогда…`
                Condition: Name `А`
                Block ``
                ElsifClause `ИначеЕсли Б Тогда Ф();`
                  Condition: Name `Б`
                  Block `Ф();`
                    ExpressionStatement `Ф()`
                      Call `Ф()`
                        Function: Name `Ф`
                        Arguments: Arguments `()`
                ElseClause `Иначе ;`
                  Block `;`
                    EmptyStatement `;`
        "#]],
    );
}

#[test]
fn a_method_owns_one_block() {
    check(
        "&НаСервере\nФункция Ф(Знач А = 1, Б) Экспорт // x\n\tПерем В;\n\tПопытка\n\t\tВозврат А;\n\tИсключение\n\tКонецПопытки\nКонецФункции",
        expect![[r#"
            Module `&НаСервере Функция Ф(Знач А = 1, Б) Экс…`
              Function `&НаСервере Функция Ф(Знач А = 1, Б) Экс…`
                Annotation `&НаСервере`
                  Name: Name `НаСервере`
                Name: Name `Ф`
                Parameters: Parameters `(Знач А = 1, Б)`
                  Parameter `Знач А = 1`
                    Name: Name `А`
                    Default: Number `1`
                  Parameter `Б`
                    Name: Name `Б`
                Block `Перем В; Попытка Возврат А; Исключение …`
                  VarDeclaration `Перем В`
                    Variable `В`
                      Name: Name `В`
                  Try `Попытка Возврат А; Исключение КонецПопы…`
                    Block `Возврат А;`
                      Return `Возврат А`
                        Value: Name `А`
                    ExceptClause `Исключение`
                      Block ``
        "#]],
    );
}

#[test]
fn half_typed_code_is_reported_once_per_place() {
    check(
        "Если А\n\tБ();\nКонецЕсли;\nОбъект.\nПока 1 < 2 КонецЦикла;\nПопытка КонецПопытки;\nА = Ф(1;\nА = \"x\nБ.В;",
        expect![[r#"
            Module `Если А Б(); КонецЕсли; Объект. Пока 1 <…`
              If `Если А Б(); КонецЕсли`
                Condition: Name `А`
                Block `Б();`
                  ExpressionStatement `Б()`
                    Call `Б()`
                      Function: Name `Б`
                      Arguments: Arguments `()`
              ExpressionStatement `Объект.`
                Member `Объект.`
                  Object: Name `Объект`
              While `Пока 1 < 2 КонецЦикла`
                Condition: Binary `1 < 2`
                  Left: Number `1`
                  Right: Number `2`
                Block ``
              Try `Попытка КонецПопытки`
                Block ``
              Assignment `А = Ф(1`
                Left: Name `А`
                Right: Call `Ф(1`
                  Function: Name `Ф`
                  Arguments: Arguments `(1`
                    Number `1`
              Assignment `А = "x`
                Left: Name `А`
                Right: String `"x`
              ExpressionStatement `Б.В`
                Member `Б.В`
                  Object: Name `Б`
                  Property: Name `В`
            error Missing(Then) at `Если А`
            error MissingProperty at `.`
            error Missing(Semicolon) at `.`
            error Missing(Do) at `Пока 1 < 2`
            error Missing(Except) at `Попытка`
            error Missing(RightParen) at `1`
            error MissingQuote at `"x`
            error Missing(Semicolon) at `"x`
            error NotAStatement at `Б.В`
        "#]],
    );
}

#[test]
fn multi_line_literals_are_cut_into_lines() {
    let text = "А = \"один\n// пояснение\n|два \"\"три\"\"\n\n|четыре\" \"пять\";";
    let tree = lower(text);
    let source = Source { text, tree: &tree };
    let tokens: Vec<_> =
        tree.tokens().iter().map(|token| (token.kind, source.token_text(token), token.line)).collect();
    use syntax::TokenKind::*;
    assert_eq!(
        tokens,
        [
            (Identifier, "А", 0),
            (Equal, "=", 0),
            (StringStart, "\"один", 0),
            (Comment, "// пояснение", 1),
            (StringPart, "|два \"\"три\"\"", 2),
            (StringTail, "|четыре\"", 4),
            (String, "\"пять\"", 4),
            (Semicolon, ";", 4),
        ]
    );
}

#[test]
fn the_semicolon_belongs_to_the_statement() {
    let text = "А = 1 // почему\n; ~М: ; Б();;";
    let tree = lower(text);
    let statements: Vec<_> = tree
        .children(SyntaxTree::ROOT)
        .map(|id| (tree.kind(id), tree.statement_range(id).slice(text)))
        .collect();
    assert_eq!(
        statements,
        [
            (NodeKind::Assignment, "А = 1 // почему\n;"),
            (NodeKind::LabeledStatement, "~М: ;"),
            (NodeKind::ExpressionStatement, "Б();"),
            (NodeKind::EmptyStatement, ";"),
        ]
    );
}

#[test]
fn own_tokens_leave_out_those_of_children() {
    let text = "Для Сч = 1 По Ф(2) Цикл Б(); КонецЦикла";
    let tree = lower(text);
    let source = Source { text, tree: &tree };
    let statement = tree.children(SyntaxTree::ROOT).next().expect("invariant: one statement");
    let own: Vec<_> = tree.own_tokens(statement).map(|token| source.token_text(token)).collect();
    assert_eq!(own, ["Для", "=", "По", "Цикл", "КонецЦикла"]);
}

#[test]
fn deep_nesting_is_flat() {
    let depth = 20_000;
    let text = format!("А = {}1{};", "(".repeat(depth), ")".repeat(depth));
    let tree = lower(&text);
    assert!(tree.errors().is_empty());
    assert_eq!(tree.nodes().filter(|(_, node)| node.kind == NodeKind::Parenthesized).count(), depth);
}

#[test]
fn an_unfinished_literal_in_broken_code_keeps_tokens_in_order() {
    let text = "Попытка\n@\nВ.Г(, 1, Новый\") );\rПока не А цикл\nТ = \"а\n|б\";\nКонецПопытки \" Если \"";
    for end in text.char_indices().map(|(at, _)| at).chain([text.len()]) {
        let text = &text[..end];
        let tree = lower(text);
        assert!(tree.tokens().windows(2).all(|pair| pair[0].end <= pair[1].start), "{text:?}");
    }
}
