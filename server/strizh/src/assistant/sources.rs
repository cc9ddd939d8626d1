//! Opens what the settings name: the model, its experts, the caches, the engine elsewhere.

use std::sync::Arc;

use ai::cache::{CompletionCache, DiskCache, Layer, LayeredCache, SharedCache, SharedCacheConfig};
use ai::files::ModelsFolder;
use ai::remote::{RemoteConfig, RemoteEngine};
use ai::router::{ExpertEngine, ExpertOptions, Router};
use ai::{Completer, Engine, EngineOptions, LocalEngine, ModelOptions, ModelSource, ProjectLines};
use resilience::SystemClock;
use serde_json::json;

use crate::facts_store::{MODELS, SUGGESTIONS, cache_folder, create_folder};
use crate::settings::AiSettings;

/// The engine that the user has named.
pub(super) struct Elsewhere {
    pub(super) engine: Arc<RemoteEngine>,
    pub(super) completer: Completer,
    pub(super) cache: CompletionCache,
    pub(super) url: String,
}

/// The file of the user, else the model inside the binary.
pub(super) fn source(settings: &AiSettings) -> ModelSource {
    match &settings.model_file {
        Some(path) => ModelSource::Path(path.clone()),
        None => ModelSource::Embedded { name: ai::embedded::NAME, bytes: ai::embedded::BYTES },
    }
}

/// Weights alone may not take more than is allowed.
pub(super) fn check_size(source: &ModelSource, settings: &AiSettings) -> Result<(), String> {
    let (bytes, limit) = (source.size() >> 20, settings.max_memory_bytes >> 20);
    if bytes <= limit {
        return Ok(());
    }
    Err(format!("strizh.ai.maxMemoryMegabytes: the model takes {bytes} MB, allowed are {limit}"))
}

/// The experts of the user's file. They share what the base leaves of the memory.
pub(super) fn experts(
    settings: &AiSettings,
    base: &Arc<LocalEngine>,
    source: ModelSource,
) -> Result<Option<Arc<ExpertEngine>>, String> {
    let Some(path) = &settings.experts_file else { return Ok(None) };
    let named = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let text = std::fs::read_to_string(path).map_err(|error| named(&error))?;
    let folder = path.parent().unwrap_or(path);
    let router = Router::with_settings(&text, folder).map_err(|error| named(&error))?;
    let models = cache_folder().ok_or("the user has no folder for caches")?.join(MODELS);
    create_folder(&models).map_err(|error| format!("{}: {error}", models.display()))?;
    let options = ExpertOptions {
        max_bytes: settings.max_memory_bytes.saturating_sub(source.size()),
        base: source,
        model: ModelOptions::default(),
        engine: EngineOptions::default(),
        models: ModelsFolder::new(models),
    };
    Ok(Some(Arc::new(ExpertEngine::new(Arc::clone(base), router, options))))
}

/// Answers on the disk outlive the session: they are named by everything that changes them.
pub(super) fn name_of_answers(settings: &AiSettings) -> String {
    let files = [&settings.model_file, &settings.experts_file].into_iter().flatten();
    let files = files.map(|path| {
        let metadata = path.metadata().ok();
        let changed = metadata.as_ref().and_then(|metadata| metadata.modified().ok());
        format!(" {} {:?} {:?}", path.display(), metadata.map(|metadata| metadata.len()), changed)
    });
    format!("local {} {}{}", env!("CARGO_PKG_VERSION"), ai::embedded::NAME, files.collect::<String>())
}

pub(super) fn layers(settings: &AiSettings, problems: &mut Vec<String>) -> Vec<Arc<dyn Layer>> {
    let mut layers: Vec<Arc<dyn Layer>> = Vec::new();
    if settings.disk_cache_bytes > 0
        && let Some(folder) = cache_folder()
    {
        match DiskCache::open(&folder.join(SUGGESTIONS), settings.disk_cache_bytes, SystemClock::shared()) {
            Ok(disk) => layers.push(Arc::new(disk)),
            Err(error) => problems.push(format!("strizh.ai.diskCacheMegabytes: {error}")),
        }
    }
    layers.extend(shared_layer(settings, problems));
    layers
}

fn shared_layer(settings: &AiSettings, problems: &mut Vec<String>) -> Option<Arc<dyn Layer>> {
    let shared = &settings.shared_cache;
    if shared.url.is_empty() {
        return None;
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
        Ok(cache) => Some(Arc::new(cache)),
        Err(error) => {
            problems.push(format!("strizh.ai.sharedCache: {error}"));
            None
        }
    }
}

pub(super) fn elsewhere(
    settings: &AiSettings,
    lines: Arc<ProjectLines>,
    store: LayeredCache,
) -> Result<Option<Elsewhere>, String> {
    let remote = &settings.remote;
    if remote.url.is_empty() {
        return Ok(None);
    }
    // The user has written this very address, so its host is allowed.
    let exclude: Vec<&String> = settings.disabled_folders.iter().chain(&remote.exclude).collect();
    let config = json!({
        "kind": remote.protocol,
        "template": remote.template,
        "url": remote.url,
        "model": remote.model,
        "keyEnvironment": Some(&remote.key_variable).filter(|name| !name.is_empty()),
        "allowedHosts": [host_of(&remote.url)],
        "caFile": remote.certificate_file,
        "exclude": exclude,
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
    use crate::assistant::completions::Completions;
    use crate::assistant::tiers::Tiers;

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
