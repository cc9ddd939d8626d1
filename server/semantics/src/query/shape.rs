//! Shapes of queries from their trees.

use base::same_name;
use smol_str::SmolStr;
use syntax::{QueryNodeId, QueryNodeKind, QueryRole, QueryTokenKind, QueryTree, parse_query_text};

use super::values::{Reader, folded_one_of};
use super::{QueryBatch, QueryColumn, QueryShape, QuerySource, QueryTable, QueryValue};

/// Deeper subqueries and expressions are not looked into; nobody writes them.
pub(super) const MAX_DEPTH: usize = 32;

/// The shape of a query text that stands on its own.
pub fn query_text_shape(text: &str) -> QueryShape {
    query_shape(&parse_query_text(text), text)
}

/// The shape of a query; `text` is the text that the offsets of the tree belong to.
pub fn query_shape(tree: &QueryTree, text: &str) -> QueryShape {
    let reader = Reader { tree, text };
    let batches = tree.children(QueryTree::ROOT).filter_map(|child| match tree.kind(child) {
        QueryNodeKind::Query => Some(reader.batch(child, 0)),
        QueryNodeKind::Drop => {
            Some(QueryBatch { drops: reader.child_name(child, QueryRole::Name), ..QueryBatch::default() })
        }
        _ => None,
    });
    QueryShape {
        batches: batches.collect(),
        parameters: reader.parameters(),
        is_template: tree.is_template(),
    }
}

/// Sources and columns of one `ВЫБРАТЬ`, which may stand anywhere in a query: in a union, in a condition.
pub fn query_select(tree: &QueryTree, text: &str, select: QueryNodeId) -> QueryBatch {
    let reader = Reader { tree, text };
    let mut batch = QueryBatch {
        sources: reader.sources(select, 0),
        columns: reader.columns(select),
        ..QueryBatch::default()
    };
    reader.read_clauses(select, &mut batch);
    batch
}

/// What an expression of a query holds.
pub fn query_value(tree: &QueryTree, text: &str, expression: QueryNodeId) -> QueryValue {
    Reader { tree, text }.value(expression, 0)
}

impl Reader<'_> {
    /// Names behind `&`, each once, in the order of their first use.
    fn parameters(self) -> Vec<SmolStr> {
        let mut names: Vec<SmolStr> = Vec::new();
        for (id, node) in self.tree.nodes() {
            if node.kind != QueryNodeKind::Parameter {
                continue;
            }
            let name = self.child_name(id, QueryRole::Name);
            if !name.is_empty() && !names.iter().any(|known| same_name(known, &name)) {
                names.push(name);
            }
        }
        names
    }

    /// A query with all parts of its union.
    fn batch(self, query: QueryNodeId, depth: usize) -> QueryBatch {
        let mut batch = QueryBatch::default();
        let mut selects = self.tree.children_of_kind(query, QueryNodeKind::Select);
        let Some(first) = selects.next() else { return batch };
        batch.sources = self.sources(first, depth);
        batch.columns = self.columns(first);
        self.read_clauses(first, &mut batch);
        for select in selects {
            let other = self.sources(select, depth);
            let values = self.columns(select).into_iter().map(|column| column.value);
            for (column, value) in batch.columns.iter_mut().zip(values) {
                let value = in_terms_of(&batch.sources, &other, value);
                column.value = folded_one_of([std::mem::take(&mut column.value), value]);
            }
            self.read_clauses(select, &mut batch);
        }
        batch
    }

    fn read_clauses(self, select: QueryNodeId, batch: &mut QueryBatch) {
        for clause in self.tree.children(select) {
            match self.tree.kind(clause) {
                QueryNodeKind::Into => batch.temporary_table = self.child_name(clause, QueryRole::Name),
                QueryNodeKind::Totals => {
                    let totals = self.tree.children_of_kind(clause, QueryNodeKind::Total);
                    let names = totals.map(|total| self.name_of(total)).filter(|name| !name.is_empty());
                    batch.totals.extend(names);
                }
                _ => {}
            }
        }
    }

    fn columns(self, parent: QueryNodeId) -> Vec<QueryColumn> {
        let columns = self.tree.children_of_kind(parent, QueryNodeKind::Column);
        columns
            .filter_map(|column| {
                let value = self.tree.child(column, QueryRole::Value)?;
                let is_missing = self.tree.kind(value).is_missing();
                (!is_missing).then(|| self.column(column, value))
            })
            .collect()
    }

    fn column(self, column: QueryNodeId, value: QueryNodeId) -> QueryColumn {
        let name = self.name_of(column);
        match self.tree.kind(value) {
            QueryNodeKind::AllFields => {
                let object = self.tree.child(value, QueryRole::Object);
                let path = object.and_then(|object| self.path(object)).unwrap_or_default();
                QueryColumn { name: SmolStr::new("*"), value: QueryValue::AllFields(path) }
            }
            QueryNodeKind::NestedTable => QueryColumn { name, value: self.nested(value) },
            _ => QueryColumn { name, value: self.value(value, 0) },
        }
    }

    /// Fields of a nested table are fields of the field that it is.
    fn nested(self, table: QueryNodeId) -> QueryValue {
        let object = self.tree.child(table, QueryRole::Object).and_then(|object| self.path(object));
        let object = object.filter(|path| path.len() > 1);
        let mut columns = Vec::new();
        for column in self.tree.children_of_kind(table, QueryNodeKind::Column) {
            let Some(value) = self.tree.child(column, QueryRole::Value) else { continue };
            let name = self.name_of(column);
            let value = match (self.tree.kind(value), &object) {
                (QueryNodeKind::NestedTable, _) => QueryValue::Unknown,
                (QueryNodeKind::AllFields, Some(object)) => QueryValue::AllFields(object.clone()),
                (_, Some(object)) => match self.value(value, 0) {
                    QueryValue::Field(path) => QueryValue::Field([object.as_slice(), &path].concat()),
                    other => other,
                },
                (_, None) => QueryValue::Unknown,
            };
            let name = if matches!(value, QueryValue::AllFields(_)) { SmolStr::new("*") } else { name };
            columns.push(QueryColumn { name, value });
        }
        QueryValue::Nested(columns)
    }

    /// Alias, or the last part of the field; empty for an expression without alias.
    fn name_of(self, item: QueryNodeId) -> SmolStr {
        let alias = self.child_name(item, QueryRole::Alias);
        if !alias.is_empty() {
            return alias;
        }
        let Some(value) = self.tree.child(item, QueryRole::Value) else { return SmolStr::default() };
        let field = match self.tree.kind(value) {
            QueryNodeKind::NestedTable => self.tree.child(value, QueryRole::Object),
            QueryNodeKind::Member => return self.child_name(value, QueryRole::Property),
            _ => Some(value),
        };
        field.and_then(|field| self.path(field)?.pop()).unwrap_or_default()
    }

    fn sources(self, select: QueryNodeId, depth: usize) -> Vec<QuerySource> {
        let Some(from) = self.tree.children_of_kind(select, QueryNodeKind::From).next() else {
            return Vec::new();
        };
        let mut sources = Vec::new();
        let mut next = from.0 + 1;
        while next < self.tree.subtree_end(from).0 {
            let id = QueryNodeId(next);
            next += 1;
            match self.tree.kind(id) {
                QueryNodeKind::Source => sources.extend(self.source(id, depth)),
                // Sources of subqueries are theirs.
                QueryNodeKind::Subquery => next = self.tree.subtree_end(id).0,
                _ => {}
            }
        }
        sources
    }

    fn source(self, source: QueryNodeId, depth: usize) -> Option<QuerySource> {
        let table = self.tree.child(source, QueryRole::Table)?;
        let table = self.table(table, depth)?;
        let mut alias = self.child_name(source, QueryRole::Alias);
        if alias.is_empty()
            && let QueryTable::Path(path) = &table
        {
            alias = path.last().cloned().unwrap_or_default();
        }
        Some(QuerySource { alias, table })
    }

    /// `None` if nothing is written yet.
    fn table(self, table: QueryNodeId, depth: usize) -> Option<QueryTable> {
        Some(match self.tree.kind(table) {
            QueryNodeKind::MissingTable => return None,
            QueryNodeKind::Parameter => QueryTable::Parameter(self.child_name(table, QueryRole::Name)),
            QueryNodeKind::Subquery if depth < MAX_DEPTH => {
                match self.tree.children_of_kind(table, QueryNodeKind::Query).next() {
                    Some(query) => QueryTable::Subquery(Box::new(self.batch(query, depth + 1))),
                    None => QueryTable::Unknown,
                }
            }
            QueryNodeKind::Call => {
                let function = self.tree.child(table, QueryRole::Function);
                let path = function.and_then(|function| self.path(function));
                path.map_or(QueryTable::Unknown, QueryTable::Path)
            }
            _ => self.path(table).map_or(QueryTable::Unknown, QueryTable::Path),
        })
    }
}

/// The value of a column of another query of a union, as far as the sources of the first one can express it.
fn in_terms_of(sources: &[QuerySource], other: &[QuerySource], value: QueryValue) -> QueryValue {
    let (QueryValue::Field(path) | QueryValue::AllFields(path)) = &value else { return value };
    let source_of = |sources: &[QuerySource]| {
        let by_alias = |source: &&QuerySource| path.first().is_some_and(|it| same_name(it, &source.alias));
        let only = if sources.len() == 1 { sources.first() } else { None };
        sources.iter().find(by_alias).or(only).map(|source| source.table.clone())
    };
    let (here, there) = (source_of(sources), source_of(other));
    if here.is_some() && here == there { value } else { QueryValue::Unknown }
}

/// Whether a token of this kind is the operator of a node.
pub(super) fn has_operator(tree: &QueryTree, node: QueryNodeId, operators: &[QueryTokenKind]) -> bool {
    tree.own_tokens(node).any(|token| operators.contains(&token.kind))
}
