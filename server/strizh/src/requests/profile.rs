//! Commands about measurements: one is read from a file and shown, or taken away.

use std::path::PathBuf;
use std::sync::Arc;

use base::Locale;
use serde_json::{Value, json};
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::{Error, Result};

use crate::lsp::World;
use crate::measured::{Measured, summary};

pub(crate) const IMPORT: &str = "strizh.profile.import";
pub(crate) const CLEAR: &str = "strizh.profile.clear";

/// Runs one of the commands above; `None` for another one.
pub(crate) async fn run_command(
    world: &Arc<World>,
    command: &str,
    arguments: &[Value],
) -> Option<Result<Option<Value>>> {
    match command {
        IMPORT => Some(import(world, arguments).await),
        CLEAR => {
            world.set_measured(Measured::default());
            Some(Ok(None))
        }
        _ => None,
    }
}

/// Takes a path or the address of a file.
async fn import(world: &Arc<World>, arguments: &[Value]) -> Result<Option<Value>> {
    let Some(text) = arguments.first().and_then(Value::as_str) else {
        return Err(Error::invalid_params("expected the path of a profile"));
    };
    let uri = serde_json::from_value::<lsp::Uri>(json!(text)).ok().filter(|_| text.starts_with("file:"));
    let path = uri.and_then(|uri| uri.to_file_path().ok()).unwrap_or_else(|| PathBuf::from(text));
    let read = tokio::task::spawn_blocking(move || Measured::read(&path)).await;
    let language = world.snapshot().settings.language;
    match read {
        Ok(Ok(measured)) => {
            let message = measured.profile().map(|profile| summary(profile, language)).unwrap_or_default();
            let (modules, lines) = measured.profile().map_or((0, 0), |profile| {
                (profile.modules.len(), profile.modules.iter().map(|module| module.lines.len()).sum())
            });
            world.set_measured(measured);
            world.outbox.send_or_drop("window/showMessage", &json!({"type": 3, "message": message}));
            Ok(Some(json!({"modules": modules, "lines": lines})))
        }
        Ok(Err(problem)) => {
            let head = match language {
                Locale::Ru => "Замер не загружен",
                Locale::En => "The measurement is not loaded",
            };
            let message = format!("{head}: {problem}");
            world.outbox.send_or_drop("window/showMessage", &json!({"type": 2, "message": message}));
            Err(Error::invalid_params(message))
        }
        Err(_) => Err(Error::internal_error()),
    }
}
