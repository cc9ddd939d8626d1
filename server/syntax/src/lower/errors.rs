//! Syntax errors of the flat tree: what the scanner and the parser found missing, and what the grammar
//! accepts only for the sake of recovery.

use base::TextRange;

use super::{Entry, Lowering};
use crate::node::NodeKind;
use crate::token::{Token, TokenKind};
use crate::tree::{SyntaxError, SyntaxErrorKind};

impl Lowering<'_> {
    pub(super) fn mark_error(&mut self) {
        if let Some(frame) = self.frames.last() {
            self.tree.nodes[frame.node as usize].has_error = true;
        }
    }

    /// A token that is not there. The scanner says so with a node of its own, the parser with a node of
    /// the token's kind.
    pub(super) fn miss(&mut self, kind: SyntaxErrorKind) {
        match kind {
            SyntaxErrorKind::Missing(TokenKind::Semicolon) => {
                if let Some(frame) = self.frames.last_mut() {
                    frame.after_statement = false;
                }
                self.error_at_previous_token(kind);
            }
            SyntaxErrorKind::Missing(TokenKind::Then | TokenKind::Do) => self.error_since_owner(kind),
            SyntaxErrorKind::Missing(TokenKind::RightParen | TokenKind::RightBracket) => {
                self.error_at_previous_token(kind);
            }
            SyntaxErrorKind::Missing(_) => {
                self.close_block();
                self.error_at_previous_token(kind);
            }
            SyntaxErrorKind::MissingQuote => {
                self.abandon_literal_line();
                self.error_at_previous_token(kind);
            }
            _ => self.error_at_previous_token(kind),
        }
    }

    /// Shown on the keyword that opened what does not end.
    pub(super) fn miss_end(&mut self) {
        self.close_block();
        self.mark_error();
        let Some(frame) = self.frames.last() else { return };
        let kind = match frame.kind {
            NodeKind::If => TokenKind::EndIf,
            NodeKind::Try => TokenKind::EndTry,
            NodeKind::Procedure => TokenKind::EndProcedure,
            NodeKind::Function => TokenKind::EndFunction,
            _ => TokenKind::EndDo,
        };
        let first = self.tree.nodes[frame.node as usize].first_token as usize;
        let tokens = self.tree.tokens.get(first..).unwrap_or_default();
        let is_opening = |token: &&Token| matches!(token.kind, TokenKind::Procedure | TokenKind::Function);
        let opening = if frame.kind.is_method() { tokens.iter().find(is_opening) } else { tokens.first() };
        let range = opening.map_or(TextRange::default(), |token| token.range());
        self.tree.errors.push(SyntaxError { kind: SyntaxErrorKind::Missing(kind), range });
    }

    /// From the keyword of the statement to the last token so far: its condition.
    fn error_since_owner(&mut self, kind: SyntaxErrorKind) {
        self.mark_error();
        let Some(frame) = self.frames.last() else { return };
        let first = self.tree.nodes[frame.node as usize].first_token as usize;
        let code = |token: &&Token| !token.kind.is_trivia();
        let tokens = self.tree.tokens.get(first..).unwrap_or_default();
        let (Some(first), Some(last)) = (tokens.first(), tokens.iter().rev().find(code)) else { return };
        let range = TextRange { start: first.start, end: last.end };
        self.tree.errors.push(SyntaxError { kind, range });
    }

    fn error_at_previous_token(&mut self, kind: SyntaxErrorKind) {
        self.mark_error();
        let previous = self.tree.tokens.iter().rev().find(|token| !token.kind.is_trivia());
        let range = previous.map_or(TextRange::default(), |token| token.range());
        self.tree.errors.push(SyntaxError { kind, range });
    }

    /// Reports what the grammar accepts only for the sake of recovery.
    pub(super) fn check_shape(&mut self) {
        let Some(frame) = self.frames.last() else { return };
        // A block is still open when its owner is left without an end.
        let owner = if frame.kind == NodeKind::Block && self.frames.len() > 1 {
            &self.frames[self.frames.len() - 2]
        } else {
            frame
        };
        let node = owner.node;
        let kind = match owner.kind {
            NodeKind::Try if !owner.is_complete => SyntaxErrorKind::Missing(TokenKind::Except),
            NodeKind::ExpressionStatement if !self.is_broken_or_call(node) => SyntaxErrorKind::NotAStatement,
            NodeKind::Ternary if self.expression_children(node) < 3 => SyntaxErrorKind::MissingExpression,
            _ => return,
        };
        let first = self.tree.nodes[node as usize].first_token as usize;
        let tokens = self.tree.tokens.get(first..).unwrap_or_default();
        let last =
            if kind == SyntaxErrorKind::Missing(TokenKind::Except) { tokens.first() } else { tokens.last() };
        if let (Some(first), Some(last)) = (tokens.first(), last) {
            let range = TextRange { start: first.start, end: last.end };
            self.tree.errors.push(SyntaxError { kind, range });
        }
        self.tree.nodes[node as usize].has_error = true;
    }

    fn is_broken_or_call(&self, statement: u32) -> bool {
        if self.tree.nodes[statement as usize].has_error {
            return true;
        }
        let expression = self.tree.nodes.get(statement as usize + 1);
        expression.is_some_and(|node| matches!(node.kind, NodeKind::Call | NodeKind::Await | NodeKind::Error))
    }

    fn expression_children(&self, node: u32) -> usize {
        let mut count = 0;
        let mut index = node as usize + 1;
        while let Some(child) = self.tree.nodes.get(index) {
            count += usize::from(child.kind.is_expression() || child.kind == NodeKind::Error);
            index = child.end as usize;
        }
        count
    }
}

/// What a token that the parser inserted stands for.
pub(super) fn missing_kind(entry: Entry) -> SyntaxErrorKind {
    match entry {
        Entry::Token(kind) | Entry::Leaf(_, kind) => SyntaxErrorKind::Missing(kind),
        Entry::Quote => SyntaxErrorKind::MissingQuote,
        _ => SyntaxErrorKind::MissingExpression,
    }
}
