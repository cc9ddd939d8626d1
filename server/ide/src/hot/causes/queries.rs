//! Texts of queries that make the database work more than needed.

use base::{TextRange, same_name};
use semantics::Type;
use syntax::{
    NodeId, NodeKind, QueryNodeId, QueryNodeKind, QueryRole, QueryTokenKind, Role, holds_query, query_literal,
};

use crate::hot::causes::calls::EXECUTE;
use crate::hot::causes::{CauseKind, Scan, is_any};
use crate::meaning::Section;
use crate::query::QueryCode;

/// More columns than anybody reads at once.
const MANY_DISTINCT_COLUMNS: usize = 10;

/// A slow part of a query, in the section.
pub(super) struct QueryFinding {
    pub(super) kind: CauseKind,
    pub(super) range: TextRange,
    pub(super) name: String,
}

impl Scan<'_, '_, '_> {
    /// What is slow in the text of a query costs the lines that execute it.
    pub(super) fn query_text(&mut self, literal: NodeId) {
        let source = self.section.source();
        if !holds_query(source, literal) {
            return;
        }
        let section = Section { of: self.section.of, tree: self.section.tree.clone() };
        let code = QueryCode::new(section, query_literal(source, literal), 0);
        let findings = QueryReader { code: &code }.all();
        if findings.is_empty() {
            return;
        }
        let range = self.tree().range(literal);
        let mut lines: Vec<u32> = (self.line(range.start)..=self.line(range.end)).collect();
        lines.extend(self.lines_that_execute(literal));
        lines.sort_unstable();
        lines.dedup();
        for finding in findings {
            self.push(finding.kind, finding.range, lines.clone(), literal, &finding.name, false);
        }
    }

    /// Statements behind a text that execute the query it was given to.
    fn lines_that_execute(&self, literal: NodeId) -> Vec<u32> {
        let tree = self.tree();
        let assignment = tree.ancestors(literal).find(|node| tree.kind(*node) == NodeKind::Assignment);
        let left = assignment.and_then(|assignment| tree.child(assignment, Role::Left));
        let Some(left) = left else { return Vec::new() };
        let query = match tree.kind(left) {
            NodeKind::Member => tree.child(left, Role::Object).unwrap_or(left),
            _ => left,
        };
        let name = self.text(query);
        let start = tree.range(literal).start;
        let calls = tree.descendants(self.method).filter(|node| tree.kind(*node) == NodeKind::Call);
        let executions = calls.filter(|call| {
            tree.range(*call).start > start
                && self.called(*call).is_some_and(|called| {
                    is_any(&EXECUTE, called.name)
                        && called.receiver.is_some_and(|receiver| same_name(self.text(receiver), name))
                })
        });
        executions.flat_map(|call| self.lines_of(call)).collect()
    }
}

struct QueryReader<'q, 'a> {
    code: &'q QueryCode<'a>,
}

impl QueryReader<'_, '_> {
    fn all(&self) -> Vec<QueryFinding> {
        let mut found = Vec::new();
        for (node, _) in self.code.tree.nodes() {
            match self.code.kind(node) {
                QueryNodeKind::Source => self.source(node, &mut found),
                QueryNodeKind::Binary => self.or(node, &mut found),
                QueryNodeKind::Join => self.join(node, &mut found),
                QueryNodeKind::Member => self.path(node, &mut found),
                QueryNodeKind::Query => self.union(node, &mut found),
                QueryNodeKind::Select => self.columns(node, &mut found),
                QueryNodeKind::Like => self.like(node, &mut found),
                QueryNodeKind::Call => self.function(node, &mut found),
                _ => {}
            }
        }
        self.temporary_tables(&mut found);
        found
    }

    fn add(&self, found: &mut Vec<QueryFinding>, kind: CauseKind, node: QueryNodeId, name: &str) {
        found.push(QueryFinding { kind, range: self.code.tree.range(node), name: name.to_owned() });
    }

    /// `РегистрНакопления.Запасы.Остатки(…)`: the call, if there is one, and its last name.
    fn virtual_table(&self, source: QueryNodeId) -> Option<(QueryNodeId, String)> {
        let table = self.code.tree.child(source, QueryRole::Table)?;
        let path = self.code.table_path(source)?;
        let last = path.get(2).filter(|_| path.len() == 3)?;
        is_any(&VIRTUAL_TABLES, last).then(|| (table, (*last).to_owned()))
    }

    /// A condition is written among the parameters.
    fn is_filtered(&self, table: QueryNodeId, name: &str) -> bool {
        let tree = &self.code.tree;
        let list = tree.child(table, QueryRole::Arguments);
        let Some(list) = list.filter(|_| self.code.kind(table) == QueryNodeKind::Call) else { return false };
        let commas: Vec<u32> = tree
            .own_tokens(list)
            .filter(|token| token.kind == QueryTokenKind::Comma)
            .map(|token| token.start)
            .collect();
        let first = if is_any(&TURNOVERS, name) { 3 } else { 1 };
        let place =
            |node: QueryNodeId| commas.iter().filter(|comma| **comma < tree.range(node).start).count();
        tree.children(list).any(|argument| place(argument) >= first)
    }

    fn source(&self, source: QueryNodeId, found: &mut Vec<QueryFinding>) {
        let tree = &self.code.tree;
        let Some((table, name)) = self.virtual_table(source) else { return };
        let is_filtered = self.is_filtered(table, &name);
        if !is_filtered && self.is_limited_later(source) {
            self.add(found, CauseKind::VirtualTableWithoutParameters, table, &name);
        }
        let is_joined = self.is_joined(source);
        if is_joined && !is_filtered && is_any(&SLICES, &name) {
            self.add(found, CauseKind::SliceInJoin, table, &name);
        } else if is_joined && tree.parent(source).is_some_and(|it| self.code.kind(it) == QueryNodeKind::Join)
        {
            self.add(found, CauseKind::JoinWithVirtualTable, table, &name);
        }
    }

    /// `ГДЕ` of the query speaks of fields of the source.
    fn is_limited_later(&self, source: QueryNodeId) -> bool {
        let tree = &self.code.tree;
        let name = self.code.source_name(source);
        let select = tree.enclosing(source, QueryNodeKind::Select);
        let (Some(name), Some(select)) = (name, select) else { return false };
        let mut clauses = tree.children_of_kind(select, QueryNodeKind::Where);
        clauses.any(|clause| {
            tree.descendants(clause).any(|node| {
                let path = tree.path(node, self.code.text()).unwrap_or_default();
                path.len() > 1 && path.first().is_some_and(|first| same_name(first, name))
            })
        })
    }

    fn is_joined(&self, source: QueryNodeId) -> bool {
        let tree = &self.code.tree;
        let is_right = tree.parent(source).is_some_and(|it| self.code.kind(it) == QueryNodeKind::Join);
        let mut joins = tree.children_of_kind(source, QueryNodeKind::Join);
        is_right || joins.next().is_some()
    }

    fn join(&self, join: QueryNodeId, found: &mut Vec<QueryFinding>) {
        let tree = &self.code.tree;
        let source = tree.children_of_kind(join, QueryNodeKind::Source).next();
        let table = source.and_then(|source| tree.child(source, QueryRole::Table));
        if let Some(table) = table.filter(|it| self.code.kind(*it) == QueryNodeKind::Subquery) {
            let name = source.and_then(|source| self.code.source_name(source)).unwrap_or_default().to_owned();
            self.add(found, CauseKind::JoinWithSubquery, table, &name);
        }
    }

    /// `ИЛИ` whose sides speak of different fields.
    fn or(&self, node: QueryNodeId, found: &mut Vec<QueryFinding>) {
        let tree = &self.code.tree;
        let is_in_condition = tree
            .ancestors(node)
            .any(|it| matches!(self.code.kind(it), QueryNodeKind::Where | QueryNodeKind::Join));
        if !tree.has_own_token(node, QueryTokenKind::Or) || !is_in_condition {
            return;
        }
        let fields = |role| {
            let side = tree.child(node, role);
            let nodes = side.into_iter().flat_map(|side| std::iter::once(side).chain(tree.descendants(side)));
            nodes.filter_map(|it| self.field_path(it)).collect::<Vec<_>>()
        };
        let (left, right) = (fields(QueryRole::Left), fields(QueryRole::Right));
        let is_same = |path: &String| right.iter().any(|other| same_name(path, other));
        if !left.is_empty() && !right.is_empty() && !left.iter().any(is_same) {
            self.add(found, CauseKind::OrOverFields, node, "");
        }
    }

    /// A whole path that names a field.
    fn field_path(&self, node: QueryNodeId) -> Option<String> {
        let tree = &self.code.tree;
        let parent = tree.parent(node)?;
        let is_part = matches!(self.code.kind(parent), QueryNodeKind::Member | QueryNodeKind::Parameter)
            || tree.node(node).role == QueryRole::Function;
        let path = tree.path(node, self.code.text()).filter(|_| !is_part)?;
        Some(path.join("."))
    }

    /// Dots behind fields of several types, `.Ссылка` behind a reference.
    fn path(&self, member: QueryNodeId, found: &mut Vec<QueryFinding>) {
        let tree = &self.code.tree;
        let property = tree.child(member, QueryRole::Property);
        let object = tree.child(member, QueryRole::Object);
        let (Some(property), Some(object)) = (property, object) else { return };
        if self.code.kind(object) != QueryNodeKind::Member || !self.is_in_expression(member) {
            return;
        }
        let name = self.code.node_text(property);
        let before = tree.child(object, QueryRole::Property);
        let value = before.and_then(|it| match self.code.meaning(it)? {
            crate::query::QueryMeaning::Known { value, .. } => Some(value),
            _ => None,
        });
        let is_reference =
            |part: &Type| matches!(part, Type::Object { .. } | Type::AnyObject { .. } | Type::AnyRef);
        let value = value.unwrap_or_default();
        let references = value.parts().iter().filter(|part| is_reference(part)).count();
        let is_any_ref =
            value.parts().iter().any(|part| matches!(part, Type::AnyObject { .. } | Type::AnyRef));
        if is_any(&[("Ссылка", "Ref")], name) && references > 0 {
            self.add(found, CauseKind::NeedlessReference, member, self.code.node_text(member));
        } else if references > 1 || is_any_ref {
            self.add(found, CauseKind::CompositeField, member, self.code.node_text(member));
        }
    }

    fn is_in_expression(&self, member: QueryNodeId) -> bool {
        let tree = &self.code.tree;
        !matches!(
            tree.node(member).role,
            QueryRole::Table | QueryRole::Function | QueryRole::Object | QueryRole::Type
        ) && tree.parent(member).is_some_and(|it| self.code.kind(it) != QueryNodeKind::Type)
    }

    fn union(&self, query: QueryNodeId, found: &mut Vec<QueryFinding>) {
        let tree = &self.code.tree;
        let tokens: Vec<_> = tree.own_tokens(query).collect();
        for (index, token) in tokens.iter().enumerate() {
            let is_all = tokens.get(index + 1).is_some_and(|next| next.kind == QueryTokenKind::All);
            if token.kind == QueryTokenKind::Union && !is_all {
                let range = token.range();
                found.push(QueryFinding { kind: CauseKind::UnionWithDuplicates, range, name: String::new() });
            }
        }
    }

    /// All fields, or too many different ones.
    fn columns(&self, select: QueryNodeId, found: &mut Vec<QueryFinding>) {
        let tree = &self.code.tree;
        let columns: Vec<_> = tree.children_of_kind(select, QueryNodeKind::Column).collect();
        let all = columns.iter().filter_map(|column| {
            tree.child(*column, QueryRole::Value).filter(|it| self.code.kind(*it) == QueryNodeKind::AllFields)
        });
        for value in all {
            self.add(found, CauseKind::TooManyColumns, value, "*");
        }
        let distinct = tree.own_tokens(select).find(|token| token.kind == QueryTokenKind::Distinct);
        if let Some(token) = distinct.filter(|_| columns.len() >= MANY_DISTINCT_COLUMNS) {
            let name = columns.len().to_string();
            found.push(QueryFinding { kind: CauseKind::TooManyColumns, range: token.range(), name });
        }
    }

    /// `ПОДОБНО "%…"`
    fn like(&self, like: QueryNodeId, found: &mut Vec<QueryFinding>) {
        let pattern = self.code.tree.child(like, QueryRole::Right);
        let Some(pattern) = pattern.filter(|it| self.code.kind(*it) == QueryNodeKind::String) else { return };
        if self.code.node_text(pattern).trim_start_matches('"').starts_with('%') {
            self.add(found, CauseKind::UnindexedCondition, like, self.code.node_text(like));
        }
    }

    /// A function of a field inside a condition.
    fn function(&self, call: QueryNodeId, found: &mut Vec<QueryFinding>) {
        let tree = &self.code.tree;
        let is_condition = tree.parent(call).is_some_and(|parent| {
            matches!(
                self.code.kind(parent),
                QueryNodeKind::Binary | QueryNodeKind::Between | QueryNodeKind::In
            )
        });
        let in_where = tree.ancestors(call).any(|it| self.code.kind(it) == QueryNodeKind::Where);
        let name = tree.child(call, QueryRole::Function).map(|it| self.code.node_text(it));
        let is_value = name.is_some_and(|name| {
            is_any(
                &[("ЗНАЧЕНИЕ", "VALUE"), ("ТИП", "TYPE"), ("ЕСТЬNULL", "ISNULL"), ("ВЫРАЗИТЬ", "CAST")],
                name,
            )
        });
        let list = tree.child(call, QueryRole::Arguments);
        let has_field = list.is_some_and(|list| {
            tree.children(list)
                .any(|argument| tree.path(argument, self.code.text()).is_some_and(|path| path.len() > 1))
        });
        if is_condition && in_where && has_field && !is_value {
            self.add(found, CauseKind::UnindexedCondition, call, self.code.node_text(call));
        }
    }

    /// Tables that the package makes and joins by fields without an index.
    fn temporary_tables(&self, found: &mut Vec<QueryFinding>) {
        let tree = &self.code.tree;
        let mut made: Vec<(&str, Vec<&str>)> = Vec::new();
        for (into, _) in tree.nodes().filter(|(_, node)| node.kind == QueryNodeKind::Into) {
            let (Some(name), Some(select)) =
                (tree.child(into, QueryRole::Name), tree.enclosing(into, QueryNodeKind::Select))
            else {
                continue;
            };
            let indexes = tree.children_of_kind(select, QueryNodeKind::Index);
            let fields = indexes.flat_map(|index| tree.descendants(index));
            let fields = fields.filter(|it| self.code.kind(*it) == QueryNodeKind::Name);
            made.push((self.code.node_text(name), fields.map(|it| self.code.node_text(it)).collect()));
        }
        for (join, _) in tree.nodes().filter(|(_, node)| node.kind == QueryNodeKind::Join) {
            let Some(source) = tree.children_of_kind(join, QueryNodeKind::Source).next() else { continue };
            let path = self.code.table_path(source).unwrap_or_default();
            let [name] = path.as_slice() else { continue };
            let Some((_, indexed)) = made.iter().find(|(made, _)| same_name(made, name)) else { continue };
            let alias = self.code.source_name(source).unwrap_or(name);
            let paths = tree.descendants(join).filter(|it| !tree.range(source).contains(tree.range(*it)));
            let mut paths = paths.filter_map(|it| tree.path(it, self.code.text()));
            let is_indexed = paths.any(|path| {
                path.len() == 2
                    && same_name(path[0], alias)
                    && indexed.iter().any(|field| same_name(field, path[1]))
            });
            if !is_indexed {
                self.add(found, CauseKind::TemporaryTableWithoutIndex, source, name);
            }
        }
    }
}

const SLICES: [(&str, &str); 2] = [("СрезПоследних", "SliceLast"), ("СрезПервых", "SliceFirst")];
/// Before the condition they have the beginning, the end and the step of the period.
const TURNOVERS: [(&str, &str); 3] =
    [("Обороты", "Turnovers"), ("ОстаткиИОбороты", "BalanceAndTurnovers"), ("ОборотыДтКт", "DrCrTurnovers")];
const VIRTUAL_TABLES: [(&str, &str); 6] = [
    ("Остатки", "Balance"),
    ("Обороты", "Turnovers"),
    ("ОстаткиИОбороты", "BalanceAndTurnovers"),
    ("ОборотыДтКт", "DrCrTurnovers"),
    ("СрезПоследних", "SliceLast"),
    ("СрезПервых", "SliceFirst"),
];
