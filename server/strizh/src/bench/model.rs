//! How long suggestions of a model take while somebody types.

use std::path::{Path, PathBuf};
use std::time::Duration;

use ai::engine::replay;
use ai::{EngineOptions, EngineState, LocalEngine, ModelOptions, ModelSource};
use anyhow::bail;

use crate::bench::cached;
use crate::bench::process::resident_megabytes;

const KEYSTROKES: usize = 200;
const MAX_LOAD: Duration = Duration::from_secs(120);

/// Types into a text with the model of a file, or with the embedded one; compares methods of the modules, if there are any.
pub(crate) fn measure(
    file: Option<&Path>,
    text: &str,
    modules: &[PathBuf],
) -> anyhow::Result<Vec<(&'static str, String)>> {
    let source = match file {
        Some(path) => ModelSource::Path(path.to_owned()),
        None => ModelSource::Embedded { name: ai::embedded::NAME, bytes: ai::embedded::BYTES },
    };
    let before = resident_megabytes(std::process::id());
    let engine = LocalEngine::open(source, ModelOptions::default(), EngineOptions::default());
    match engine.wait_until_loaded(MAX_LOAD) {
        EngineState::Ready => {}
        EngineState::Failed(why) => bail!("cannot load the model: {why}"),
        EngineState::Loading | EngineState::Stopped => bail!("the model is not loaded in time"),
    }
    let status = engine.status();
    let report = replay(&engine, text, KEYSTROKES)?;
    let memory = before.zip(resident_megabytes(std::process::id())).map(|(before, after)| after - before);
    let memory = memory.map_or_else(String::new, |megabytes| format!(", {megabytes:.0} MB"));
    let parameters = status.model.parameters as f64 / 1e6;
    let mut rows = vec![
        (
            "model: load, warm up",
            format!("{} ms, {} ms ({parameters:.1} M parameters{memory})", status.load_ms, status.warm_up_ms),
        ),
        ("model: first suggestion", format!("{:.1} ms", report.cold_ms)),
        (
            "model: keystroke, 12 tokens",
            format!(
                "median {:.1} ms, p95 {:.1} ms (of {:.0} tokens {:.1} read)",
                report.quantile(0.5),
                report.quantile(0.95),
                report.prompt_tokens,
                report.read_tokens
            ),
        ),
    ];
    rows.extend(cached::session(&engine, text));
    if !modules.is_empty() {
        rows.extend(cached::similar(&engine, modules));
    }
    Ok(rows)
}
