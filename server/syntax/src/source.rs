//! A flat syntax tree together with its text.

use base::TextRange;

use crate::node::NodeId;
use crate::token::{Token, TokenKind};
use crate::tree::SyntaxTree;

/// Text and tree of one section. Copying is free.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    pub text: &'a str,
    pub tree: &'a SyntaxTree,
}

/// The line break that a text uses; a new one has to look the same.
pub fn line_break(text: &str) -> &'static str {
    let bytes = text.as_bytes();
    let first = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
    match first.and_then(|at| bytes.get(at..)) {
        Some([b'\r', b'\n', ..]) => "\r\n",
        Some([b'\r', ..]) => "\r",
        _ => "\n",
    }
}

impl<'a> Source<'a> {
    pub fn slice(self, range: TextRange) -> &'a str {
        range.slice(self.text)
    }

    pub fn token_text(self, token: &Token) -> &'a str {
        self.slice(token.range())
    }

    /// Source text of a node as written, comments included.
    pub fn node_text(self, node: NodeId) -> &'a str {
        self.slice(self.tree.range(node))
    }

    /// Code tokens of a node written together, in lower case: equal for equal code.
    pub fn folded_code(self, node: NodeId) -> String {
        let mut code = String::new();
        for token in self.tree.code_tokens_of(node) {
            code.extend(self.token_text(token).chars().flat_map(char::to_lowercase));
        }
        code
    }

    /// True if two subtrees have the same shape and the same tokens, case apart; literals on one line
    /// compare exactly.
    pub fn is_same_code(self, left: NodeId, right: NodeId) -> bool {
        let tree = self.tree;
        let (mut left, mut right) = (tree.code_tokens_of(left), tree.code_tokens_of(right));
        loop {
            match (left.next(), right.next()) {
                (None, None) => return true,
                (Some(a), Some(b)) if a.kind == b.kind => {
                    let (a_text, b_text) = (self.token_text(a), self.token_text(b));
                    let is_exact = a.kind == TokenKind::String;
                    let is_same = if is_exact { a_text == b_text } else { base::same_name(a_text, b_text) };
                    if !is_same {
                        return false;
                    }
                }
                _ => return false,
            }
        }
    }

    /// Comments that describe what starts at token `index`: they stand on the lines right above, with
    /// only annotations in between. Indexes of the comments, in order.
    pub fn leading_comments(self, index: usize) -> Vec<usize> {
        let tokens = self.tree.tokens();
        let mut comments = Vec::new();
        let Some(mut line) = tokens.get(index).map(|token| token.line) else { return comments };
        for at in (0..index).rev() {
            let token = tokens[at];
            let is_part = token.kind == TokenKind::Comment || self.is_annotation_token(at);
            if !is_part || token.line + 1 < line {
                break;
            }
            line = token.line;
            if token.kind == TokenKind::Comment {
                comments.push(at);
            }
        }
        comments.reverse();
        comments
    }

    /// True for a comment that belongs to the description of a method.
    pub fn is_in_method_description(self, comment: usize) -> bool {
        let tokens = self.tree.tokens();
        let next = (comment..tokens.len())
            .find(|index| tokens[*index].kind != TokenKind::Comment && !self.is_annotation_token(*index));
        next.is_some_and(|next| {
            let is_method =
                matches!(tokens[next].kind, TokenKind::Procedure | TokenKind::Function | TokenKind::Async);
            is_method && self.leading_comments(next).contains(&comment)
        })
    }

    /// `&` or the name behind it.
    fn is_annotation_token(self, index: usize) -> bool {
        let tokens = self.tree.tokens();
        match tokens[index].kind {
            TokenKind::Ampersand => true,
            TokenKind::Identifier => index > 0 && tokens[index - 1].kind == TokenKind::Ampersand,
            _ => false,
        }
    }
}
