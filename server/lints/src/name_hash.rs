//! Hashes of names that ignore case, without a copy of the name.

use std::hash::Hasher;

use rustc_hash::FxHasher;
use syntax::{NodeId, Source, TokenKind};

/// Names that are the same for the platform have equal hashes.
pub(crate) fn name_hash(name: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hash_name(&mut hasher, name);
    hasher.finish()
}

/// Adds a name to a hash.
pub(crate) fn hash_name(hasher: &mut FxHasher, name: &str) {
    for letter in name.chars() {
        hasher.write_u32(lower(letter) as u32);
    }
}

/// Code tokens of a node written together, in any case. Of one name this is the hash of the name.
pub(crate) fn code_hash(source: Source<'_>, node: NodeId) -> u64 {
    let mut hasher = FxHasher::default();
    for token in source.tree.code_tokens_of(node) {
        hash_name(&mut hasher, source.token_text(token));
    }
    hasher.finish()
}

/// Equal for subtrees that are the same code: case does not count, but for literals on one line it does.
pub(crate) fn same_code_hash(source: Source<'_>, node: NodeId) -> u64 {
    let mut hasher = FxHasher::default();
    for token in source.tree.code_tokens_of(node) {
        let text = source.token_text(token);
        match token.kind {
            TokenKind::String => hasher.write(text.as_bytes()),
            _ => hash_name(&mut hasher, text),
        }
    }
    hasher.finish()
}

/// Code tokens of a node written together, exactly as they are.
pub(crate) fn exact_code_hash(source: Source<'_>, node: NodeId) -> u64 {
    let mut hasher = FxHasher::default();
    for token in source.tree.code_tokens_of(node) {
        source.token_text(token).bytes().for_each(|byte| hasher.write_u8(byte));
    }
    hasher.finish()
}

/// Lower case, quickly for the letters that names are made of.
fn lower(letter: char) -> char {
    match letter {
        'А'..='Я' | 'A'..='Z' => char::from_u32(letter as u32 + 32).unwrap_or(letter),
        letter if letter.is_ascii() || ('а'..='я').contains(&letter) => letter,
        letter => letter.to_lowercase().next().unwrap_or(letter),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_does_not_count() {
        assert_eq!(name_hash("ЁлкаXML_Щ"), name_hash("ёЛКАxml_щ"));
        assert_ne!(name_hash("Сумма"), name_hash("Суммы"));
    }
}
