//! Commands of the server about hot reload.

use std::sync::Arc;

use serde_json::{Value, json};
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::{Error, Result};

use crate::lsp::{Errand, Uri, World, progress_token};
use crate::reload::Wish;

pub(crate) const RELOAD: &str = "strizh.hotReload";
pub(crate) const RELOAD_PLAN: &str = "strizh.planHotReload";
pub(crate) const UNDO: &str = "strizh.undoHotReload";
pub(crate) const HISTORY: &str = "strizh.hotReloadHistory";

/// Runs one of the commands above; `None` for another one.
pub(crate) fn run_command(
    world: &Arc<World>,
    params: &lsp::ExecuteCommandParams,
) -> Option<Result<Option<Value>>> {
    let wish = match params.command.as_str() {
        RELOAD => Wish::Asked,
        RELOAD_PLAN => Wish::Plan,
        UNDO => Wish::Undo,
        HISTORY => return Some(Ok(serde_json::to_value(world.reloads.history()).ok())),
        _ => return None,
    };
    let arguments = serde_json::to_value(&params.arguments).unwrap_or_default();
    let uri = arguments.get(0).and_then(|uri| serde_json::from_value::<Uri>(uri.clone()).ok());
    let Some(uri) = uri else { return Some(Err(Error::invalid_params("expected uri"))) };
    let number = world.reloads.submit(world, &world.snapshot(), &uri, wish);
    if let Some(number) = number {
        let token = params.work_done_progress_params.work_done_token.as_ref().map(progress_token);
        world.send_errand(Errand::ShowReload(number, token));
    }
    Some(Ok(number.map(|number| json!({"number": number}))))
}
