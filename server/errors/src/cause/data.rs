//! Transactions and endless calls.

use base::Edit;
use syntax::{NodeId, NodeKind, TokenKind, line_break};

use super::{Case, Confidence, Findings};
use crate::repair::indent_unit;
use crate::trace::calls::is_call_of;
use crate::trace::{Step, StepRole, say};

const BEGIN: [&str; 2] = ["НачатьТранзакцию", "BeginTransaction"];
const COMMIT: [&str; 2] = ["ЗафиксироватьТранзакцию", "CommitTransaction"];
const ROLL_BACK: [&str; 2] = ["ОтменитьТранзакцию", "RollbackTransaction"];

fn calls_of(case: &Case<'_, '_>, within: NodeId, names: [&str; 2]) -> Vec<NodeId> {
    let code = &case.spot.code;
    let is_it = |node: &NodeId| names.iter().any(|name| is_call_of(code, *node, name));
    code.tree.descendants(within).filter(is_it).collect()
}

/// Exceptions that are swallowed inside a transaction; calls that do not balance.
pub(super) fn transaction(case: &Case<'_, '_>) -> Findings {
    let mut findings = Findings::default();
    let code = &case.spot.code;
    let tree = &code.tree;
    let Some(method) = code.method_on(case.spot.line) else { return findings };
    let begins = calls_of(case, method, BEGIN);
    let (commits, rolls) = (calls_of(case, method, COMMIT).len(), calls_of(case, method, ROLL_BACK).len());
    let count = begins.len();
    if count > 0 && (commits < count || rolls < count) {
        findings.confidence = Confidence::Possible;
        findings.notes.push(say!(
            case.locale,
            "в методе начал транзакций {count}, фиксаций {commits}, отмен {rolls}",
            "transactions in the method: {count} begun, {commits} committed, {rolls} rolled back"
        ));
    }
    for clause in tree.descendants(method).filter(|node| tree.kind(*node) == NodeKind::ExceptClause) {
        let raises = tree.descendants(clause).any(|node| tree.kind(node) == NodeKind::Raise);
        let rolls_back = !calls_of(case, clause, ROLL_BACK).is_empty();
        let Some(attempt) = tree.parent(clause) else { continue };
        let commits_inside = !calls_of(case, attempt, COMMIT).is_empty();
        let is_inside = begins.iter().any(|begin| *begin < clause);
        if raises && (rolls_back || !commits_inside) || !is_inside {
            continue;
        }
        let text = if raises {
            say!(case.locale, "исключение не отменяет транзакцию", "the exception does not roll back")
        } else {
            say!(
                case.locale,
                "исключение проглочено: работа в сломанной транзакции продолжается",
                "the exception is swallowed: work goes on in a broken transaction"
            )
        };
        let keyword = tree.first_token(clause).map(|token| token.range()).unwrap_or_default();
        findings.steps.push(Step { code: code.clone(), range: keyword, role: StepRole::Origin, text });
        findings.confidence = Confidence::Likely;
        findings.add(handled(case, clause, rolls_back || !commits_inside, raises));
    }
    if findings.steps.len() > 1 {
        findings.confidence = Confidence::Possible;
    }
    findings
}

/// The clause with a rollback and the exception passed on.
fn handled(case: &Case<'_, '_>, clause: NodeId, rolls_back: bool, raises: bool) -> Option<crate::Repair> {
    let code = &case.spot.code;
    let tree = &code.tree;
    let wording = case.wording();
    let keyword = tree.first_token(clause)?.range();
    let (indent, nl) = (code.indent(keyword.start), line_break(&code.text));
    let inner = format!("{nl}{indent}{}", indent_unit(code));
    let mut edits = Vec::new();
    if !rolls_back {
        let roll_back = wording.name(ROLL_BACK[0], ROLL_BACK[1]);
        edits.push(Edit::insert(keyword.end, format!("{inner}{roll_back}();")));
    }
    if !raises {
        let last = tree.child_of_kind(clause, NodeKind::Block).and_then(|block| tree.children(block).last());
        let end = last.map_or(keyword.end, |last| tree.statement_range(last).end);
        edits.push(Edit::insert(end, format!("{inner}{};", wording.word(TokenKind::Raise))));
    }
    let title = say!(
        case.locale,
        "Отменить транзакцию и передать исключение дальше",
        "Roll back and raise the exception again"
    );
    case.repair(title, edits)
}

/// Methods that call each other without end.
pub(super) fn recursion(case: &Case<'_, '_>) -> Findings {
    let mut findings = Findings::default();
    let code = &case.spot.code;
    let frames = &case.frames[case.level.min(case.frames.len())..];
    let name_of = |frame: &crate::LocatedFrame| (frame.frame.module.clone(), frame.method.clone());
    let first = frames.first().map(name_of);
    let again =
        frames.iter().skip(1).position(|frame| first == Some(name_of(frame)) && !frame.method.is_empty());
    if let Some(length) = again {
        let cycle: Vec<String> =
            frames[..=length].iter().rev().map(|frame| format!("{}:{}", frame.method, frame.line)).collect();
        let shown = cycle.join(" → ");
        findings.notes.push(say!(
            case.locale,
            "вызовы идут по кругу: {shown}",
            "the calls go in circles: {shown}"
        ));
        findings.confidence = Confidence::Certain;
    }
    let Some(method) = code.method_on(case.spot.line) else { return findings };
    let name = code.method_name(method);
    findings.subject = Some(name.to_owned());
    for call in code.tree.descendants(method).filter(|node| is_call_of(code, *node, name)) {
        let text = say!(case.locale, "{name} вызывает себя", "{name} calls itself");
        findings.steps.push(Step {
            code: code.clone(),
            range: code.tree.range(call),
            role: StepRole::Origin,
            text,
        });
        findings.confidence = findings.confidence.max(Confidence::Likely);
    }
    let is_handler =
        ["ПередЗаписью", "BeforeWrite", "ПриЗаписи", "OnWrite", "ОбработкаПроведения", "Posting"]
            .iter()
            .any(|handler| base::same_name(handler, name));
    for call in calls_of(case, method, ["Записать", "Write"]).into_iter().filter(|_| is_handler) {
        let shown = code.shown(call);
        let text = say!(
            case.locale,
            "{shown} внутри {name} запускает тот же обработчик",
            "{shown} inside {name} starts the same handler"
        );
        let range = code.tree.range(call);
        findings.steps.push(Step { code: code.clone(), range, role: StepRole::Origin, text });
        findings.confidence = findings.confidence.max(Confidence::Likely);
    }
    findings
}
