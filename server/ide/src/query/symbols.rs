//! Aliases, temporary tables, columns and parameters: where else they stand, and new names for them.

use base::{Edit, TextRange, same_name};
use platform::Script;
use syntax::{NodeId, QueryNodeId, QueryNodeKind, QueryTokenKind};

use crate::highlights::{Highlight, HighlightKind};
use crate::meaning::{ProjectDocument, Section};
use crate::query::code::QueryCode;
use crate::query::definition::declaration_of;
use crate::query::meaning::QueryMeaning;
use crate::query::parameters::{ParameterPlaces, parameter_places};
use crate::rename::{RenameKind, RenameProblem, Renameable};

/// A place of a symbol, in the document.
#[derive(Clone, Debug)]
struct Occurrence {
    range: TextRange,
    is_declaration: bool,
    /// The place makes the name of a column: a new name needs the old one as an alias.
    names_column: bool,
    /// A column without alias gets one.
    needs_alias: bool,
}

struct QuerySymbol {
    /// Under the cursor.
    range: TextRange,
    name: String,
    occurrences: Vec<Occurrence>,
    /// Names that are taken where the symbol is seen.
    taken: Vec<String>,
    can_rename: bool,
    script: Script,
}

/// Places of the symbol at an offset; `None` where no query and no name of a parameter is.
pub fn query_highlights(of: ProjectDocument<'_>, offset: u32) -> Option<Vec<Highlight>> {
    let symbol = symbol_at(of, offset)?;
    let places = symbol.map(|symbol| symbol.occurrences).unwrap_or_default().into_iter();
    let kind = |is_written| if is_written { HighlightKind::Write } else { HighlightKind::Read };
    Some(places.map(|it| Highlight { range: it.range, kind: kind(it.is_declaration) }).collect())
}

/// Places of an alias, a column, a temporary table or a parameter; the first flag of each says that it is declared
/// there. `None` for everything that other modules can name.
pub(crate) fn query_references(of: ProjectDocument<'_>, offset: u32) -> Option<Vec<(TextRange, bool)>> {
    let symbol = symbol_at(of, offset)??;
    Some(symbol.occurrences.into_iter().map(|it| (it.range, it.is_declaration)).collect())
}

/// What can be renamed at an offset; `None` for everything that other modules can name.
pub(crate) fn prepare_query_rename(
    of: ProjectDocument<'_>,
    offset: u32,
) -> Option<Result<Renameable, RenameProblem>> {
    let symbol = Some(symbol_at(of, offset)??).filter(|symbol| symbol.can_rename);
    let renameable = |symbol: QuerySymbol| Renameable {
        kind: RenameKind::Local,
        name: symbol.name,
        range: symbol.range,
        is_export: false,
    };
    Some(symbol.map(renameable).ok_or(RenameProblem::NothingToRename))
}

/// Edits that give the symbol at an offset a new name, sorted.
pub(crate) fn rename_in_query(
    of: ProjectDocument<'_>,
    offset: u32,
    new_name: &str,
) -> Option<Result<Vec<Edit>, RenameProblem>> {
    let symbol = Some(symbol_at(of, offset)??);
    Some(symbol.filter(|it| it.can_rename).ok_or(RenameProblem::NothingToRename).and_then(|symbol| {
        check_spelling(new_name)?;
        let is_taken = symbol.taken.iter().any(|taken| same_name(taken, new_name));
        if is_taken && !same_name(&symbol.name, new_name) {
            return Err(RenameProblem::LocalExists(new_name.to_owned()));
        }
        let keyword = if symbol.script == Script::English { "AS" } else { "КАК" };
        let edits = symbol.occurrences.iter().map(|place| {
            let name = &symbol.name;
            if place.needs_alias {
                return Edit::insert(place.range.end, format!(" {keyword} {new_name}"));
            }
            let is_renamed = place.names_column && !same_name(name, new_name);
            let text = if is_renamed { format!("{new_name} {keyword} {name}") } else { new_name.to_owned() };
            Edit::replace(place.range, text)
        });
        Ok(edits.collect())
    }))
}

fn check_spelling(name: &str) -> Result<(), RenameProblem> {
    let starts_well = name.chars().next().is_some_and(|letter| letter.is_alphabetic() || letter == '_');
    if !starts_well || !name.chars().all(|letter| letter.is_alphanumeric() || letter == '_') {
        return Err(RenameProblem::NotAName(name.to_owned()));
    }
    // Soft words are fine as names.
    let tree = syntax::parse_query_text(&format!("SELECT 1 FROM A AS A WHERE {name}"));
    let last = tree.tokens().last().map(|token| token.kind);
    if last.is_none_or(QueryTokenKind::is_keyword) {
        return Err(RenameProblem::Keyword(name.to_owned()));
    }
    Ok(())
}

/// Outer `None`: no query; inner: nothing of a query alone.
fn symbol_at(of: ProjectDocument<'_>, offset: u32) -> Option<Option<QuerySymbol>> {
    let Some(code) = QueryCode::at(of, offset) else {
        let section = of.section(offset);
        let set = section.set_parameter_at(offset.checked_sub(section.start())?)?;
        let name = section.source().slice(set.name).to_owned();
        return Some(Some(parameter(&section, set.call, Some(&set.query), &name, set.name)));
    };
    Some(symbol_of_query(&code))
}

fn symbol_of_query(code: &QueryCode<'_>) -> Option<QuerySymbol> {
    let node = code.name_at_offset()?;
    let meaning = code.meaning(node)?;
    let text = code.node_text(node).trim_start_matches('&').to_owned();
    match &meaning {
        QueryMeaning::Parameter(_) => {
            let range = code.tree.range(node);
            let start = range.end - text.len() as u32;
            let range = TextRange { start, end: range.end };
            let owner = code.section.query_of_literal(code.literal.node);
            Some(parameter(&code.section, code.literal.node, owner.as_deref(), &text, range))
        }
        QueryMeaning::Temporary(_) | QueryMeaning::Source(_) | QueryMeaning::Column(_) => {
            Some(named_in_query(code, node, &meaning, text))
        }
        _ => None,
    }
}

fn named_in_query(
    code: &QueryCode<'_>,
    node: QueryNodeId,
    meaning: &QueryMeaning<'_>,
    name: String,
) -> QuerySymbol {
    let declaration = match meaning {
        QueryMeaning::Column(column) => Some(declaration_of(code, *column)),
        QueryMeaning::Source(source) => code.alias(*source).map(|alias| code.tree.range(alias)),
        _ => None,
    };
    let needs_alias = matches!(meaning, QueryMeaning::Column(column) if code.alias(*column).is_none());
    let mut occurrences = Vec::new();
    for (id, found) in code.tree.nodes() {
        if found.kind != QueryNodeKind::Name || !same_name(code.node_text(id), &name) {
            continue;
        }
        let is_declaration = declaration == Some(found.range)
            || code.tree.parent(id).is_some_and(|parent| code.kind(parent) == QueryNodeKind::Into);
        let declares = declaration == Some(found.range);
        if !declares && code.meaning(id).as_ref() != Some(meaning) {
            continue;
        }
        occurrences.push(Occurrence {
            range: code.in_document(found.range),
            is_declaration,
            names_column: !declares && code.is_implicit_column_name(id),
            needs_alias: declares && needs_alias,
        });
    }
    let has_declaration = occurrences.iter().any(|place| place.is_declaration);
    QuerySymbol {
        range: code.in_document(code.tree.range(node)),
        name,
        occurrences,
        taken: taken_names(code, meaning),
        can_rename: has_declaration && is_internal(code, meaning),
        script: code.script(),
    }
}

/// Columns of a result are read by the code.
fn is_internal(code: &QueryCode<'_>, meaning: &QueryMeaning<'_>) -> bool {
    let QueryMeaning::Column(column) = meaning else { return true };
    let Some(query) = code.tree.enclosing(*column, QueryNodeKind::Query) else { return false };
    let is_subquery =
        code.tree.parent(query).is_some_and(|parent| code.kind(parent) == QueryNodeKind::Subquery);
    is_subquery || code.target_name(query).is_some()
}

fn taken_names(code: &QueryCode<'_>, meaning: &QueryMeaning<'_>) -> Vec<String> {
    let owned = |nodes: Vec<QueryNodeId>| {
        nodes.into_iter().map(|node| code.node_text(node).to_owned()).collect::<Vec<_>>()
    };
    match meaning {
        QueryMeaning::Source(source) => {
            let select = code.tree.enclosing(*source, QueryNodeKind::Select);
            let sources = select.map(|select| code.sources(select)).unwrap_or_default();
            sources.into_iter().filter_map(|source| code.source_name(source).map(str::to_owned)).collect()
        }
        QueryMeaning::Column(column) => {
            let select = code.tree.enclosing(*column, QueryNodeKind::Select);
            let columns = select.map(|select| {
                code.tree
                    .children_of_kind(select, QueryNodeKind::Column)
                    .filter_map(|it| code.column_name(it))
            });
            owned(columns.into_iter().flatten().collect())
        }
        QueryMeaning::Temporary(_) => {
            owned(code.batches().filter_map(|batch| code.target_name(batch)).collect())
        }
        _ => Vec::new(),
    }
}

fn parameter(
    section: &Section<'_>,
    node: NodeId,
    query: Option<&str>,
    name: &str,
    range: TextRange,
) -> QuerySymbol {
    let ParameterPlaces { uses, sets, is_certain } = parameter_places(section, node, query, name);
    let place = |range: TextRange, is_declaration| Occurrence {
        range: section.in_document(range),
        is_declaration,
        names_column: false,
        needs_alias: false,
    };
    let uses = uses.into_iter().map(|range| place(range, false));
    let mut occurrences: Vec<_> = sets.iter().map(|set| place(set.name, true)).chain(uses).collect();
    occurrences.sort_by_key(|place| place.range);
    occurrences.dedup_by_key(|place| place.range);
    let all = section.set_parameters(node).into_iter();
    let same_query = all.filter(|set| query.is_none_or(|query| set.query == query));
    QuerySymbol {
        range: section.in_document(range),
        name: name.to_owned(),
        occurrences,
        taken: same_query.map(|set| section.source().slice(set.name).to_owned()).collect(),
        can_rename: is_certain,
        script: Script::Russian,
    }
}
