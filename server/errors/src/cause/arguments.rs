//! Arguments: too few, too many, of a wrong value.

use base::{Edit, TextRange};
use semantics::Definition;
use syntax::{NodeId, NodeKind, Role};

use super::members::add_emptiness_checks;
use super::{Case, Confidence, Findings};
use crate::trace::{Step, StepRole, say};

/// The call on the line that does not agree with its method.
pub(super) fn count(case: &Case<'_, '_>) -> Findings {
    let mut findings = Findings::default();
    let code = &case.spot.code;
    for call in case.nodes(|kind| kind == NodeKind::Call) {
        let Some(Definition::Method { module, index }) = case.bench.callee(code, call) else { continue };
        let Some((home, method)) = case.bench.method(module, index) else { continue };
        let facts = case.bench.project.module(module).and_then(|module| module.method(index));
        let Some(facts) = facts else { continue };
        let (passed, most) = (code.arguments(call), facts.parameters().len());
        let required = facts.parameters().filter(|parameter| parameter.fact().default.is_none()).count();
        let given = passed.len();
        let is_left_out = facts.parameters().enumerate().any(|(at, parameter)| {
            parameter.fact().default.is_none() && passed.get(at).copied().flatten().is_none()
        });
        if given <= most && !is_left_out {
            continue;
        }
        let name = home.method_name(method).to_owned();
        findings.subject = Some(code.shown(call));
        findings.confidence = Confidence::Certain;
        let text = say!(
            case.locale,
            "в вызове {name} параметров: {given}",
            "parameters in the call of {name}: {given}"
        );
        findings.steps.push(case.error_step(call, text));
        let names: Vec<&str> = facts.parameters().map(|parameter| parameter.fact().name.as_str()).collect();
        let names = names.join(", ");
        let text = say!(
            case.locale,
            "{name}({names}): обязательных параметров {required}, всего {most}",
            "{name}({names}): {required} required parameters of {most}"
        );
        let range = home.tree.child(method, Role::Name).map(|name| home.tree.range(name)).unwrap_or_default();
        findings.steps.push(Step { code: home.clone(), range, role: StepRole::Origin, text });
        if given > most {
            findings.add(without_rest(case, call, &passed, most));
        }
        return findings;
    }
    findings
}

/// The call without the arguments that nobody takes.
fn without_rest(
    case: &Case<'_, '_>,
    call: NodeId,
    passed: &[Option<NodeId>],
    most: usize,
) -> Option<crate::Repair> {
    let tree = &case.spot.code.tree;
    let list = tree.range(tree.child(call, Role::Arguments)?);
    let start = match most.checked_sub(1) {
        Some(last) => tree.range(passed.get(last).copied().flatten()?).end,
        None => list.start + 1,
    };
    let end = list.end.checked_sub(1)?;
    let title = say!(case.locale, "Убрать лишние параметры", "Remove the extra parameters");
    let change = case.repair(title, vec![Edit::delete(TextRange::new(start, end))])?;
    Some(crate::Repair { needs_review: true, ..change })
}

/// The argument that the message numbers.
pub(super) fn value(case: &Case<'_, '_>) -> Findings {
    let code = &case.spot.code;
    let Some(position) = case.details.number.and_then(|number| number.checked_sub(1)) else {
        return Findings::default();
    };
    let calls = case.nodes(|kind| matches!(kind, NodeKind::Call | NodeKind::New));
    let argument = |call: &NodeId| code.arguments(*call).get(position).copied().flatten();
    let arguments: Vec<NodeId> = calls.iter().filter_map(argument).collect();
    let (mut findings, subject) = case.trace(&arguments);
    let Some(subject) = subject else { return findings };
    let shown = code.shown(subject);
    let text = say!(case.locale, "передано {shown}", "{shown} is passed");
    findings.steps.insert(0, case.error_step(subject, text));
    if findings.confidence != Confidence::MessageOnly {
        add_emptiness_checks(case, subject, &mut findings);
    }
    findings
}

/// `Новый Структура("А, Б", 1)`: more keys than values are fine, the other way round is not.
pub(super) fn constructor(case: &Case<'_, '_>) -> Findings {
    let mut findings = Findings::default();
    let code = &case.spot.code;
    for new in case.nodes(|kind| kind == NodeKind::New) {
        let type_name = code.child_text(new, Role::Type);
        if !case.name().is_empty() && !base::same_name(type_name, case.name()) {
            continue;
        }
        findings.subject = Some(code.shown(new));
        let shown = code.shown(new);
        let text = say!(case.locale, "создаётся {shown}", "{shown} is created");
        findings.steps.push(case.error_step(new, text));
        let is_structure = ["Структура", "Structure", "ФиксированнаяСтруктура", "FixedStructure"]
            .iter()
            .any(|name| base::same_name(name, type_name));
        let arguments = code.arguments(new);
        let keys = arguments.first().copied().flatten();
        let keys = keys.filter(|keys| code.tree.kind(*keys) == NodeKind::String);
        if let Some(keys) = keys.filter(|_| is_structure) {
            check_keys(case, code.node_text(keys), arguments.len() - 1, &mut findings);
        }
        break;
    }
    findings
}

fn check_keys(case: &Case<'_, '_>, literal: &str, values: usize, findings: &mut Findings) {
    let text = literal.trim_matches('"');
    let keys: Vec<&str> = text.split(',').map(str::trim).filter(|key| !key.is_empty()).collect();
    let is_name = |key: &&str| {
        key.chars().all(|letter| letter.is_alphanumeric() || letter == '_')
            && !key.starts_with(|letter: char| letter.is_ascii_digit())
    };
    let count = keys.len();
    if let Some(wrong) = keys.iter().find(|key| !is_name(key)) {
        findings.confidence = Confidence::Certain;
        findings.notes.push(say!(
            case.locale,
            "ключ «{wrong}» — не имя: ключи структуры пишутся как имена переменных",
            "key \"{wrong}\" is no name: keys of a structure are written like variables"
        ));
    }
    if values > count {
        findings.confidence = Confidence::Certain;
        findings.notes.push(say!(
            case.locale,
            "ключей {count}, а значений {values}",
            "there are {count} keys and {values} values"
        ));
    }
}
