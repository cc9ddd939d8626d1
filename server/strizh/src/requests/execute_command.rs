//! `workspace/executeCommand`: starts work in the background and answers at once.

use serde_json::Value;
use tower_lsp::gen_lsp_types as lsp;

use crate::lsp::{CHECK_WORKSPACE, Errand, World, progress_token};

/// `None` for a command that does not exist.
pub(crate) fn handle(world: &World, params: lsp::ExecuteCommandParams) -> Option<Option<Value>> {
    if params.command != CHECK_WORKSPACE {
        return None;
    }
    let token = params.work_done_progress_params.work_done_token.as_ref().map(progress_token);
    world.send_errand(Errand::CheckWorkspace(token));
    Some(None)
}
