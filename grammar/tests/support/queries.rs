//! Queries inside modules: which literals are queries, and the parts of them that SDBL sees.

use tree_sitter::{Node, Parser, Range, Tree};

use crate::support::trees::{parser_of, walk};

/// A literal that begins like a query.
pub struct QueryLiteral {
    /// The parts between quotes and bars; a doubled quote leaves one.
    pub ranges: Vec<Range>,
    /// Text is put in or added at run time.
    pub is_template: bool,
}

const STARTS: [&str; 4] = ["ВЫБРАТЬ", "SELECT", "УНИЧТОЖИТЬ", "DROP"];

pub fn find_queries(tree: &Tree, text: &str) -> Vec<QueryLiteral> {
    let mut found = Vec::new();
    walk(tree, |cursor| {
        let node = cursor.node();
        if node.kind() == "string" {
            found.extend(query_of(node, text));
        }
        node.kind() != "string"
    });
    found
}

fn query_of(string: Node<'_>, text: &str) -> Option<QueryLiteral> {
    let mut ranges = Vec::new();
    let mut cursor = string.walk();
    for part in string.children(&mut cursor) {
        match part.kind() {
            "string_content" | "string_newline" => ranges.push(part.range()),
            // The first quote of a pair.
            "escape" => {
                let mut range = part.range();
                range.end_byte -= 1;
                range.end_point.column -= 1;
                ranges.push(range);
            }
            _ => {}
        }
    }
    let plain: String = ranges.iter().map(|range| &text[range.start_byte..range.end_byte]).collect();
    let code = skip_comments(&plain);
    let word = code.split(char::is_whitespace).next().unwrap_or_default();
    let has_lines = code.contains(['\n', '\r']);
    let is_start =
        |start: &&str| word == *start || (has_lines && word.to_lowercase() == start.to_lowercase());
    if plain.len() <= 20 || is_fragment(&code[word.len()..]) || !STARTS.iter().any(is_start) {
        return None;
    }
    let is_operand = string.parent().is_some_and(|parent| parent.kind() == "binary_expression");
    let is_template = is_operand || plain.contains(['#', '[', '?', '@']) || has_numbered_part(&plain);
    Some(QueryLiteral { ranges, is_template })
}

/// Only the beginning of a query, as programs use it to replace one by another.
fn is_fragment(text: &str) -> bool {
    let modifiers = ["РАЗРЕШЕННЫЕ", "РАЗЛИЧНЫЕ", "ПЕРВЫЕ", "ALLOWED", "DISTINCT", "TOP"];
    text.split_whitespace().all(|word| {
        modifiers.contains(&word.to_uppercase().as_str())
            || word.chars().all(|letter| letter.is_ascii_digit())
    })
}

/// `%1`
fn has_numbered_part(text: &str) -> bool {
    text.split('%').skip(1).any(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()))
}

fn skip_comments(text: &str) -> &str {
    let mut rest = text.trim_start();
    while rest.starts_with("//") {
        rest = rest.find(['\n', '\r']).map_or("", |at| rest[at..].trim_start());
    }
    rest
}

/// Parses queries of a text in place.
pub fn parse_query(parser: &mut Parser, text: &str, ranges: &[Range]) -> Tree {
    parser.set_included_ranges(ranges).expect("parts of a literal are sorted");
    parser.parse(text, None).expect("parsing is not cancelled")
}

/// Parses a query that is not inside a module.
pub fn parse_plain(text: &str) -> Tree {
    sdbl_parser().parse(text, None).expect("parsing is not cancelled")
}

pub fn sdbl_parser() -> Parser {
    parser_of(strizh_grammar::SDBL)
}
