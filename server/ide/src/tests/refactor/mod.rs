//! Rewrites, shown by the text that they leave. `«…»` in a fixture is the selection, `$0` a cursor; in a result
//! `$0` stands where a new name waits to be changed.

mod conditions;
mod declarations;
mod extract;
mod loops;
mod queries_in_loops;
mod regions;
mod running;
mod strings;

use base::{TextRange, apply_edits};
use expect_test::Expect;
use syntax::Document;

use crate::{RefactorOptions, refactoring_edit, refactorings};

fn with_selection(fixture: &str) -> (Document, TextRange) {
    if let Some((before, after)) = fixture.split_once("$0") {
        return (Document::new(&format!("{before}{after}")), TextRange::empty(before.len() as u32));
    }
    let (before, rest) = fixture.split_once('«').expect("invariant: the fixture has a selection");
    let (selected, after) = rest.split_once('»').expect("invariant: the selection ends");
    let document = Document::new(&format!("{before}{selected}{after}"));
    (document, TextRange::from(before.len()..before.len() + selected.len()))
}

#[track_caller]
fn check(id: &str, fixture: &str, expected: Expect) {
    check_with(&RefactorOptions::default(), id, fixture, expected);
}

#[track_caller]
fn check_with(options: &RefactorOptions<'_>, id: &str, fixture: &str, expected: Expect) {
    let (document, selection) = with_selection(fixture);
    let offered = refactorings(&document, selection, options);
    assert!(offered.iter().any(|it| it.id == id), "{id} is not offered: {offered:?}");
    let edit = refactoring_edit(&document, selection, options, id).expect("the rewrite has edits");
    let (mut text, skipped) = apply_edits(&document.text(), edit.edits);
    assert_eq!(skipped, []);
    if let Some(rename) = edit.rename {
        text.insert_str(rename as usize, "$0");
    }
    if fixture.contains('\r') {
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count(), "line ends are mixed: {text:?}");
    }
    expected.assert_eq(&text.replace('\r', ""));
}

#[track_caller]
fn check_not_offered(id: &str, fixture: &str) {
    check_not_offered_with(&RefactorOptions::default(), id, fixture);
}

#[track_caller]
fn check_not_offered_with(options: &RefactorOptions<'_>, id: &str, fixture: &str) {
    let (document, selection) = with_selection(fixture);
    let offered = refactorings(&document, selection, options);
    assert!(!offered.iter().any(|it| it.id == id), "{id} is offered");
}
