//! Where the columns of temporary tables and subqueries come from.

use syntax::{QueryNodeId, QueryNodeKind, QueryRole};

use crate::query::code::{MAX_DEPTH, QueryCode};

impl QueryCode<'_> {
    /// The query of the package that makes a temporary table before a node, and the name behind `ПОМЕСТИТЬ`.
    pub(crate) fn temporary(&self, name: &str, before: QueryNodeId) -> Option<(QueryNodeId, QueryNodeId)> {
        let earlier: Vec<_> = self.batches().take_while(|batch| batch.0 <= before.0).collect();
        earlier.into_iter().rev().find_map(|batch| {
            let into = self.target_name(batch)?;
            let is_it = base::same_name(self.node_text(into), name);
            // A query does not see the table that it makes.
            let is_before = self.tree.subtree_end(batch).0 <= before.0 || self.is_target(before);
            (is_it && is_before).then_some((batch, into))
        })
    }

    fn is_target(&self, node: QueryNodeId) -> bool {
        let parent = self.tree.parent(node);
        parent.is_some_and(|parent| matches!(self.kind(parent), QueryNodeKind::Into))
    }

    /// The name behind `ПОМЕСТИТЬ` of a query.
    pub(crate) fn target_name(&self, batch: QueryNodeId) -> Option<QueryNodeId> {
        let selects = self.tree.children_of_kind(batch, QueryNodeKind::Select);
        let mut clauses = selects.flat_map(|select| self.tree.children_of_kind(select, QueryNodeKind::Into));
        let name = clauses.find_map(|into| self.tree.child(into, QueryRole::Name))?;
        (self.kind(name) == QueryNodeKind::Name).then_some(name)
    }

    /// The first select of a query names its columns.
    pub(crate) fn first_select(&self, query: QueryNodeId) -> Option<QueryNodeId> {
        self.tree.children_of_kind(query, QueryNodeKind::Select).next()
    }

    /// The column of a subquery or of a temporary table that a source reads.
    pub(crate) fn column_in_source(
        &self,
        source: QueryNodeId,
        name: &str,
        depth: usize,
    ) -> Option<QueryNodeId> {
        if depth > MAX_DEPTH {
            return None;
        }
        let table = self.tree.child(source, QueryRole::Table)?;
        let query = match self.kind(table) {
            QueryNodeKind::Subquery => self.tree.children_of_kind(table, QueryNodeKind::Query).next()?,
            QueryNodeKind::Name => self.temporary(self.node_text(table), table)?.0,
            _ => return None,
        };
        self.column_named(self.first_select(query)?, name, depth + 1)
    }

    /// The column of a select; of `*` the column that the star stands for.
    pub(crate) fn column_named(&self, select: QueryNodeId, name: &str, depth: usize) -> Option<QueryNodeId> {
        let columns = || self.tree.children_of_kind(select, QueryNodeKind::Column);
        let is_it = |column: &QueryNodeId| {
            self.column_name(*column).is_some_and(|own| base::same_name(self.node_text(own), name))
        };
        if let Some(found) = columns().find(is_it) {
            return Some(found);
        }
        columns().find_map(|column| {
            let star = self.tree.child(column, QueryRole::Value)?;
            if self.kind(star) != QueryNodeKind::AllFields {
                return None;
            }
            let owner = self.tree.child(star, QueryRole::Object).map(|owner| self.node_text(owner));
            let sources = self.sources(select).into_iter();
            let mut sources = sources.filter(|source| {
                owner.is_none_or(|owner| {
                    self.source_name(*source).is_some_and(|own| base::same_name(own, owner))
                })
            });
            sources.find_map(|source| self.column_in_source(source, name, depth + 1))
        })
    }

    /// The node that gives a column its name: the alias, or the last name of the field.
    pub(crate) fn column_name(&self, column: QueryNodeId) -> Option<QueryNodeId> {
        if let Some(alias) = self.alias(column) {
            return Some(alias);
        }
        let value = self.tree.child(column, QueryRole::Value)?;
        let value = match self.kind(value) {
            QueryNodeKind::NestedTable => self.tree.child(value, QueryRole::Object)?,
            _ => value,
        };
        let name = match self.kind(value) {
            QueryNodeKind::Member => self.tree.child(value, QueryRole::Property)?,
            _ => value,
        };
        (self.kind(name) == QueryNodeKind::Name).then_some(name)
    }

    /// The column whose name a node is without being an alias: renaming the field would rename the column.
    pub(crate) fn is_implicit_column_name(&self, name: QueryNodeId) -> bool {
        let columns = self.tree.ancestors(name).find(|node| self.kind(*node) == QueryNodeKind::Column);
        columns.is_some_and(|column| self.alias(column).is_none() && self.column_name(column) == Some(name))
    }
}
