//! Tokens of words seen before: code repeats its words.

use rustc_hash::FxHashMap;

/// Beyond this many tokens the cache starts anew: it is cheap to fill.
const MAX_TOKENS: usize = 1 << 18;
const MAX_WORDS: usize = 1 << 16;
/// Longer ones are rare and seldom repeated.
const MAX_WORD_BYTES: usize = 256;

/// Remembers tokens of words of one tokenizer.
#[derive(Default)]
pub struct WordCache {
    places: FxHashMap<Box<[u8]>, (u32, u32)>,
    tokens: Vec<u32>,
}

impl WordCache {
    /// Appends the tokens of a word, which `encode` finds out if they are not known yet.
    pub(super) fn append(
        &mut self,
        word: &[u8],
        tokens: &mut Vec<u32>,
        encode: impl Fn(&[u8], &mut Vec<u32>),
    ) {
        if word.len() > MAX_WORD_BYTES {
            return encode(word, tokens);
        }
        if let Some(&(start, end)) = self.places.get(word) {
            return tokens.extend_from_slice(&self.tokens[start as usize..end as usize]);
        }
        let before = tokens.len();
        encode(word, tokens);
        let new = &tokens[before..];
        if self.tokens.len() + new.len() > MAX_TOKENS || self.places.len() >= MAX_WORDS {
            self.places.clear();
            self.tokens.clear();
        }
        let start = self.tokens.len() as u32;
        self.tokens.extend_from_slice(new);
        self.places.insert(word.into(), (start, self.tokens.len() as u32));
    }
}
