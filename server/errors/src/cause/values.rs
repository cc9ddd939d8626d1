//! Values in expressions: conversions, comparisons, indexes, divisions.

use base::Edit;
use syntax::{NodeId, NodeKind, Role, TokenKind};

use super::members::add_emptiness_checks;
use super::queries::add_null_checks;
use super::{Case, Confidence, Findings};
use crate::repair::{guard, is_plain};
use crate::trace::say;

const CONVERSIONS: [(&str, &str); 3] = [("Число", "Number"), ("Дата", "Date"), ("Булево", "Boolean")];

/// An operand or an argument that cannot be converted.
pub(super) fn conversion(case: &Case<'_, '_>) -> Findings {
    let code = &case.spot.code;
    let tree = &code.tree;
    let is_conversion = |call: &NodeId| {
        let name = code.called_name(*call).map(|name| code.node_text(name)).unwrap_or_default();
        CONVERSIONS.iter().any(|(ru, en)| base::same_name(ru, name) || base::same_name(en, name))
    };
    let calls = case.nodes(|kind| kind == NodeKind::Call);
    let call = calls.into_iter().find(is_conversion);
    let argument = call.and_then(|call| code.arguments(call).first().copied().flatten());
    let mut subjects: Vec<NodeId> = argument.into_iter().collect();
    let operations = case.nodes(|kind| matches!(kind, NodeKind::Binary | NodeKind::Unary));
    subjects.extend(operations.into_iter().flat_map(|operation| tree.children(operation)));
    let conditions = case.nodes(|kind| matches!(kind, NodeKind::If | NodeKind::While));
    subjects.extend(conditions.into_iter().filter_map(|node| tree.child(node, Role::Condition)));
    subjects.retain(|node| !tree.kind(*node).is_literal() && tree.kind(*node) != NodeKind::Binary);
    let (mut findings, subject) = case.trace(&subjects);
    let Some(subject) = subject else { return findings };
    let shown = code.shown(subject);
    let text = say!(case.locale, "преобразуется {shown}", "{shown} is converted");
    findings.steps.insert(0, case.error_step(subject, text));
    add_null_checks(case, &mut findings);
    if findings.confidence != Confidence::MessageOnly {
        add_emptiness_checks(case, subject, &mut findings);
    }
    if let Some(argument) = argument {
        findings.add(without_blanks(case, argument));
    }
    findings
}

/// `Число(СтрЗаменить(Текст, Символы.НПП, ""))`
fn without_blanks(case: &Case<'_, '_>, argument: NodeId) -> Option<crate::Repair> {
    let code = &case.spot.code;
    let wording = case.wording();
    let replace = wording.name("СтрЗаменить", "StrReplace");
    if code.node_text(argument).contains(replace) {
        return None;
    }
    let blank = wording.name("Символы.НПП", "Chars.NBSp");
    let text = format!("{replace}({replace}({}, {blank}, \"\"), \" \", \"\")", code.node_text(argument));
    let title = say!(
        case.locale,
        "Убрать пробелы и неразрывные пробелы до преобразования",
        "Take out blanks, also non-breaking ones, before the conversion"
    );
    case.repair(title, vec![Edit::replace(code.tree.range(argument), text)])
}

/// Something without order is compared.
pub(super) fn comparison(case: &Case<'_, '_>) -> Findings {
    let code = &case.spot.code;
    let tree = &code.tree;
    let is_order = |node: &NodeId| {
        let signs = [TokenKind::Less, TokenKind::LessOrEqual, TokenKind::Greater, TokenKind::GreaterOrEqual];
        signs.into_iter().any(|sign| tree.own_token(*node, sign).is_some())
    };
    let comparisons: Vec<NodeId> =
        case.nodes(|kind| kind == NodeKind::Binary).into_iter().filter(is_order).collect();
    let operands = comparisons.iter().flat_map(|node| tree.children(*node));
    let operands: Vec<NodeId> = operands.filter(|node| !tree.kind(*node).is_literal()).collect();
    let (mut findings, subject) = case.trace(&operands);
    let Some(subject) = subject else { return findings };
    let shown = code.shown(subject);
    let text = say!(case.locale, "сравнивается {shown}", "{shown} is compared");
    findings.steps.insert(0, case.error_step(subject, text));
    add_null_checks(case, &mut findings);
    add_emptiness_checks(case, subject, &mut findings);
    findings
}

/// An index behind the end.
pub(super) fn bounds(case: &Case<'_, '_>) -> Findings {
    let mut findings = Findings::default();
    let code = &case.spot.code;
    let tree = &code.tree;
    for node in case.nodes(|kind| kind == NodeKind::Index) {
        let Some(index) = tree.child(node, Role::Index) else { continue };
        let Some(object) = tree.child(node, Role::Object) else { continue };
        let shown = code.shown(node);
        findings.subject = Some(shown.clone());
        let text = say!(case.locale, "берётся {shown}", "{shown} is taken");
        findings.steps = vec![case.error_step(node, text)];
        if bound_of_loop(case, index, &mut findings) {
            return findings;
        }
        if is_plain(code, object) {
            let wording = case.wording();
            let count = wording.name("Количество", "Count");
            let condition = format!("{}.{count}() <= {}", code.node_text(object), code.node_text(index));
            let title = say!(
                case.locale,
                "Проверить {condition} перед обращением",
                "Check {condition} before it is used"
            );
            let edits = guard(code, node, &condition, wording).filter(|_| is_plain(code, index));
            findings.add(edits.and_then(|edits| case.repair(title, edits)));
            findings.confidence = Confidence::Possible;
        }
    }
    findings
}

/// `Для Номер = 0 По Список.Количество() Цикл` goes one too far.
fn bound_of_loop(case: &Case<'_, '_>, index: NodeId, findings: &mut Findings) -> bool {
    let code = &case.spot.code;
    let tree = &code.tree;
    let name = code.node_text(index);
    let is_its = |node: &NodeId| {
        tree.kind(*node) == NodeKind::For && base::same_name(code.child_text(*node, Role::Variable), name)
    };
    let Some(around) = tree.ancestors(index).find(is_its) else { return false };
    let Some(to) = tree.child(around, Role::To) else { return false };
    let last = if tree.kind(to) == NodeKind::Call { code.called_name(to) } else { None };
    let last = last.map(|name| code.node_text(name)).unwrap_or_default();
    if !["Количество", "Count"].iter().any(|count| base::same_name(count, last)) {
        return false;
    }
    let begins_at_one = code.child_text(around, Role::From).trim() == "1";
    let shown = code.shown(to);
    let text = say!(
        case.locale,
        "цикл доходит до {shown}, а последний индекс на единицу меньше",
        "the loop goes up to {shown}, the last index is one less"
    );
    findings.steps.push(crate::trace::Step {
        code: code.clone(),
        range: tree.range(to),
        role: crate::trace::StepRole::Origin,
        text,
    });
    findings.confidence = Confidence::Certain;
    let (title, edit) = if begins_at_one {
        let title = say!(case.locale, "Брать индекс {name} - 1", "Take index {name} - 1");
        (title, Edit::insert(tree.range(index).end, " - 1"))
    } else {
        let title = say!(case.locale, "Исправить границу: {shown} - 1", "Correct the bound: {shown} - 1");
        (title, Edit::insert(tree.range(to).end, " - 1"))
    };
    findings.add(case.repair(title, vec![edit]));
    true
}

/// A divisor of zero.
pub(super) fn division(case: &Case<'_, '_>) -> Findings {
    let mut findings = Findings::default();
    let code = &case.spot.code;
    let tree = &code.tree;
    let is_division = |node: &NodeId| {
        [TokenKind::Slash, TokenKind::Percent].into_iter().any(|sign| tree.own_token(*node, sign).is_some())
    };
    let divisions = case.nodes(|kind| kind == NodeKind::Binary).into_iter().filter(is_division);
    for node in divisions {
        let Some(divisor) = tree.child(node, Role::Right) else { continue };
        let inner = match tree.kind(divisor) {
            NodeKind::Parenthesized => tree.children(divisor).next().unwrap_or(divisor),
            _ => divisor,
        };
        let shown = code.shown(inner);
        findings.subject.get_or_insert_with(|| shown.clone());
        let text = say!(case.locale, "делитель — {shown}", "the divisor is {shown}");
        findings.steps.push(case.error_step(divisor, text));
        if tree.kind(inner) == NodeKind::Number {
            continue;
        }
        findings.confidence = Confidence::Possible;
        if is_plain(code, inner) {
            let wording = case.wording();
            let condition = format!("{shown} = 0");
            let title =
                say!(case.locale, "Проверить {shown} на ноль перед делением", "Check {shown} for zero first");
            let edits = guard(code, node, &condition, wording);
            findings.add(edits.and_then(|edits| case.repair(title, edits)));
            let text = format!("?({shown} = 0, 0, {})", code.node_text(node));
            let title = say!(
                case.locale,
                "Считать частное нулём, если {shown} = 0",
                "Take 0 as the quotient if {shown} = 0"
            );
            let change = case.repair(title, vec![Edit::replace(tree.range(node), text)]);
            findings.add(change.map(|change| crate::Repair { needs_review: true, ..change }));
        }
    }
    // One division on the line is the one.
    if findings.steps.len() == 1 {
        findings.confidence = Confidence::Certain;
    }
    findings
}
