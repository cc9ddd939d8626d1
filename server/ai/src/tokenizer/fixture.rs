//! Small tokenizers made from self-written text, for tests of this crate.

use std::collections::BTreeMap;

use serde_json::json;

use super::{Tokenizer, byte_of_character, json, split};

/// A module in both languages of keywords, with what modules have: queries, comments, numbers, long names.
pub(crate) const MODULE: &str = include_str!("fixture.bsl");

/// The splitter of Qwen 2.5.
pub(crate) const FOREIGN_PATTERN: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

/// Special tokens in the order of our model.
const SPECIALS: [&str; 7] = [
    "<|endoftext|>",
    "<|fim_prefix|>",
    "<|fim_middle|>",
    "<|fim_suffix|>",
    "<|fim_pad|>",
    "<|repo_name|>",
    "<|file_sep|>",
];

/// A tokenizer with our splitter, learned from [`MODULE`].
pub(crate) fn own() -> Tokenizer {
    Tokenizer::from_json(&own_json()).expect("the fixture is valid")
}

pub(crate) fn own_json() -> String {
    tokenizer_json(split::PATTERN, 400)
}

pub(crate) fn foreign_json() -> String {
    tokenizer_json(FOREIGN_PATTERN, 400)
}

/// The reference implementation of a fixture.
pub(crate) fn reference(text: &str) -> tokenizers::Tokenizer {
    json::reference(text).expect("the fixture is valid")
}

fn tokenizer_json(pattern: &str, merges: usize) -> String {
    let pattern_only = json!({
        "version": "1.0", "added_tokens": [], "normalizer": null, "decoder": null,
        "pre_tokenizer": steps(pattern), "post_processor": null, "truncation": null, "padding": null,
        "model": {"type": "BPE", "vocab": {}, "merges": []},
    });
    let splitter =
        tokenizers::Tokenizer::from_bytes(pattern_only.to_string()).expect("the splitter is valid");
    let (vocabulary, merges) = learn(&splitter, merges);
    let specials: Vec<_> = (0..)
        .zip(SPECIALS)
        .map(|(id, content): (u32, _)| {
            json!({"id": id, "content": content, "single_word": false, "lstrip": false, "rstrip": false,
                   "normalized": false, "special": true})
        })
        .collect();
    json!({
        "version": "1.0", "truncation": null, "padding": null, "added_tokens": specials, "normalizer": null,
        "pre_tokenizer": steps(pattern), "post_processor": null, "decoder": null,
        "model": {"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null,
                  "end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": false, "ignore_merges": false,
                  "vocab": vocabulary, "merges": merges},
    })
    .to_string()
}

fn steps(pattern: &str) -> serde_json::Value {
    json!({"type": "Sequence", "pretokenizers": [
        {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": false},
        {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false},
    ]})
}

/// Byte pair learning as it is in the books: the most frequent pair becomes a token, again and again.
fn learn(splitter: &tokenizers::Tokenizer, count: usize) -> (BTreeMap<String, u32>, Vec<(String, String)>) {
    use tokenizers::{OffsetReferential, OffsetType, PreTokenizedString, PreTokenizer};
    let mut text = PreTokenizedString::from(MODULE);
    splitter.get_pre_tokenizer().expect("there is one").pre_tokenize(&mut text).expect("the text is plain");
    let mut pieces: Vec<Vec<String>> = text
        .get_splits(OffsetReferential::Original, OffsetType::Byte)
        .into_iter()
        .map(|(piece, _, _)| piece.chars().map(String::from).collect())
        .collect();
    let mut vocabulary: BTreeMap<String, u32> =
        (0..).zip(SPECIALS).map(|(id, text)| (text.into(), id)).collect();
    for (code, byte) in (0u32..).zip(byte_of_character()) {
        if let (Some(_), Some(character)) = (byte, char::from_u32(code)) {
            vocabulary.insert(character.into(), vocabulary.len() as u32);
        }
    }
    let mut merges = Vec::new();
    for _ in 0..count {
        let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for piece in &pieces {
            for pair in piece.windows(2) {
                *counts.entry((&pair[0], &pair[1])).or_default() += 1;
            }
        }
        let Some(((left, right), _)) = counts.into_iter().max_by_key(|(_, count)| *count) else { break };
        let (left, right) = (left.to_owned(), right.to_owned());
        for piece in &mut pieces {
            let mut at = 0;
            while at + 1 < piece.len() {
                if piece[at] == left && piece[at + 1] == right {
                    piece[at].push_str(&right);
                    piece.remove(at + 1);
                }
                at += 1;
            }
        }
        vocabulary.insert(format!("{left}{right}"), vocabulary.len() as u32);
        merges.push((left, right));
    }
    (vocabulary, merges)
}
