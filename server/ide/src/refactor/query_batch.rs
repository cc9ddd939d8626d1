//! From a query about one value to a query about a list of values. Only queries whose rows for one value are the same
//! in both are understood; everything else is left alone.

use base::{Edit, TextRange, same_name};
use syntax::{QueryLiteral, QueryNodeId, QueryNodeKind, QueryRole, QueryTokenKind, QueryTree, parse_query};

use crate::refactor::context::numbered;
use crate::refactor::loops::is_any;

/// How the text changes, and where the value stands in the rows.
pub(crate) struct BatchQuery {
    /// In the offsets of the section; sorted.
    pub(crate) edits: Vec<Edit>,
    /// The column with the value.
    pub(crate) key_column: String,
    /// The last name of the field that is compared, whose type tells whether values compare exactly.
    pub(crate) field: u32,
}

/// Of several rows they make one.
const AGGREGATES: [(&str, &str); 5] =
    [("СУММА", "SUM"), ("КОЛИЧЕСТВО", "COUNT"), ("МАКСИМУМ", "MAX"), ("МИНИМУМ", "MIN"), ("СРЕДНЕЕ", "AVG")];

struct Reader<'a> {
    text: &'a str,
    tree: &'a QueryTree,
    select: QueryNodeId,
}

/// The query of a literal with the condition `Поле = &Параметр` replaced by `Поле В (&Параметр)`.
pub(crate) fn batch_query(text: &str, literal: &QueryLiteral, parameter: &str) -> Option<BatchQuery> {
    if literal.is_template || literal.is_concatenated {
        return None;
    }
    let tree = parse_query(text, literal);
    if !tree.errors_as_written().is_empty() {
        return None;
    }
    let mut batches = tree.children(QueryTree::ROOT);
    let query = batches.next().filter(|it| tree.kind(*it) == QueryNodeKind::Query)?;
    let mut parts = tree.children(query);
    let select = parts.next().filter(|it| tree.kind(*it) == QueryNodeKind::Select)?;
    if batches.next().is_some() || parts.next().is_some() {
        return None;
    }
    Reader { text, tree: &tree, select }.batch(parameter)
}

impl Reader<'_> {
    fn batch(&self, parameter: &str) -> Option<BatchQuery> {
        if !self.is_simple() {
            return None;
        }
        let (comparison, field) = self.comparison(parameter)?;
        let path = self.tree.path(field, self.text)?;
        let key = self.key_expression(comparison, field, &path)?;
        let mut edits = Vec::new();
        let key_column = match self.column_of(&key) {
            Some(name) => name,
            None => self.add_column(&key, &mut edits)?,
        };
        self.group_by(&key, &mut edits);
        let list = if self.is_english() { "IN" } else { "В" };
        let left = self.tree.node_text(field, self.text);
        let range = self.tree.range(comparison);
        edits.push(Edit::replace(range, format!("{left} {list} (&{parameter})")));
        edits.sort_by_key(|edit| edit.range.start);
        let last = self.tree.child(field, QueryRole::Property).unwrap_or(field);
        Some(BatchQuery { edits, key_column, field: self.tree.range(last).start })
    }

    /// Rows of one value do not depend on those of others.
    fn is_simple(&self) -> bool {
        let tree = self.tree;
        let has_group = tree.children_of_kind(self.select, QueryNodeKind::Group).next().is_some();
        let is_set = |token: &syntax::QueryToken| token.kind == QueryTokenKind::Grouping;
        tree.descendants(self.select).all(|node| match tree.kind(node) {
            QueryNodeKind::Top
            | QueryNodeKind::Into
            | QueryNodeKind::Totals
            | QueryNodeKind::ForUpdate
            | QueryNodeKind::Composition
            | QueryNodeKind::AutoOrder
            | QueryNodeKind::Index
            | QueryNodeKind::AllFields
            | QueryNodeKind::NestedTable
            | QueryNodeKind::Placeholder
            | QueryNodeKind::Error => false,
            QueryNodeKind::Having => has_group,
            QueryNodeKind::Group => !tree.tokens_of(node).iter().any(is_set),
            QueryNodeKind::Call => has_group || !self.is_aggregate(node),
            kind => !kind.is_missing(),
        })
    }

    fn is_aggregate(&self, call: QueryNodeId) -> bool {
        let function = self.tree.child(call, QueryRole::Function);
        let is_own = self.tree.enclosing(call, QueryNodeKind::Select) == Some(self.select);
        is_own && function.is_some_and(|it| is_any(&AGGREGATES, self.tree.node_text(it, self.text)))
    }

    /// The only place of the parameter: a comparison with a field that every row has to pass.
    fn comparison(&self, parameter: &str) -> Option<(QueryNodeId, QueryNodeId)> {
        let tree = self.tree;
        let is_asked = |node: &QueryNodeId| {
            let name = tree.child(*node, QueryRole::Name);
            tree.kind(*node) == QueryNodeKind::Parameter
                && name.is_some_and(|name| same_name(tree.node_text(name, self.text), parameter))
        };
        let mut places = tree.descendants(QueryTree::ROOT).filter(is_asked);
        let place = places.next()?;
        let comparison = tree.parent(place).filter(|_| places.next().is_none())?;
        let is_equality = tree.kind(comparison) == QueryNodeKind::Binary
            && tree.has_own_token(comparison, QueryTokenKind::Equal);
        let sides = [QueryRole::Left, QueryRole::Right];
        let field = sides.into_iter().filter_map(|role| tree.child(comparison, role));
        let field = field.filter(|side| *side != place).find(|side| tree.path(*side, self.text).is_some())?;
        (is_equality && self.is_required(comparison)).then_some((comparison, field))
    }

    /// Joined by `И` only, up to `ГДЕ` of the query or to the parameters of a table of it.
    fn is_required(&self, comparison: QueryNodeId) -> bool {
        let tree = self.tree;
        for node in tree.ancestors(comparison) {
            match tree.kind(node) {
                QueryNodeKind::Parenthesized => {}
                QueryNodeKind::Binary if tree.has_own_token(node, QueryTokenKind::And) => {}
                QueryNodeKind::Where => return tree.parent(node) == Some(self.select),
                QueryNodeKind::Arguments => return self.source_of(node).is_some(),
                _ => return false,
            }
        }
        false
    }

    /// The source of the outermost query whose parameters these are.
    fn source_of(&self, arguments: QueryNodeId) -> Option<QueryNodeId> {
        let tree = self.tree;
        let source = tree.parent(tree.parent(arguments)?)?;
        let is_source = tree.kind(source) == QueryNodeKind::Source;
        let is_own = tree.enclosing(source, QueryNodeKind::Select) == Some(self.select);
        (is_source && is_own).then_some(source)
    }

    /// How the value is called among the columns. Conditions of virtual tables name their fields without the table.
    fn key_expression(&self, comparison: QueryNodeId, field: QueryNodeId, path: &[&str]) -> Option<String> {
        let tree = self.tree;
        let text = tree.node_text(field, self.text);
        let arguments = tree.ancestors(comparison).find(|it| tree.kind(*it) == QueryNodeKind::Arguments);
        let Some(source) = arguments.and_then(|arguments| self.source_of(arguments)) else {
            return Some(text.to_owned());
        };
        let alias = tree.child(source, QueryRole::Alias)?;
        // A longer path would be a field of the dimension, which the rows are not grouped by.
        let is_dimension = path.len() == 1 && tree.kind(alias) == QueryNodeKind::Name;
        is_dimension.then(|| format!("{}.{text}", tree.node_text(alias, self.text)))
    }

    fn columns(&self) -> impl Iterator<Item = QueryNodeId> {
        self.tree.children_of_kind(self.select, QueryNodeKind::Column)
    }

    fn column_name(&self, column: QueryNodeId) -> Option<&str> {
        let tree = self.tree;
        let alias = tree.child(column, QueryRole::Alias);
        let value = tree.child(column, QueryRole::Value)?;
        match alias {
            Some(alias) => Some(tree.node_text(alias, self.text)),
            None => tree.path(value, self.text)?.pop(),
        }
    }

    /// A column that holds the value already.
    fn column_of(&self, key: &str) -> Option<String> {
        let is_key = |column: &QueryNodeId| {
            let value = self.tree.child(*column, QueryRole::Value);
            value.is_some_and(|value| same_name(self.tree.node_text(value, self.text), key))
        };
        let column = self.columns().find(is_key)?;
        self.column_name(column).map(str::to_owned)
    }

    fn add_column(&self, key: &str, edits: &mut Vec<Edit>) -> Option<String> {
        let last = self.columns().last()?;
        let names: Vec<&str> = self.columns().filter_map(|column| self.column_name(column)).collect();
        let wanted = if self.is_english() { "QueryKey" } else { "КлючЗапроса" };
        let name = numbered(wanted, |name| names.iter().any(|known| same_name(known, name)));
        let word = if self.is_english() { "AS" } else { "КАК" };
        let range = self.tree.range(last);
        let separator = self
            .line_prefix(range.start)
            .map_or(" ".to_owned(), |prefix| format!("{}{prefix}", syntax::line_break(self.text)));
        edits.push(Edit::insert(range.end, format!(",{separator}{key} {word} {name}")));
        Some(name)
    }

    /// A query that is grouped has to be grouped by the value too.
    fn group_by(&self, key: &str, edits: &mut Vec<Edit>) {
        let tree = self.tree;
        let Some(group) = tree.children_of_kind(self.select, QueryNodeKind::Group).next() else { return };
        let is_key = |node: QueryNodeId| same_name(tree.node_text(node, self.text), key);
        if let Some(last) = tree.children(group).last()
            && !tree.children(group).any(is_key)
        {
            edits.push(Edit::insert(tree.range(last).end, format!(", {key}")));
        }
    }

    /// What stands before a column that has a line of its own: blanks, the bar, blanks.
    fn line_prefix(&self, offset: u32) -> Option<&str> {
        let before = self.text.get(..offset as usize)?;
        let start = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let prefix = &before[start..];
        let is_own = prefix.trim_start().strip_prefix('|').is_some_and(|rest| rest.trim().is_empty());
        is_own.then_some(prefix)
    }

    fn is_english(&self) -> bool {
        let tokens = self.tree.tokens();
        let select = tokens.iter().find(|token| token.kind == QueryTokenKind::Select);
        select
            .is_some_and(|token| TextRange { start: token.start, end: token.end }.slice(self.text).is_ascii())
    }
}
