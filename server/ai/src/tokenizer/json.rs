//! Reads `tokenizer.json`: what the vocabulary holds and whether its splitter is ours.

use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde_json::Value;

use super::merge::Merges;
use super::reference::Reference;
use super::{Encoder, Tokenizer, Vocabulary, byte_of_character, split};

const MAX_BYTES: usize = 64 << 20;
/// Far more than any model has; vocabularies are arrays by token.
const MAX_TOKENS: usize = 1 << 20;

/// Why a tokenizer cannot be used. Messages are for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenizerError(String);

impl std::fmt::Display for TokenizerError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "unusable tokenizer: {}", self.0)
    }
}

impl std::error::Error for TokenizerError {}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    added_tokens: Vec<AddedToken>,
    normalizer: Option<Value>,
    pre_tokenizer: Option<Value>,
    model: Model,
}

#[derive(Deserialize)]
struct AddedToken {
    id: u32,
    content: String,
}

#[derive(Deserialize)]
struct Model {
    #[serde(rename = "type")]
    kind: Option<String>,
    vocab: FxHashMap<String, u32>,
    #[serde(default)]
    merges: Vec<Merge>,
    dropout: Option<f32>,
    continuing_subword_prefix: Option<String>,
    end_of_word_suffix: Option<String>,
    #[serde(default)]
    byte_fallback: bool,
    #[serde(default)]
    ignore_merges: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Merge {
    Pair(String, String),
    Joined(String),
}

pub(super) fn read(text: &str) -> Result<Tokenizer, TokenizerError> {
    if text.len() > MAX_BYTES {
        return Err(error(format!("{} bytes are too many", text.len())));
    }
    let file: File = serde_json::from_str(text).map_err(|problem| error(problem.to_string()))?;
    if file.model.kind.as_deref().is_some_and(|kind| kind != "BPE")
        || !is_byte_level(file.pre_tokenizer.as_ref())
    {
        return Err(error("only byte-level BPE is supported".into()));
    }
    let vocabulary = vocabulary(&file)?;
    let encoder = match own_merges(&file) {
        Some(merges) => Encoder::Own(Box::new(merges)),
        None => Encoder::Reference(Box::new(Reference::new(reference(text)?))),
    };
    Ok(Tokenizer { vocabulary, encoder, cache: Default::default() })
}

/// The reference implementation without special tokens, which it would look for in texts of users.
pub(super) fn reference(text: &str) -> Result<tokenizers::Tokenizer, TokenizerError> {
    let mut value: Value = serde_json::from_str(text).map_err(|problem| error(problem.to_string()))?;
    if let Some(fields) = value.as_object_mut() {
        fields.insert("added_tokens".into(), Value::Array(Vec::new()));
        for unwanted in ["post_processor", "truncation", "padding"] {
            fields.insert(unwanted.into(), Value::Null);
        }
    }
    tokenizers::Tokenizer::from_bytes(value.to_string()).map_err(|problem| error(problem.to_string()))
}

fn error(message: String) -> TokenizerError {
    TokenizerError(message)
}

fn is_byte_level(step: Option<&Value>) -> bool {
    let Some(step) = step else { return false };
    step.get("type").and_then(Value::as_str) == Some("ByteLevel")
        || step
            .get("pretokenizers")
            .and_then(Value::as_array)
            .is_some_and(|steps| steps.iter().any(|step| is_byte_level(Some(step))))
}

fn vocabulary(file: &File) -> Result<Vocabulary, TokenizerError> {
    let specials: Vec<(String, u32)> =
        file.added_tokens.iter().map(|added| (added.content.clone(), added.id)).collect();
    let greatest = file.model.vocab.values().chain(specials.iter().map(|(_, token)| token)).max();
    let count = greatest.map_or(0, |token| *token as usize + 1);
    if count == 0 || count > MAX_TOKENS {
        return Err(error(format!("{count} tokens")));
    }
    let mut texts: Vec<&str> = vec![""; count];
    for (text, token) in &file.model.vocab {
        texts[*token as usize] = text;
    }
    for (_, token) in &specials {
        texts[*token as usize] = "";
    }
    let characters = byte_of_character();
    let mut vocabulary = Vocabulary { specials, ..Vocabulary::default() };
    for (token, text) in texts.into_iter().enumerate() {
        for character in text.chars() {
            let byte = characters.get(character as usize).copied().flatten();
            let byte = byte.ok_or_else(|| error(format!("token {token} is not byte-level")))?;
            vocabulary.bytes.push(byte);
        }
        vocabulary.ends.push(u32::try_from(vocabulary.bytes.len()).map_err(|_| error("too long".into()))?);
    }
    Ok(vocabulary)
}

/// The merges if everything about the file is as our own encoder does it.
fn own_merges(file: &File) -> Option<Merges> {
    let model = &file.model;
    let is_plain = model.dropout.is_none_or(|dropout| dropout == 0.0)
        && model.continuing_subword_prefix.as_deref().unwrap_or_default().is_empty()
        && model.end_of_word_suffix.as_deref().unwrap_or_default().is_empty()
        && !model.byte_fallback
        && !model.ignore_merges
        && file.normalizer.is_none();
    if !is_plain || !has_own_splitter(file.pre_tokenizer.as_ref()?) {
        return None;
    }
    let mut bytes = [u32::MAX; 256];
    for (code, byte) in (0u32..).zip(byte_of_character()) {
        if let (Some(byte), Some(character)) = (byte, char::from_u32(code)) {
            bytes[usize::from(byte)] = *model.vocab.get(character.encode_utf8(&mut [0; 4]) as &str)?;
        }
    }
    let mut pairs = FxHashMap::default();
    pairs.reserve(model.merges.len());
    let mut joined = String::new();
    for (rank, merge) in (0u32..).zip(&model.merges) {
        let (left, right) = match merge {
            Merge::Pair(left, right) => (left.as_str(), right.as_str()),
            Merge::Joined(both) => both.split_once(' ')?,
        };
        joined.clear();
        joined.push_str(left);
        joined.push_str(right);
        let pair = (*model.vocab.get(left)?, *model.vocab.get(right)?);
        pairs.insert(pair, (rank, *model.vocab.get(&joined)?));
    }
    Some(Merges::new(pairs, bytes))
}

fn has_own_splitter(step: &Value) -> bool {
    let Some([split, bytes]) = step.get("pretokenizers").and_then(Value::as_array).map(Vec::as_slice) else {
        return false;
    };
    split.get("type").and_then(Value::as_str) == Some("Split")
        && split.pointer("/pattern/Regex").and_then(Value::as_str) == Some(split::PATTERN)
        && split.get("behavior").and_then(Value::as_str) == Some("Isolated")
        && split.get("invert").and_then(Value::as_bool) != Some(true)
        && bytes.get("type").and_then(Value::as_str) == Some("ByteLevel")
        && bytes.get("add_prefix_space").and_then(Value::as_bool) == Some(false)
        && bytes.get("use_regex").and_then(Value::as_bool) == Some(false)
}
