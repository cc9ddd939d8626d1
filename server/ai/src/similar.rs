//! Methods of the project that look like a piece of code: BM25 over the words of their names, in memory. Another ranker,
//! such as one by vectors, can be measured against it.

mod compare;
mod words;

use rustc_hash::FxHashMap;

pub use compare::{RankerRow, SimilarityCase, compare, table};
pub use words::words;

/// How soon a word that is repeated counts no more.
const SATURATION: f32 = 1.2;
/// How much long methods are held back.
const LENGTH_WEIGHT: f32 = 0.75;
/// Only so many different words of a question count, the rarest first.
const MAX_QUERY_WORDS: usize = 64;
const MAX_METHOD_BYTES: usize = 64 << 10;

/// A method as it is found.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MethodId {
    pub module: String,
    pub method: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct SimilarMethod {
    pub id: MethodId,
    pub score: f32,
    /// The score as a share of the best one possible for the question.
    pub likeness: f32,
}

/// Finds methods that look like a text.
pub trait Ranker {
    fn name(&self) -> &str;

    /// The best ones first, never more than `limit`.
    fn rank(&self, text: &str, limit: usize) -> Vec<SimilarMethod>;
}

/// Is kept up to date module by module.
pub struct SimilarIndex {
    max_methods: usize,
    methods: Vec<Option<Method>>,
    free: Vec<u32>,
    modules: FxHashMap<String, Vec<u32>>,
    /// Which methods have a word.
    postings: FxHashMap<Box<str>, Vec<u32>>,
    total_words: u64,
    left_out: usize,
}

struct Method {
    id: MethodId,
    /// Sorted by word.
    counts: Vec<(Box<str>, u16)>,
    length: u32,
}

impl SimilarIndex {
    /// Methods beyond the limit are left out.
    pub fn new(max_methods: usize) -> Self {
        Self {
            max_methods,
            methods: Vec::new(),
            free: Vec::new(),
            modules: FxHashMap::default(),
            postings: FxHashMap::default(),
            total_words: 0,
            left_out: 0,
        }
    }

    /// Takes the methods (name and text) of a module in place of those it had.
    pub fn update_module<'a>(&mut self, module: &str, methods: impl IntoIterator<Item = (&'a str, &'a str)>) {
        self.remove_module(module);
        let mut numbers = Vec::new();
        for (name, text) in methods {
            if self.len() >= self.max_methods || text.len() > MAX_METHOD_BYTES {
                self.left_out += 1;
                continue;
            }
            let id = MethodId { module: module.to_owned(), method: name.to_owned() };
            numbers.push(self.add(Method::new(id, text)));
        }
        if !numbers.is_empty() {
            self.modules.insert(module.to_owned(), numbers);
        }
    }

    pub fn remove_module(&mut self, module: &str) {
        for number in self.modules.remove(module).unwrap_or_default() {
            let Some(method) = self.methods.get_mut(number as usize).and_then(Option::take) else { continue };
            self.total_words -= u64::from(method.length);
            for (word, _) in &method.counts {
                let Some(posting) = self.postings.get_mut(word) else { continue };
                posting.retain(|other| *other != number);
                if posting.is_empty() {
                    self.postings.remove(word);
                }
            }
            self.free.push(number);
        }
    }

    pub fn len(&self) -> usize {
        self.methods.len() - self.free.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Methods that found no place so far.
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    fn add(&mut self, method: Method) -> u32 {
        let number = self.free.pop().unwrap_or_else(|| {
            self.methods.push(None);
            u32::try_from(self.methods.len() - 1).unwrap_or(u32::MAX)
        });
        self.total_words += u64::from(method.length);
        for (word, _) in &method.counts {
            match self.postings.get_mut(word) {
                Some(posting) => posting.push(number),
                None => {
                    self.postings.insert(word.clone(), vec![number]);
                }
            }
        }
        if let Some(place) = self.methods.get_mut(number as usize) {
            *place = Some(method);
        }
        number
    }

    /// The methods a word has, and how much it tells.
    fn posting(&self, word: &str) -> Option<(&[u32], f32)> {
        let posting = self.postings.get(word)?;
        let (all, having) = (self.len() as f32, posting.len() as f32);
        Some((posting, (1.0 + (all - having + 0.5) / (having + 0.5)).ln()))
    }
}

impl Ranker for SimilarIndex {
    fn name(&self) -> &str {
        "BM25"
    }

    fn rank(&self, text: &str, limit: usize) -> Vec<SimilarMethod> {
        let mut query: Vec<String> = words(text).collect();
        query.sort();
        query.dedup();
        let mut found: Vec<_> = query.iter().filter_map(|word| Some((word, self.posting(word)?))).collect();
        found.sort_by(|left, right| right.1.1.total_cmp(&left.1.1).then_with(|| left.0.cmp(right.0)));
        found.truncate(MAX_QUERY_WORDS);
        let best: f32 = found.iter().map(|(_, (_, weight))| weight * (SATURATION + 1.0)).sum();
        let mean_length = self.total_words as f32 / self.len().max(1) as f32;
        let mut scores: FxHashMap<u32, f32> = FxHashMap::default();
        for (word, (posting, weight)) in found {
            for number in posting {
                let Some(method) = self.methods.get(*number as usize).and_then(Option::as_ref) else {
                    continue;
                };
                *scores.entry(*number).or_default() += weight * method.frequency(word, mean_length);
            }
        }
        let mut ranked: Vec<SimilarMethod> = scores
            .into_iter()
            .filter_map(|(number, score)| {
                let method = self.methods.get(number as usize)?.as_ref()?;
                Some(SimilarMethod {
                    id: method.id.clone(),
                    score,
                    likeness: score / best.max(f32::MIN_POSITIVE),
                })
            })
            .collect();
        ranked.sort_by(|left, right| right.score.total_cmp(&left.score).then_with(|| left.id.cmp(&right.id)));
        ranked.truncate(limit);
        ranked
    }
}

impl Method {
    fn new(id: MethodId, text: &str) -> Self {
        let mut all: Vec<String> = words(text).collect();
        all.sort();
        let mut counts: Vec<(Box<str>, u16)> = Vec::new();
        for word in &all {
            match counts.last_mut() {
                Some((last, count)) if **last == **word => *count = count.saturating_add(1),
                _ => counts.push((word.as_str().into(), 1)),
            }
        }
        Self { id, counts, length: u32::try_from(all.len()).unwrap_or(u32::MAX) }
    }

    fn frequency(&self, word: &str, mean_length: f32) -> f32 {
        let found = self.counts.binary_search_by(|(other, _)| (**other).cmp(word));
        let count =
            found.ok().and_then(|index| self.counts.get(index)).map_or(0.0, |(_, count)| f32::from(*count));
        let length = 1.0 - LENGTH_WEIGHT + LENGTH_WEIGHT * self.length as f32 / mean_length.max(1.0);
        count * (SATURATION + 1.0) / (count + SATURATION * length)
    }
}

#[cfg(test)]
mod tests;
