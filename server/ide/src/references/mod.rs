//! Where something is used: in all modules of a project, in literals and comments, in files of metadata.
//!
//! Facts tell every place where a name stands. What a name means by itself or behind a path of names the project knows
//! at once; the few places where it depends on the type of a value are read and analysed method by method.

mod confirm;
mod judge;
mod literals;
mod metadata_uses;
mod names;
mod target;

use std::path::Path;

use base::{CancelToken, Files, TextRange};
use rustc_hash::FxHashMap;
use semantics::{Definition, Location, Module, ModuleId, Place, Project, Reference, ReferenceKind};
use syntax::Document;

use crate::highlights::{HighlightKind, document_highlights};
use crate::meaning::ProjectDocument;
use crate::query::query_references;
use crate::references::confirm::Confirmation;
use crate::references::judge::{Judge, Verdict};
use crate::references::names::SearchedNames;

pub(crate) use confirm::read_text;
pub(crate) use target::{Target, canonical, last_name, target_at};

/// More places than anybody reads.
const MAX_REFERENCES: usize = 10_000;

/// What a search across a project needs.
#[derive(Clone, Copy)]
pub struct Search<'a> {
    pub project: &'a Project,
    /// Texts of modules; those of open documents as they are.
    pub files: &'a dyn Files,
    pub token: &'a CancelToken,
}

/// How a name is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UseKind {
    Declaration,
    Call,
    Read,
    Write,
    /// `Новый X`.
    New,
    /// In a literal, by name.
    Literal,
    /// A table of a query text.
    Query,
    Annotation,
    /// `См.` in a comment.
    Link,
    /// In a file of metadata.
    Metadata,
}

#[derive(Clone, Debug, PartialEq)]
pub struct FoundReference {
    pub location: Location,
    pub kind: UseKind,
}

/// Places sorted by file and offset.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct References {
    pub found: Vec<FoundReference>,
    /// There may be more.
    pub is_cut: bool,
}

/// Uses of what stands at an offset; `None` if nothing with a name stands there.
pub fn references(
    document: ProjectDocument<'_>,
    search: &Search<'_>,
    offset: u32,
    with_declaration: bool,
) -> Option<References> {
    if let Some(places) = query_references(document, offset) {
        return Some(references_in_query(document, places, with_declaration));
    }
    match target_at(document, offset)? {
        Target::Local => Some(local_references(document, offset, with_declaration)),
        Target::Known(definition) => Some(references_of(search, &definition, with_declaration)),
    }
}

/// Uses of a definition in the whole project.
pub fn references_of(search: &Search<'_>, definition: &Definition, with_declaration: bool) -> References {
    let definition = canonical(search.project, definition);
    let Some(names) = SearchedNames::new(search.project, &definition) else { return References::default() };
    let mut run = Run::new(*search, &definition, &names);
    for module in search.project.modules() {
        if search.token.is_cancelled() || run.references.found.len() > MAX_REFERENCES {
            run.references.is_cut = true;
            break;
        }
        run.module(module);
    }
    let mut references = run.finish();
    metadata_uses::add(search.project, &definition, &mut references.found);
    if with_declaration && let Some(location) = search.project.location(&definition) {
        references.found.push(FoundReference { location, kind: UseKind::Declaration });
    }
    sort(search.project, &mut references);
    references
}

/// One search on its way through the modules.
struct Run<'a> {
    names: &'a SearchedNames,
    judge: Judge<'a>,
    confirmation: Confirmation<'a>,
    references: References,
}

impl<'a> Run<'a> {
    fn new(search: Search<'a>, definition: &'a Definition, names: &'a SearchedNames) -> Self {
        Self {
            names,
            judge: Judge::new(search.project, definition),
            confirmation: Confirmation::new(search, definition),
            references: References::default(),
        }
    }

    fn module(&mut self, module: &Module) {
        if !self.judge.may_use(module) {
            return;
        }
        let mut unclear: Vec<Reference<'_>> = Vec::new();
        let mut known: FxHashMap<(&str, &str, bool), Verdict> = FxHashMap::default();
        for name in self.names.plain() {
            for reference in module.facts.references_of(name) {
                match self.judge.verdict(module, &reference, &mut known) {
                    Verdict::Yes => self.push(module.id, reference.kind, reference.place),
                    Verdict::Unclear => unclear.push(reference),
                    Verdict::No => {}
                }
            }
        }
        for path in self.names.paths() {
            let facts = &module.facts;
            for reference in facts.references_of(&path.text).chain(facts.references_with_prefix(&path.start))
            {
                if let Some(place) = path.place(&reference).filter(|_| self.judge.sees(module)) {
                    self.push(module.id, reference.kind, place);
                }
            }
        }
        if !unclear.is_empty() && self.judge.may_hold(module) {
            unclear.sort_by_key(|reference| reference.place.offset);
            for reference in self.confirmation.confirmed(module, &unclear) {
                self.push(module.id, reference.kind, reference.place);
            }
        }
    }

    fn push(&mut self, module: ModuleId, kind: ReferenceKind, place: Place) {
        let location = Location::Module { module, place };
        self.references.found.push(FoundReference { location, kind: use_kind(kind) });
    }

    fn finish(mut self) -> References {
        self.references.is_cut |= self.confirmation.is_exhausted();
        self.references
    }
}

fn use_kind(kind: ReferenceKind) -> UseKind {
    match kind {
        ReferenceKind::FunctionCall | ReferenceKind::ProcedureCall => UseKind::Call,
        ReferenceKind::Read => UseKind::Read,
        ReferenceKind::Write => UseKind::Write,
        ReferenceKind::New => UseKind::New,
        ReferenceKind::Literal => UseKind::Literal,
        ReferenceKind::QueryTable => UseKind::Query,
        ReferenceKind::Annotation => UseKind::Annotation,
        ReferenceKind::DocLink => UseKind::Link,
    }
}

/// An alias, a column, a temporary table or a parameter of a query.
fn references_in_query(
    document: ProjectDocument<'_>,
    places: Vec<(TextRange, bool)>,
    with_declaration: bool,
) -> References {
    let places = places.into_iter().filter(|(_, is_declaration)| with_declaration || !is_declaration);
    let found = places.map(|(range, is_declaration)| {
        let place = place_of(document.document, range);
        let kind = if is_declaration { UseKind::Declaration } else { UseKind::Query };
        FoundReference { location: Location::Module { module: document.module, place }, kind }
    });
    References { found: found.collect(), is_cut: false }
}

/// A variable, a parameter or a label of one method.
fn local_references(document: ProjectDocument<'_>, offset: u32, with_declaration: bool) -> References {
    let highlights = document_highlights(document.document, offset);
    let first = highlights.first().map(|highlight| highlight.range);
    let found = highlights.into_iter().filter_map(|highlight| {
        let is_declaration = Some(highlight.range) == first;
        if is_declaration && !with_declaration {
            return None;
        }
        let kind = match highlight.kind {
            _ if is_declaration => UseKind::Declaration,
            HighlightKind::Write => UseKind::Write,
            _ => UseKind::Read,
        };
        let place = place_of(document.document, highlight.range);
        Some(FoundReference { location: Location::Module { module: document.module, place }, kind })
    });
    References { found: found.collect(), is_cut: false }
}

/// Where a name stands in a document.
pub(crate) fn place_of(document: &Document, range: TextRange) -> Place {
    let source = document.flat();
    let line = source.tree.line_of(range.start);
    let start = source.tree.line_starts().get(line as usize).copied().unwrap_or(range.start);
    let utf16 = |from, to| TextRange::new(from, to).slice(source.text).encode_utf16().count();
    let cut = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
    Place {
        offset: range.start,
        line,
        column: cut((range.start - start) as usize),
        column_utf16: cut(utf16(start, range.start)),
        length: cut(range.len() as usize),
        length_utf16: cut(utf16(range.start, range.end)),
    }
}

/// By file and place, each place once.
fn sort(project: &Project, references: &mut References) {
    references.found.sort_by(|left, right| {
        let (left, right) =
            (sort_key(project, &left.location, left.kind), sort_key(project, &right.location, right.kind));
        left.cmp(&right)
    });
    references.found.dedup_by(|later, earlier| later.location == earlier.location);
    references.is_cut |= references.found.len() > MAX_REFERENCES;
    references.found.truncate(MAX_REFERENCES);
}

fn sort_key<'a>(project: &'a Project, location: &'a Location, kind: UseKind) -> (&'a Path, u32, UseKind) {
    let path = |module: ModuleId| project.module(module).map_or(Path::new(""), |module| &module.path);
    match location {
        Location::Module { module, place } => (path(*module), place.offset, kind),
        Location::ModuleStart(module) => (path(*module), 0, kind),
        Location::Offset { module, offset } => (path(*module), *offset, kind),
        Location::File { path, range } => (path, range.map_or(0, |range| range.start), kind),
    }
}
