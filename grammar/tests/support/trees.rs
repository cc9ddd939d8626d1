//! Questions about trees, all asked with cursors: trees may be as deep as the source nests.

use std::fmt::Write;
use std::ops::Range;

use tree_sitter::{Node, Parser, Tree, TreeCursor};
use tree_sitter_language::LanguageFn;

pub fn parser() -> Parser {
    parser_of(strizh_grammar::BSL)
}

pub fn parser_of(language: LanguageFn) -> Parser {
    let mut parser = Parser::new();
    parser.set_language(&language.into()).expect("the runtime supports the grammar");
    parser
}

pub fn parse(text: &str) -> Tree {
    parser().parse(text, None).expect("parsing is not cancelled")
}

/// Visits nodes in document order; `visit` tells whether to go into the node.
pub fn walk<'t>(tree: &'t Tree, mut visit: impl FnMut(&TreeCursor<'t>) -> bool) {
    let mut cursor = tree.walk();
    loop {
        if visit(&cursor) && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
        }
    }
}

/// Names of the methods, in document order.
pub fn methods(tree: &Tree, text: &str) -> Vec<String> {
    let mut names = Vec::new();
    walk(tree, |cursor| {
        let node = cursor.node();
        if node.kind().ends_with("_definition") {
            let name = node.child_by_field_name("name").map_or("", |name| &text[name.byte_range()]);
            names.push(name.to_lowercase());
        }
        node.kind() == "source_file" || node.is_error()
    });
    names
}

/// Ranges under the outermost ERROR nodes.
pub fn error_ranges(tree: &Tree) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    walk(tree, |cursor| {
        let node = cursor.node();
        if node.is_error() {
            ranges.push(node.byte_range());
        }
        node.has_error() && !node.is_error()
    });
    ranges
}

/// Kinds of everything that marks broken code: ERROR, MISSING and the recovery tokens of the scanner.
pub fn problems(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    walk(tree, |cursor| {
        let node = cursor.node();
        if node.is_missing() {
            found.push(format!("MISSING {}", node.kind()));
        } else if node.is_error() || node.kind().starts_with("missing_") {
            found.push(node.kind().to_owned());
        }
        true
    });
    found
}

/// The S-expression with named nodes, fields and missing tokens, one node per line.
pub fn pretty(tree: &Tree) -> String {
    let mut out = String::new();
    let mut cursor = tree.walk();
    loop {
        let shown = write_opening(&mut out, &cursor);
        if cursor.goto_first_child() {
            continue;
        }
        if shown {
            out.push(')');
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return out;
            }
            if is_shown(cursor.node()) {
                out.push(')');
            }
        }
    }
}

fn is_shown(node: Node<'_>) -> bool {
    node.is_named() || node.is_missing()
}

fn write_opening(out: &mut String, cursor: &TreeCursor<'_>) -> bool {
    let node = cursor.node();
    if !is_shown(node) {
        return false;
    }
    if !out.is_empty() {
        out.push('\n');
    }
    for _ in 0..cursor.depth() {
        out.push_str("  ");
    }
    if let Some(field) = cursor.field_name() {
        let _ = write!(out, "{field}: ");
    }
    match (node.is_missing(), node.is_named()) {
        (true, true) => {
            let _ = write!(out, "(MISSING {}", node.kind());
        }
        (true, false) => {
            let _ = write!(out, "(MISSING {:?}", node.kind());
        }
        (false, _) => {
            let _ = write!(out, "({}", node.kind());
        }
    }
    true
}

/// One line per node of any kind with its range: two equal listings mean equal trees.
pub fn listing(tree: &Tree) -> Vec<(u16, bool, bool, usize, usize, u32)> {
    let mut nodes = Vec::new();
    walk(tree, |cursor| {
        let node = cursor.node();
        nodes.push((
            node.kind_id(),
            node.is_missing(),
            node.has_error(),
            node.start_byte(),
            node.end_byte(),
            cursor.depth(),
        ));
        true
    });
    nodes
}
