//! A flat syntax tree together with its text.

use base::TextRange;

use crate::node::NodeId;
use crate::token::Token;
use crate::tree::SyntaxTree;

/// Text and tree of one section. Copying is free.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    pub text: &'a str,
    pub tree: &'a SyntaxTree,
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
                    let is_exact = a.kind == crate::token::TokenKind::String;
                    let is_same = if is_exact { a_text == b_text } else { base::same_name(a_text, b_text) };
                    if !is_same {
                        return false;
                    }
                }
                _ => return false,
            }
        }
    }
}
