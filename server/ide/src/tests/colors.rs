//! Colours with their places, and other ways to write them.

use base::CancelToken;
use expect_test::{Expect, expect};
use syntax::Document;

use crate::{color_presentations, document_colors};

#[track_caller]
fn check(text: &str, expected: Expect) {
    let document = Document::new(text);
    let mut shown = String::new();
    for found in document_colors(&document, &CancelToken::new()) {
        let (color, code) = (found.color, found.range.slice(text));
        shown += &format!("{code}: #{:02x}{:02x}{:02x}", color.red, color.green, color.blue);
        shown += &format!(" {:?}\n", color_presentations(&document, found.range, color));
    }
    expected.assert_eq(&shown);
}

#[test]
fn constructed_and_named_colors() {
    check(
        "А = Новый Цвет(255, 0, 0);\nБ = новый цвет( 1 , 2, 3 );\nВ = WebЦвета.Томатный;\nГ = НОВЫЙ ЦВЕТ(256, 0, 0);\n\
         Д = Новый Цвет(1, 2);\nЕ = Новый Цвет(А, 0, 0);\nЖ = WebЦвета.Нет;\nЗ = А.WebЦвета.Красный;\nИ = Новый Цвет;",
        expect![[r#"
            Новый Цвет(255, 0, 0): #ff0000 ["Новый Цвет(255, 0, 0)", "WebЦвета.Красный"]
            новый цвет( 1 , 2, 3 ): #010203 ["Новый Цвет(1, 2, 3)"]
            WebЦвета.Томатный: #ff6347 ["Новый Цвет(255, 99, 71)", "WebЦвета.Томатный"]
        "#]],
    );
    check(
        "A = New Color(0, 255, 255);\nB = webcolors.NAVY.C;",
        expect![[r#"
        New Color(0, 255, 255): #00ffff ["New Color(0, 255, 255)", "WebColors.Aqua", "WebColors.Cyan"]
        webcolors.NAVY: #000080 ["New Color(0, 0, 128)", "WebColors.Navy"]
    "#]],
    );
}
