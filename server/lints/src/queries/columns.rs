//! Fields that a query names: paths of names that are neither tables, types, functions nor predefined values.

use syntax::{QueryNodeId, QueryNodeKind, QueryRole, QueryTree};

use crate::calls::PlatformName;

/// Functions whose argument is no field.
const VALUE_FUNCTIONS: [PlatformName; 2] =
    [PlatformName::new("ЗНАЧЕНИЕ", "VALUE"), PlatformName::new("ТИП", "TYPE")];

/// Functions with a unit of time among their arguments.
const TIME_FUNCTIONS: [PlatformName; 4] = [
    PlatformName::new("НАЧАЛОПЕРИОДА", "BEGINOFPERIOD"),
    PlatformName::new("КОНЕЦПЕРИОДА", "ENDOFPERIOD"),
    PlatformName::new("ДОБАВИТЬКДАТЕ", "DATEADD"),
    PlatformName::new("РАЗНОСТЬДАТ", "DATEDIFF"),
];

const TIME_UNITS: [PlatformName; 10] = [
    PlatformName::new("СЕКУНДА", "SECOND"),
    PlatformName::new("МИНУТА", "MINUTE"),
    PlatformName::new("ЧАС", "HOUR"),
    PlatformName::new("ДЕНЬ", "DAY"),
    PlatformName::new("НЕДЕЛЯ", "WEEK"),
    PlatformName::new("ДЕКАДА", "TENDAYS"),
    PlatformName::new("МЕСЯЦ", "MONTH"),
    PlatformName::new("КВАРТАЛ", "QUARTER"),
    PlatformName::new("ПОЛУГОДИЕ", "HALFYEAR"),
    PlatformName::new("ГОД", "YEAR"),
];

/// Columns below a node, or the node itself.
pub(crate) fn columns_of<'t>(
    tree: &'t QueryTree,
    text: &'t str,
    node: QueryNodeId,
) -> impl Iterator<Item = QueryNodeId> + 't {
    let nodes = std::iter::once(node).chain(tree.descendants(node));
    nodes.filter(move |id| is_column(tree, text, *id))
}

/// True for a whole path that means a field.
pub(crate) fn is_column(tree: &QueryTree, text: &str, id: QueryNodeId) -> bool {
    column_length(tree, text, id).is_some()
}

/// Number of names of a column.
pub(crate) fn column_length(tree: &QueryTree, text: &str, id: QueryNodeId) -> Option<u32> {
    use QueryRole as R;
    let node = tree.node(id);
    let is_path = matches!(node.kind, QueryNodeKind::Name | QueryNodeKind::Member);
    let is_part =
        matches!(node.role, R::Name | R::Alias | R::Object | R::Property | R::Table | R::Function | R::Type);
    if !is_path || is_part {
        return None;
    }
    let parent = tree.parent(id)?;
    match tree.kind(parent) {
        QueryNodeKind::Type | QueryNodeKind::ForUpdate => return None,
        QueryNodeKind::Arguments if is_no_field(tree, text, parent, id) => return None,
        _ => {}
    }
    path_length(tree, id)
}

/// The argument of a function that takes something else.
fn is_no_field(tree: &QueryTree, text: &str, arguments: QueryNodeId, id: QueryNodeId) -> bool {
    let call = tree.parent(arguments);
    let Some(function) = call.and_then(|call| tree.child(call, QueryRole::Function)) else { return false };
    let name = tree.node_text(function, text);
    let is_one_of = |known: &[PlatformName]| known.iter().any(|known| known.is(name));
    is_one_of(&VALUE_FUNCTIONS)
        || (is_one_of(&TIME_FUNCTIONS) && TIME_UNITS.iter().any(|unit| unit.is(tree.node_text(id, text))))
}

/// Number of names of a path that begins with a name.
fn path_length(tree: &QueryTree, id: QueryNodeId) -> Option<u32> {
    let (mut length, mut current) = (1, id);
    loop {
        match tree.kind(current) {
            QueryNodeKind::Name => return Some(length),
            QueryNodeKind::Member => {
                let property = tree.child(current, QueryRole::Property)?;
                match tree.kind(property) {
                    QueryNodeKind::Name => length += 1,
                    QueryNodeKind::MissingName => {}
                    _ => return None,
                }
                current = tree.child(current, QueryRole::Object)?;
            }
            _ => return None,
        }
    }
}
