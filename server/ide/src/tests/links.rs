//! Links of comments, one per line.

use base::CancelToken;
use expect_test::{Expect, expect};
use syntax::Document;

use crate::document_links;

#[track_caller]
fn check(text: &str, expected: Expect) {
    let document = Document::new(text);
    let links = document_links(&document, &CancelToken::new());
    let lines = links.iter().map(|link| format!("{} -> {:?}\n", link.range.slice(text), link.target));
    expected.assert_eq(&lines.collect::<String>());
}

#[test]
fn addresses_end_where_the_sentence_does() {
    check(
        "// Подробнее: https://its.1c.ru/db/v8std#content:440:hdoc, а также\n// (http://example.com/a_(b)?c=d).\nА = 1; // its.1c.ru/db/x.\n// https:// http://x «https://пример.рф/путь»\nБ = \"https://example.com\";",
        expect![[r#"
            https://its.1c.ru/db/v8std#content:440:hdoc -> Url("https://its.1c.ru/db/v8std#content:440:hdoc")
            http://example.com/a_(b)?c=d -> Url("http://example.com/a_(b)?c=d")
            its.1c.ru/db/x -> Url("https://its.1c.ru/db/x")
            https://пример.рф/путь -> Url("https://пример.рф/путь")
        "#]],
    );
}

#[test]
fn references_name_a_method() {
    check(
        "// См. ОбщегоНазначения.ЗначениеРеквизитаОбъекта.\n// Параметры:\n//  А - см. Справочники.Товары.Найти()\n//  Б - См. Локальный\n// See CommonModule.Method, see below, see Other().\n// См. также 5.1\nПроцедура А() КонецПроцедуры",
        expect![[r#"
            ОбщегоНазначения.ЗначениеРеквизитаОбъекта -> Method { module: Some("ОбщегоНазначения"), method: "ЗначениеРеквизитаОбъекта" }
            Справочники.Товары.Найти -> Method { module: Some("Справочники.Товары"), method: "Найти" }
            Локальный -> Method { module: None, method: "Локальный" }
            CommonModule.Method -> Method { module: Some("CommonModule"), method: "Method" }
            Other -> Method { module: None, method: "Other" }
        "#]],
    );
}
