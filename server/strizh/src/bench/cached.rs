//! How much the cache of suggestions saves while somebody types a whole module, and which of two ways finds the other
//! half of a method: the words it shares, or its vector by the model.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

use ai::cache::replay::{Recording, ReplayMode, ReplayOptions, replay_all, saving};
use ai::cache::{EmbeddingCache, LayeredCache};
use ai::eval::methods_of;
use ai::similar::{MethodId, Ranker, SimilarIndex, SimilarMethod, SimilarityCase, compare};
use ai::{Context, Engine, Extent, Limits, LocalEngine, Source, Suggestion};
use base::CancelToken;
use resilience::SystemClock;
use xxhash_rust::xxh3::xxh3_128;

use crate::bench::milliseconds;
use crate::files::read_module;

const SEED: u64 = 1;
/// Text of the module that is typed.
const TYPED_BYTES: usize = 12_000;
const CANDIDATES: usize = 3;
const TOKENS: usize = 40;
const METHODS: usize = 300;
const METHOD_LINES: usize = 8;
/// Room for vectors.
const VECTOR_BYTES: u64 = 16 << 20;

/// Types the beginning of a module with the model behind the cache. The engine takes as long as it took here.
pub(super) fn session(engine: &LocalEngine, text: &str) -> Vec<(&'static str, String)> {
    let end = text.match_indices("\nКонец").map(|(at, _)| at).take_while(|at| *at < TYPED_BYTES).last();
    let end = end.and_then(|at| text[at + 1..].find('\n').map(|line| at + 1 + line)).unwrap_or(text.len());
    let recording = Recording::typing("bench", &text[..end], SEED);
    let mut answers: BTreeMap<u128, Vec<Suggestion>> = BTreeMap::new();
    let (mut seconds, mut asked) = (0.0, 0_u32);
    let mut ask = |context: &Context| {
        let key = xxh3_128(context.prefix.as_bytes());
        if let Some(known) = answers.get(&key) {
            return known.clone();
        }
        let started = Instant::now();
        let suggestions = suggestions(engine, context);
        seconds += started.elapsed().as_secs_f64();
        asked += 1;
        answers.insert(key, suggestions.clone());
        suggestions
    };
    // The first pass measures the engine, the second one plays with what it measured.
    let options =
        |engine| ReplayOptions { engine, lookup: std::time::Duration::from_micros(30), extent: Extent::Line };
    replay_all(&recording, &options(std::time::Duration::from_millis(20)), &mut ask);
    let mean = std::time::Duration::from_secs_f64(seconds / f64::from(asked.max(1)));
    let rows = replay_all(&recording, &options(mean), &mut |context| {
        answers.get(&xxh3_128(context.prefix.as_bytes())).cloned().unwrap_or_default()
    });
    let Some(without) = rows.iter().find(|row| row.mode == ReplayMode::WithoutCache) else {
        return Vec::new();
    };
    let line = |row: &ai::cache::replay::ReplayRow| {
        let name = match row.mode {
            ReplayMode::WithoutCache => "model: session without a cache",
            ReplayMode::Cache => "model: session with the cache",
            ReplayMode::CacheAhead => "model: session, cache, line ahead",
        };
        let figures = format!(
            "{} requests, hits {:.1} %, mean {:.1} ms, p95 {:.1} ms, saved {:.1} %",
            row.requests,
            100.0 * row.hit_rate(),
            milliseconds(row.mean),
            milliseconds(row.p95),
            100.0 * saving(without, row)
        );
        (name, figures)
    };
    rows.iter().map(line).collect()
}

fn suggestions(engine: &LocalEngine, context: &Context) -> Vec<Suggestion> {
    let limits = Limits { extent: Extent::Line, max_tokens: TOKENS, candidates: CANDIDATES, deadline: None };
    let generated = engine.complete(context, &limits, &CancelToken::new()).unwrap_or_default();
    let suggestion = |one: ai::Generated| Suggestion {
        confidence: one.score.log_probability.exp(),
        text: one.text,
        replaced: one.replaced,
        source: Source::Model,
    };
    generated.into_iter().map(suggestion).filter(|one| !one.text.trim().is_empty()).collect()
}

/// The first half of each method is looked for among the second halves of all.
pub(super) fn similar(engine: &LocalEngine, paths: &[PathBuf]) -> Vec<(&'static str, String)> {
    let mut halves: Vec<(MethodId, String, String)> = Vec::new();
    for path in paths {
        let Ok(decoded) = read_module(path) else { continue };
        let module = path.display().to_string();
        for (number, range) in methods_of(&decoded.text).into_iter().enumerate() {
            // The heading would tell its name twice.
            let lines: Vec<&str> = decoded.text[range].lines().skip(1).collect();
            if lines.len() >= METHOD_LINES {
                let (first, second) = lines.split_at(lines.len() / 2);
                let id = MethodId { module: module.clone(), method: number.to_string() };
                halves.push((id, first.join("\n"), second.join("\n")));
            }
        }
    }
    let step = (halves.len() / METHODS).max(1);
    let halves: Vec<_> = halves.into_iter().step_by(step).collect();
    let mut words = SimilarIndex::new(halves.len());
    for (id, _, second) in &halves {
        words.update_module(&format!("{}.{}", id.module, id.method), [(id.method.as_str(), second.as_str())]);
    }
    let mut vectors = Vectors::new(engine);
    vectors.methods =
        halves.iter().filter_map(|(id, _, second)| Some((named(id), vectors.of(second)?))).collect();
    let cases: Vec<SimilarityCase> = halves
        .iter()
        .map(|(id, first, _)| SimilarityCase { text: first.clone(), expected: vec![named(id)] })
        .collect();
    let rows = compare(&[&words, &vectors], &cases);
    let names = ["similar methods by words", "similar methods by vectors"];
    let line = |row: &ai::similar::RankerRow| {
        format!(
            "{}: {} cases, first {:.1} %, first five {:.1} %, MRR {:.3}",
            row.name,
            row.cases,
            100.0 * row.first,
            100.0 * row.first_five,
            row.reciprocal_rank
        )
    };
    names.into_iter().zip(rows.iter().map(line)).collect()
}

/// As the index by words names it: each method stands for a module of its own.
fn named(id: &MethodId) -> MethodId {
    MethodId { module: format!("{}.{}", id.module, id.method), method: id.method.clone() }
}

struct Vectors<'a> {
    engine: &'a LocalEngine,
    /// Copied methods are many in real code: their vectors are computed once.
    known: EmbeddingCache,
    methods: Vec<(MethodId, Vec<f32>)>,
}

impl<'a> Vectors<'a> {
    fn new(engine: &'a LocalEngine) -> Self {
        let layers = LayeredCache::new(VECTOR_BYTES, Vec::new(), SystemClock::shared());
        let model = engine.status().model;
        let known = EmbeddingCache::new(layers, &model.hash);
        Self { engine, known, methods: Vec::new() }
    }

    fn of(&self, text: &str) -> Option<Vec<f32>> {
        let compute = |text: &str| self.engine.embed(text, &CancelToken::new());
        self.known.get_or_compute(text, "", compute).ok()
    }
}

impl Ranker for Vectors<'_> {
    fn name(&self) -> &str {
        "mean states of the model"
    }

    fn rank(&self, text: &str, limit: usize) -> Vec<SimilarMethod> {
        let Some(wanted) = self.of(text) else { return Vec::new() };
        let product = |other: &[f32]| wanted.iter().zip(other).map(|(left, right)| left * right).sum();
        let scored = self.methods.iter().map(|(id, other)| {
            let score = product(other);
            SimilarMethod { id: id.clone(), score, likeness: score }
        });
        let mut ranked: Vec<SimilarMethod> = scored.collect();
        ranked.sort_by(|left, right| right.score.total_cmp(&left.score).then_with(|| left.id.cmp(&right.id)));
        ranked.truncate(limit);
        ranked
    }
}
