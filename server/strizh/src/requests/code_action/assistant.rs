//! Actions of completion by a model. Each is a command of the server, which answers with one edit.

use tower_lsp::gen_lsp_types as lsp;

use crate::requests::assistant::{DOCUMENT, GENERATE, asking_line};
use crate::requests::code_action::Request;
use crate::settings::AiMode;

pub(crate) fn actions(request: &Request<'_>, actions: &mut Vec<lsp::CodeAction>) {
    let session = &request.snapshot.session;
    let is_off = request.snapshot.settings.ai.mode == AiMode::Off;
    if !session.applies_edits
        || request.range.start != request.range.end
        || !request.wants("refactor.rewrite")
    {
        return;
    }
    let offset = request.converter().offset(request.range.start);
    if !is_off && asking_line(&request.open.document, offset).is_some() {
        let title =
            request.say("Strizh AI: написать код по комментарию", "Strizh AI: write code from the comment");
        actions.push(action(request, title, GENERATE));
    }
    if is_in_header(request, offset) {
        let title = request.say("Документировать метод с типами", "Document the method with types");
        actions.push(action(request, title, DOCUMENT));
    }
}

/// In the first line of a method without a comment above it.
fn is_in_header(request: &Request<'_>, offset: u32) -> bool {
    let document = &request.open.document;
    let facts = request.open.facts();
    let Some(method) = facts.method_at(offset) else { return false };
    let line = document.rope().byte_to_line(offset as usize);
    line == method.place().line as usize && method.description().is_none()
}

fn action(request: &Request<'_>, title: String, command: &str) -> lsp::CodeAction {
    let arguments = [serde_json::to_value(&request.open.uri), serde_json::to_value(request.range.start)];
    lsp::CodeAction {
        kind: Some(lsp::CodeActionKind::RefactorRewrite),
        command: Some(lsp::Command {
            title: title.clone(),
            tooltip: None,
            command: command.to_owned(),
            arguments: arguments.into_iter().collect::<Result<_, _>>().ok(),
        }),
        title,
        ..lsp::CodeAction::default()
    }
}
