//! What each token means for decoding, found out once per tokenizer.

use crate::Tokenizer;

/// What a token does to the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Text,
    /// Begins with a line break.
    LineBreak,
    /// Has a line break after text: `;` and a line break, for example.
    TextAndLineBreak,
    /// A special token: nothing of the answer follows.
    End,
    /// No token at all: models have more logits than tokenizers have tokens.
    Void,
}

/// Roles of tokens, and tokens by their first byte.
pub(crate) struct TokenTable {
    roles: Vec<Role>,
    ends: Vec<u32>,
    line_breaks: Vec<u32>,
    by_first_byte: Vec<Vec<u32>>,
}

impl TokenTable {
    pub(crate) fn new(tokenizer: &Tokenizer, vocabulary: usize) -> Self {
        let mut table = Self {
            roles: Vec::with_capacity(vocabulary),
            ends: Vec::new(),
            line_breaks: Vec::new(),
            by_first_byte: vec![Vec::new(); 256],
        };
        for token in 0..u32::try_from(vocabulary).unwrap_or(u32::MAX) {
            let bytes = tokenizer.token_bytes(token);
            let role = match bytes.iter().position(|byte| *byte == b'\n') {
                Some(0) => Role::LineBreak,
                Some(_) => Role::TextAndLineBreak,
                None if !bytes.is_empty() => Role::Text,
                None if tokenizer.is_special(token) => Role::End,
                None => Role::Void,
            };
            match role {
                Role::End => table.ends.push(token),
                Role::LineBreak => table.line_breaks.push(token),
                _ => {}
            }
            if let Some(first) = bytes.first() {
                table.by_first_byte[usize::from(*first)].push(token);
            }
            table.roles.push(role);
        }
        table
    }

    pub(crate) fn role(&self, token: u32) -> Role {
        self.roles.get(token as usize).copied().unwrap_or(Role::Void)
    }

    pub(crate) fn roles(&self) -> &[Role] {
        &self.roles
    }

    pub(crate) fn ends(&self) -> &[u32] {
        &self.ends
    }

    pub(crate) fn line_breaks(&self) -> &[u32] {
        &self.line_breaks
    }

    pub(crate) fn starting_with(&self, byte: u8) -> &[u32] {
        &self.by_first_byte[usize::from(byte)]
    }
}
