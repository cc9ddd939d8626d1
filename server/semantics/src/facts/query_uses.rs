//! Objects that the texts of queries name: tables behind `ИЗ`, types, values.

use std::ops::Range;

use syntax::{QueryLiteral, QueryNodeId, QueryNodeKind, QueryRole, QueryTree, Source, parse_query};

/// Where paths of two names or more stand that name objects, in order.
pub(crate) fn object_paths(source: Source<'_>, query: &QueryLiteral) -> Vec<Range<u32>> {
    let tree = parse_query(source.text, query);
    let is_path = |id: &QueryNodeId| match tree.kind(*id) {
        QueryNodeKind::Member => names_object(&tree, *id, source.text),
        QueryNodeKind::Type => tree.node_text(*id, source.text).contains('.'),
        _ => false,
    };
    let paths = tree.nodes().map(|(id, _)| id).filter(is_path);
    let ranges = paths.map(|id| tree.range(id)).filter(|range| is_written_whole(range.slice(source.text)));
    ranges.map(|range| range.start..range.end).collect()
}

/// True for a whole path at a place where the query language wants an object.
fn names_object(tree: &QueryTree, path: QueryNodeId, text: &str) -> bool {
    let Some(parent) = tree.parent(path) else { return false };
    match tree.kind(parent) {
        QueryNodeKind::Source => tree.node(path).role == QueryRole::Table,
        // A virtual table is called: `РегистрНакопления.Запасы.Остатки(&Дата)`.
        QueryNodeKind::Call => {
            let is_function = tree.node(path).role == QueryRole::Function;
            let around = tree.parent(parent).map(|around| tree.kind(around));
            is_function && around == Some(QueryNodeKind::Source)
        }
        QueryNodeKind::Arguments => {
            let call = tree.parent(parent).filter(|call| tree.kind(*call) == QueryNodeKind::Call);
            let function = call.and_then(|call| tree.child(call, QueryRole::Function));
            let name = function.map_or("", |function| tree.node_text(function, text));
            ["ЗНАЧЕНИЕ", "VALUE", "ТИП", "TYPE"].iter().any(|known| base::same_name(known, name))
        }
        _ => false,
    }
}

/// Nothing but names and dots, on one line.
fn is_written_whole(path: &str) -> bool {
    path.chars().all(|letter| letter.is_alphanumeric() || letter == '_' || letter == '.')
        && !path.ends_with('.')
}
