//! Coloured tokens in text order.

use base::{CancelToken, TextRange};
use expect_test::{Expect, expect};
use syntax::Document;

use crate::tests::visible;
use crate::{SemanticTokenModifiers, semantic_tokens};

fn dump(text: &str, range: Option<TextRange>) -> String {
    let document = Document::new(text);
    let mut end = 0;
    let mut out = String::new();
    for token in semantic_tokens(&document, range, &CancelToken::new()) {
        assert!(token.range.start >= end, "tokens overlap");
        end = token.range.end;
        let token_text = token.range.slice(text);
        assert!(!token_text.contains(['\r', '\n']), "a token spans lines");
        let names = SemanticTokenModifiers::NAMES.iter().enumerate();
        let modifiers: String = names
            .filter(|(bit, _)| token.modifiers.0 & (1 << bit) != 0)
            .map(|(_, name)| format!(" {name}"))
            .collect();
        out += &format!("{:?} `{}`{modifiers}\n", token.kind, visible(token_text));
    }
    out
}

#[track_caller]
fn check(text: &str, expected: Expect) {
    expected.assert_eq(&dump(text, None));
}

#[test]
fn names_are_coloured_by_meaning() {
    check(
        "// Складывает.\n&НаСервере\nФункция Сумма(Знач А, Б = 1) Экспорт\n\tПерем Итог;\n\tИтог = А + Сообщить(Объект.Поле.Метод());\n\t// просто\n\tВозврат сумма(Новый Массив(2));\nКонецФункции\nА = 1;",
        expect![[r#"
            Comment `// Складывает.` documentation
            Decorator `&`
            Decorator `НаСервере`
            Keyword `Функция`
            Function `Сумма` declaration
            Keyword `Знач`
            Parameter `А` declaration
            Parameter `Б` declaration
            Operator `=`
            Number `1`
            Keyword `Экспорт`
            Keyword `Перем`
            Variable `Итог` declaration
            Variable `Итог`
            Operator `=`
            Parameter `А`
            Operator `+`
            Function `Сообщить` defaultLibrary
            Variable `Объект`
            Property `Поле`
            Method `Метод`
            Comment `// просто`
            Keyword `Возврат`
            Function `сумма`
            Keyword `Новый`
            Class `Массив`
            Number `2`
            Keyword `КонецФункции`
            Variable `А`
            Operator `=`
            Number `1`
        "#]],
    );
}

#[test]
fn literals_go_line_by_line() {
    check(
        "A = \"one\r\n  |two\r\n  // note\r\n  |three\" + '20240101' > 1.5;",
        expect![[r#"
        Variable `A`
        Operator `=`
        String `"one`
        String `|two`
        Comment `// note`
        String `|three"`
        Operator `+`
        Number `'20240101'`
        Operator `>`
        Number `1.5`
    "#]],
    );
}

#[test]
fn directives_and_labels() {
    check(
        "#Область  Имя \n#Если Клиент Тогда\n~М: Перейти ~М;\n#КонецЕсли\n#КонецОбласти\n#Удаление\n\tстарое\r#КонецУдаления\n#Область",
        expect![[r#"
            Macro `#Область`
            Namespace `Имя`
            Macro `#Если Клиент Тогда`
            Label `~`
            Label `М`
            Keyword `Перейти`
            Label `~`
            Label `М`
            Macro `#КонецЕсли`
            Macro `#КонецОбласти`
            Macro `#Удаление`
            Comment `старое`
            Macro `#КонецУдаления`
            Macro `#Область`
        "#]],
    );
}

#[test]
fn only_the_asked_lines() {
    let text = "А = 1;\nБ = 2;\n#Удаление\nа\nб\n#КонецУдаления\nВ = 3;";
    let ask = |part: &str| {
        let start = text.find(part).expect("invariant: the part is in the text");
        dump(text, Some(TextRange::from(start..start + part.len())))
    };
    expect![[r#"
        Variable `Б`
        Operator `=`
        Number `2`
    "#]]
    .assert_eq(&ask("= 2"));
    expect![[r#"
        Comment `б`
        Macro `#КонецУдаления`
    "#]]
    .assert_eq(&ask("б\n#Ко"));
}

#[test]
fn broken_code_has_colours_too() {
    check(
        "Процедура А(\n\tЕсли Б Тогда В.; @ &Г\n",
        expect![[r#"
        Keyword `Процедура`
        Function `А` declaration
        Keyword `Если`
        Variable `Б`
        Keyword `Тогда`
        Variable `В`
        Decorator `&`
        Decorator `Г`
    "#]],
    );
    check("", expect![]);
}

#[test]
fn queries_have_colours_of_their_own() {
    check(
        "А = \"\n|  выбрать первые 5 Т.Код как Имя, \"\"а\n  // примечание\n|б\"\", СУММА(Т.*)\n|ИЗ Справочник.Товары.Срез(&Дата) КАК Т // и\" + \"Выбрать\" + \"Выбрать файл из списка\" + \"Выбранный файл обработан\";",
        expect![[r#"
            Variable `А`
            Operator `=`
            Keyword `выбрать`
            Keyword `первые`
            Number `5`
            Variable `Т`
            Property `Код`
            Keyword `как`
            Property `Имя` declaration
            String `"`
            String `а`
            Comment `// примечание`
            String `б"`
            Function `СУММА` defaultLibrary
            Variable `Т`
            Keyword `ИЗ`
            Namespace `Справочник`
            Class `Товары`
            Class `Срез`
            Parameter `&`
            Parameter `Дата`
            Keyword `КАК`
            Variable `Т` declaration
            Comment `// и`
            Operator `+`
            String `"Выбрать"`
            Operator `+`
            String `"Выбрать файл из списка"`
            Operator `+`
            String `"Выбранный файл обработан"`
        "#]],
    );
    check(
        "A = \"SELECT VALUE(Enum.Kinds.One), A.B * 2 INTO T FROM #Name AS X WHERE A REFS Catalog.Goods\";",
        expect![[r#"
            Variable `A`
            Operator `=`
            Keyword `SELECT`
            Function `VALUE` defaultLibrary
            Namespace `Enum`
            Class `Kinds`
            Class `One`
            Variable `A`
            Property `B`
            Operator `*`
            Number `2`
            Keyword `INTO`
            Class `T` declaration
            Keyword `FROM`
            Macro `#Name`
            Keyword `AS`
            Variable `X` declaration
            Keyword `WHERE`
            Property `A`
            Keyword `REFS`
            Class `Catalog`
            Class `Goods`
        "#]],
    );
}

#[test]
fn some_lines_of_a_query() {
    let text = "А = \"ВЫБРАТЬ\n| А\n|ИЗ Б\";";
    let start = text.find("| А").expect("invariant: the part is in the text");
    expect![[r#"
        Property `А`
    "#]]
    .assert_eq(&dump(text, Some(TextRange::from(start..start + 2))));
}
