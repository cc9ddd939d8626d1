//! A query around a place of a document, parsed, with the scopes of its parts.

use base::TextRange;
use platform::Script;
use semantics::{QueryBatch, QueryScope, QueryShape, query_select, query_shape};
use syntax::{
    QueryLiteral, QueryNodeId, QueryNodeKind, QueryRole, QueryTokenKind, QueryTree, parse_query, query_at,
};

use crate::meaning::{ProjectDocument, Section};

/// Subqueries and temporary tables that are followed inside each other.
pub(crate) const MAX_DEPTH: usize = 16;

/// All offsets are those of the section.
pub(crate) struct QueryCode<'a> {
    pub(crate) section: Section<'a>,
    pub(crate) literal: QueryLiteral,
    pub(crate) tree: QueryTree,
    pub(crate) shape: QueryShape,
    /// The offset that was asked for.
    pub(crate) offset: u32,
}

impl<'a> QueryCode<'a> {
    /// The query whose text holds an offset of the document.
    pub(crate) fn at(of: ProjectDocument<'a>, offset: u32) -> Option<Self> {
        let section = of.section(offset);
        let offset = offset.checked_sub(section.start())?;
        let literal = query_at(section.source(), offset)?;
        if !is_inside(&literal, section.source().text, offset) {
            return None;
        }
        Some(Self::new(section, literal, offset))
    }

    pub(crate) fn new(section: Section<'a>, literal: QueryLiteral, offset: u32) -> Self {
        let text = section.source().text;
        let tree = parse_query(text, &literal);
        let shape = query_shape(&tree, text);
        Self { section, literal, tree, shape, offset }
    }

    /// The same query without a word, so that the tree has a hole where something is being typed.
    pub(crate) fn without(mut self, word: TextRange) -> Self {
        if word.is_empty() {
            return self;
        }
        let mut parts = Vec::with_capacity(self.literal.parts.len() + 1);
        for part in &self.literal.parts {
            if !part.contains(word) {
                parts.push(*part);
                continue;
            }
            parts.push(TextRange { start: part.start, end: word.start });
            parts.push(TextRange { start: word.end, end: part.end });
        }
        parts.retain(|part| !part.is_empty());
        self.literal.parts = parts;
        let text = self.section.source().text;
        let tree = parse_query(text, &self.literal);
        self.shape = query_shape(&tree, text);
        self.tree = tree;
        self
    }

    pub(crate) fn text(&self) -> &str {
        self.section.source().text
    }

    pub(crate) fn node_text(&self, node: QueryNodeId) -> &str {
        self.tree.node_text(node, self.text())
    }

    pub(crate) fn kind(&self, node: QueryNodeId) -> QueryNodeKind {
        self.tree.kind(node)
    }

    /// Language of the words of the query.
    pub(crate) fn script(&self) -> Script {
        let word = self.first_keyword();
        if word.is_some_and(|word| word.is_ascii()) { Script::English } else { Script::Russian }
    }

    /// Keywords are in capitals, unless the first one is not.
    pub(crate) fn has_capitals(&self) -> bool {
        !self.first_keyword().is_some_and(|word| word.chars().any(char::is_lowercase))
    }

    fn first_keyword(&self) -> Option<&str> {
        let tells = |kind: QueryTokenKind| kind.is_keyword() && kind != QueryTokenKind::Null;
        let token = self.tree.tokens().iter().find(|token| tells(token.kind))?;
        Some(token.range().slice(self.text()))
    }

    /// The name node at the asked offset.
    pub(crate) fn name_at_offset(&self) -> Option<QueryNodeId> {
        let index = self.tree.token_at(self.offset)?;
        let candidates = [Some(index), index.checked_sub(1)];
        candidates.into_iter().flatten().find_map(|index| {
            let token = self.tree.tokens()[index];
            let node = self.tree.node_of_token(index);
            let is_name = self.kind(node) == QueryNodeKind::Name || self.is_name_of_type(node, index);
            (is_name && token.range().touches(self.offset)).then_some(node)
        })
    }

    fn is_name_of_type(&self, node: QueryNodeId, token: usize) -> bool {
        self.kind(node) == QueryNodeKind::Parameter
            && self.tree.tokens()[token].kind == QueryTokenKind::Ampersand
    }

    /// The select around a node, then those around the condition that it stands in.
    pub(crate) fn selects_around(&self, node: QueryNodeId) -> Vec<QueryNodeId> {
        let mut selects = Vec::new();
        let mut previous = QueryNodeKind::Package;
        for outer in std::iter::once(node).chain(self.tree.ancestors(node)) {
            match self.kind(outer) {
                QueryNodeKind::Select => selects.push(outer),
                // The rows of a source are made before the sources around exist.
                QueryNodeKind::Source if previous == QueryNodeKind::Subquery => break,
                _ => {}
            }
            previous = self.kind(outer);
        }
        selects
    }

    /// The select that a place without name belongs to.
    pub(crate) fn select_at(&self, offset: u32) -> Option<QueryNodeId> {
        let tokens = self.tree.tokens();
        let mut index = self.tree.code_token_before(offset)?;
        loop {
            let node = self.tree.node_of_token(index);
            if let Some(select) = self.tree.enclosing(node, QueryNodeKind::Select) {
                return Some(select);
            }
            if tokens[index].kind == QueryTokenKind::Semicolon {
                return None;
            }
            index = index.checked_sub(1)?;
        }
    }

    /// Place of the query of the package around a node, as the shape counts them.
    pub(crate) fn batch_index(&self, node: QueryNodeId) -> usize {
        let batches = self.batches().filter(|batch| batch.0 <= node.0);
        batches.count().saturating_sub(1)
    }

    /// Queries of the package in order.
    pub(crate) fn batches(&self) -> impl Iterator<Item = QueryNodeId> + '_ {
        let is_batch =
            |node: &QueryNodeId| matches!(self.kind(*node), QueryNodeKind::Query | QueryNodeKind::Drop);
        self.tree.children(QueryTree::ROOT).filter(is_batch)
    }

    /// Asks about names inside a select.
    pub(crate) fn in_select<T>(
        &self,
        select: QueryNodeId,
        ask: impl FnOnce(QueryScope<'_>, &QueryBatch) -> T,
    ) -> Option<T> {
        let batch = query_select(&self.tree, self.text(), select);
        let scope = QueryScope::new(self.section.of.scope(), &self.shape, self.batch_index(select))?;
        Some(ask(scope.nested(&batch), &batch))
    }

    /// Sources of a select, those of its subqueries left out.
    pub(crate) fn sources(&self, select: QueryNodeId) -> Vec<QueryNodeId> {
        let Some(from) = self.tree.children_of_kind(select, QueryNodeKind::From).next() else {
            return Vec::new();
        };
        let mut sources = Vec::new();
        let mut next = from.0 + 1;
        while next < self.tree.subtree_end(from).0 {
            let node = QueryNodeId(next);
            next += 1;
            match self.kind(node) {
                QueryNodeKind::Source => sources.push(node),
                QueryNodeKind::Subquery => next = self.tree.subtree_end(node).0,
                _ => {}
            }
        }
        sources
    }

    /// The name of a source in its select: the alias, or the last name of the table.
    pub(crate) fn source_name(&self, source: QueryNodeId) -> Option<&str> {
        if let Some(alias) = self.alias(source) {
            return Some(self.node_text(alias));
        }
        self.table_path(source)?.pop()
    }

    pub(crate) fn alias(&self, node: QueryNodeId) -> Option<QueryNodeId> {
        self.tree.child(node, QueryRole::Alias).filter(|alias| self.kind(*alias) == QueryNodeKind::Name)
    }

    /// Names of the table of a source.
    pub(crate) fn table_path(&self, source: QueryNodeId) -> Option<Vec<&str>> {
        let table = self.tree.child(source, QueryRole::Table)?;
        let table = match self.kind(table) {
            QueryNodeKind::Call => self.tree.child(table, QueryRole::Function)?,
            _ => table,
        };
        self.tree.path(table, self.text())
    }

    pub(crate) fn source_named(&self, select: QueryNodeId, name: &str) -> Option<QueryNodeId> {
        let is =
            |source: &QueryNodeId| self.source_name(*source).is_some_and(|own| base::same_name(own, name));
        self.sources(select).into_iter().find(is)
    }

    /// A range of the section as one of the document.
    pub(crate) fn in_document(&self, range: TextRange) -> TextRange {
        self.section.in_document(range)
    }
}

/// Inside the text, or where a line of it starts with nothing in it yet.
fn is_inside(literal: &QueryLiteral, text: &str, offset: u32) -> bool {
    if literal.is_in_text(offset) || literal.parts.iter().any(|part| part.end == offset) {
        return true;
    }
    let before = text.get(..offset as usize).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    literal.range.start < offset && offset < literal.range.end && line.trim_start() == "|"
}
