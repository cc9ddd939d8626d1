//! `textDocument/inlineCompletion`: text-to-be at the caret. Every request is answered once: with content, with an empty
//! list where there is nothing to suggest, with nothing at all when a newer request or a newer text has come.

mod item;
mod question;

use std::sync::Arc;
use std::time::Duration;

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::lsp::{SNAPSHOT, World};
pub(crate) use crate::requests::inline_completion::item::fit;
use crate::requests::inline_completion::question::{Answer, Question};

/// After how long an automatic request asks the model here, and the one elsewhere. Lines and caches are asked at once.
const MODEL_PAUSE: Duration = Duration::from_millis(15);
const REMOTE_PAUSE: Duration = Duration::from_millis(300);
/// How long a request of the user waits for the model to be loaded.
const LOADING_PATIENCE: Duration = Duration::from_secs(2);

pub(crate) async fn handle(
    world: &Arc<World>,
    params: lsp::InlineCompletionParams,
) -> Result<Option<lsp::InlineCompletionResponse>> {
    let (number, generation) = SNAPSHOT.with(|snapshot| {
        let uri = &params.text_document_position_params.text_document.uri;
        (snapshot.number, snapshot.document(uri).map(|open| open.generation))
    });
    let assistant = &world.assistant;
    assistant.give_way();
    assistant.count(|hits| hits.requests += 1);
    let mut ticket = assistant.desk.ticket(number);
    let question = Question::new(Arc::clone(world), params);
    let answer = tokio::select! {
        biased;
        () = ticket.superseded() => return Ok(None),
        answer = question.answer() => answer?,
    };
    let current = world.snapshot().document(&question.uri).map(|open| open.generation);
    if !ticket.is_newest() || current != generation {
        return Ok(None);
    }
    let Answer { items, shown, is_instant } = answer;
    if !items.is_empty() {
        assistant.count(|hits| {
            hits.shown += 1;
            hits.instant += u64::from(is_instant);
        });
        *assistant.shown.lock() = shown;
    }
    Ok(Some(lsp::InlineCompletionResponse::InlineCompletionList(lsp::InlineCompletionList { items })))
}
