//! Code that no person wrote.

use expect_test::expect;

use super::{ask_with, check, print, shape_at_mark};

#[test]
fn deep_nesting_costs_no_stack() {
    let depth = 20_000;
    let text =
        format!("А = 1; {} А = \"\"; {} В(А$0)", "Если Б Тогда ".repeat(depth), "КонецЕсли; ".repeat(depth));
    check(&text, expect!["Число | ?"]);
    let text = format!("А = {}1{}; В(А$0)", "(".repeat(depth), ")".repeat(depth));
    check(&text, expect!["Число"]);
    let text = format!("А = {}Б; В(А$0)", "НЕ Б И ".repeat(depth));
    check(&text, expect!["Булево"]);
    let text = format!("А = \"\"{}; В(А$0)", " + Б".repeat(depth));
    check(&text, expect!["Строка"]);
    let text = format!("А = Б{}; В(А$0)", ".Б".repeat(depth));
    check(&text, expect!["?"]);
    let text = format!("А = {}Б{}; В(А$0)", "Ф(".repeat(depth), ")".repeat(depth));
    check(&text, expect!["Ф()"]);
    let text =
        format!("{}А = 1;{} В(А$0)", "Для Сч = 1 По 2 Цикл ".repeat(depth), "КонецЦикла;".repeat(depth));
    check(&text, expect!["?"]);
}

#[test]
fn long_methods_are_linear() {
    let text = format!("А = 1; {} В(А$0)", "А = А + 1; Б = А; С = Новый Структура(\"А\"); ".repeat(10_000));
    check(&text, expect!["Число"]);
    let inserts: String = (0..500).map(|index| format!("С.Вставить(\"Поле{index}\", С); ")).collect();
    let found = shape_at_mark(&format!("С = Новый Структура; {inserts} В(С$0)"), &[]);
    assert_eq!(found.matches("Поле").count(), 200);
    let branches = "ИначеЕсли Б = Неопределено Тогда А = 1; Б = А; ".repeat(5_000);
    let others: String =
        (0..5_000).map(|index| format!("ИначеЕсли Б{index} = Неопределено Тогда Б{index} = А; ")).collect();
    let first: String = (0..5_000).map(|index| format!("Б{index} = Ф(); ")).collect();
    check(&format!("{first} Если Г Тогда {others} КонецЕсли; В(Б4000$0)"), expect!["Ф() | @А"]);
    check(&format!("Б = 1; Если Г Тогда {branches} КонецЕсли; В(Б$0)"), expect!["Число"]);
}

#[test]
fn unions_and_structures_are_bounded() {
    let branches: String = (0..20).map(|index| format!("ИначеЕсли Б Тогда А = Ф{index}();")).collect();
    let found = shape_at_mark(&format!("Если Г Тогда {branches} КонецЕсли; В(А$0)"), &[]);
    assert_eq!(found.matches('|').count(), 8, "{found}");
    let nested = "С = Новый Структура(\"А, Б\", С, С); ".repeat(40);
    let found = shape_at_mark(&format!("С = 1; {nested} В(С$0)"), &[]);
    assert!(found.len() < 100_000);
}

#[test]
fn broken_text_is_no_problem() {
    for text in [
        "",
        "А = ",
        "А.",
        "Для Каждого Из",
        "Если Тогда",
        "Новый",
        "А = Новый Структура(\"",
        "С.Вставить(",
        "#Если\n#Иначе\n#КонецЕсли\n#КонецЕсли",
        "Функция Ф(А, Возврат А",
    ] {
        ask_with(text, &[], |flow, source, offset| {
            for node in source.tree.nodes().map(|(node, _)| node).collect::<Vec<_>>() {
                print(&flow.shape_of(node));
            }
            flow.locals_at(offset);
            flow.return_shape();
        });
    }
}
