//! The flat syntax tree of a piece of a module: tokens and nodes in two arrays, with all links as
//! indexes. Walking it is a linear scan, so deep nesting costs nothing and nothing recurses.

use base::TextRange;

use crate::node::{Node, NodeId, NodeKind, Role};
use crate::token::{Token, TokenKind};

/// What is wrong with the syntax, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    pub kind: SyntaxErrorKind,
    pub range: TextRange,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyntaxErrorKind {
    /// Text that fits nowhere.
    Unexpected,
    /// A token that had to be assumed; the range is the token before it.
    Missing(TokenKind),
    /// A name after a dot.
    MissingProperty,
    /// The closing quote of a literal.
    MissingQuote,
    /// A value where an expression has to stand.
    MissingExpression,
    /// An expression that neither calls nor waits.
    NotAStatement,
}

/// Tokens, nodes, lines and syntax errors of one text. Buffers are reused by `lower`.
#[derive(Clone, Debug, Default)]
pub struct SyntaxTree {
    pub(crate) tokens: Vec<Token>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) errors: Vec<SyntaxError>,
    pub(crate) line_starts: Vec<u32>,
}

impl SyntaxTree {
    pub const ROOT: NodeId = NodeId(0);

    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    pub fn errors(&self) -> &[SyntaxError] {
        &self.errors
    }

    /// Offsets where lines start; the first is 0.
    pub fn line_starts(&self) -> &[u32] {
        &self.line_starts
    }

    /// Zero-based line of an offset.
    pub fn line_of(&self, offset: u32) -> u32 {
        self.line_starts.partition_point(|start| *start <= offset).saturating_sub(1) as u32
    }

    pub fn nodes(&self) -> impl ExactSizeIterator<Item = (NodeId, &Node)> {
        self.nodes.iter().enumerate().map(|(index, node)| (NodeId(index as u32), node))
    }

    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    pub fn kind(&self, id: NodeId) -> NodeKind {
        self.node(id).kind
    }

    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        (id != Self::ROOT).then(|| NodeId(self.node(id).parent))
    }

    /// From the parent up to the root.
    pub fn ancestors(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        std::iter::successors(self.parent(id), |id| self.parent(*id))
    }

    pub fn children(&self, id: NodeId) -> Children<'_> {
        Children { tree: self, next: id.0 + 1, end: self.node(id).end }
    }

    pub fn child(&self, id: NodeId, role: Role) -> Option<NodeId> {
        self.children(id).find(|child| self.node(*child).role == role)
    }

    pub fn child_of_kind(&self, id: NodeId, kind: NodeKind) -> Option<NodeId> {
        self.children(id).find(|child| self.kind(*child) == kind)
    }

    /// Everything below a node, in document order.
    pub fn descendants(&self, id: NodeId) -> impl DoubleEndedIterator<Item = NodeId> + ExactSizeIterator {
        (id.0 + 1..self.node(id).end).map(NodeId)
    }

    /// The first node behind a node and its descendants; it need not exist.
    pub fn subtree_end(&self, id: NodeId) -> NodeId {
        NodeId(self.node(id).end)
    }

    /// True if `inner` is `outer` or lies inside it.
    pub fn is_within(&self, inner: NodeId, outer: NodeId) -> bool {
        outer <= inner && inner.0 < self.node(outer).end
    }

    /// The procedure or function around a node.
    pub fn enclosing_method(&self, id: NodeId) -> Option<NodeId> {
        self.ancestors(id).find(|ancestor| self.kind(*ancestor).is_method())
    }

    /// The nearest statement around a node, the node itself included.
    pub fn enclosing_statement(&self, id: NodeId) -> Option<NodeId> {
        std::iter::once(id).chain(self.ancestors(id)).find(|node| self.kind(*node).is_statement())
    }

    /// Indexes of the tokens of a node, comments between them included; empty for an empty block, whose
    /// start is then the next token.
    pub fn token_span(&self, id: NodeId) -> std::ops::Range<usize> {
        let node = self.node(id);
        node.first_token as usize..node.end_token as usize
    }

    pub fn tokens_of(&self, id: NodeId) -> &[Token] {
        &self.tokens[self.token_span(id)]
    }

    /// Tokens of a node without comments and directives.
    pub fn code_tokens_of(&self, id: NodeId) -> impl DoubleEndedIterator<Item = &Token> {
        self.tokens_of(id).iter().filter(|token| !token.kind.is_trivia())
    }

    pub fn first_token(&self, id: NodeId) -> Option<&Token> {
        self.tokens_of(id).first()
    }

    pub fn last_token(&self, id: NodeId) -> Option<&Token> {
        self.tokens_of(id).last()
    }

    /// From the first to the last token; an empty node has an empty range at its place.
    pub fn range(&self, id: NodeId) -> TextRange {
        match self.tokens_of(id) {
            [first, .., last] => TextRange { start: first.start, end: last.end },
            [only] => only.range(),
            [] => {
                let next = self.tokens.get(self.node(id).first_token as usize);
                TextRange::empty(next.or(self.tokens.last()).map_or(0, |token| token.start))
            }
        }
    }

    /// Index of the `;` that ends a statement.
    pub fn semicolon(&self, statement: NodeId) -> Option<usize> {
        let end = self.node(statement).end_token as usize;
        let (offset, token) =
            self.tokens[end..].iter().enumerate().find(|(_, token)| !token.kind.is_trivia())?;
        (token.kind == TokenKind::Semicolon).then_some(end + offset)
    }

    /// A statement with its `;`.
    pub fn statement_range(&self, statement: NodeId) -> TextRange {
        let range = self.range(statement);
        if self.kind(statement) == NodeKind::EmptyStatement {
            return range;
        }
        self.semicolon(statement).map_or(range, |index| range.cover(self.tokens[index].range()))
    }

    /// First token of a kind that belongs to the node itself, not to its children.
    pub fn own_token(&self, id: NodeId, kind: TokenKind) -> Option<&Token> {
        self.own_tokens(id).find(|token| token.kind == kind)
    }

    /// Tokens of a node that belong to none of its children, in order; comments included.
    pub fn own_tokens(&self, id: NodeId) -> impl Iterator<Item = &Token> {
        let mut children = self.children(id).peekable();
        let span = self.token_span(id);
        let mut index = span.start;
        std::iter::from_fn(move || {
            while let Some(child) = children.peek() {
                let tokens = self.token_span(*child);
                if tokens.end > index && tokens.start > index {
                    break;
                }
                index = index.max(tokens.end);
                children.next();
            }
            if index >= span.end {
                return None;
            }
            index += 1;
            self.tokens.get(index - 1)
        })
    }

    /// True if a node holds a syntax error other than a missing `;`, which leaves the statements around
    /// it readable.
    pub fn has_serious_error(&self, id: NodeId) -> bool {
        if !self.node(id).has_error {
            return false;
        }
        let range = self.range(id);
        let is_serious = |error: &SyntaxError| {
            error.kind != SyntaxErrorKind::Missing(TokenKind::Semicolon) && range.contains(error.range)
        };
        self.errors.iter().any(is_serious)
            || self.descendants(id).any(|node| self.kind(node) == NodeKind::Error)
    }

    /// Index of the token that starts at or after an offset.
    pub fn token_at_or_after(&self, offset: u32) -> usize {
        self.tokens.partition_point(|token| token.start < offset)
    }

    /// The token that contains or ends at an offset; of two neighbours the one that starts there.
    pub fn token_at(&self, offset: u32) -> Option<usize> {
        let after = self.tokens.partition_point(|token| token.start <= offset);
        let index = after.checked_sub(1)?;
        self.tokens[index].range().touches(offset).then_some(index)
    }

    /// The innermost node that holds a token.
    pub fn node_of_token(&self, index: usize) -> NodeId {
        let mut current = Self::ROOT;
        while let Some(child) = self.children(current).find(|child| self.token_span(*child).contains(&index))
        {
            current = child;
        }
        current
    }

    /// Number of the first node that starts behind a token, or one past the last node.
    pub(crate) fn first_node_behind(&self, token: usize) -> u32 {
        self.nodes.partition_point(|node| node.first_token as usize <= token) as u32
    }

    /// The nearest code token before the token at `index`.
    pub fn previous_code_token(&self, index: usize) -> Option<&Token> {
        self.tokens[..index].iter().rev().find(|token| !token.kind.is_trivia())
    }

    /// The nearest code token at or after `index`.
    pub fn next_code_token(&self, index: usize) -> Option<&Token> {
        self.tokens.get(index..)?.iter().find(|token| !token.kind.is_trivia())
    }
}

/// Direct children of a node.
pub struct Children<'a> {
    tree: &'a SyntaxTree,
    next: u32,
    end: u32,
}

impl Iterator for Children<'_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        if self.next >= self.end {
            return None;
        }
        let id = NodeId(self.next);
        self.next = self.tree.node(id).end;
        Some(id)
    }
}
