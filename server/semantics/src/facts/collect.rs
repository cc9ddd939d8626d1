//! Collects the facts of a section from its tree.

use std::cell::RefCell;

use base::TextRange;
use syntax::{Source, SyntaxTree, parse_text};

use crate::facts::module::SectionFacts;

thread_local! {
    /// Buffers of the section at work, reused to spare the allocator.
    static TREE: RefCell<SyntaxTree> = RefCell::default();
}

/// Facts of a whole text.
pub(crate) fn collect_text(text: &str) -> SectionFacts {
    collect_range(&parse_text(text), TextRange::from(0..text.len()), text)
}

/// Facts of a part of a module; `text` is the text of the range.
pub(crate) fn collect_range(tree: &tree_sitter::Tree, range: TextRange, text: &str) -> SectionFacts {
    TREE.with_borrow_mut(|flat| {
        flat.lower(tree, range, text);
        collect(Source { text, tree: flat })
    })
}

/// Facts of a section, places relative to its start.
pub fn collect(source: Source<'_>) -> SectionFacts {
    SectionFacts { length: source.text.len() as u32, ..SectionFacts::default() }
}
