//! An open document: rope, tree and revision change together, synchronously, in message order.

use std::fmt;
use std::sync::{Arc, OnceLock};

use base::TextRange;
use ropey::Rope;
use tree_sitter::{InputEdit, Point, Tree};

use crate::parser::parse_rope;
use crate::position::{self, Position, PositionEncoding};
use crate::section::{Section, sections_of_document};
use crate::source::Source;
use crate::tree::SyntaxTree;

/// One change of a client: a replaced range, or the whole text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub range: Option<(Position, Position)>,
    pub text: String,
}

/// A change that names a line which the document does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PositionError {
    pub line: u32,
    pub lines: u32,
}

impl fmt::Display for PositionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} does not exist: the document has {} lines", self.line, self.lines)
    }
}

impl std::error::Error for PositionError {}

#[derive(Debug)]
struct FlatText {
    text: String,
    tree: SyntaxTree,
}

impl FlatText {
    fn new(document: &Document) -> Self {
        let text = document.text();
        let mut tree = SyntaxTree::default();
        tree.lower(document.tree(), TextRange::from(0..text.len()), &text);
        Self { text, tree }
    }
}

/// Text and tree of one revision. Cloning is cheap and gives an immutable snapshot.
#[derive(Clone, Debug)]
pub struct Document {
    rope: Rope,
    tree: Tree,
    revision: u64,
    /// Made when the first feature asks, shared by all snapshots of the revision.
    flat: Arc<OnceLock<FlatText>>,
    /// Likewise.
    sections: Arc<OnceLock<Vec<Section>>>,
    /// A CR without LF stands somewhere. It ends a line of the protocol but no row of tree-sitter.
    has_lone_cr: bool,
}

impl Document {
    pub fn new(text: &str) -> Self {
        let rope = Rope::from_str(text);
        let tree = parse_rope(&rope, None);
        let has_lone_cr = has_lone_cr(text.chars());
        Self { rope, tree, revision: 0, flat: Arc::default(), sections: Arc::default(), has_lone_cr }
    }

    pub fn rope(&self) -> &Rope {
        &self.rope
    }

    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// Grows by one with every batch of changes.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    pub fn text(&self) -> String {
        self.rope.to_string()
    }

    /// The flat form of the whole module.
    pub fn flat(&self) -> Source<'_> {
        let flat = self.flat.get_or_init(|| FlatText::new(self));
        Source { text: &flat.text, tree: &flat.tree }
    }

    /// Sections in order, covering all of the document.
    pub fn sections(&self) -> &[Section] {
        self.sections.get_or_init(|| sections_of_document(self))
    }

    pub fn len(&self) -> u32 {
        self.rope.len_bytes() as u32
    }

    pub fn is_empty(&self) -> bool {
        self.rope.len_bytes() == 0
    }

    /// The text of a range; empty when the range does not lie inside the document.
    pub fn slice(&self, range: TextRange) -> String {
        self.rope.get_byte_slice(range.as_usize()).map(|slice| slice.to_string()).unwrap_or_default()
    }

    pub fn to_offset(&self, position: Position, encoding: PositionEncoding) -> Option<u32> {
        position::to_offset(&self.rope, position, encoding)
    }

    pub fn to_position(&self, offset: u32, encoding: PositionEncoding) -> Position {
        position::from_offset(&self.rope, offset, encoding)
    }

    /// Applies changes in order, each on the result of the one before it, and parses once. A change
    /// that names a missing line stops the batch; what came before it stays applied.
    pub fn apply(&mut self, changes: &[Change], encoding: PositionEncoding) -> Result<(), PositionError> {
        let mut old_tree = Some(self.tree.clone());
        let mut result = Ok(());
        for change in changes {
            let Some((start, end)) = change.range else {
                self.rope = Rope::from_str(&change.text);
                self.has_lone_cr = has_lone_cr(change.text.chars());
                old_tree = None;
                continue;
            };
            let (Some(start), Some(end)) = (self.to_offset(start, encoding), self.to_offset(end, encoding))
            else {
                result = Err(PositionError {
                    line: start.line.max(end.line),
                    lines: self.rope.len_lines() as u32,
                });
                break;
            };
            let range = TextRange { start: start.min(end), end: start.max(end) };
            let edit = self.replace(range, &change.text);
            if let Some(tree) = &mut old_tree {
                tree.edit(&edit);
            }
        }
        self.tree = parse_rope(&self.rope, old_tree.as_ref());
        self.revision += 1;
        self.flat = Arc::default();
        self.sections = Arc::default();
        result
    }

    /// The document as it would be with other text in a range; the tree is made incrementally. The document itself when
    /// the range does not lie inside it.
    pub fn with_replaced(&self, range: TextRange, text: &str) -> Self {
        let mut changed = self.clone();
        let is_inside = range.start <= range.end && self.rope.get_byte_slice(range.as_usize()).is_some();
        if is_inside {
            let edit = changed.replace(range, text);
            changed.tree.edit(&edit);
            changed.tree = parse_rope(&changed.rope, Some(&changed.tree));
            changed.revision += 1;
            changed.flat = Arc::default();
            changed.sections = Arc::default();
        }
        changed
    }

    fn replace(&mut self, range: TextRange, text: &str) -> InputEdit {
        let start_position = self.point(range.start as usize);
        let old_end_position = self.point(range.end as usize);
        let start = self.rope.byte_to_char(range.start as usize);
        let end = self.rope.byte_to_char(range.end as usize);
        self.rope.remove(start..end);
        self.rope.insert(start, text);
        let new_end = range.start as usize + text.len();
        self.look_for_lone_cr(start, self.rope.byte_to_char(new_end));
        InputEdit {
            start_byte: range.start as usize,
            old_end_byte: range.end as usize,
            new_end_byte: new_end,
            start_position,
            old_end_position,
            new_end_position: self.point(new_end),
        }
    }

    /// Row and column as tree-sitter counts them. Error recovery weighs rows, so wrong ones would give
    /// other trees than a parse from scratch.
    fn point(&self, offset: usize) -> Point {
        if self.has_lone_cr {
            let before = self.rope.byte_slice(..offset);
            let count = |chunk: &str| chunk.bytes().filter(|byte| *byte == b'\n').count();
            let row = before.chunks().map(count).sum();
            let column = before.bytes_at(offset).reversed().take_while(|byte| *byte != b'\n').count();
            return Point { row, column };
        }
        let row = self.rope.byte_to_line(offset);
        Point { row, column: offset - self.rope.line_to_byte(row) }
    }

    /// An edit can make a lone CR only inside the new text or at its borders.
    fn look_for_lone_cr(&mut self, start: usize, end: usize) {
        let around = self.rope.slice(start.saturating_sub(1)..(end + 1).min(self.rope.len_chars()));
        let is_at_end = end + 1 >= self.rope.len_chars();
        let mut chars = around.chars().collect::<Vec<_>>();
        if !is_at_end && chars.last() == Some(&'\r') {
            // Its LF, if any, lies behind the slice.
            chars.pop();
        }
        self.has_lone_cr |= has_lone_cr(chars.into_iter());
    }
}

fn has_lone_cr(chars: impl Iterator<Item = char>) -> bool {
    let mut is_after_cr = false;
    for letter in chars {
        if is_after_cr && letter != '\n' {
            return true;
        }
        is_after_cr = letter == '\r';
    }
    is_after_cr
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(start: (u32, u32), end: (u32, u32), text: &str) -> Change {
        let position = |(line, column)| Position::new(line, column);
        Change { range: Some((position(start), position(end))), text: text.to_owned() }
    }

    #[test]
    fn changes_of_one_batch_refer_to_the_evolving_text() {
        let mut document = Document::new("А = 1;\nБ = 2;\n");
        let changes = [change((0, 0), (1, 0), ""), change((0, 4), (0, 5), "37")];
        document.apply(&changes, PositionEncoding::Utf16).expect("invariant: the lines exist");
        assert_eq!(document.text(), "Б = 37;\n");
        assert_eq!(document.revision(), 1);
        assert_eq!(
            document.tree().root_node().to_sexp(),
            Document::new("Б = 37;\n").tree().root_node().to_sexp()
        );
    }

    #[test]
    fn columns_count_in_the_agreed_units() {
        let document = Document::new("Ж😀x\r\nвторая\rтретья");
        let at = |line, column, encoding| document.to_offset(Position::new(line, column), encoding);
        assert_eq!(at(0, 3, PositionEncoding::Utf16), Some(6));
        assert_eq!(at(0, 6, PositionEncoding::Utf8), Some(6));
        assert_eq!(at(0, 2, PositionEncoding::Utf16), Some(2), "inside the surrogate pair");
        assert_eq!(at(0, 99, PositionEncoding::Utf16), Some(7), "behind the line end");
        assert_eq!(at(2, 0, PositionEncoding::Utf16), Some(22), "a lone CR ends a line");
        assert_eq!(at(3, 0, PositionEncoding::Utf16), None);
        assert_eq!(document.to_position(6, PositionEncoding::Utf16), Position::new(0, 3));
        assert_eq!(document.to_position(4, PositionEncoding::Utf16), Position::new(0, 1), "inside a letter");
        assert_eq!(document.to_position(22, PositionEncoding::Utf8), Position::new(2, 0));
    }

    #[test]
    fn shows_what_a_replacement_would_break() {
        let document = Document::new("А = Б(1);\nВ = 2;\n");
        let range = TextRange { start: 0, end: "А = Б(1);".len() as u32 };
        let broken = document.with_replaced(range, "А = Б(;");
        assert_eq!(broken.text(), "А = Б(;\nВ = 2;\n");
        let errors = |document: &Document| document.flat().tree.errors().len();
        assert_eq!((errors(&document), errors(&broken)), (0, 1));
        assert_eq!(document.with_replaced(TextRange { start: 90, end: 99 }, "").text(), document.text());
    }

    #[test]
    fn a_change_of_a_missing_line_keeps_the_rest() {
        let mut document = Document::new("А = 1;");
        let changes = [change((0, 4), (0, 5), "2"), change((7, 0), (7, 0), "x")];
        let error =
            document.apply(&changes, PositionEncoding::Utf16).expect_err("invariant: there is no line 7");
        assert_eq!(error.to_string(), "line 7 does not exist: the document has 1 lines");
        assert_eq!(document.text(), "А = 2;");
    }

    #[test]
    fn form_feeds_and_unicode_separators_do_not_end_lines() {
        let document = Document::new("А\u{c}Б\u{2028}В\nГ");
        assert_eq!(document.to_position(document.len(), PositionEncoding::Utf16), Position::new(1, 1));
    }
}
