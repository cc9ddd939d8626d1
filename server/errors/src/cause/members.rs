//! Properties and methods: of nothing, of the wrong value, misspelt.

use base::Edit;
use metadata::ObjectAspect;
use semantics::{Member, MemberKind, Type};
use syntax::{NodeId, NodeKind, Role, TokenKind, line_break};

use super::{Case, Confidence, Findings};
use crate::nearest::nearest;
use crate::repair::{guard, is_plain, repair};
use crate::trace::{Step, StepRole, say};

/// A member of a value that is no object.
pub(super) fn not_an_object(case: &Case<'_, '_>) -> Findings {
    let receivers = receivers(case);
    let (mut findings, subject) = case.trace(&receivers);
    let Some(subject) = subject else { return findings };
    let shown = case.spot.code.shown(subject);
    let text = say!(
        case.locale,
        "здесь обращаются к значению {shown}, а оно пустое",
        "{shown} is used here and is empty"
    );
    findings.steps.insert(0, case.error_step(subject, text));
    add_emptiness_checks(case, subject, &mut findings);
    findings
}

/// What stands before the dots, brackets and behind `Из` of the line, the named ones first.
fn receivers(case: &Case<'_, '_>) -> Vec<NodeId> {
    let code = &case.spot.code;
    let tree = &code.tree;
    let members = case.nodes(|kind| kind == NodeKind::Member);
    let object = |member: &NodeId| tree.child(*member, Role::Object);
    let is_named = |member: &&NodeId| base::same_name(code.child_text(**member, Role::Property), case.name());
    let mut named: Vec<NodeId> = members.iter().filter(is_named).filter_map(object).collect();
    if named.is_empty() {
        let is_receiver = |node: &NodeId| {
            let last = tree.child(*node, Role::Property).unwrap_or(*node);
            base::same_name(code.node_text(last), case.name())
        };
        named = members.iter().filter_map(object).filter(is_receiver).collect();
    }
    if named.is_empty() {
        let loops = case.nodes(|kind| kind == NodeKind::ForEach);
        named.extend(loops.into_iter().filter_map(|node| tree.child(node, Role::Collection)));
        let indexes = case.nodes(|kind| kind == NodeKind::Index);
        named.extend(indexes.into_iter().filter_map(|node| tree.child(node, Role::Object)));
        named.extend(members.iter().filter_map(object));
    }
    // Modules and managers are always there.
    let is_value = |node: &NodeId| {
        let value = case.bench.type_of(code, *node);
        !matches!(value, Type::Module(_) | Type::ManagerCollection(_) | Type::Description(_))
    };
    named.into_iter().filter(is_value).collect()
}

/// Checks before the use, in the order of how well they fit.
pub(super) fn add_emptiness_checks(case: &Case<'_, '_>, subject: NodeId, findings: &mut Findings) {
    let code = &case.spot.code;
    let wording = case.wording();
    let shown = code.node_text(subject);
    if !is_plain(code, subject) {
        findings.add(with_variable(case, subject));
        return;
    }
    let undefined = wording.word(TokenKind::Undefined);
    let condition = format!("{shown} = {undefined}");
    let title = say!(
        case.locale,
        "Проверить {shown} на {undefined} перед обращением",
        "Check {shown} for {undefined} before it is used"
    );
    // NULL of a query does not equal Неопределено.
    if !findings.steps.iter().any(is_in_query) {
        let edits = guard(code, subject, &condition, wording);
        findings.add(edits.and_then(|edits| case.repair(title, edits)));
    }
    let is_filled = wording.name("ЗначениеЗаполнено", "ValueIsFilled");
    let condition = format!("{} {is_filled}({shown})", wording.word(TokenKind::Not));
    let title = say!(
        case.locale,
        "Проверить заполнение {shown} перед обращением",
        "Check that {shown} is filled before it is used"
    );
    findings.add(guard(code, subject, &condition, wording).and_then(|edits| case.repair(title, edits)));
}

fn is_in_query(step: &Step) -> bool {
    let tree = &step.code.tree;
    let token = tree.token_at(step.range.start).and_then(|index| tree.tokens().get(index));
    step.role == StepRole::Origin && token.is_some_and(|token| token.kind.is_string())
}

/// The value gets a variable, for computing it twice costs or does something.
fn with_variable(case: &Case<'_, '_>, subject: NodeId) -> Option<crate::Repair> {
    let code = &case.spot.code;
    let tree = &code.tree;
    let wording = case.wording();
    let name = wording.name("ПроверяемоеЗначение", "CheckedValue");
    let undefined = wording.word(TokenKind::Undefined);
    if code.text.contains(name) {
        return None;
    }
    let statement = tree.enclosing_statement(subject)?;
    let (start, nl) = (tree.range(statement).start, line_break(&code.text));
    let indent = code.indent(start);
    let mut edits = guard(code, subject, &format!("{name} = {undefined}"), wording)?;
    for edit in &mut edits {
        edit.text = format!("{name} = {};{nl}{indent}{}", code.node_text(subject), edit.text);
    }
    edits.push(Edit::replace(tree.range(subject), name));
    let shown = code.shown(subject);
    let title = say!(
        case.locale,
        "Сохранить {shown} в переменную и проверить на {undefined}",
        "Keep {shown} in a variable and check it for {undefined}"
    );
    case.repair(title, edits)
}

/// Members on the line with the name of the message: the node, the name, the receiver and its type.
fn named_member(case: &Case<'_, '_>) -> Option<(NodeId, NodeId, NodeId, Type)> {
    let code = &case.spot.code;
    let tree = &code.tree;
    let members = case.nodes(|kind| kind == NodeKind::Member);
    let is_named = |member: &NodeId| base::same_name(code.child_text(*member, Role::Property), case.name());
    let member = members.into_iter().find(is_named)?;
    let (name, object) = (tree.child(member, Role::Property)?, tree.child(member, Role::Object)?);
    Some((member, name, object, case.bench.type_of(code, object)))
}

/// A property that the value does not have.
pub(super) fn field(case: &Case<'_, '_>) -> Findings {
    let mut findings = Findings::default();
    let Some((_, property, object, value)) = named_member(case) else { return findings };
    let code = &case.spot.code;
    let shown = code.shown(object);
    let (name, type_name) = (case.name(), shown_type(case, &value));
    let text =
        say!(case.locale, "у {shown} спрашивают свойство {name}", "property {name} is asked of {shown}");
    findings.steps.push(case.error_step(property, text));
    findings.subject = Some(shown.clone());
    let members = case.bench.scope(code.module).members(&value);
    let is_property = |member: &&Member| !matches!(member.kind, MemberKind::Method | MemberKind::Function);
    let names = members.iter().filter(is_property).flat_map(both_names);
    findings.add(replaced(case, property, nearest(name, names)));
    if !findings.repairs.is_empty() {
        findings.confidence = Confidence::Likely;
    }
    if !value.is_unknown() {
        findings.notes.push(say!(case.locale, "{shown} здесь — {type_name}", "{shown} is {type_name} here"));
    }
    // A key that is only misspelt needs no question.
    let is_misspelt = !findings.repairs.is_empty();
    let is_structure =
        value.is_unknown() || value.parts().iter().any(|part| matches!(part, Type::Structure { .. }));
    if is_structure && !is_misspelt && is_plain(code, object) {
        let wording = case.wording();
        let has = wording.name("Свойство", "Property");
        let condition = format!("{} {shown}.{has}(\"{name}\")", wording.word(TokenKind::Not));
        let title = say!(
            case.locale,
            "Спросить {shown}.{has}(\"{name}\") перед обращением",
            "Ask {shown}.{has}(\"{name}\") before it is used"
        );
        findings.add(guard(code, property, &condition, wording).and_then(|edits| case.repair(title, edits)));
    }
    if !value.is_unknown() {
        findings.confidence = findings.confidence.max(Confidence::Possible);
    }
    findings
}

fn both_names(member: &Member) -> [&str; 2] {
    [member.names.ru.as_str(), member.names.en.as_str()]
}

fn shown_type(case: &Case<'_, '_>, value: &Type) -> String {
    let project = case.bench.project;
    value.display(project, project.script(case.spot.code.module))
}

/// Another name instead of a misspelt one.
fn replaced(case: &Case<'_, '_>, name: NodeId, other: Option<&str>) -> Option<crate::Repair> {
    let other = other.filter(|other| !other.is_empty())?;
    let title = say!(case.locale, "Заменить на {other}", "Replace by {other}");
    case.repair(title, vec![Edit::replace(case.spot.code.tree.range(name), other)])
}

/// A method that the value does not have, or does not show.
pub(super) fn method(case: &Case<'_, '_>) -> Findings {
    let mut findings = Findings::default();
    let Some((_, name_node, object, value)) = named_member(case) else { return findings };
    let code = &case.spot.code;
    let (name, shown) = (case.name(), code.shown(object));
    let text = say!(case.locale, "у {shown} вызывают метод {name}", "method {name} is called of {shown}");
    findings.steps.push(case.error_step(name_node, text));
    findings.subject = Some(shown.clone());
    for part in value.parts() {
        if let Type::Module(module) = part {
            add_export(case, *module, &mut findings);
        }
    }
    if findings.repairs.is_empty() {
        let members = case.bench.scope(code.module).members(&value);
        let is_method = |member: &&Member| matches!(member.kind, MemberKind::Method | MemberKind::Function);
        let names = members.iter().filter(is_method).flat_map(both_names);
        findings.add(replaced(case, name_node, nearest(name, names)));
        if !value.is_unknown() {
            let type_name = shown_type(case, &value);
            findings.notes.push(say!(
                case.locale,
                "{shown} здесь — {type_name}; метода {name} у него нет",
                "{shown} is {type_name} here; it has no method {name}"
            ));
        }
        let is_found = !findings.repairs.is_empty();
        findings.confidence = if is_found { Confidence::Likely } else { Confidence::Possible };
    }
    findings
}

/// The method is there but not exported.
fn add_export(case: &Case<'_, '_>, module: semantics::ModuleId, findings: &mut Findings) {
    let Some(found) = case.bench.project.module(module) else { return };
    let Some(index) = found.find_method(case.name()) else { return };
    let Some((code, method)) = case.bench.method(module, index) else { return };
    if found.method(index).is_none_or(|method| method.is_export) {
        return;
    }
    let name = code.method_name(method).to_owned();
    let tree = &code.tree;
    let Some(list) = tree.child(method, Role::Parameters) else { return };
    let wording = crate::repair::Wording::of(&code, case.bench.project.script(module));
    let export = wording.word(TokenKind::Export);
    let text = say!(case.locale, "{name} есть, но без слова {export}", "{name} is there without {export}");
    let range = tree.child(method, Role::Name).map(|name| tree.range(name)).unwrap_or_default();
    findings.steps.push(Step { code: code.clone(), range, role: StepRole::Origin, text });
    findings.confidence = Confidence::Certain;
    let title = say!(case.locale, "Сделать {name} экспортным", "Export {name}");
    let edit = Edit::insert(tree.range(list).end, format!(" {export}"));
    findings.add(repair(&code, title, vec![edit]));
}

/// An attribute of a reference is assigned.
pub(super) fn not_writable(case: &Case<'_, '_>) -> Findings {
    let mut findings = Findings::default();
    let Some((member, _, object, value)) = named_member(case) else { return findings };
    let code = &case.spot.code;
    let tree = &code.tree;
    let (shown, type_name) = (code.shown(object), shown_type(case, &value));
    findings.subject = Some(code.shown(member));
    let is_reference =
        |part: &Type| matches!(part, Type::Object { aspect: ObjectAspect::Ref, .. } | Type::AnyRef);
    if !value.parts().iter().any(is_reference) {
        return findings;
    }
    let text = say!(
        case.locale,
        "{shown} — ссылка ({type_name}), её реквизиты не меняются",
        "{shown} is a reference ({type_name}), its attributes do not change"
    );
    findings.steps.push(case.error_step(object, text));
    findings.confidence = Confidence::Certain;
    let Some(statement) = tree.enclosing_statement(member) else { return findings };
    let is_target = tree.child(statement, Role::Left) == Some(member);
    if !is_target || tree.kind(object) != NodeKind::Name {
        return findings;
    }
    let wording = case.wording();
    let (start, nl) = (tree.range(statement).start, line_break(&code.text));
    let indent = code.indent(start);
    let variable = format!("{shown}{}", wording.name("Объект", "Object"));
    let get = wording.name("ПолучитьОбъект", "GetObject");
    let write = wording.name("Записать", "Write");
    let edits = vec![
        Edit::insert(start, format!("{variable} = {shown}.{get}();{nl}{indent}")),
        Edit::replace(tree.range(object), variable.clone()),
        Edit::insert(tree.statement_range(statement).end, format!("{nl}{indent}{variable}.{write}();")),
    ];
    let title = say!(case.locale, "Менять объект, а не ссылку", "Change the object, not the reference");
    let change = case.repair(title, edits);
    findings.add(change.map(|change| crate::Repair { needs_review: true, ..change }));
    findings
}
