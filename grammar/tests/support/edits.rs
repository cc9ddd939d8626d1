//! Edits of a text together with its tree, the way the server makes them: bytes only, points stay zero.

use std::ops::Range;

use tree_sitter::{InputEdit, Parser, Point, Tree};

pub fn edit(range: Range<usize>, new_length: usize) -> InputEdit {
    let zero = Point { row: 0, column: 0 };
    InputEdit {
        start_byte: range.start,
        old_end_byte: range.end,
        new_end_byte: range.start + new_length,
        start_position: zero,
        old_end_position: zero,
        new_end_position: zero,
    }
}

/// Replaces a part of the text and parses again with what is left of the old tree.
pub fn reparse(
    parser: &mut Parser,
    text: &mut String,
    tree: &mut Tree,
    range: Range<usize>,
    replacement: &str,
) {
    tree.edit(&edit(range.clone(), replacement.len()));
    text.replace_range(range, replacement);
    *tree = parser.parse(text.as_str(), Some(tree)).expect("parsing is not cancelled");
}

/// The nearest character boundary at or before `offset`.
pub fn floor_boundary(text: &str, offset: usize) -> usize {
    (0..=offset.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}
