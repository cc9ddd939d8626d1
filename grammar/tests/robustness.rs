//! No input crashes the parser, makes it hang or overflows a stack.

use crate::support::edits::floor_boundary;
use crate::support::modules::{Language, module};
use crate::support::rng::Rng;
use crate::support::trees::{parse, parser, walk};

const TOKENS: &[&str] = &[
    "Процедура",
    "Функция",
    "КонецПроцедуры",
    "EndFunction",
    "Если",
    "Then",
    "Тогда",
    "Иначе",
    "ElsIf",
    "КонецЕсли",
    "Для",
    "Each",
    "Каждого",
    "Из",
    "По",
    "Цикл",
    "EndDo",
    "Попытка",
    "Except",
    "КонецПопытки",
    "Возврат",
    "Новый",
    "Перем",
    "Экспорт",
    "Знач",
    "Асинх",
    "Ждать",
    "Goto",
    "Raise",
    "Выполнить",
    "И",
    "Not",
    "Истина",
    "Имя",
    "а",
    "x1",
    "1",
    "2.",
    "'2024'",
    "\"",
    "\"\"",
    "\"текст\"",
    "|",
    "(",
    ")",
    "[",
    "]",
    ".",
    ",",
    ";",
    ":",
    "~",
    "?",
    "&",
    "=",
    "<>",
    "<=",
    "+",
    "-",
    "*",
    "%",
    "//",
    "#",
    "#Если",
    "#Область",
    "#Удаление",
    "#КонецУдаления",
    "#!",
    "\n",
    "\r",
    "\r\n",
    "\t",
    " ",
    "\u{feff}",
    "\u{a0}",
    "@",
    "\\",
    "\0",
    "😀",
];

#[test]
fn random_bytes_parse() {
    let mut rng = Rng::new(1);
    let mut parser = parser();
    for _ in 0..5_000 {
        let bytes: Vec<u8> = (0..rng.below(120)).map(|_| rng.next() as u8).collect();
        assert!(parser.parse(&bytes, None).is_some());
    }
}

#[test]
fn random_tokens_parse() {
    let mut rng = Rng::new(2);
    let mut parser = parser();
    for _ in 0..5_000 {
        let text: String =
            (0..rng.below(60)).flat_map(|_| [rng.pick(TOKENS), rng.pick(&[" ", "", "\n"])]).collect();
        let tree = parser.parse(&text, None).expect("parsing is not cancelled");
        assert_eq!(tree.root_node().end_byte(), text.len(), "{text:?}");
    }
}

#[test]
fn truncated_modules_parse() {
    let mut rng = Rng::new(3);
    let mut parser = parser();
    for language in [Language::Russian, Language::English] {
        let text = module(5, language, 2_000);
        for _ in 0..5_000 {
            let start = floor_boundary(&text, rng.below(text.len()));
            let end = floor_boundary(&text, start + rng.below(600));
            assert!(parser.parse(&text[start..end.max(start)], None).is_some());
        }
    }
}

#[test]
fn deep_nesting_parses_and_can_be_walked() {
    let depth = 20_000;
    let inputs = [
        format!("А = {}1{};", "(".repeat(depth), ")".repeat(depth)),
        format!("А = {}1;", "(".repeat(depth)),
        format!("А = {}1;", "-".repeat(depth)),
        format!("А = Б{};", ".В()".repeat(depth)),
        "Если А Тогда\n".repeat(depth / 10),
        format!("А = \"{};", "\n|".repeat(depth)),
    ];
    for text in &inputs {
        let tree = parse(text);
        let mut nodes = 0;
        walk(&tree, |_| {
            nodes += 1;
            true
        });
        assert!(nodes > 1_000);
    }
}

#[test]
fn long_comments_are_not_read_again_for_each_line() {
    let comments = "// пояснение к тому, что следует\n".repeat(20_000);
    let text = format!(
        "Процедура А()\nЕсли Б Тогда\nВ();\n{comments}КонецЕсли;\nКонецПроцедуры\nГ = (Д\n{comments});"
    );
    let started = std::time::Instant::now();
    assert!(!parse(&text).root_node().has_error());
    assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
}
