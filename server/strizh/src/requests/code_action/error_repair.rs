//! Repairs of the error that was explained last, at the lines that it is about.

use tower_lsp::gen_lsp_types as lsp;

use crate::lsp::path_of;
use crate::requests::code_action::Request;

pub(crate) fn actions(request: &Request<'_>, actions: &mut Vec<lsp::CodeAction>) {
    if !request.wants("quickfix") {
        return;
    }
    let path = path_of(&request.open.uri);
    let lines = request.range.start.line..=request.range.end.line;
    let text = || request.open.document.text();
    for offered in request.snapshot.repairs.lock().iter() {
        if !offered.fits(&path, &text, lines.clone()) {
            continue;
        }
        let title = &offered.repair.title;
        let title = request.say(&format!("Ошибка: {title}"), &format!("Error: {title}"));
        let edits = offered.repair.edits.clone();
        actions.push(request.action(title, lsp::CodeActionKind::QuickFix, Vec::new(), edits));
    }
}
