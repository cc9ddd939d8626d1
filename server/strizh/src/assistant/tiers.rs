//! The sources of the crate `ai`, joined for a session: caches and lines of the project, the model on this machine, and the
//! engine elsewhere, if the user has named one.

use std::sync::Arc;
use std::time::{Duration, Instant};

use ai::cache::{CompletionCache, LayeredCache};
use ai::router::ExpertEngine;
use ai::{
    Completer, Context, Engine, EngineOptions, EngineState, LocalEngine, ModelOptions, ProjectLines, Request,
    Sources, Suggestion, Verdict,
};
use base::CancelToken;
use resilience::SystemClock;

use crate::assistant::completions::{Ask, Completions, Effort};
use crate::assistant::sources::{Elsewhere, check_size, elsewhere, experts, layers, name_of_answers, source};
use crate::assistant::{ModelState, ModelStatus};
use crate::settings::AiSettings;

const CACHE_BYTES: u64 = 16 << 20;
const LOAD_PATIENCE: Duration = Duration::from_secs(120);
/// Lines alone are shown at once only if there is little doubt: the model may know better in a moment.
const SURE: f32 = 0.6;

pub(super) struct Tiers {
    completer: Completer,
    cache: CompletionCache,
    engine: Option<Arc<LocalEngine>>,
    experts: Option<Arc<ExpertEngine>>,
    elsewhere: Option<Elsewhere>,
    /// What of the settings cannot be used.
    problems: Vec<String>,
}

impl Tiers {
    pub(super) fn open(settings: &AiSettings) -> Self {
        let mut problems = Vec::new();
        let lines = Arc::new(ProjectLines::new());
        let store = LayeredCache::new(CACHE_BYTES, layers(settings, &mut problems), SystemClock::shared());
        let source = source(settings);
        let cache = CompletionCache::new(store.clone(), &name_of_answers(settings));
        let engine = match check_size(&source, settings) {
            Ok(()) => {
                let (model, options) = (ModelOptions::default(), EngineOptions::default());
                Some(Arc::new(LocalEngine::open(source.clone(), model, options)))
            }
            Err(problem) => {
                problems.push(problem);
                None
            }
        };
        let experts = engine.as_ref().and_then(|engine| {
            experts(settings, engine, source).unwrap_or_else(|problem| {
                problems.push(format!("strizh.ai.expertsFile: {problem}"));
                None
            })
        });
        let completer = Completer::new(Arc::clone(&lines));
        let asked = experts.clone().map(|experts| experts as Arc<dyn Engine>);
        completer.set_engine(asked.or_else(|| engine.clone().map(|engine| engine as Arc<dyn Engine>)));
        let elsewhere = elsewhere(settings, lines, store).unwrap_or_else(|problem| {
            problems.push(problem);
            None
        });
        for problem in &problems {
            tracing::warn!("{problem}");
        }
        Self { completer, cache, engine, experts, elsewhere, problems }
    }

    fn is_ready(&self) -> bool {
        self.engine.as_ref().is_some_and(|engine| engine.status().state == EngineState::Ready)
    }

    /// Answers given before that still fit the place.
    fn known(cache: &CompletionCache, ask: &Ask<'_>) -> Option<Vec<Suggestion>> {
        // Whoever asks wants more than what was shown by itself.
        if ask.is_invoked {
            return None;
        }
        let mut found = cache.lookup(ask.context, ask.extent)?;
        found.retain(|one| ask.acceptor.judge(&one.text, one.replaced) == Verdict::Accepted);
        Some(found)
    }

    fn instant(&self, ask: &Ask<'_>, cancel: &CancelToken) -> Vec<Suggestion> {
        let known = Self::known(&self.cache, ask).filter(|known| !known.is_empty());
        if let Some(known) = known {
            return known;
        }
        let gate = self.completer.automatic_gate();
        let gate = if self.is_ready() { gate.max(SURE) } else { gate };
        self.completer.complete(&request(ask, gate, Sources { model: false, ..Sources::default() }), cancel)
    }

    fn with_model(&self, ask: &Ask<'_>, cancel: &CancelToken) -> Vec<Suggestion> {
        if let Some(known) = Self::known(&self.cache, ask) {
            return known;
        }
        let gate = if ask.is_invoked { 0.0 } else { self.completer.automatic_gate() };
        let found = self.completer.complete(&request(ask, gate, Sources::default()), cancel);
        self.keep(&self.cache, ask, &found, self.is_ready(), cancel);
        found
    }

    fn elsewhere(&self, ask: &Ask<'_>, cancel: &CancelToken) -> Vec<Suggestion> {
        let Some(elsewhere) = &self.elsewhere else { return Vec::new() };
        if let Some(known) = Self::known(&elsewhere.cache, ask) {
            return known;
        }
        let sources = Sources { lines: false, names: false, model: true };
        let found = elsewhere.completer.complete(&request(ask, 0.0, sources), cancel);
        self.keep(&elsewhere.cache, ask, &found, true, cancel);
        found
    }

    /// An answer that came too late or too early tells nothing about the next time.
    fn keep(
        &self,
        cache: &CompletionCache,
        ask: &Ask<'_>,
        found: &[Suggestion],
        is_ready: bool,
        cancel: &CancelToken,
    ) {
        let is_late = ask.deadline.is_some_and(|deadline| Instant::now() >= deadline);
        if !cancel.is_cancelled() && (!found.is_empty() || (is_ready && !is_late && !ask.is_invoked)) {
            cache.store(ask.context, ask.extent, found);
        }
    }
}

impl Completions for Tiers {
    fn suggest(&self, ask: &Ask<'_>, cancel: &CancelToken) -> Vec<Suggestion> {
        match ask.effort {
            Effort::Instant => self.instant(ask, cancel),
            Effort::Model => self.with_model(ask, cancel),
            Effort::Remote => {
                let found = self.elsewhere(ask, cancel);
                if found.is_empty() && ask.is_invoked { self.with_model(ask, cancel) } else { found }
            }
        }
    }

    fn load(&self) {
        if let Some(engine) = &self.engine {
            engine.wait_until_loaded(LOAD_PATIENCE);
        }
    }

    fn warm(&self, context: &Context, cancel: &CancelToken) {
        match (&self.experts, &self.engine) {
            (Some(experts), _) => experts.warm(context, cancel),
            (None, Some(engine)) => engine.warm(context, cancel),
            (None, None) => {}
        }
    }

    fn learn_all(&self, modules: &mut dyn Iterator<Item = (String, String)>, cancel: &CancelToken) {
        self.completer.lines().build(modules, cancel);
    }

    fn learn(&self, module: &str, text: &str, cancel: &CancelToken) {
        self.completer.lines().update(module, text, cancel);
    }

    fn forget(&self, module: &str) {
        self.completer.lines().remove(module);
        self.cache.forget_module(module);
    }

    fn status(&self) -> ModelStatus {
        let mut messages = self.problems.clone();
        let mut status = ModelStatus {
            remote: self.elsewhere.as_ref().map_or_else(String::new, |it| it.url.clone()),
            ..ModelStatus::default()
        };
        match &self.engine {
            Some(engine) => {
                let engine = engine.status();
                status.state = match &engine.state {
                    EngineState::Loading => ModelState::Loading,
                    EngineState::Ready => ModelState::Ready,
                    EngineState::Failed(why) => {
                        messages.push(why.clone());
                        ModelState::Failed
                    }
                    EngineState::Stopped => ModelState::Off,
                };
                messages.extend(engine.model.notes.iter().cloned());
                status.name = engine.model.name;
                status.parameters = engine.model.parameters;
                status.memory_bytes = engine.model.bytes + engine.memory_bytes as u64;
                if let Some(experts) = &self.experts {
                    messages.extend(experts.problems());
                    status.memory_bytes += experts.loaded().iter().map(|(_, bytes)| bytes).sum::<u64>();
                    status.experts = experts.loaded().into_iter().map(|(name, _)| name).collect();
                }
            }
            // Lines of the project need no model.
            None if self.problems.is_empty() => status.state = ModelState::Off,
            None => status.state = ModelState::Failed,
        }
        status.message = messages.join("; ");
        status
    }

    fn has_remote(&self) -> bool {
        self.elsewhere.is_some()
    }

    fn last_sent(&self) -> Option<String> {
        let sent = self.elsewhere.as_ref()?.engine.last_request()?;
        Some(format!("POST {}\n\n{}", sent.url, sent.body))
    }
}

fn request<'a>(ask: &Ask<'a>, gate: f32, sources: Sources) -> Request<'a> {
    Request {
        context: ask.context,
        acceptor: ask.acceptor,
        extent: ask.extent,
        deadline: ask.deadline,
        at_most: ask.candidates,
        gate,
        sources,
    }
}
