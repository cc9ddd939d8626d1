//! Text to tokens and back. Text of users is never searched for special tokens, so no document can inject them.
//!
//! Byte-level BPE only: every text has tokens and every token is bytes. Tokenizers with our own splitter are encoded
//! by our own code, all others by the reference implementation.

mod cache;
#[cfg(test)]
pub(crate) mod fixture;
mod json;
mod merge;
mod reference;
mod split;
#[cfg(test)]
mod tests;

use parking_lot::Mutex;

pub use cache::WordCache;
pub use json::TokenizerError;
use merge::Merges;
use reference::Reference;

/// Knows the tokens of one model. Shared freely between threads.
pub struct Tokenizer {
    vocabulary: Vocabulary,
    encoder: Encoder,
    cache: Mutex<WordCache>,
}

enum Encoder {
    /// Our splitter and merges.
    Own(Box<Merges>),
    /// Any other splitter.
    Reference(Box<Reference>),
}

impl Tokenizer {
    /// Reads the text of a `tokenizer.json`.
    pub fn from_json(text: &str) -> Result<Self, TokenizerError> {
        json::read(text)
    }

    /// Tokens of a text.
    pub fn encode(&self, text: &str) -> Vec<u32> {
        let mut tokens = Vec::new();
        match self.cache.try_lock() {
            Some(mut cache) => self.encode_with(text, &mut cache, &mut tokens),
            None => self.encode_with(text, &mut WordCache::default(), &mut tokens),
        }
        tokens
    }

    /// Appends the tokens of a text. Whoever encodes much keeps a cache of its own.
    pub fn encode_with(&self, text: &str, cache: &mut WordCache, tokens: &mut Vec<u32>) {
        match &self.encoder {
            Encoder::Own(merges) => {
                for piece in split::pieces(text) {
                    cache.append(piece.as_bytes(), tokens, |word, tokens| merges.encode(word, tokens));
                }
            }
            Encoder::Reference(reference) => {
                for lines in reference::line_groups(text) {
                    cache.append(lines.as_bytes(), tokens, |_, tokens| reference.encode(lines, tokens));
                }
            }
        }
    }

    /// Whether texts are cut by our own splitter (CamelCase parts, one blank before a word).
    pub fn has_own_splitter(&self) -> bool {
        matches!(self.encoder, Encoder::Own(_))
    }

    /// Text of tokens; what is no valid UTF-8 becomes a replacement character. Special tokens have no text.
    pub fn decode(&self, tokens: &[u32]) -> String {
        let mut bytes = Vec::new();
        for &token in tokens {
            bytes.extend_from_slice(self.token_bytes(token));
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Bytes of one token, possibly a part of a character. Empty for special and unknown tokens.
    pub fn token_bytes(&self, token: u32) -> &[u8] {
        self.vocabulary.bytes(token)
    }

    /// One more than the greatest token.
    pub fn vocabulary(&self) -> usize {
        self.vocabulary.len()
    }

    /// A special token by its name, with or without its brackets: `fim_middle`, `<|im_end|>`.
    pub fn special(&self, name: &str) -> Option<u32> {
        let matches = |special: &str| {
            special == name
                || special.strip_prefix("<|").and_then(|rest| rest.strip_suffix("|>")) == Some(name)
        };
        self.vocabulary.specials.iter().find(|(special, _)| matches(special)).map(|(_, token)| *token)
    }

    /// Whether a token is special: no text, only a sign for the model.
    pub fn is_special(&self, token: u32) -> bool {
        self.vocabulary.specials.iter().any(|(_, special)| *special == token)
    }
}

/// The pieces of our splitter, which no token reaches across.
pub(crate) fn pieces(text: &str) -> impl Iterator<Item = &str> {
    split::pieces(text)
}

/// Bytes of all tokens in one block.
#[derive(Default)]
pub(crate) struct Vocabulary {
    bytes: Vec<u8>,
    /// Where the bytes of each token end.
    ends: Vec<u32>,
    specials: Vec<(String, u32)>,
}

impl Vocabulary {
    fn len(&self) -> usize {
        self.ends.len()
    }

    fn bytes(&self, token: u32) -> &[u8] {
        let token = token as usize;
        let Some(&end) = self.ends.get(token) else { return &[] };
        let start = if token == 0 { 0 } else { self.ends[token - 1] };
        &self.bytes[start as usize..end as usize]
    }
}

/// The byte that each character of a byte-level vocabulary stands for: printable characters for themselves, the
/// other bytes for characters from U+0100 on.
pub(crate) fn byte_of_character() -> [Option<u8>; 0x144] {
    let mut table = [None; 0x144];
    let mut next = 0x100;
    for byte in 0..=255u8 {
        let is_printable = matches!(byte, 0x21..=0x7E | 0xA1..=0xAC | 0xAE..=0xFF);
        if is_printable {
            table[usize::from(byte)] = Some(byte);
        } else {
            table[next] = Some(byte);
            next += 1;
        }
    }
    table
}
