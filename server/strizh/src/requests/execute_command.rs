//! `workspace/executeCommand`: starts work in the background, or answers with what was asked.

use std::sync::Arc;

use serde_json::Value;
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::{Error, Result};

use crate::lsp::{CHECK_WORKSPACE, Errand, World, progress_token};
use crate::measuring;
use crate::reload;
use crate::requests::explain_error::EXPLAIN_ERROR;
use crate::requests::{assistant, explain_error, profile};

pub(crate) async fn handle(world: &Arc<World>, params: lsp::ExecuteCommandParams) -> Result<Option<Value>> {
    if params.command == CHECK_WORKSPACE {
        let token = params.work_done_progress_params.work_done_token.as_ref().map(progress_token);
        world.send_errand(Errand::CheckWorkspace(token));
        return Ok(None);
    }
    if let Some(answer) = reload::run_command(world, &params) {
        return answer;
    }
    let arguments = serde_json::to_value(&params.arguments).unwrap_or_default();
    let arguments = arguments.as_array().map_or(&[][..], Vec::as_slice);
    if let Some(done) = profile::run_command(world, &params.command, arguments).await {
        return done;
    }
    if let Some(done) = measuring::run_command(world, &params.command, arguments).await {
        return done;
    }
    if params.command == EXPLAIN_ERROR {
        return explain_error::handle(world, arguments).await;
    }
    let done = assistant::run_command(world, &params.command, arguments).await;
    done.unwrap_or_else(|| Err(Error::invalid_params("unknown command")))
}
