//! The outline, indented by depth.

use base::CancelToken;
use expect_test::{Expect, expect};
use syntax::Document;

use crate::{Symbol, document_symbols};

#[track_caller]
fn check(text: &str, expected: Expect) {
    let mut out = String::new();
    let mut rest: Vec<(usize, Symbol)> = document_symbols(&Document::new(text), &CancelToken::new())
        .into_iter()
        .rev()
        .map(|symbol| (0, symbol))
        .collect();
    while let Some((depth, symbol)) = rest.pop() {
        assert!(symbol.range.contains(symbol.selection));
        let detail = symbol.detail.map(|detail| format!(" `{detail}`")).unwrap_or_default();
        let deprecated = if symbol.is_deprecated { " deprecated" } else { "" };
        let (range, selection) = (symbol.range, symbol.selection);
        out += &format!(
            "{}{:?} {}{detail} {}..{} ({}){deprecated}\n",
            "  ".repeat(depth),
            symbol.kind,
            symbol.name,
            range.start,
            range.end,
            selection.slice(text)
        );
        rest.extend(symbol.children.into_iter().rev().map(|child| (depth + 1, child)));
    }
    expected.assert_eq(&out);
}

#[test]
fn regions_methods_and_variables_nest() {
    check(
        "&НаКлиенте\nПерем А Экспорт, Б;\n#Область Интерфейс\n// Складывает.\n&НаСервере\nФункция Сумма(Знач А,\n Б = -1, В = \"x\") Экспорт\n\tПерем Итог;\n\t#Region Inner\n\tИтог = А;\n\t#EndRegion\nКонецФункции\n#КонецОбласти",
        expect![[r#"
            Variable А `&НаКлиенте Экспорт` 31..48 (А)
            Variable Б `&НаКлиенте` 50..52 (Б)
            Region Интерфейс 54..323 (Интерфейс)
              Function Сумма `(Знач А, Б = -1, В = "x") Экспорт &НаСервере` 114..297 (Сумма)
                Variable Итог 220..228 (Итог)
                Region Inner 231..272 (Inner)
        "#]],
    );
}

#[test]
fn deprecation_is_read_from_the_description() {
    check(
        "// Устарела. Есть другая.\nПроцедура А()\nКонецПроцедуры\n//\n// Deprecate\n&AtServer\nProcedure B()\nEndProcedure\n// Не устарела\nПроцедура В() КонецПроцедуры",
        expect![[r#"
            Procedure А `()` 44..96 (А) deprecated
            Procedure B `() &AtServer` 113..149 (B) deprecated
            Procedure В `()` 175..227 (В)
        "#]],
    );
}

#[test]
fn unbalanced_regions_are_tolerated() {
    check(
        "#КонецОбласти\n#Область А\n#Область\n#Область В\nПроцедура Г()\n#Область Д\nКонецПроцедуры\n#КонецОбласти\n#КонецОбласти",
        expect![[r#"
            Region А 26..44 (А)
            Region #Область 45..60 (#Область)
            Region В 61..203 (В)
              Procedure Г `()` 80..151 (Г)
              Region Д 104..177 (Д)
        "#]],
    );
}

#[test]
fn overlapping_regions_become_siblings() {
    check(
        "Процедура А()\n#Область Б\nКонецПроцедуры\n#КонецОбласти",
        expect![[r#"
        Procedure А `()` 0..71 (А)
        Region Б 24..97 (Б)
    "#]],
    );
}

#[test]
fn broken_code_keeps_what_can_be_seen() {
    check(
        "Процедура А(\n\tБ();\nКонецПроцедуры\nФункция В() \nКонецФункции\nПерем",
        expect![[r#"
            Procedure А `()` 0..58 (А)
            Function В `()` 59..104 (В)
        "#]],
    );
    check("", expect![]);
}

#[test]
fn a_method_without_an_end_is_shown() {
    check(
        "Процедура А(Б,\n\tВ = 1)\n\tПерем Г;\n\tЕсли Д Тогда\n\t\tЕ();\n// x\nФункция Ж()\n\tВозврат 1;\n",
        expect![[r#"
            Procedure А `(Б, В = 1)` 0..82 (А)
              Variable Г 47..49 (Г)
            Function Ж `()` 88..126 (Ж)
        "#]],
    );
    check(
        "Процедура А()\n\tЕсли Б Тогда\nКонецПроцедуры\nФункция В()\nКонецФункции",
        expect![[r#"
        Procedure А `()` 0..76 (А)
        Function В `()` 77..121 (В)
    "#]],
    );
    check("А = 1;\nПроцедура ", expect![]);
}
