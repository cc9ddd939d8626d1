//! Cuts a module into sections: each method with what stands before it, and the rest. A section is the
//! unit of recomputation, since an edit inside one leaves the text of all others as it was.

use std::hash::Hasher;

use base::TextRange;
use ropey::Rope;
use tree_sitter::{Node, Tree};
use xxhash_rust::xxh3::Xxh3;

use crate::document::Document;

/// Whole lines of a module that hold at most a few methods, usually one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section {
    pub range: TextRange,
    /// Digest of the text and of the shape of the top-level nodes; equal sections have equal trees.
    pub digest: u128,
}

/// Sections of an open document, in order, covering all of it.
pub(crate) fn sections_of_document(document: &Document) -> Vec<Section> {
    let rope = document.rope();
    let mut sections = cut(document.tree(), document.len(), |offset| line_end(rope, offset));
    for section in &mut sections {
        for chunk in rope.byte_slice(section.range.as_usize()).chunks() {
            section.hasher.write(chunk.as_bytes());
        }
    }
    sections.into_iter().map(|cut| Section { range: cut.range, digest: cut.hasher.digest128() }).collect()
}

/// Sections of a text that is analysed once: their digests are not needed and are zero.
pub fn sections_of_text(tree: &Tree, text: &str) -> Vec<Section> {
    let bytes = text.as_bytes();
    let line_end = |offset: u32| {
        let rest = &bytes[offset as usize..];
        let Some(at) = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) else {
            return bytes.len() as u32;
        };
        let width = if rest[at..].starts_with(b"\r\n") { 2 } else { 1 };
        offset + (at + width) as u32
    };
    let cuts = cut(tree, bytes.len() as u32, line_end);
    cuts.into_iter().map(|cut| Section { range: cut.range, digest: 0 }).collect()
}

/// Places of the sections of an open document.
pub(crate) fn section_ranges(document: &Document) -> Vec<TextRange> {
    let rope = document.rope();
    let cuts = cut(document.tree(), document.len(), |offset| line_end(rope, offset));
    cuts.into_iter().map(|cut| cut.range).collect()
}

/// Range of the section that holds an offset.
pub(crate) fn section_around(document: &Document, offset: u32) -> TextRange {
    let rope = document.rope();
    let mut range = TextRange { start: 0, end: document.len() };
    let mut boundary: Option<u32> = None;
    let mut cursor = document.tree().walk();
    let mut has_child = cursor.goto_first_child();
    while has_child {
        let node = cursor.node();
        let end = node.end_byte() as u32;
        if let Some(cut) = boundary.filter(|cut| node.start_byte() as u32 >= *cut) {
            if cut > offset {
                range.end = cut;
                return range;
            }
            range.start = cut;
            boundary = None;
        }
        if is_method(node) {
            boundary = Some(line_end(rope, end));
        } else if boundary.is_some_and(|boundary| end > boundary) {
            boundary = None;
        }
        has_child = cursor.goto_next_sibling();
    }
    match boundary.filter(|cut| *cut < document.len()) {
        Some(cut) if cut > offset => range.end = cut,
        Some(cut) => range.start = cut,
        None => {}
    }
    range
}

fn line_end(rope: &Rope, offset: u32) -> u32 {
    let line = rope.byte_to_line(offset as usize);
    if line + 1 < rope.len_lines() { rope.line_to_byte(line + 1) as u32 } else { rope.len_bytes() as u32 }
}

struct Cut {
    range: TextRange,
    hasher: Xxh3,
}

/// Cuts behind the line on which a method ends, unless something else starts on that line.
fn cut(tree: &Tree, len: u32, line_end: impl Fn(u32) -> u32) -> Vec<Cut> {
    let mut cuts = Vec::new();
    let mut start = 0;
    let mut hasher = Xxh3::new();
    let mut boundary: Option<u32> = None;
    let mut cursor = tree.walk();
    let mut has_child = cursor.goto_first_child();
    while has_child {
        let node = cursor.node();
        if let Some(end) = boundary.filter(|end| node.start_byte() as u32 >= *end) {
            cuts.push(Cut {
                range: TextRange { start, end },
                hasher: std::mem::replace(&mut hasher, Xxh3::new()),
            });
            start = end;
            boundary = None;
        }
        hash_shape(&mut hasher, node, start);
        let end = node.end_byte() as u32;
        if is_method(node) {
            boundary = Some(line_end(end));
        } else if boundary.is_some_and(|boundary| end > boundary) {
            boundary = None;
        }
        has_child = cursor.goto_next_sibling();
    }
    if let Some(end) = boundary.filter(|end| *end < len) {
        cuts.push(Cut {
            range: TextRange { start, end },
            hasher: std::mem::replace(&mut hasher, Xxh3::new()),
        });
        start = end;
    }
    cuts.push(Cut { range: TextRange { start, end: len }, hasher });
    cuts
}

fn is_method(node: Node<'_>) -> bool {
    matches!(node.kind(), "procedure_definition" | "function_definition")
}

/// The same broken text may have several trees, depending on what stands before it and on how it came
/// about, so the shape counts wherever there are errors below.
fn hash_shape(hasher: &mut Xxh3, root: Node<'_>, base: u32) {
    let mut cursor = root.walk();
    let mut depth = 0;
    loop {
        let node = cursor.node();
        hasher.write_u16(node.kind_id());
        hasher.write_u32(node.start_byte() as u32 - base);
        hasher.write_u32(node.end_byte() as u32 - base);
        hasher.write_u8(u8::from(node.is_missing()));
        if node.has_error() && cursor.goto_first_child() {
            depth += 1;
            continue;
        }
        while depth > 0 && !cursor.goto_next_sibling() {
            cursor.goto_parent();
            depth -= 1;
        }
        if depth == 0 {
            return;
        }
    }
}
