//! The flat tree of a query, in the manner of `SyntaxTree`: tokens and nodes in two arrays, links are indexes.

use base::TextRange;

use super::kinds::{QueryNodeKind, QueryRole, QueryTokenKind};

/// Index of a node; nodes are numbered in document order, parents before children.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QueryNodeId(pub u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueryToken {
    pub kind: QueryTokenKind,
    pub start: u32,
    pub end: u32,
}

impl QueryToken {
    pub fn range(self) -> TextRange {
        TextRange { start: self.start, end: self.end }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueryNode {
    pub kind: QueryNodeKind,
    pub role: QueryRole,
    /// Of a literal in several lines, what stands between them is inside.
    pub range: TextRange,
    pub(super) parent: u32,
    /// One past the last descendant.
    pub(super) end: u32,
    pub(super) first_token: u32,
    pub(super) end_token: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueryError {
    pub kind: QueryErrorKind,
    /// Of something missing, the token before it.
    pub range: TextRange,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryErrorKind {
    /// Text that fits nowhere.
    Unexpected,
    Missing(QueryTokenKind),
    MissingExpression,
    MissingTable,
    /// A field after a dot, an alias, the name of a parameter or of a temporary table.
    MissingName,
    /// `ПО` of a join.
    MissingCondition,
}

/// Tokens, nodes and errors of one query text.
#[derive(Clone, Debug, Default)]
pub struct QueryTree {
    pub(super) tokens: Vec<QueryToken>,
    pub(super) nodes: Vec<QueryNode>,
    pub(super) errors: Vec<QueryError>,
    pub(super) is_template: bool,
}

impl QueryTree {
    pub const ROOT: QueryNodeId = QueryNodeId(0);

    pub fn tokens(&self) -> &[QueryToken] {
        &self.tokens
    }

    /// What is wrong; nothing in texts that a program completes before it runs them.
    pub fn errors(&self) -> &[QueryError] {
        if self.is_template { &[] } else { &self.errors }
    }

    /// What is wrong with the text as it stands, whatever a program makes of it.
    pub fn errors_as_written(&self) -> &[QueryError] {
        &self.errors
    }

    /// Parts of the text are put in or added at run time.
    pub fn is_template(&self) -> bool {
        self.is_template
    }

    pub fn nodes(&self) -> impl ExactSizeIterator<Item = (QueryNodeId, &QueryNode)> {
        self.nodes.iter().enumerate().map(|(index, node)| (QueryNodeId(index as u32), node))
    }

    pub fn node(&self, id: QueryNodeId) -> &QueryNode {
        &self.nodes[id.0 as usize]
    }

    pub fn kind(&self, id: QueryNodeId) -> QueryNodeKind {
        self.node(id).kind
    }

    pub fn range(&self, id: QueryNodeId) -> TextRange {
        self.node(id).range
    }

    pub fn parent(&self, id: QueryNodeId) -> Option<QueryNodeId> {
        (id != Self::ROOT).then(|| QueryNodeId(self.node(id).parent))
    }

    /// From the parent up to the root.
    pub fn ancestors(&self, id: QueryNodeId) -> impl Iterator<Item = QueryNodeId> {
        std::iter::successors(self.parent(id), |id| self.parent(*id))
    }

    /// The nearest node of a kind around a node, the node itself included.
    pub fn enclosing(&self, id: QueryNodeId, kind: QueryNodeKind) -> Option<QueryNodeId> {
        std::iter::once(id).chain(self.ancestors(id)).find(|node| self.kind(*node) == kind)
    }

    pub fn children(&self, id: QueryNodeId) -> impl Iterator<Item = QueryNodeId> {
        let (mut next, end) = (id.0 + 1, self.node(id).end);
        std::iter::from_fn(move || {
            let child = (next < end).then_some(QueryNodeId(next))?;
            next = self.node(child).end;
            Some(child)
        })
    }

    pub fn children_of_kind(
        &self,
        id: QueryNodeId,
        kind: QueryNodeKind,
    ) -> impl Iterator<Item = QueryNodeId> {
        self.children(id).filter(move |child| self.kind(*child) == kind)
    }

    pub fn child(&self, id: QueryNodeId, role: QueryRole) -> Option<QueryNodeId> {
        self.children(id).find(|child| self.node(*child).role == role)
    }

    /// Everything below a node, in document order.
    pub fn descendants(
        &self,
        id: QueryNodeId,
    ) -> impl DoubleEndedIterator<Item = QueryNodeId> + ExactSizeIterator {
        (id.0 + 1..self.node(id).end).map(QueryNodeId)
    }

    /// The first node behind a node and its descendants; it need not exist.
    pub fn subtree_end(&self, id: QueryNodeId) -> QueryNodeId {
        QueryNodeId(self.node(id).end)
    }

    /// Indexes of the tokens of a node, comments between them included.
    pub fn token_span(&self, id: QueryNodeId) -> std::ops::Range<usize> {
        let node = self.node(id);
        node.first_token as usize..node.end_token as usize
    }

    pub fn tokens_of(&self, id: QueryNodeId) -> &[QueryToken] {
        &self.tokens[self.token_span(id)]
    }

    /// True if a token of this kind stands directly in the node, not in its children.
    pub fn has_own_token(&self, id: QueryNodeId, kind: QueryTokenKind) -> bool {
        self.own_tokens(id).any(|token| token.kind == kind)
    }

    /// Tokens of a node that belong to none of its children, in order.
    pub fn own_tokens(&self, id: QueryNodeId) -> impl Iterator<Item = &QueryToken> {
        let mut children = self.children(id).peekable();
        let span = self.token_span(id);
        let mut index = span.start;
        std::iter::from_fn(move || {
            while let Some(child) = children.peek() {
                let tokens = self.token_span(*child);
                if tokens.start > index {
                    break;
                }
                index = index.max(tokens.end);
                children.next();
            }
            let token = (index < span.end).then(|| self.tokens.get(index)).flatten();
            index += 1;
            token
        })
    }

    /// Index of the token that contains or ends at an offset; of two neighbours the one that starts there.
    pub fn token_at(&self, offset: u32) -> Option<usize> {
        let index = self.tokens.partition_point(|token| token.start <= offset).checked_sub(1)?;
        self.tokens[index].range().touches(offset).then_some(index)
    }

    /// Index of the nearest code token that ends at or before an offset.
    pub fn code_token_before(&self, offset: u32) -> Option<usize> {
        let end = self.tokens.partition_point(|token| token.end <= offset);
        self.tokens[..end].iter().rposition(|token| !token.kind.is_trivia())
    }

    /// The innermost node that holds a token.
    pub fn node_of_token(&self, index: usize) -> QueryNodeId {
        let holds = |id: &QueryNodeId| self.token_span(*id).contains(&index);
        let mut current = Self::ROOT;
        while let Some(child) = self.children(current).find(holds) {
            current = child;
        }
        current
    }

    /// The innermost node that contains or touches an offset, missing parts included. Of several such nodes it
    /// is the first missing one, else the one of the token at the offset.
    pub fn node_at(&self, offset: u32) -> QueryNodeId {
        let missing = self.nodes().find(|(_, node)| node.kind.is_missing() && node.range.touches(offset));
        if let Some((id, _)) = missing {
            return id;
        }
        if let Some(token) = self.token_at(offset) {
            return self.node_of_token(token);
        }
        let touches = |id: &QueryNodeId| self.range(*id).touches(offset);
        let mut current = Self::ROOT;
        while let Some(child) = self.children(current).find(touches) {
            current = child;
        }
        current
    }

    pub fn node_text<'t>(&self, id: QueryNodeId, text: &'t str) -> &'t str {
        self.range(id).slice(text)
    }

    /// `Справочник.Товары`, `Т.Ссылка.Код` as its names; a missing last name is left out. `None` for anything that
    /// is not just names and dots.
    pub fn path<'t>(&self, id: QueryNodeId, text: &'t str) -> Option<Vec<&'t str>> {
        let mut names = Vec::new();
        let mut current = id;
        loop {
            match self.kind(current) {
                QueryNodeKind::Name => {
                    names.push(self.node_text(current, text));
                    names.reverse();
                    return Some(names);
                }
                QueryNodeKind::Member => {
                    let property = self.child(current, QueryRole::Property)?;
                    match self.kind(property) {
                        QueryNodeKind::Name => names.push(self.node_text(property, text)),
                        QueryNodeKind::MissingName => {}
                        _ => return None,
                    }
                    current = self.child(current, QueryRole::Object)?;
                }
                _ => return None,
            }
        }
    }
}
