//! Columns of queries that may be NULL, and why.

use base::TextRange;
use smol_str::SmolStr;
use syntax::{QueryLiteral, QueryNodeId, QueryNodeKind, QueryRole, QueryTokenKind, QueryTree, parse_query};

/// A column of a result whose value may be NULL.
#[derive(Clone, Debug)]
pub(crate) struct NullableColumn {
    pub(crate) name: SmolStr,
    /// The value, in the text of the module.
    pub(crate) range: TextRange,
    pub(crate) has_alias: bool,
    pub(crate) reason: NullReason,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NullReason {
    /// The table is joined from outside.
    Join,
    /// `Т.Контрагент.Наименование`
    Reference,
    /// `СУММА` without groups.
    Total,
}

const IS_NULL: [&str; 2] = ["ЕСТЬNULL", "ISNULL"];
const TOTALS: [&str; 8] = ["СУММА", "SUM", "МАКСИМУМ", "MAX", "МИНИМУМ", "MIN", "СРЕДНЕЕ", "AVG"];

/// Columns of a query literal that nothing protects from NULL.
pub(crate) fn nullable_columns(text: &str, literal: &QueryLiteral) -> Vec<NullableColumn> {
    let tree = parse_query(text, literal);
    let mut columns = Vec::new();
    for (select, node) in tree.nodes() {
        if node.kind != QueryNodeKind::Select {
            continue;
        }
        let joined = joined_aliases(&tree, text, select);
        let has_groups = tree.children_of_kind(select, QueryNodeKind::Group).next().is_some();
        for column in tree.children_of_kind(select, QueryNodeKind::Column) {
            columns.extend(nullable(&tree, text, column, &joined, has_groups));
        }
    }
    columns
}

fn nullable(
    tree: &QueryTree,
    text: &str,
    column: QueryNodeId,
    joined: &[String],
    has_groups: bool,
) -> Option<NullableColumn> {
    let value = tree.child(column, QueryRole::Value)?;
    let alias = tree.child(column, QueryRole::Alias).map(|alias| tree.node_text(alias, text));
    let path = tree.path(value, text);
    let reason = match (tree.kind(value), &path) {
        (_, Some(path)) if path.len() > 1 => {
            let is_joined = joined.iter().any(|alias| base::same_name(alias, path[0]));
            if is_joined {
                NullReason::Join
            } else if path.len() > 2 {
                NullReason::Reference
            } else {
                return None;
            }
        }
        (QueryNodeKind::Call, _) => {
            let function = tree.child(value, QueryRole::Function)?;
            let name = tree.node_text(function, text);
            if has_groups || !TOTALS.iter().any(|total| base::same_name(total, name)) {
                return None;
            }
            NullReason::Total
        }
        (QueryNodeKind::Binary, _) => joined_inside(tree, text, value, joined)?,
        _ => return None,
    };
    let name = alias.or_else(|| path.and_then(|path| path.last().copied())).unwrap_or_default();
    let range = tree.range(value);
    Some(NullableColumn { name: name.into(), range, has_alias: alias.is_some(), reason })
}

/// An expression over a field of a joined table, unless `ЕСТЬNULL` stands inside.
fn joined_inside(tree: &QueryTree, text: &str, value: QueryNodeId, joined: &[String]) -> Option<NullReason> {
    let is_guard = |node: QueryNodeId| {
        let function = tree.child(node, QueryRole::Function);
        function.is_some_and(|function| {
            IS_NULL.iter().any(|name| base::same_name(name, tree.node_text(function, text)))
        })
    };
    if tree.descendants(value).any(is_guard) {
        return None;
    }
    let is_joined = |node: QueryNodeId| {
        let path = tree.path(node, text).unwrap_or_default();
        path.len() > 1 && joined.iter().any(|alias| base::same_name(alias, path[0]))
    };
    tree.descendants(value).any(is_joined).then_some(NullReason::Join)
}

/// Aliases of the tables of a `ВЫБРАТЬ` that may have no row.
fn joined_aliases(tree: &QueryTree, text: &str, select: QueryNodeId) -> Vec<String> {
    let mut aliases = Vec::new();
    for join in tree.descendants(select).filter(|node| tree.kind(*node) == QueryNodeKind::Join) {
        if tree.enclosing(join, QueryNodeKind::Select) != Some(select) {
            continue;
        }
        let has = |kind| tree.has_own_token(join, kind);
        let (is_left, is_right, is_full) =
            (has(QueryTokenKind::Left), has(QueryTokenKind::Right), has(QueryTokenKind::Full));
        let joined = tree.children_of_kind(join, QueryNodeKind::Source).next();
        // Joins stand behind the table that they are joined to.
        let siblings = tree.parent(join).into_iter().flat_map(|parent| tree.children(parent));
        let before = siblings.take_while(|sibling| *sibling < join);
        let outer = before.filter(|sibling| tree.kind(*sibling) == QueryNodeKind::Source).last();
        if is_left || is_full {
            aliases.extend(joined.and_then(|source| alias_of(tree, text, source)));
        }
        if is_right || is_full {
            aliases.extend(outer.and_then(|source| alias_of(tree, text, source)));
        }
    }
    aliases
}

/// The alias, or the last name of the table.
fn alias_of(tree: &QueryTree, text: &str, source: QueryNodeId) -> Option<String> {
    let alias = tree.child(source, QueryRole::Alias).map(|alias| tree.node_text(alias, text).to_owned());
    alias.or_else(|| {
        let table = tree.child(source, QueryRole::Table)?;
        Some((*tree.path(table, text)?.last()?).to_owned())
    })
}
