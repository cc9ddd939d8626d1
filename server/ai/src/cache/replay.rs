//! A recorded editing session, played again on a virtual clock: how often the cache answers, and how much waiting it
//! saves. Requests are timed one by one, as if the engine were free whenever somebody asks.

mod recording;

use std::fmt::Write;
use std::time::Duration;

pub use recording::{Recording, RecordingError, Step};

use crate::cache::{CompletionCache, LayeredCache};
use crate::{Context, Extent, Source, Suggestion};
use resilience::{Clock, VirtualClock};

/// How long things take in a replay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplayOptions {
    /// One answer of the engine.
    pub engine: Duration,
    /// One look into the cache.
    pub lookup: Duration,
    pub extent: Extent,
}

/// What is done besides asking the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplayMode {
    WithoutCache,
    Cache,
    /// The engine also answers for the next line while the user reads or types.
    CacheAhead,
}

/// What a session was like in one mode.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplayRow {
    pub mode: ReplayMode,
    pub requests: usize,
    pub hits: usize,
    /// Answers that somebody waited for.
    pub waited: usize,
    /// Answers made ahead.
    pub ahead: usize,
    pub mean: Duration,
    pub p95: Duration,
}

impl ReplayRow {
    pub fn hit_rate(&self) -> f64 {
        self.hits as f64 / self.requests.max(1) as f64
    }
}

/// Plays a session in all modes.
pub fn replay_all(
    recording: &Recording,
    options: &ReplayOptions,
    engine: &mut dyn FnMut(&Context) -> Vec<Suggestion>,
) -> Vec<ReplayRow> {
    let modes = [ReplayMode::WithoutCache, ReplayMode::Cache, ReplayMode::CacheAhead];
    modes.into_iter().map(|mode| replay(recording, mode, options, engine)).collect()
}

/// Plays a session: every change of the document asks for a completion.
pub fn replay(
    recording: &Recording,
    mode: ReplayMode,
    options: &ReplayOptions,
    engine: &mut dyn FnMut(&Context) -> Vec<Suggestion>,
) -> ReplayRow {
    let clock = VirtualClock::new();
    let layers = LayeredCache::new(16 << 20, Vec::new(), clock.clone());
    let mut session = Session {
        cache: CompletionCache::new(layers, "replay"),
        clock,
        mode,
        options: *options,
        waited: 0,
        ahead: 0,
    };
    let steps = &recording.steps;
    let mut latencies = Vec::new();
    let mut hits = 0;
    recording.play(|index, text, caret| {
        let step = &steps[index];
        let until = steps.get(index + 1).map_or(u64::MAX, |next| next.at_ms);
        session.wait_until(Duration::from_millis(step.at_ms));
        let start = session.clock.now();
        let context = Context {
            module: recording.module.clone(),
            prefix: text[..caret].to_owned(),
            suffix: text[caret..].to_owned(),
            ..Context::default()
        };
        let (suggestions, is_hit) = session.request(&context, engine);
        hits += usize::from(is_hit);
        latencies.push(session.clock.now().saturating_sub(start));
        session.work_ahead(&context, suggestions.first(), Duration::from_millis(until), engine);
    });
    let total: Duration = latencies.iter().sum();
    let requests = latencies.len();
    latencies.sort();
    ReplayRow {
        mode,
        requests,
        hits,
        waited: session.waited,
        ahead: session.ahead,
        mean: total.checked_div(u32::try_from(requests).unwrap_or(u32::MAX)).unwrap_or_default(),
        p95: latencies.get((requests * 95).div_ceil(100).saturating_sub(1)).copied().unwrap_or_default(),
    }
}

/// Rows as a table for people.
pub fn table(rows: &[ReplayRow]) -> String {
    let mut text = format!(
        "{:<22}{:>9}{:>7}{:>8}{:>8}{:>8}{:>10}{:>10}{:>8}\n",
        "mode", "requests", "hits", "hits %", "waited", "ahead", "mean ms", "p95 ms", "saved %"
    );
    let without = rows.iter().find(|row| row.mode == ReplayMode::WithoutCache);
    for row in rows {
        let name = match row.mode {
            ReplayMode::WithoutCache => "without a cache",
            ReplayMode::Cache => "cache",
            ReplayMode::CacheAhead => "cache, working ahead",
        };
        let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
        let saved = without.map_or(0.0, |without| 100.0 * saving(without, row));
        // Writing into a string does not fail.
        let _ = writeln!(
            text,
            "{name:<22}{:>9}{:>7}{:>8.1}{:>8}{:>8}{:>10.1}{:>10.1}{saved:>8.1}",
            row.requests,
            row.hits,
            100.0 * row.hit_rate(),
            row.waited,
            row.ahead,
            milliseconds(row.mean),
            milliseconds(row.p95),
        );
    }
    text
}

/// Which share of the mean waiting time is saved, 0 to 1.
pub fn saving(without: &ReplayRow, with: &ReplayRow) -> f64 {
    1.0 - with.mean.as_secs_f64() / without.mean.as_secs_f64().max(f64::MIN_POSITIVE)
}

struct Session {
    cache: CompletionCache,
    clock: std::sync::Arc<VirtualClock>,
    mode: ReplayMode,
    options: ReplayOptions,
    waited: usize,
    ahead: usize,
}

impl Session {
    fn request(
        &mut self,
        context: &Context,
        engine: &mut dyn FnMut(&Context) -> Vec<Suggestion>,
    ) -> (Vec<Suggestion>, bool) {
        let extent = self.options.extent;
        if self.mode != ReplayMode::WithoutCache {
            self.clock.advance(self.options.lookup);
            if let Some(found) = self.cache.lookup(context, extent) {
                return (found, true);
            }
        }
        self.waited += 1;
        self.clock.advance(self.options.engine);
        let answer = engine(context);
        if self.mode != ReplayMode::WithoutCache {
            self.cache.store(context, extent, &answer);
        }
        (answer, false)
    }

    /// Answers for the line below what is shown, if there is time for it before the next event.
    fn work_ahead(
        &mut self,
        context: &Context,
        shown: Option<&Suggestion>,
        until: Duration,
        engine: &mut dyn FnMut(&Context) -> Vec<Suggestion>,
    ) {
        let is_line_end = context.suffix.is_empty() || context.suffix.starts_with(['\r', '\n']);
        let has_time = self.clock.now() + self.options.engine <= until;
        if self.mode != ReplayMode::CacheAhead || !is_line_end || !has_time {
            return;
        }
        let nothing = Suggestion { text: String::new(), replaced: 0, source: Source::Cache, confidence: 0.0 };
        let [_, next_line] = CompletionCache::follow_ups(context, shown.unwrap_or(&nothing));
        if self.cache.lookup(&next_line, self.options.extent).is_some() {
            return;
        }
        self.ahead += 1;
        self.clock.advance(self.options.engine);
        let answer = engine(&next_line);
        self.cache.store(&next_line, self.options.extent, &answer);
    }

    fn wait_until(&self, time: Duration) {
        self.clock.advance(time.saturating_sub(self.clock.now()));
    }
}

#[cfg(test)]
mod tests;
