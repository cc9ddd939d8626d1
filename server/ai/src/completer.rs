//! Joins the sources: lines and names of the project first, the model if it is ready in time, one ranking over all of
//! them, and a gate that keeps doubtful suggestions from view.

mod candidates;
mod features;
mod ranking;

use std::sync::Arc;
use std::time::{Duration, Instant};

use base::CancelToken;
use parking_lot::RwLock;

use crate::filter::{accept, clean};
use crate::{Acceptor, Context, Engine, Extent, Finish, Limits, ProjectLines, Score, Suggestion};

pub use candidates::Candidate;
pub use features::{FEATURE_NAMES, FEATURES, Features};
pub use ranking::{Coefficients, Ranking};

use candidates::{Candidates, gather};

/// What is wanted for a place.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    pub context: &'a Context,
    pub acceptor: &'a dyn Acceptor,
    pub extent: Extent,
    /// When an answer has to be there; the project's lines alone answer in about a millisecond.
    pub deadline: Option<Instant>,
    /// More than one when the user asked and may choose.
    pub at_most: usize,
    /// Suggestions less likely than this are not shown.
    pub gate: f32,
    pub sources: Sources,
}

/// Which sources take part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sources {
    pub lines: bool,
    pub names: bool,
    pub model: bool,
}

impl Default for Sources {
    fn default() -> Self {
        Self { lines: true, names: true, model: true }
    }
}

/// Makes suggestions. Shared by all requests.
pub struct Completer {
    lines: Arc<ProjectLines>,
    engine: RwLock<Option<Arc<dyn Engine>>>,
    ranking: Ranking,
}

/// Time that ranking and judging take after the model has answered.
const RESERVE: Duration = Duration::from_millis(4);
const TOKENS_PER_LINE: usize = 40;
/// How sure we are of what is left of a cut suggestion.
const CUT: f32 = 0.6;

impl Completer {
    pub fn new(lines: Arc<ProjectLines>) -> Self {
        Self { lines, engine: RwLock::new(None), ranking: Ranking::default() }
    }

    /// With other coefficients than those in the program.
    pub fn with_ranking(mut self, ranking: Ranking) -> Self {
        self.ranking = ranking;
        self
    }

    pub fn lines(&self) -> &Arc<ProjectLines> {
        &self.lines
    }

    /// Puts another engine in place, or none.
    pub fn set_engine(&self, engine: Option<Arc<dyn Engine>>) {
        *self.engine.write() = engine;
    }

    /// The threshold for suggestions that nobody asked for, chosen on held-out code.
    pub fn automatic_gate(&self) -> f32 {
        self.ranking.gate()
    }

    /// Suggestions for a place, the most likely first.
    pub fn complete(&self, request: &Request<'_>, cancel: &CancelToken) -> Vec<Suggestion> {
        self.choose(request, &self.candidates(request, cancel))
    }

    /// Those of the candidates that may be shown, the most likely first.
    pub fn choose(&self, request: &Request<'_>, candidates: &[Candidate]) -> Vec<Suggestion> {
        let mut shown: Vec<Suggestion> = Vec::new();
        for (confidence, candidate) in self.ranked(candidates) {
            if shown.len() >= request.at_most.max(1) || confidence < request.gate {
                break;
            }
            let length = candidate.text.len();
            let Some(text) =
                accept(request.acceptor, request.context, candidate.text.clone(), candidate.replaced)
            else {
                continue;
            };
            let confidence = if text.len() < length { confidence * CUT } else { confidence };
            if confidence >= request.gate && shown.iter().all(|other| other.text != text) {
                let (source, replaced) = (candidate.source, candidate.replaced);
                shown.push(Suggestion { text, replaced, source, confidence });
            }
        }
        shown
    }

    /// What all sources offer, with the figures the ranking looks at.
    pub fn candidates(&self, request: &Request<'_>, cancel: &CancelToken) -> Vec<Candidate> {
        let mut candidates = gather(&self.lines, request, cancel);
        let engine = self.engine.read().clone().filter(|_| request.sources.model);
        if let Some(engine) = engine
            && !cancel.is_cancelled()
        {
            self.ask_model(&*engine, request, &mut candidates, cancel);
        }
        let has_project = request.sources.lines || request.sources.names;
        if has_project {
            candidates.judge(&self.lines, request.context);
        }
        candidates.into_list(request.context, has_project)
    }

    fn ask_model(
        &self,
        engine: &dyn Engine,
        request: &Request<'_>,
        candidates: &mut Candidates,
        cancel: &CancelToken,
    ) {
        let lines = match request.extent {
            Extent::Line => 1,
            Extent::Lines(count) => usize::from(count.max(1)),
        };
        let deadline = request.deadline.and_then(|deadline| deadline.checked_sub(RESERVE));
        let limits = Limits {
            extent: request.extent,
            max_tokens: TOKENS_PER_LINE * lines,
            candidates: request.at_most.clamp(1, 3),
            deadline,
        };
        let Ok(generated) = engine.complete(request.context, &limits, cancel) else { return };
        for (rank, one) in generated.iter().enumerate() {
            let is_whole = matches!(one.finish, Finish::Complete | Finish::Limit);
            if let Some(text) = clean(request.context, &one.text, one.replaced, request.extent) {
                let is_unchanged = text.trim_end() == one.text.trim_end();
                let score = Some(one.score).filter(|_| is_whole && is_unchanged);
                candidates.add_generated(text, one.replaced, rank, score);
            }
        }
        let is_late = deadline.is_some_and(|deadline| Instant::now() >= deadline);
        if is_late || cancel.is_cancelled() {
            return;
        }
        let asked = candidates.without_score();
        let texts: Vec<(String, usize)> =
            asked.iter().map(|(_, text, replaced)| (text.clone(), *replaced)).collect();
        if let Ok(scores) = engine.score(request.context, &texts, cancel) {
            for ((index, ..), score) in asked.iter().zip(scores) {
                candidates.set_score(*index, score);
            }
        }
    }

    /// The model's own estimate where nobody else was asked.
    fn confidence(&self, candidate: &Candidate) -> f32 {
        match candidate.model_alone {
            Some(log_probability) => log_probability.exp(),
            None => self.ranking.confidence(&candidate.features),
        }
    }

    /// Candidates with their confidence, the best first.
    pub fn ranked<'c>(&self, candidates: &'c [Candidate]) -> Vec<(f32, &'c Candidate)> {
        let mut ranked: Vec<(f32, &Candidate)> = candidates
            .iter()
            .map(|candidate| (self.ranking.confidence(&candidate.features), candidate))
            .collect();
        ranked.sort_by(|left, right| right.0.total_cmp(&left.0).then_with(|| left.1.text.cmp(&right.1.text)));
        ranked
    }
}

/// The logarithm of the probability of what was not typed.
pub(crate) fn untyped(score: &Score) -> f32 {
    (score.log_probability - score.typed).min(0.0)
}

#[cfg(test)]
mod tests;
