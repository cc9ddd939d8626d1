//! One parser of queries per thread. Queries are parsed from scratch: they are short, and tree-sitter may crash when
//! it reuses a tree whose included ranges grew.

use std::cell::RefCell;

use base::TextRange;
use tree_sitter::{Language, Parser, Point, Range, Tree};

use super::literal::QueryLiteral;
use super::tree::QueryTree;

thread_local! {
    static PARSER: RefCell<Parser> = RefCell::new(new_parser());
}

fn new_parser() -> Parser {
    let mut parser = Parser::new();
    parser
        .set_language(&Language::new(strizh_grammar::SDBL))
        .expect("invariant: the runtime accepts the ABI of the generated parser");
    parser
}

/// The tree of a query inside `text`, the text in which it was found.
pub fn parse_query(text: &str, query: &QueryLiteral) -> QueryTree {
    let tree = parse(text, &query.parts);
    QueryTree::lower(&tree, text, query.is_template || query.is_concatenated)
}

/// The tree of a query that stands on its own.
pub fn parse_query_text(text: &str) -> QueryTree {
    QueryTree::lower(&parse(text, &[]), text, false)
}

/// Parses the whole text if there are no parts.
fn parse(text: &str, parts: &[TextRange]) -> Tree {
    PARSER.with_borrow_mut(|parser| {
        parser.set_included_ranges(&included_ranges(text, parts)).expect("invariant: parts are sorted");
        parser.parse(text, None).expect("invariant: a parse without a progress callback is never interrupted")
    })
}

/// Rows only have to grow with the lines: error recovery weighs them.
fn included_ranges(text: &str, parts: &[TextRange]) -> Vec<Range> {
    let bytes = text.as_bytes();
    let base = parts.first().map_or(0, |part| part.start);
    let mut row = 0;
    parts
        .iter()
        .map(|part| {
            let start_point = Point { row, column: (part.start - base) as usize };
            let last = (part.end as usize).checked_sub(1).and_then(|last| bytes.get(last));
            let ends_line = matches!(last, Some(b'\n' | b'\r'));
            row += usize::from(ends_line);
            let column = if ends_line { 0 } else { (part.end - base) as usize };
            Range {
                start_byte: part.start as usize,
                end_byte: part.end as usize,
                start_point,
                end_point: Point { row, column },
            }
        })
        .collect()
}
