//! Queries inside modules are parsed in place, and no text of a query crashes the parser.

use crate::support::queries::{find_queries, parse_plain, parse_query, sdbl_parser};
use crate::support::rng::Rng;
use crate::support::trees::{parse, pretty, problems, walk};

const RUSSIAN: &str = "А = \"ВЫБРАТЬ
    |	Т.Код КАК Код, \"\"текст \"\"\"\"внутри\"\"\"\"\"\" КАК Имя
    // примечание
    |ИЗ
    |	Справочник.Товары КАК Т\"; Б = \"Выбрать файл на диске\"; В = \"ВЫБРАТЬ РАЗРЕШЕННЫЕ ПЕРВЫЕ 5\";
Г = \"ВЫБРАТЬ Т.Код ИЗ \" + Имя;";
const ENGLISH: &str = "A = \"SELECT\r\n|	T.Code AS Code, \"\"text \"\"\"\"inside\"\"\"\"\"\" AS Name\r\n// note\r\n|FROM\r\n\
    |	Catalog.Goods AS T\"; B = \"Select a file on the disk\"; C = \"SELECT ALLOWED DISTINCT TOP 5\"; \
    D = \"SELECT T.Description FROM \" + Name;";

#[test]
fn queries_are_parsed_in_place() {
    for text in [RUSSIAN, ENGLISH] {
        let queries = find_queries(&parse(text), text);
        assert_eq!(queries.iter().map(|query| query.is_template).collect::<Vec<_>>(), [false, true]);
        let query = &queries[0];
        let tree = parse_query(&mut sdbl_parser(), text, &query.ranges);
        assert!(problems(&tree).is_empty(), "{}", pretty(&tree));
        let plain: String =
            query.ranges.iter().map(|range| &text[range.start_byte..range.end_byte]).collect();
        assert_eq!(pretty(&tree), pretty(&parse_plain(&plain)));
        let mut names = Vec::new();
        walk(&tree, |cursor| {
            let node = cursor.node();
            names.extend((node.kind() == "identifier").then(|| &text[node.byte_range()]));
            true
        });
        assert_eq!(names.len(), 7, "{names:?}");
    }
}

const TOKENS: &[&str] = &[
    "ВЫБРАТЬ",
    "Select",
    "ИЗ",
    "FROM",
    "ГДЕ",
    "КАК",
    "AS",
    "ЛЕВОЕ",
    "JOIN",
    "СОЕДИНЕНИЕ",
    "ПО",
    "ON",
    "И",
    "OR",
    "НЕ",
    "В",
    "ПОДОБНО",
    "BETWEEN",
    "ЕСТЬ",
    "NULL",
    "ССЫЛКА",
    "ВЫБОР",
    "WHEN",
    "ТОГДА",
    "КОНЕЦ",
    "ОБЪЕДИНИТЬ",
    "ВСЕ",
    "УПОРЯДОЧИТЬ",
    "GROUP",
    "ИТОГИ",
    "ИЕРАРХИЯ",
    "ПЕРИОДАМИ",
    "ИНДЕКСИРОВАТЬ",
    "НАБОРАМ",
    "ДЛЯ",
    "UPDATE",
    "УНИЧТОЖИТЬ",
    "ПОМЕСТИТЬ",
    "ПЕРВЫЕ",
    "РАЗЛИЧНЫЕ",
    "Имя",
    "т",
    "x1",
    "1",
    "2.",
    "\"",
    "\"\"",
    "\"а\"",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "[И]",
    ".",
    ",",
    ";",
    "&",
    "&П",
    "#",
    "#Т",
    "%1",
    "вт#1#",
    "?",
    "@",
    "=",
    "<>",
    "+",
    "-",
    "*",
    "/",
    "//",
    "\n",
    "\r",
    "\t",
    "\u{feff}",
    "№",
    "\0",
    "😀",
];

#[test]
fn random_queries_parse() {
    let mut rng = Rng::new(21);
    let mut parser = sdbl_parser();
    for _ in 0..10_000 {
        let text: String =
            (0..rng.below(60)).flat_map(|_| [rng.pick(TOKENS), rng.pick(&[" ", "", "\n"])]).collect();
        let tree = parser.parse(&text, None).expect("parsing is not cancelled");
        assert_eq!(tree.root_node().end_byte(), text.len(), "{text:?}");
    }
    for _ in 0..5_000 {
        let bytes: Vec<u8> = (0..rng.below(120)).map(|_| rng.next() as u8).collect();
        assert!(parser.parse(&bytes, None).is_some());
    }
}

#[test]
fn deeply_nested_queries_parse() {
    let depth = 10_000;
    for text in [
        format!("ВЫБРАТЬ {}1{}", "(".repeat(depth), ")".repeat(depth)),
        format!("ВЫБРАТЬ 1 ИЗ {}", "(ВЫБРАТЬ 1 ИЗ ".repeat(depth)),
        format!("ВЫБРАТЬ А{}", ".Б".repeat(depth)),
        format!("ВЫБРАТЬ 1 ИЗ А {}", "ЛЕВОЕ СОЕДИНЕНИЕ Б ".repeat(depth)),
        format!("ВЫБРАТЬ {}", "ВЫБОР КОГДА ".repeat(depth)),
    ] {
        let mut nodes = 0;
        walk(&parse_plain(&text), |_| {
            nodes += 1;
            true
        });
        assert!(nodes > depth, "{nodes}");
    }
}
