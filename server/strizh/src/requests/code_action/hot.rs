//! What makes measured lines faster, offered at the hints that name their causes.

use base::CancelToken;
use ide::HotFinding;
use tower_lsp::gen_lsp_types as lsp;

use crate::lsp::{hot_diagnostic, hot_findings};
use crate::requests::code_action::{Request, refactor};

pub(super) fn actions(request: &Request<'_>, token: &CancelToken, actions: &mut Vec<lsp::CodeAction>) {
    if !request.wants("quickfix") {
        return;
    }
    let touched = request.converter().text_range(request.range);
    for finding in hot_findings(request.open, request.snapshot, token) {
        let is_touched = finding.range.start <= touched.end && touched.start <= finding.range.end;
        if is_touched {
            actions.extend(action(request, &finding));
        }
    }
}

fn action(request: &Request<'_>, finding: &HotFinding) -> Option<lsp::CodeAction> {
    let cause = finding.cause?;
    let (id, (russian, english)) = cause.rewrites().iter().find_map(|(id, title)| {
        refactor::loop_rewrite(request, finding.range, id).is_some().then_some((*id, *title))
    })?;
    let edit = refactor::loop_rewrite(request, finding.range, id)?;
    let diagnostic = hot_diagnostic(finding, &request.converter());
    let mut action = request.action(
        request.say(russian, english),
        lsp::CodeActionKind::QuickFix,
        vec![diagnostic],
        edit.edits,
    );
    action.is_preferred = Some(true);
    Some(action)
}
