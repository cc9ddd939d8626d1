//! The sources of the crate `ai`, joined for a session: caches and lines of the project, the model on this machine, and the
//! engine elsewhere, if the user has named one.

use std::sync::Arc;
use std::time::{Duration, Instant};

use ai::cache::{CompletionCache, Layer, LayeredCache, SharedCache, SharedCacheConfig};
use ai::remote::{RemoteConfig, RemoteEngine};
use ai::{
    Completer, Context, Engine, EngineOptions, EngineState, LocalEngine, ModelOptions, ModelSource,
    ProjectLines, Request, Sources, Suggestion, Verdict,
};
use base::CancelToken;
use resilience::SystemClock;
use serde_json::json;

use crate::assistant::completions::{Ask, Completions, Effort};
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
    elsewhere: Option<Elsewhere>,
    /// What of the settings cannot be used.
    problems: Vec<String>,
}

/// The engine that the user has named.
struct Elsewhere {
    engine: Arc<RemoteEngine>,
    completer: Completer,
    cache: CompletionCache,
    url: String,
}

impl Tiers {
    pub(super) fn open(settings: &AiSettings) -> Self {
        let mut problems = Vec::new();
        let lines = Arc::new(ProjectLines::new());
        let store = LayeredCache::new(CACHE_BYTES, layers(settings, &mut problems), SystemClock::shared());
        let source = source(settings);
        let engine = match check_size(&source, settings) {
            Ok(()) => Some(LocalEngine::open(source, ModelOptions::default(), EngineOptions::default())),
            Err(problem) => {
                problems.push(problem);
                None
            }
        };
        let engine = engine.map(Arc::new);
        let completer = Completer::new(Arc::clone(&lines));
        completer.set_engine(engine.clone().map(|engine| engine as Arc<dyn Engine>));
        let name = settings.model_file.as_ref().map_or_else(String::new, |path| path.display().to_string());
        let cache =
            CompletionCache::new(store.clone(), &format!("local {} {name}", env!("CARGO_PKG_VERSION")));
        let elsewhere = elsewhere(settings, lines, store).unwrap_or_else(|problem| {
            problems.push(problem);
            None
        });
        for problem in &problems {
            tracing::warn!("{problem}");
        }
        Self { completer, cache, engine, elsewhere, problems }
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
        if let Some(engine) = &self.engine {
            engine.warm(context, cancel);
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

/// The file of the user, else the model inside the binary.
fn source(settings: &AiSettings) -> ModelSource {
    match &settings.model_file {
        Some(path) => ModelSource::Path(path.clone()),
        None => ModelSource::Embedded { name: ai::embedded::NAME, bytes: ai::embedded::BYTES },
    }
}

/// Weights alone may not take more than is allowed.
fn check_size(source: &ModelSource, settings: &AiSettings) -> Result<(), String> {
    let bytes = match source {
        ModelSource::Path(path) => std::fs::metadata(path).map_or(0, |metadata| metadata.len()),
        ModelSource::Embedded { bytes, .. } => bytes.len() as u64,
    };
    let (bytes, limit) = (bytes >> 20, settings.max_memory_bytes >> 20);
    if bytes <= limit {
        return Ok(());
    }
    Err(format!("strizh.ai.maxMemoryMegabytes: the model takes {bytes} MB, allowed are {limit}"))
}

fn layers(settings: &AiSettings, problems: &mut Vec<String>) -> Vec<Arc<dyn Layer>> {
    let shared = &settings.shared_cache;
    if shared.url.is_empty() {
        return Vec::new();
    }
    let config = json!({
        "url": shared.url,
        "passwordEnvironment": Some(&shared.password_variable).filter(|name| !name.is_empty()),
        "allowedHosts": [host_of(&shared.url)],
    });
    let cache =
        serde_json::from_value::<SharedCacheConfig>(config).map_err(|error| error.to_string()).and_then(
            |config| SharedCache::new(&config, SystemClock::shared()).map_err(|error| error.to_string()),
        );
    match cache {
        Ok(cache) => vec![Arc::new(cache)],
        Err(error) => {
            problems.push(format!("strizh.ai.sharedCache: {error}"));
            Vec::new()
        }
    }
}

fn elsewhere(
    settings: &AiSettings,
    lines: Arc<ProjectLines>,
    store: LayeredCache,
) -> Result<Option<Elsewhere>, String> {
    let remote = &settings.remote;
    if remote.url.is_empty() {
        return Ok(None);
    }
    // The user has written this very address, so its host is allowed.
    let config = json!({
        "kind": remote.protocol,
        "template": remote.template,
        "url": remote.url,
        "model": remote.model,
        "keyEnvironment": Some(&remote.key_variable).filter(|name| !name.is_empty()),
        "allowedHosts": [host_of(&remote.url)],
        "exclude": settings.disabled_folders,
        "timeoutMs": u64::try_from(remote.timeout.as_millis()).unwrap_or(u64::MAX),
    });
    let named = |error: String| format!("strizh.ai.remote: {error}");
    let config: RemoteConfig = serde_json::from_value(config).map_err(|error| named(error.to_string()))?;
    let engine =
        RemoteEngine::new(config, SystemClock::shared()).map_err(|error| named(error.to_string()))?;
    let engine = Arc::new(engine);
    let completer = Completer::new(lines);
    completer.set_engine(Some(Arc::clone(&engine) as Arc<dyn Engine>));
    let cache = CompletionCache::new(store, &format!("remote {} {}", remote.url, remote.model));
    Ok(Some(Elsewhere { engine, completer, cache, url: remote.url.clone() }))
}

/// `https://user@host:8080/path` → `host`.
fn host_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    match host.strip_prefix('[') {
        Some(address) => address.split(']').next().unwrap_or_default().to_owned(),
        None => host.split(':').next().unwrap_or_default().to_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_found_in_addresses() {
        for (url, host) in [
            ("https://Models.Example/v1", "models.example"),
            ("http://127.0.0.1:8080", "127.0.0.1"),
            ("https://key@host:1/x", "host"),
            ("http://[::1]:8080/", "::1"),
            ("", ""),
        ] {
            assert_eq!(host_of(url), host);
        }
    }

    #[test]
    fn a_model_that_is_too_large_is_refused() {
        let settings = AiSettings { max_memory_bytes: 16 << 20, ..AiSettings::default() };
        let source = ModelSource::Embedded { name: "m", bytes: &[0; 17 << 20] };
        assert!(check_size(&source, &settings).is_err());
    }

    #[test]
    fn an_address_without_encryption_is_named() {
        let mut settings = AiSettings { max_memory_bytes: 0, ..AiSettings::default() };
        settings.remote.url = "http://models.example".to_owned();
        let tiers = Tiers::open(&settings);
        assert!(!tiers.has_remote());
        assert!(tiers.status().message.contains("strizh.ai.remote"), "{:?}", tiers.status());
    }
}
