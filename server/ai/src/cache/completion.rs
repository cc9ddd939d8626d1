//! Answers of an engine, found again while the user types along them.
//!
//! Answers are kept per line: the key is what stands above the line and right of the caret, the value holds the answers
//! given anywhere on that line. So one look-up finds an answer made some letters ago, and looking back a few lines finds
//! the rest of one that went over several.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use crate::cache::{CacheStats, Counters, LayeredCache};
use crate::{Context, Extent, Source, Suggestion};

/// How much of the text above a line tells one place from another.
const ABOVE_BYTES: usize = 1000;
const SUFFIX_BYTES: usize = 200;
/// How far above the caret an answer may have begun.
const LOOK_BACK_LINES: usize = 4;
const MAX_RECORDS_PER_LINE: usize = 32;
const MAX_TEXT_BYTES: usize = 4096;
const TTL: Duration = Duration::from_secs(86_400);
/// For so long layers below the memory are not asked again about a line that they do not know.
const UNKNOWN_TTL: Duration = Duration::from_secs(60);

/// Answers of one engine. Cloning shares the contents.
#[derive(Clone)]
pub struct CompletionCache {
    cache: LayeredCache,
    engine: Arc<str>,
    counters: Arc<Counters>,
    /// Adding to a line is reading and writing.
    writing: Arc<Mutex<()>>,
}

/// The answers for one place of a line.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Record {
    /// The line left of the caret when the engine was asked.
    typed: String,
    /// Lines that were wanted.
    lines: u16,
    candidates: Vec<Candidate>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Candidate {
    /// From the start of the line: what was typed and what was suggested.
    full: String,
    confidence: f32,
}

impl CompletionCache {
    /// `engine` names the model and whatever else changes its answers.
    pub fn new(cache: LayeredCache, engine: &str) -> Self {
        Self { cache, engine: engine.into(), counters: Arc::default(), writing: Arc::default() }
    }

    /// Suggestions given earlier that still fit, best first. An empty list: it is known that there are none.
    pub fn lookup(&self, context: &Context, extent: Extent) -> Option<Vec<Suggestion>> {
        self.counters.count(self.find(context, extent))
    }

    /// Keeps an answer, also that there is none.
    pub fn store(&self, context: &Context, extent: Extent, suggestions: &[Suggestion]) {
        let start = line_start(&context.prefix, context.prefix.len());
        let Some(typed) = context.prefix.get(start..) else { return };
        let candidate = |suggestion: &Suggestion| {
            let kept = typed.len().checked_sub(suggestion.replaced)?;
            let full = format!("{}{}", typed.get(..kept)?, suggestion.text);
            let is_kept = full.len() <= MAX_TEXT_BYTES;
            is_kept.then(|| Candidate { full: without_returns(&full), confidence: suggestion.confidence })
        };
        let record = Record {
            typed: without_returns(typed),
            lines: lines(extent),
            candidates: suggestions.iter().filter_map(candidate).collect(),
        };
        let key = self.key(context, start);
        let _writing = self.writing.lock();
        let mut records = self.cache.get(&key).map(|bytes| unpack(&bytes)).unwrap_or_default();
        records.retain(|other| other.typed != record.typed || other.lines > record.lines);
        records.push(record);
        let surplus = records.len().saturating_sub(MAX_RECORDS_PER_LINE);
        records.drain(..surplus);
        let (file, model) = (format!("file:{}", context.module), self.model_tag());
        self.cache.set(&key, pack(&records), TTL, &[&file, &model]);
    }

    /// Where the caret will be if the user accepts the suggestion: at its end, and on a new line below. An engine that
    /// answers for these places in idle time makes the next suggestion appear at once.
    pub fn follow_ups(context: &Context, suggestion: &Suggestion) -> [Context; 2] {
        let mut accepted = context.clone();
        accepted.prefix.truncate(context.prefix.len().saturating_sub(suggestion.replaced));
        accepted.prefix.push_str(&suggestion.text);
        let mut next_line = accepted.clone();
        let line = &accepted.prefix[line_start(&accepted.prefix, accepted.prefix.len())..];
        let indentation = line.len() - line.trim_start_matches([' ', '\t']).len();
        let line_end = if accepted.prefix.contains("\r\n") { "\r\n" } else { "\n" };
        next_line.prefix.push_str(line_end);
        next_line.prefix.push_str(&line[..indentation]);
        [accepted, next_line]
    }

    /// Forgets the answers for a module; how many lines that were.
    pub fn forget_module(&self, module: &str) -> usize {
        self.cache.invalidate_by_tag(&format!("file:{module}"))
    }

    /// Forgets all answers of this engine.
    pub fn forget_engine(&self) -> usize {
        self.cache.invalidate_by_tag(&self.model_tag())
    }

    /// Hits and misses of look-ups; entries and bytes of the memory below.
    pub fn stats(&self) -> CacheStats {
        let below = self.cache.stats().total;
        self.counters.stats(below.entries, below.bytes)
    }

    fn find(&self, context: &Context, extent: Extent) -> Option<Vec<Suggestion>> {
        let mut start = context.prefix.len();
        let mut best: Option<(usize, Vec<Suggestion>)> = None;
        for line in 0..LOOK_BACK_LINES {
            start = line_start(&context.prefix, start);
            let key = self.key(context, start);
            let now = without_returns(&context.prefix[start..]);
            let records = if line == 0 { self.records(&key) } else { self.cache.peek(&key) };
            for record in records.map(|bytes| unpack(&bytes)).unwrap_or_default() {
                if record.lines < lines(extent) {
                    continue;
                }
                let found = record.suggestions(&now, extent);
                if line == 0 && record.typed == now {
                    // What was asked for exactly this place beats whatever was asked earlier.
                    return Some(found);
                }
                let evidence = record.typed.len() + start;
                if !found.is_empty() && best.as_ref().is_none_or(|(other, _)| evidence >= *other) {
                    best = Some((evidence, found));
                }
            }
            if start == 0 {
                break;
            }
            start -= 1;
        }
        best.map(|(_, suggestions)| suggestions)
    }

    /// From all layers, but not for every key pressed.
    fn records(&self, key: &str) -> Option<Arc<[u8]>> {
        self.cache.peek(key).or_else(|| {
            let found = self.cache.get(key);
            if found.is_none() {
                self.cache.set_local(key, pack(&[]), UNKNOWN_TTL, &[&self.model_tag()]);
            }
            found
        })
    }

    fn key(&self, context: &Context, line_start: usize) -> String {
        let above = &context.prefix[..line_start];
        let above = tail(above, ABOVE_BYTES);
        let suffix = head(&context.suffix, SUFFIX_BYTES);
        let mut bytes = Vec::with_capacity(above.len() + suffix.len() + 100);
        for part in [&context.module, above, suffix, &self.engine] {
            bytes.extend(part.bytes().filter(|byte| *byte != b'\r'));
            bytes.push(0);
        }
        bytes.push(context.place as u8);
        format!("cmp:{:032x}", xxhash_rust::xxh3::xxh3_128(&bytes))
    }

    fn model_tag(&self) -> String {
        format!("model:{}", self.engine)
    }
}

impl Record {
    /// The candidates that agree with the text from the start of the line to the caret.
    fn suggestions(&self, now: &str, extent: Extent) -> Vec<Suggestion> {
        let is_long_enough = now.len() >= self.typed.len() || self.typed.trim().is_empty();
        if !is_long_enough {
            return Vec::new();
        }
        self.candidates.iter().filter_map(|candidate| candidate.suggestion(now, extent)).collect()
    }
}

impl Candidate {
    fn suggestion(&self, now: &str, extent: Extent) -> Option<Suggestion> {
        let word_start = now.trim_end_matches(is_word_letter).len();
        let (before_word, word) = now.split_at(word_start);
        let word_in_full = agreed(&self.full, before_word)?;
        let rest = agreed(self.full.get(word_in_full..)?, word)? + word_in_full;
        let end = rest + end_of_lines(self.full.get(rest..)?, lines(extent));
        // The rest of a word that another line breaks off is no suggestion, and neither are blanks.
        if self.full.get(rest..end)?.trim().is_empty() {
            return None;
        }
        Some(Suggestion {
            text: self.full.get(word_in_full..end)?.to_owned(),
            replaced: word.len(),
            source: Source::Cache,
            confidence: self.confidence,
        })
    }
}

/// How many bytes of `full` the typed text takes, if `full` begins with it. Letter case does not matter, as in BSL.
fn agreed(full: &str, typed: &str) -> Option<usize> {
    let mut letters = full.chars();
    for typed in typed.chars() {
        let letter = letters.next()?;
        if letter != typed && !letter.to_lowercase().eq(typed.to_lowercase()) {
            return None;
        }
    }
    Some(full.len() - letters.as_str().len())
}

/// Where `count` lines end.
fn end_of_lines(text: &str, count: u16) -> usize {
    let mut breaks = text.match_indices('\n').map(|(index, _)| index);
    breaks.nth(usize::from(count.max(1)) - 1).unwrap_or(text.len())
}

fn lines(extent: Extent) -> u16 {
    match extent {
        Extent::Line => 1,
        Extent::Lines(count) => count,
    }
}

fn is_word_letter(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

fn line_start(text: &str, end: usize) -> usize {
    text.get(..end).and_then(|text| text.rfind('\n')).map_or(0, |index| index + 1)
}

/// The last whole letters in at most so many bytes.
fn tail(text: &str, max_bytes: usize) -> &str {
    let from = text.len().saturating_sub(max_bytes);
    (from..).find_map(|from| text.get(from..)).unwrap_or_default()
}

/// The first whole letters in at most so many bytes.
fn head(text: &str, max_bytes: usize) -> &str {
    let to = max_bytes.min(text.len());
    (0..=to).rev().find_map(|to| text.get(..to)).unwrap_or_default()
}

fn without_returns(text: &str) -> String {
    text.replace('\r', "")
}

fn pack(records: &[Record]) -> Vec<u8> {
    postcard::to_stdvec(records).unwrap_or_default()
}

fn unpack(bytes: &[u8]) -> Vec<Record> {
    postcard::from_bytes(bytes).unwrap_or_default()
}

#[cfg(test)]
#[path = "completion_tests.rs"]
mod tests;
