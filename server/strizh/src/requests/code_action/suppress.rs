//! "Switch off here": comments that silence a rule in a line, in the selection, or in the module.

use base::Edit;
use lints::Finding;
use tower_lsp::gen_lsp_types as lsp;

use crate::requests::code_action::Request;

/// Three actions per rule that is shown.
pub(crate) fn actions(
    request: &Request<'_>,
    shown: &[(&Finding, &lsp::Diagnostic)],
    actions: &mut Vec<lsp::CodeAction>,
) {
    let mut seen = Vec::new();
    for (finding, diagnostic) in shown {
        let key = finding.rule.info().key;
        if seen.contains(&key) {
            continue;
        }
        seen.push(key);
        let mut push = |title: String, edits: Vec<Edit>| {
            let diagnostics = vec![(*diagnostic).clone()];
            actions.push(request.action(title, lsp::CodeActionKind::QuickFix, diagnostics, edits));
        };
        let line = diagnostic.range.start.line;
        push(
            request.say(&format!("Отключить {key} в строке"), &format!("Switch off {key} in this line")),
            vec![Edit::insert(line_end(request, line), format!(" // BSLLS:{key}-off"))],
        );
        if request.range.start.line < request.range.end.line {
            push(
                request.say(
                    &format!("Отключить {key} в выделении"),
                    &format!("Switch off {key} in the selection"),
                ),
                around_selection(request, key),
            );
        }
        push(
            request.say(&format!("Отключить {key} в модуле"), &format!("Switch off {key} in the module")),
            vec![Edit::insert(0, format!("// BSLLS:{key}-off{}", line_break(request)))],
        );
    }
}

fn around_selection(request: &Request<'_>, key: &str) -> Vec<Edit> {
    let lsp::Range { start, end } = request.range;
    let last_line = if end.character == 0 { end.line - 1 } else { end.line };
    let line_break = line_break(request);
    let first = request.converter().offset(lsp::Position { line: start.line, character: 0 });
    vec![
        Edit::insert(first, format!("// BSLLS:{key}-off{line_break}")),
        Edit::insert(line_end(request, last_line), format!("{line_break}// BSLLS:{key}-on")),
    ]
}

fn line_end(request: &Request<'_>, line: u32) -> u32 {
    request.converter().offset(lsp::Position { line, character: u32::MAX })
}

/// The line break that the module uses.
fn line_break(request: &Request<'_>) -> &'static str {
    let document = &request.open.document;
    let first_line = request.converter().offset(lsp::Position { line: 1, character: 0 });
    let before = base::TextRange { start: first_line.saturating_sub(2), end: first_line };
    if document.slice(before) == "\r\n" { "\r\n" } else { "\n" }
}
