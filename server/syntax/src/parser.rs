//! One tree-sitter parser per thread. Parsing never fails: broken text gives a tree with error nodes.

use std::cell::RefCell;

use ropey::Rope;
use tree_sitter::{Language, Parser, Tree};

thread_local! {
    static PARSER: RefCell<Parser> = RefCell::new(new_parser());
}

fn new_parser() -> Parser {
    let mut parser = Parser::new();
    parser
        .set_language(&Language::new(strizh_grammar::BSL))
        .expect("invariant: the runtime accepts the ABI of the generated parser");
    parser
}

/// Parses a whole text.
pub fn parse_text(text: &str) -> Tree {
    PARSER.with_borrow_mut(|parser| {
        parser.parse(text, None).expect("invariant: a parse without a progress callback is never interrupted")
    })
}

/// Parses a rope; an edited old tree makes it incremental.
pub(crate) fn parse_rope(rope: &Rope, old: Option<&Tree>) -> Tree {
    let mut chunk = |offset: usize, _| {
        if offset >= rope.len_bytes() {
            return &[][..];
        }
        let (text, start, _, _) = rope.chunk_at_byte(offset);
        &text.as_bytes()[offset - start..]
    };
    PARSER.with_borrow_mut(|parser| {
        parser
            .parse_with_options(&mut chunk, old, None)
            .expect("invariant: a parse without a progress callback is never interrupted")
    })
}
