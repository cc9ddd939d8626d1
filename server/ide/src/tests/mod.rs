//! Fixtures in, readable results out.

mod call_hierarchy;
mod colors;
mod completion;
mod completions;
mod editions;
mod explanation;
mod folding;
mod formatting;
mod highlights;
mod hot;
mod hot_causes;
mod hover;
mod inlay_hints;
mod lenses;
mod links;
mod navigation;
mod project;
mod project_rename;
mod prompt_context;
mod properties;
mod query;
mod refactor;
mod references;
mod rename;
mod selection;
mod semantic_tokens;
mod signature;
mod symbols;
mod workspace_symbols;

use syntax::Document;

/// The document of a fixture and the place of `$0` in it.
#[track_caller]
fn with_cursor(fixture: &str) -> (Document, u32) {
    let (before, after) = fixture.split_once("$0").expect("invariant: the fixture has a cursor");
    (Document::new(&format!("{before}{after}")), before.len() as u32)
}

/// A text on one line.
fn visible(text: &str) -> String {
    text.replace('\r', "\\r").replace('\n', "\\n").replace('\t', "\\t")
}
