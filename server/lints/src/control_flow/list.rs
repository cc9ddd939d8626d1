//! Statement lists with the directives between the statements: directives have no nodes, but a
//! directive between two statements acts like a statement.

use base::TextRange;
use syntax::{NodeId, NodeKind, SyntaxTree, TokenKind};

use crate::facts::SectionFacts;
use crate::statements::is_instruction;

/// Statements that follow each other in one block or outside methods.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StatementList {
    first: NodeId,
    /// The node behind the last statement.
    end: NodeId,
    /// Index of the first token behind the code before the list.
    start_token: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Item {
    Statement(NodeId),
    /// Index of its token.
    Directive(usize),
}

impl StatementList {
    pub(crate) fn of_block(tree: &SyntaxTree, block: NodeId) -> Self {
        Self::new(tree, NodeId(block.0 + 1), tree.subtree_end(block), tree.token_span(block).start)
    }

    /// Statements outside methods, from `first` up to `end`.
    pub(crate) fn outside_methods(tree: &SyntaxTree, first: NodeId, end: NodeId) -> Self {
        Self::new(tree, first, end, tree.token_span(first).start)
    }

    fn new(tree: &SyntaxTree, first: NodeId, end: NodeId, first_token: usize) -> Self {
        let before = tree.tokens().get(..first_token).unwrap_or_default();
        let trivia = before.iter().rev().take_while(|token| token.kind.is_trivia()).count();
        Self { first, end, start_token: before.len() - trivia }
    }

    pub(crate) fn statements(self, tree: &SyntaxTree) -> impl Iterator<Item = NodeId> {
        let mut next = self.first;
        std::iter::from_fn(move || {
            let current = next;
            (current < self.end).then(|| {
                next = tree.subtree_end(current);
                current
            })
        })
    }

    /// Appends the statements, and the directives between them if there can be any.
    pub(crate) fn items(self, tree: &SyntaxTree, has_directives: bool, items: &mut Vec<Item>) {
        let tokens = tree.tokens();
        let mut at = self.start_token;
        let directive = |index: usize| is_instruction(tokens[index].kind).then_some(Item::Directive(index));
        for statement in self.statements(tree) {
            let span = tree.token_span(statement);
            if has_directives {
                items.extend((at..span.start).filter_map(directive));
            }
            at = span.end;
            if tree.kind(statement).is_statement() {
                items.push(Item::Statement(statement));
            }
        }
        if has_directives {
            let is_behind = |index: &usize| {
                let kind = tokens[*index].kind;
                kind.is_trivia() || kind == TokenKind::Semicolon
            };
            items.extend((at..tokens.len()).take_while(is_behind).filter_map(directive));
        }
    }
}

/// The statement behind labels.
pub(crate) fn unlabeled(tree: &SyntaxTree, statement: NodeId) -> NodeId {
    let mut inner = statement;
    while tree.kind(inner) == NodeKind::LabeledStatement {
        match tree.children(inner).find(|child| tree.kind(*child).is_statement()) {
            Some(child) => inner = child,
            None => break,
        }
    }
    inner
}

/// Leaves the surrounding block for good.
pub(crate) fn is_jump(kind: NodeKind) -> bool {
    matches!(kind, NodeKind::Return | NodeKind::Raise | NodeKind::Break | NodeKind::Continue | NodeKind::Goto)
}

/// A directive stands in the range.
pub(crate) fn has_directive(facts: &SectionFacts, range: TextRange) -> bool {
    let next = facts.directives.partition_point(|directive| directive.range.end <= range.start);
    facts.directives.get(next).is_some_and(|directive| directive.range.start < range.end)
}
