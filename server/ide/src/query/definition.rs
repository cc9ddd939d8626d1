//! Where to go from the names of a query.

use base::{Files, TextRange};
use semantics::{Definition, Location, ObjectId};
use syntax::{QueryNodeId, QueryRole};

use crate::meaning::ProjectDocument;
use crate::navigation::{Target, places};
use crate::query::code::QueryCode;
use crate::query::meaning::QueryMeaning;
use crate::query::parameters::parameter_places;

/// Where the name at an offset is declared; `None` if neither a query nor the name of its parameter stands there.
pub(crate) fn query_definition(
    of: ProjectDocument<'_>,
    offset: u32,
    files: &dyn Files,
) -> Option<Vec<Target>> {
    let Some(code) = QueryCode::at(of, offset) else { return parameter_of_call(of, offset) };
    let here = |range: TextRange| vec![Target::Here(code.in_document(range))];
    let Some(name) = code.name_at_offset() else { return Some(Vec::new()) };
    Some(match code.meaning(name) {
        Some(QueryMeaning::Known { definition, .. }) => known(of, definition, files),
        Some(QueryMeaning::Virtual { object, .. }) => file_of(of, object),
        Some(QueryMeaning::Temporary(table)) => {
            code.temporary(&table, name).map_or_else(Vec::new, |(_, into)| here(code.tree.range(into)))
        }
        Some(QueryMeaning::Source(source)) => {
            let declared = code.alias(source).or_else(|| code.tree.child(source, QueryRole::Table));
            declared.map_or_else(Vec::new, |node| here(code.tree.range(node)))
        }
        Some(QueryMeaning::Column(column)) => here(declaration_of(&code, column)),
        Some(QueryMeaning::Parameter(parameter)) => {
            let owner = code.section.query_of_literal(code.literal.node);
            let places = parameter_places(&code.section, code.literal.node, owner.as_deref(), &parameter);
            places.sets.iter().map(|set| Target::Here(code.in_document(set.name))).collect()
        }
        Some(QueryMeaning::Kind(_) | QueryMeaning::Function(_)) | None => Vec::new(),
    })
}

/// What the name at an offset of a query means outside of the query.
pub(crate) fn query_target(of: ProjectDocument<'_>, offset: u32) -> Option<Definition> {
    let code = QueryCode::at(of, offset)?;
    match code.meaning(code.name_at_offset()?)? {
        QueryMeaning::Known { definition, .. } => Some(plain(definition)),
        _ => None,
    }
}

/// From `УстановитьПараметр("Имя", …)` to the uses in the texts.
fn parameter_of_call(of: ProjectDocument<'_>, offset: u32) -> Option<Vec<Target>> {
    let section = of.section(offset);
    let set = section.set_parameter_at(offset.checked_sub(section.start())?)?;
    let name = section.source().slice(set.name);
    let places = parameter_places(&section, set.call, Some(&set.query), name);
    let found = places.uses.iter().map(|range| Target::Here(section.in_document(*range)));
    Some(found.collect())
}

/// Where a column gets its name.
pub(crate) fn declaration_of(code: &QueryCode<'_>, column: QueryNodeId) -> TextRange {
    code.tree.range(code.column_name(column).unwrap_or(column))
}

/// A resource of a virtual table is a resource of the register.
fn plain(definition: Definition) -> Definition {
    match definition {
        Definition::ComputedResource { attribute, .. } => Definition::Attribute(attribute),
        other => other,
    }
}

fn known(of: ProjectDocument<'_>, definition: Definition, files: &dyn Files) -> Vec<Target> {
    match plain(definition) {
        // Queries read tables, not modules.
        Definition::Object(object) | Definition::StandardAttribute { object, section: None, .. } => {
            file_of(of, object)
        }
        other => places::of_definition(of, &other, files),
    }
}

fn file_of(of: ProjectDocument<'_>, object: ObjectId) -> Vec<Target> {
    let location = of.project.location(&Definition::Object(object));
    let is_file = |location: &Location| matches!(location, Location::File { .. });
    location.filter(is_file).map(Target::There).into_iter().collect()
}
