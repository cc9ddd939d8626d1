//! Modules as tokens, and the windows that are cut from them: plain text, and gaps at syntax nodes that have to be
//! filled from what stands before and after them.

use std::ops::Range;

use xxhash_rust::xxh3::Xxh3;

use super::FinetuneError;
use super::random::Random;
use crate::files::PromptFacts;
use crate::{Order, Tokenizer};

/// Why a gap is where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CutKind {
    /// From a token of code to the end of its line.
    LineRest,
    /// A whole statement, or several.
    Statement,
    Expression,
    /// Between the parentheses of a call.
    Arguments,
}

/// A piece of a module that may be left out and predicted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    pub kind: CutKind,
    /// Bytes of the text.
    pub range: Range<usize>,
}

/// One module as the trainer takes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Module {
    /// Path for messages and for the choice of what is held out.
    pub name: String,
    /// With line feeds only.
    pub text: String,
    pub cuts: Vec<Cut>,
}

/// How texts become tokens. Tokens of a text are pieces of it: their bytes together are the text.
pub trait Encode: Sync {
    fn encode(&self, text: &str) -> Result<Vec<u32>, String>;

    /// How many bytes of text a token stands for.
    fn bytes(&self, token: u32) -> usize;

    /// Special tokens and those that begin with a line feed: there a line that is completed ends.
    fn ends_line(&self, token: u32) -> bool;
}

impl Encode for Tokenizer {
    fn encode(&self, text: &str) -> Result<Vec<u32>, String> {
        Ok(Self::encode(self, text))
    }

    fn bytes(&self, token: u32) -> usize {
        self.token_bytes(token).len()
    }

    fn ends_line(&self, token: u32) -> bool {
        self.token_bytes(token).first().is_none_or(|byte| *byte == b'\n')
    }
}

/// How windows look: ids of the special tokens and sizes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowFormat {
    /// Before the prefix if that comes first; `None` for models that read the suffix first.
    pub prefix: Option<u32>,
    pub end_of_text: u32,
    pub middle: u32,
    pub suffix: u32,
    /// Tokens of a window, its last one (which is only predicted) not counted.
    pub tokens: usize,
    pub suffix_tokens: usize,
    /// The longest gap.
    pub middle_tokens: usize,
}

impl Default for WindowFormat {
    fn default() -> Self {
        Self {
            prefix: None,
            end_of_text: 0,
            middle: 2,
            suffix: 3,
            tokens: 512,
            suffix_tokens: 96,
            middle_tokens: 120,
        }
    }
}

impl WindowFormat {
    /// The format that a model was made for. Models that read the suffix first have learned no other order.
    pub fn new(tokenizer: &Tokenizer, prompt: &PromptFacts) -> Result<Self, FinetuneError> {
        let special = |name: &str| {
            let message =
                || FinetuneError::new(format!("the tokenizer of the base model has no token `{name}`"));
            tokenizer.special(name).ok_or_else(message)
        };
        let known = |value: usize, default: usize| if value == 0 { default } else { value.min(default) };
        let default = Self::default();
        let is_prefix_first = prompt.order == Some(Order::PrefixFirst);
        Ok(Self {
            prefix: is_prefix_first.then(|| special("fim_prefix")).transpose()?,
            end_of_text: special("endoftext")?,
            middle: special("fim_middle")?,
            suffix: special("fim_suffix")?,
            tokens: known(prompt.context, default.tokens),
            suffix_tokens: known(prompt.suffix_tokens, default.suffix_tokens),
            middle_tokens: default.middle_tokens,
        })
    }
}

/// Tokens with a gap, in the order in which the model reads them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    pub tokens: Vec<u32>,
    /// Where the tokens of the gap stand, the end of text behind them not counted; empty in plain text.
    pub gap: Range<usize>,
}

/// A gap in tokens of its module.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Gap {
    kind: CutKind,
    range: Range<usize>,
}

struct Document {
    tokens: Vec<u32>,
    /// Sorted by where they start.
    gaps: Vec<Gap>,
}

/// Encoded modules.
pub struct Corpus {
    format: WindowFormat,
    documents: Vec<Document>,
}

/// Windows are smaller if nothing is left; shorter ones teach nothing.
const LEAST_TOKENS: usize = 24;
/// Part of the windows that get a gap, where there is one.
const GAPS: f32 = 0.6;

impl Corpus {
    /// Encodes modules; the second part names those that could not be.
    pub fn new(format: WindowFormat, modules: &[Module], encode: &dyn Encode) -> (Self, Vec<String>) {
        let mut problems = Vec::new();
        let mut documents = Vec::with_capacity(modules.len());
        for module in modules {
            match document(&format, module, encode) {
                Ok(document) if document.tokens.len() >= LEAST_TOKENS => documents.push(document),
                Ok(_) => {}
                Err(problem) => problems.push(format!("{}: {problem}", module.name)),
            }
        }
        (Self { format, documents }, problems)
    }

    pub fn tokens(&self) -> usize {
        self.documents.iter().map(|document| document.tokens.len()).sum()
    }

    pub fn modules(&self) -> usize {
        self.documents.len()
    }

    /// Names these texts: equal for equal tokens in equal windows.
    pub(super) fn fingerprint(&self) -> String {
        let mut hasher = Xxh3::new();
        for document in &self.documents {
            document.tokens.iter().for_each(|token| hasher.update(&token.to_le_bytes()));
            hasher.update(&[0; 8]);
        }
        format!("{:016x} {:?}", hasher.digest(), self.format)
    }

    /// Windows of one pass over all modules, in a random order that depends on the seed and the pass alone.
    pub(super) fn pieces(&self, seed: u64, pass: u64) -> Vec<Piece> {
        let size = self.format.tokens;
        let mut random = Random::of(seed, pass);
        let mut pieces = Vec::new();
        for (document, tokens) in self.documents.iter().map(|document| document.tokens.len()).enumerate() {
            // Each pass cuts at other places.
            let mut start = 0;
            let mut end = if tokens > size { size - random.below(size / 2) } else { tokens };
            while start < tokens {
                let piece = Piece { document, start, end: end.min(tokens) };
                if piece.end - start >= LEAST_TOKENS {
                    pieces.push(piece);
                }
                (start, end) = (end, end + size);
            }
        }
        random.shuffle(&mut pieces);
        pieces
    }

    /// A window from a piece: plain, or with a gap in it.
    pub(super) fn window(&self, piece: Piece, random: &mut Random) -> Window {
        let document = &self.documents[piece.document];
        let has_gap = random.unit() < GAPS;
        if let Some(gap) = has_gap.then(|| choose(document, piece, random)).flatten() {
            return self.window_with_gap(document, piece.start, gap);
        }
        let end = piece.end.min(piece.start + self.format.tokens);
        let mut tokens = document.tokens[piece.start..end].to_vec();
        if end == document.tokens.len() {
            tokens.push(self.format.end_of_text);
        }
        Window { tokens, gap: 0..0 }
    }

    fn window_with_gap(&self, document: &Document, earliest: usize, gap: &Gap) -> Window {
        let format = &self.format;
        let suffix_end = document.tokens.len().min(gap.range.end + format.suffix_tokens);
        let suffix = &document.tokens[gap.range.end..suffix_end];
        let room = (format.tokens + 1).saturating_sub(suffix.len() + gap.range.len() + 4);
        let start = gap.range.start.saturating_sub(room).max(earliest);
        let prefix = &document.tokens[start..gap.range.start];
        let mut tokens = Vec::with_capacity(format.tokens + 1);
        match format.prefix {
            Some(mark) => {
                tokens.push(mark);
                tokens.extend_from_slice(prefix);
                tokens.push(format.suffix);
                tokens.extend_from_slice(suffix);
                tokens.push(format.middle);
            }
            None => {
                tokens.push(format.suffix);
                tokens.extend_from_slice(suffix);
                tokens.push(format.middle);
                tokens.extend_from_slice(prefix);
            }
        }
        let first = tokens.len();
        tokens.extend_from_slice(&document.tokens[gap.range.clone()]);
        tokens.push(format.end_of_text);
        Window { tokens, gap: first..first + gap.range.len() }
    }

    /// Windows to measure with: gaps at the ends of lines, the same ones for the same seed, at most `count`.
    pub fn probes(&self, seed: u64, count: usize) -> Vec<Window> {
        let mut random = Random::of(seed, u64::MAX);
        let mut windows = Vec::new();
        let weights: Vec<usize> = self.documents.iter().map(|document| document.tokens.len()).collect();
        let total: usize = weights.iter().sum();
        // Most tries succeed; modules without a suitable line must not make this endless.
        for _ in 0..count.saturating_mul(8) {
            if windows.len() >= count {
                break;
            }
            let mut at = random.below(total);
            let Some(document) = self.documents.iter().find(|document| {
                let is_here = at < document.tokens.len();
                if !is_here {
                    at -= document.tokens.len();
                }
                is_here
            }) else {
                break;
            };
            let first = document.gaps.partition_point(|gap| gap.range.start < at);
            let gap = document.gaps[first..].iter().find(|gap| gap.kind == CutKind::LineRest);
            if let Some(gap) = gap.filter(|gap| (2..=24).contains(&gap.range.len())) {
                windows.push(self.window_with_gap(document, 0, gap));
            }
        }
        windows
    }
}

/// A part of a module that becomes a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    document: usize,
    start: usize,
    end: usize,
}

/// A gap in a piece: first its kind is drawn, because ends of lines are what is asked for most.
fn choose<'a>(document: &'a Document, piece: Piece, random: &mut Random) -> Option<&'a Gap> {
    let kind = match random.unit() {
        part if part < 0.6 => CutKind::LineRest,
        part if part < 0.8 => CutKind::Statement,
        part if part < 0.9 => CutKind::Expression,
        _ => CutKind::Arguments,
    };
    let first = document.gaps.partition_point(|gap| gap.range.start < piece.start + 4);
    let inside = document.gaps[first..].iter().take_while(|gap| gap.range.start < piece.end);
    let fits = |gap: &&Gap| gap.kind == kind && gap.range.end <= piece.end;
    let gaps: Vec<&Gap> = inside.filter(fits).collect();
    gaps.get(random.below(gaps.len())).copied()
}

fn document(format: &WindowFormat, module: &Module, encode: &dyn Encode) -> Result<Document, String> {
    let tokens = encode.encode(&module.text)?;
    let mut starts = Vec::with_capacity(tokens.len() + 1);
    let mut offset = 0;
    for token in &tokens {
        starts.push(offset);
        offset += encode.bytes(*token);
    }
    starts.push(offset);
    if offset != module.text.len() {
        return Err("its tokens are not its text".to_owned());
    }
    let mut gaps: Vec<Gap> = Vec::new();
    for cut in &module.cuts {
        // A token may begin with the blank before a word: the gap then begins with it too, as after token healing.
        let start = starts.partition_point(|start| *start <= cut.range.start).saturating_sub(1);
        let end = starts.binary_search(&cut.range.end);
        let Ok(end) = end else { continue };
        if start < end && end - start <= format.middle_tokens {
            gaps.push(Gap { kind: cut.kind, range: start..end });
        }
    }
    gaps.sort_by_key(|gap| (gap.range.start, gap.range.end, gap.kind));
    gaps.dedup();
    Ok(Document { tokens, gaps })
}
