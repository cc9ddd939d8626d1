//! Literals that name methods and modules: the platform or a library calls or finds what they say.

use base::same_name;
use metadata::{ModuleKind, ObjectAspect};
use semantics::{ModuleId, Project, Type};
use syntax::{NodeId, NodeKind, Role, TokenKind};

use crate::meaning::Section;

/// Classes whose literals name procedures, each followed by the module that has it.
const DESCRIPTIONS: [&str; 3] = ["ОписаниеОповещения", "NotifyDescription", "CallbackDescription"];
/// Functions whose first argument names a procedure of the module that calls them.
const TIMERS: [&str; 4] =
    ["ПодключитьОбработчикОжидания", "AttachIdleHandler", "ОтключитьОбработчикОжидания", "DetachIdleHandler"];
/// Methods whose second argument names a procedure of the form.
const SETTERS: [&str; 2] = ["УстановитьДействие", "SetAction"];
/// Properties that hold the name of a procedure of the form.
const ACTIONS: [&str; 2] = ["Действие", "Action"];
/// Functions that find a module by its name.
const MODULE_GETTERS: [&str; 4] =
    ["ОбщийМодуль", "CommonModule", "СерверныйМодульМенеджера", "ServerManagerModule"];

/// The module whose method a literal names by itself; `offset` is that of its content.
pub(crate) fn handler_owner(section: &Section<'_>, offset: u32) -> Option<ModuleId> {
    let literal = literal_at(section, offset)?;
    let tree = section.source().tree;
    let parent = tree.parent(literal)?;
    if tree.kind(parent) == NodeKind::Assignment {
        let left = tree.child(parent, Role::Left)?;
        let property = tree.child(left, Role::Property)?;
        return is_one_of(section, property, &ACTIONS).then_some(section.of.module);
    }
    let (callee, index) = argument(section, literal)?;
    if is_one_of(section, callee, &TIMERS) {
        return (index == 0).then_some(section.of.module);
    }
    if is_one_of(section, callee, &SETTERS) {
        return (index == 1).then_some(section.of.module);
    }
    // `Новый ОписаниеОповещения(Процедура, Модуль, Данные, ПроцедураОшибки, МодульОшибки)`
    if !is_one_of(section, callee, &DESCRIPTIONS) || !matches!(index, 0 | 3) {
        return None;
    }
    let list = tree.parent(literal)?;
    let owner = tree.children(list).find(|node| argument_index(section, list, *node) == index + 1);
    match owner {
        Some(owner) => module_of_type(section.of.project, &section.type_of(owner)),
        None => Some(section.of.module),
    }
}

/// The literal is what `ОбщийМодуль` is called with.
pub(crate) fn is_module_getter_argument(section: &Section<'_>, offset: u32) -> bool {
    let callee = literal_at(section, offset).and_then(|literal| argument(section, literal));
    callee.is_some_and(|(callee, index)| index == 0 && is_one_of(section, callee, &MODULE_GETTERS))
}

fn literal_at(section: &Section<'_>, offset: u32) -> Option<NodeId> {
    let tree = section.source().tree;
    let token = tree.token_at(offset.checked_sub(section.start())?)?;
    let node = tree.node_of_token(token);
    (tree.kind(node) == NodeKind::String).then_some(node)
}

/// The name of what is called with an argument, and which of the arguments it is.
fn argument(section: &Section<'_>, node: NodeId) -> Option<(NodeId, usize)> {
    let tree = section.source().tree;
    let list = tree.parent(node).filter(|list| tree.kind(*list) == NodeKind::Arguments)?;
    let call = tree.parent(list)?;
    let callee = match tree.kind(call) {
        NodeKind::New => tree.child(call, Role::Type)?,
        NodeKind::Call => {
            let function = tree.child(call, Role::Function)?;
            tree.child(function, Role::Property).unwrap_or(function)
        }
        _ => return None,
    };
    Some((callee, argument_index(section, list, node)))
}

fn argument_index(section: &Section<'_>, list: NodeId, node: NodeId) -> usize {
    let tree = section.source().tree;
    let start = tree.range(node).start;
    let commas = tree.own_tokens(list).filter(|token| token.kind == TokenKind::Comma);
    commas.filter(|comma| comma.start < start).count()
}

fn is_one_of(section: &Section<'_>, name: NodeId, names: &[&str]) -> bool {
    let text = section.source().node_text(name);
    names.iter().any(|known| same_name(known, text))
}

/// The module that has the methods of a value.
fn module_of_type(project: &Project, value: &Type) -> Option<ModuleId> {
    match value {
        Type::Module(module) => Some(*module),
        Type::Form(form) => project.form_module(*form),
        Type::Object { object, aspect } => {
            let kind = match aspect {
                ObjectAspect::Object => ModuleKind::ObjectModule,
                ObjectAspect::Manager => ModuleKind::ManagerModule,
                ObjectAspect::RecordSet => ModuleKind::RecordSetModule,
                ObjectAspect::ValueManager => ModuleKind::ValueManagerModule,
                _ => return None,
            };
            project.object_module(*object, kind)
        }
        _ => None,
    }
}
