//! Names that mean nothing at their place: misspelt, of another module, of the other side.

use base::Edit;
use metadata::{Details, ObjectKind};
use semantics::MemberKind;
use syntax::{NodeId, NodeKind, Role};

use super::{Case, Confidence, Findings};
use crate::nearest::nearest;
use crate::trace::say;

/// Modules that are named as the home of a method.
const MAX_HOMES: usize = 3;

/// The node of the name that the message tells.
fn named(case: &Case<'_, '_>) -> Option<NodeId> {
    let code = &case.spot.code;
    let is_it = |node: &NodeId| base::same_name(code.node_text(*node), case.name());
    case.nodes(|kind| kind == NodeKind::Name).into_iter().find(is_it)
}

fn replaced(case: &Case<'_, '_>, node: NodeId, other: &str) -> Option<crate::Repair> {
    let title = say!(case.locale, "Заменить на {other}", "Replace by {other}");
    case.repair(title, vec![Edit::replace(case.spot.code.tree.range(node), other)])
}

/// A variable, a common module or a global property.
pub(super) fn variable(case: &Case<'_, '_>) -> Findings {
    let mut findings = Findings::default();
    let code = &case.spot.code;
    let name = case.name();
    findings.subject = Some(name.to_owned());
    add_module_sides(case, &mut findings);
    let Some(node) = named(case) else { return findings };
    let text = say!(case.locale, "имя {name} здесь ничего не значит", "{name} means nothing here");
    findings.steps.push(case.error_step(node, text));
    let offset = code.tree.range(node).start;
    let locals = case.bench.in_flow(code, node, |flow| flow.locals_at(offset));
    let own = nearest(name, locals.iter().map(|local| local.name.as_str()));
    let known = case.bench.scope(code.module).names();
    let is_value = |kind| !matches!(kind, MemberKind::Method | MemberKind::Function | MemberKind::Type);
    let outer = known.iter().filter(|member| is_value(member.kind));
    let outer = outer.flat_map(|member| [member.names.ru.as_str(), member.names.en.as_str()]);
    let meant = own.or_else(|| nearest(name, outer.filter(|name| !name.is_empty())));
    if let Some(other) = meant {
        findings.add(replaced(case, node, other));
        findings.confidence = findings.confidence.max(Confidence::Likely);
    }
    findings
}

/// The name is a common module that does not live on both sides.
fn add_module_sides(case: &Case<'_, '_>, findings: &mut Findings) {
    let project = case.bench.project;
    let root = project.visible_root(case.spot.code.module);
    let Some(object) = project.find_object(root, ObjectKind::CommonModule, case.name()) else { return };
    let Some(Details::CommonModule(flags)) = project.object(object).map(|object| &object.details) else {
        return;
    };
    let name = case.name();
    let is_client = flags.is_client_managed || flags.is_client_ordinary;
    let note = match (flags.is_server, is_client) {
        (true, false) if !flags.is_server_call => say!(
            case.locale,
            "общий модуль {name} есть только на сервере и без «Вызов сервера»: с клиента он не виден",
            "common module {name} is on the server only, without \"server call\": the client does not see it"
        ),
        (false, true) => say!(
            case.locale,
            "общий модуль {name} есть только на клиенте: с сервера он не виден",
            "common module {name} is on the client only: the server does not see it"
        ),
        _ => return,
    };
    findings.notes.push(note);
    findings.confidence = Confidence::Likely;
}

/// A procedure or a function without a receiver.
pub(super) fn callable(case: &Case<'_, '_>) -> Findings {
    let mut findings = Findings::default();
    let code = &case.spot.code;
    let name = case.name();
    findings.subject = Some(name.to_owned());
    let Some(node) = named(case) else { return findings };
    let text = say!(case.locale, "метода {name} здесь не видно", "method {name} is not visible here");
    findings.steps.push(case.error_step(node, text));
    for module in homes(case) {
        findings.add(replaced(case, node, &format!("{module}.{name}")));
    }
    let known = case.bench.scope(code.module).names();
    let is_method = |kind| matches!(kind, MemberKind::Method | MemberKind::Function);
    let names = known.iter().filter(|member| is_method(member.kind));
    let names = names.flat_map(|member| [member.names.ru.as_str(), member.names.en.as_str()]);
    if let Some(other) = nearest(name, names.filter(|name| !name.is_empty())) {
        findings.add(replaced(case, node, other));
    }
    findings.confidence = match findings.repairs.len() {
        0 => Confidence::MessageOnly,
        1 => Confidence::Likely,
        _ => Confidence::Possible,
    };
    findings
}

/// Common modules that export a method of this name.
fn homes(case: &Case<'_, '_>) -> Vec<String> {
    let project = case.bench.project;
    let mut homes = Vec::new();
    for module in project.modules() {
        let Some(object) = module.place.object.and_then(|object| project.object(object)) else { continue };
        let is_home = object.kind == ObjectKind::CommonModule
            && module.methods_named(case.name()).any(|method| method.is_export);
        if is_home && homes.len() < MAX_HOMES {
            homes.push(object.name.to_string());
        }
    }
    homes
}

/// A type behind `Новый` or in a string.
pub(super) fn type_name(case: &Case<'_, '_>) -> Findings {
    let mut findings = Findings::default();
    let code = &case.spot.code;
    let name = case.name();
    findings.subject = Some(name.to_owned());
    let platform = case.bench.project.platform(case.bench.project.dialect(code.module));
    if platform.type_id(name).is_some() {
        findings.notes.push(say!(
            case.locale,
            "тип {name} у платформы есть, значит, он недоступен на этой стороне или в этой версии",
            "the platform has the type {name}, so it is not available on this side or in this version"
        ));
        findings.confidence = Confidence::Likely;
    }
    let news = case.nodes(|kind| kind == NodeKind::New);
    let is_it = |node: &NodeId| base::same_name(code.node_text(*node), name);
    let node = news.into_iter().filter_map(|new| code.tree.child(new, Role::Type)).find(is_it);
    if let Some(node) = node {
        let text = say!(case.locale, "создаётся {name}", "{name} is created");
        findings.steps.push(case.error_step(node, text));
        let names = platform.types().flat_map(|(_, info)| [info.names.ru.as_str(), info.names.en.as_str()]);
        if let Some(other) = nearest(name, names.filter(|name| !name.is_empty())) {
            findings.add(replaced(case, node, other));
            findings.confidence = Confidence::Likely;
        }
    }
    findings
}
