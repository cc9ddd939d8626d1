//! Rewrites of code that keep its meaning. What fits the selection is found on the section around it; the edits are
//! computed when somebody picks one.

mod add_export;
mod attribute_reads;
mod context;
mod create_method;
mod description;
mod extract_method;
mod extract_variable;
mod if_conditions;
mod inline_variable;
mod invert_if;
mod join_parts;
mod knowledge;
mod layout;
mod locals;
mod lookup_map;
mod loops;
mod multiline_string;
mod organize_regions;
mod query_batch;
mod query_in_loop;
mod query_in_loop_change;
mod string_template;
mod ternary;
mod wrap_in_try;

use base::{Edit, TextRange};
use lints::ModuleKind;
use syntax::Document;

use crate::refactor::context::Context;

pub use crate::refactor::attribute_reads::attribute_getter;
pub use crate::refactor::knowledge::{exact_query_field, searched_collection};
pub(crate) use crate::refactor::organize_regions::is_module_event;

/// What the text of the module does not tell.
#[derive(Clone, Copy, Default)]
pub struct RefactorOptions<'a> {
    pub module: ModuleKind,
    /// The function that reads attributes of the reference whose name is at an offset of the document, see
    /// `attribute_getter`.
    pub attribute_getter: Option<&'a dyn Fn(u32) -> Option<String>>,
    /// Tells whether a method can be called by its bare name from outside the module. Without it nobody knows
    /// which methods are missing.
    pub is_known_method: Option<&'a dyn Fn(&str) -> bool>,
    /// What the value whose name is at an offset of the document certainly is.
    pub searched: Option<&'a dyn Fn(u32) -> Option<Searched>>,
    /// Values of the field of a query that is named at an offset of the document are equal in the database if and only
    /// if they are equal in code: no texts, nothing unknown. Without it no query is taken out of a loop.
    pub is_exact_field: Option<&'a dyn Fn(u32) -> bool>,
}

/// Collections that are searched from their first element on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Searched {
    Table,
    Array,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefactoringKind {
    QuickFix,
    Extract,
    Inline,
    Rewrite,
    Source,
}

/// A rewrite that can be asked for by its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refactoring {
    pub id: &'static str,
    pub title_ru: &'static str,
    pub title_en: &'static str,
    pub kind: RefactoringKind,
}

/// What a rewrite does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RefactoringEdit {
    /// Sorted, without overlaps.
    pub edits: Vec<Edit>,
    /// Where a new name stands in the new text, for the user to change it.
    pub rename: Option<u32>,
}

/// Rewrites that fit the selection; an empty one is a cursor.
pub fn refactorings(
    document: &Document,
    selection: TextRange,
    options: &RefactorOptions<'_>,
) -> Vec<Refactoring> {
    let mut offers = Offers { wanted: None, found: Vec::new(), edit: None };
    collect(document, selection, options, &mut offers);
    offers.found
}

/// The edits of one rewrite; `None` if it does not fit.
pub fn refactoring_edit(
    document: &Document,
    selection: TextRange,
    options: &RefactorOptions<'_>,
    id: &str,
) -> Option<RefactoringEdit> {
    let mut offers = Offers { wanted: Some(id), found: Vec::new(), edit: None };
    collect(document, selection, options, &mut offers);
    offers.edit.map(Change::finish)
}

fn collect(
    document: &Document,
    selection: TextRange,
    options: &RefactorOptions<'_>,
    offers: &mut Offers<'_>,
) {
    let section = document.section_at(selection.start);
    let context = Context::new(document, &section, selection, options);
    if context.is_inside() {
        for offer in [
            create_method::offer,
            extract_method::offer,
            extract_variable::offer,
            inline_variable::offer,
            wrap_in_try::offer,
            invert_if::offer,
            if_conditions::offer,
            ternary::offer,
            string_template::offer,
            multiline_string::offer,
            attribute_reads::offer,
            query_in_loop::offer,
            lookup_map::offer,
            join_parts::offer,
            description::offer,
            add_export::offer,
        ] {
            offer(&context, offers);
        }
    }
    organize_regions::offer(&context, offers);
}

/// Collects what the rewrites offer; computes the edits of the one that is wanted.
pub(crate) struct Offers<'a> {
    wanted: Option<&'a str>,
    found: Vec<Refactoring>,
    edit: Option<Change>,
}

impl Offers<'_> {
    fn add(&mut self, refactoring: Refactoring, change: impl FnOnce() -> Option<Change>) {
        match self.wanted {
            None => self.found.push(refactoring),
            Some(id) if id == refactoring.id && self.edit.is_none() => self.edit = change(),
            Some(_) => {}
        }
    }
}

/// Edits of the document, and the one of them that holds a new name.
#[derive(Default)]
pub(crate) struct Change {
    edits: Vec<Edit>,
    /// Index of an edit and the place in its text.
    rename: Option<(usize, usize)>,
}

impl Change {
    fn new(edits: Vec<Edit>) -> Self {
        Self { edits, rename: None }
    }

    /// Offers to rename what the text of an edit holds at a place.
    fn renaming(mut self, edit: usize, at: Option<usize>) -> Self {
        self.rename = at.map(|at| (edit, at));
        self
    }

    fn finish(mut self) -> RefactoringEdit {
        let rename = self.rename.and_then(|(index, at)| {
            let edit = self.edits.get(index)?;
            let earlier = self.edits.iter().enumerate().filter(|(other, it)| {
                (it.range.start, it.range.end, *other) < (edit.range.start, edit.range.end, index)
            });
            let grown: i64 = earlier.map(|(_, it)| it.text.len() as i64 - i64::from(it.range.len())).sum();
            u32::try_from(i64::from(edit.range.start) + grown + at as i64).ok()
        });
        self.edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
        RefactoringEdit { edits: self.edits, rename }
    }
}
