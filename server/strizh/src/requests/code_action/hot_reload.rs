//! The action that brings a module into the living infobase, where that is switched on.

use tower_lsp::gen_lsp_types as lsp;

use crate::reload::RELOAD;
use crate::requests::code_action::Request;

pub(crate) fn actions(request: &Request<'_>, actions: &mut Vec<lsp::CodeAction>) {
    let is_enabled = request.snapshot.settings.infobase.is_enabled;
    if !is_enabled || request.open.module.is_oscript || !request.wants("source.hotReload") {
        return;
    }
    let title = request.say("Перезагрузить модуль на лету", "Hot reload this module");
    actions.push(lsp::CodeAction {
        kind: Some(lsp::CodeActionKind::Source),
        command: Some(lsp::Command {
            title: title.clone(),
            tooltip: None,
            command: RELOAD.to_owned(),
            arguments: serde_json::to_value(&request.open.uri).ok().map(|uri| vec![uri]),
        }),
        title,
        ..lsp::CodeAction::default()
    });
}
