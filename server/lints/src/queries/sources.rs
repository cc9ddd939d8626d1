//! What stands behind `ИЗ` and `СОЕДИНЕНИЕ`.

use metadata::ObjectKind;
use semantics::VirtualTable as Known;
use syntax::{QueryNodeId, QueryNodeKind, QueryRole, QueryTokenKind, QueryTree};

use crate::calls::PlatformName;

/// Tables of registers and the like that take parameters, as a rule.
const WITH_PARAMETERS: [Known; 11] = [
    Known::SliceFirst,
    Known::SliceLast,
    Known::Balance,
    Known::Turnovers,
    Known::BalanceAndTurnovers,
    Known::DrCrTurnovers,
    Known::RecordsWithExtDimensions,
    Known::Boundaries,
    Known::ActualActionPeriod,
    Known::ScheduleData,
    Known::TasksByExecutive,
];
/// `РегистрРасчета.Начисления.БазаУдержания`
const BASE: PlatformName = PlatformName::new("База", "Base");

/// A table that the platform computes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct VirtualTable {
    /// With its parameters.
    pub node: QueryNodeId,
    /// Together with the parentheses.
    pub arguments: Option<QueryNodeId>,
    pub is_criterion: bool,
}

impl VirtualTable {
    /// Tells for each parameter whether something is written.
    pub(crate) fn parameters(self, tree: &QueryTree) -> Vec<bool> {
        let Some(arguments) = self.arguments else { return Vec::new() };
        let mut parameters = vec![false];
        let mut children = tree.children(arguments).peekable();
        for comma in tree.own_tokens(arguments).filter(|token| token.kind == QueryTokenKind::Comma) {
            while children.next_if(|child| tree.range(*child).start < comma.start).is_some() {
                parameters.last_mut().into_iter().for_each(|is_written| *is_written = true);
            }
            parameters.push(false);
        }
        if children.next().is_some() {
            parameters.last_mut().into_iter().for_each(|is_written| *is_written = true);
        }
        parameters
    }
}

/// The virtual table of a source.
pub(crate) fn virtual_table(tree: &QueryTree, text: &str, source: QueryNodeId) -> Option<VirtualTable> {
    let node = tree.child(source, QueryRole::Table)?;
    let is_call = tree.kind(node) == QueryNodeKind::Call;
    let named = if is_call { tree.child(node, QueryRole::Function)? } else { node };
    let path = tree.path(named, text)?;
    let [kind, _, rest @ ..] = path.as_slice() else { return None };
    let kind = ObjectKind::from_name(kind)?;
    let is_criterion = kind == ObjectKind::FilterCriterion;
    let is_virtual = match rest {
        [] => is_criterion,
        [_] if is_call => kind != ObjectKind::ExternalDataSource,
        [table] => has_virtual_tables(kind) && is_virtual_name(table),
        _ => false,
    };
    let arguments = if is_call { tree.child(node, QueryRole::Arguments) } else { None };
    is_virtual.then_some(VirtualTable { node, arguments, is_criterion })
}

fn has_virtual_tables(kind: ObjectKind) -> bool {
    use ObjectKind as K;
    matches!(
        kind,
        K::InformationRegister
            | K::AccumulationRegister
            | K::AccountingRegister
            | K::CalculationRegister
            | K::Sequence
            | K::Task
    )
}

fn is_virtual_name(name: &str) -> bool {
    let is = |known: &Known| {
        let names = known.names();
        base::same_name(&names.ru, name) || base::same_name(&names.en, name)
    };
    WITH_PARAMETERS.iter().any(is) || (BASE.starts(name) && !BASE.is(name))
}

/// Names of the table of a source: `Справочник.Товары`; nothing for subqueries, parameters and calls.
pub(crate) fn table_path<'t>(tree: &QueryTree, text: &'t str, source: QueryNodeId) -> Option<Vec<&'t str>> {
    tree.path(tree.child(source, QueryRole::Table)?, text)
}

pub(crate) fn alias_of<'t>(tree: &QueryTree, text: &'t str, source: QueryNodeId) -> Option<&'t str> {
    let alias = tree.child(source, QueryRole::Alias)?;
    (tree.kind(alias) == QueryNodeKind::Name).then(|| tree.node_text(alias, text))
}

/// True for both sides of a join.
pub(crate) fn is_joined(tree: &QueryTree, source: QueryNodeId) -> bool {
    let parent = tree.parent(source);
    parent.is_some_and(|parent| tree.kind(parent) == QueryNodeKind::Join)
        || joins_of(tree, source).next().is_some()
}

/// Joins whose left side is the source.
pub(crate) fn joins_of(tree: &QueryTree, source: QueryNodeId) -> impl Iterator<Item = QueryNodeId> {
    let siblings = tree.parent(source).map(|parent| tree.children(parent)).into_iter().flatten();
    siblings
        .skip_while(move |sibling| *sibling <= source)
        .take_while(|sibling| tree.kind(*sibling) != QueryNodeKind::Source)
        .filter(|sibling| tree.kind(*sibling) == QueryNodeKind::Join)
}
