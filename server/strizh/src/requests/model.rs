//! `strizh/model`: the state of the model, for editors and people.

use serde_json::Value;
use tower_lsp::jsonrpc::Result;

use crate::lsp::World;

pub(crate) fn handle(world: &World) -> Result<Value> {
    Ok(world.assistant.report())
}
