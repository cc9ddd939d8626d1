//! Values that calls give: functions of the project with their returns, the platform's searches, and parameters with
//! what callers pass.

use std::rc::Rc;

use semantics::{Definition, ModuleId, Receiver};
use syntax::{NodeId, NodeKind, Role, TokenKind};

use super::{StepRole, Tracer, say};
use crate::code::Code;
use crate::reach::{Reached, changes_in, falls_through};

/// Callers that are looked at when the stack does not show who called.
const MAX_CALLERS: usize = 5;

/// Methods that hand a variable on to each other.
const MAX_PASSES: usize = 4;

/// Methods that give Неопределено when there is nothing.
const GIVE_UNDEFINED: [(&str, &str); 17] = [
    ("Найти", "Find"),
    ("НайтиПоЗначению", "FindByValue"),
    ("НайтиПоИдентификатору", "FindByID"),
    ("НайтиПоПолномуИмени", "FindByFullName"),
    ("НайтиПоТипу", "FindByType"),
    ("НайтиПоИмени", "FindByName"),
    ("НайтиПоУникальномуИдентификатору", "FindByUUID"),
    ("НайтиПоИдентификаторуСтроки", "FindByRowID"),
    ("Получить", "Get"),
    ("ПолучитьОбъект", "GetObject"),
    ("ПолучитьИзВременногоХранилища", "GetFromTempStorage"),
    ("Загрузить", "Load"),
    ("Родитель", "Parent"),
    ("ПолучитьРодителя", "GetParent"),
    ("ПолучитьФорму", "GetForm"),
    ("Максимум", "Maximum"),
    ("ВвестиЗначение", "InputValue"),
];

/// Methods of managers that give an empty reference when there is nothing.
const GIVE_EMPTY: [(&str, &str); 4] = [
    ("НайтиПоКоду", "FindByCode"),
    ("НайтиПоНаименованию", "FindByDescription"),
    ("НайтиПоНомеру", "FindByNumber"),
    ("НайтиПоРеквизиту", "FindByAttribute"),
];

fn is_one_of(name: &str, names: &[(&str, &str)]) -> bool {
    names.iter().any(|(ru, en)| base::same_name(ru, name) || base::same_name(en, name))
}

impl Tracer<'_, '_> {
    /// False if nothing is known about what a call gives.
    pub(super) fn call(&mut self, code: &Rc<Code>, call: NodeId, level: usize, depth: usize) -> bool {
        let Some(name) = code.called_name(call).map(|name| code.node_text(name).to_owned()) else {
            return false;
        };
        let is_member =
            code.tree.child(call, Role::Function).is_some_and(|it| code.tree.kind(it) == NodeKind::Member);
        match self.bench.callee(code, call) {
            Some(Definition::Method { module, index }) => self.function(module, index, level, depth),
            // `Найти` without a receiver is the old function of strings.
            _ if is_member || is_one_of(&name, &GIVE_UNDEFINED[10..]) => {
                return self.platform_call(code, call, &name);
            }
            _ => return false,
        }
        true
    }

    fn platform_call(&mut self, code: &Rc<Code>, call: NodeId, name: &str) -> bool {
        let shown = code.shown(call);
        if is_one_of(name, &GIVE_UNDEFINED) {
            let text = say!(
                self.locale,
                "{shown} даёт Неопределено, если ничего не найдено",
                "{shown} gives Undefined if nothing is found"
            );
            self.step(code, call, StepRole::Origin, text);
        } else if is_one_of(name, &GIVE_EMPTY) {
            let text = say!(
                self.locale,
                "{shown} даёт пустую ссылку, если ничего не найдено",
                "{shown} gives an empty reference if nothing is found"
            );
            self.step(code, call, StepRole::Origin, text);
        } else {
            return false;
        }
        true
    }

    /// All ways out of a function that give nothing.
    fn function(&mut self, module: ModuleId, index: u32, level: usize, depth: usize) {
        let Some((code, method)) = self.bench.method(module, index) else { return };
        let tree = &code.tree;
        let name = code.method_name(method).to_owned();
        let returns: Vec<NodeId> =
            tree.descendants(method).filter(|node| tree.kind(*node) == NodeKind::Return).collect();
        for statement in returns {
            match tree.children(statement).next() {
                None => {
                    let text = say!(
                        self.locale,
                        "{name} возвращает Неопределено: «Возврат» без значения",
                        "{name} returns Undefined: Return without a value"
                    );
                    self.step(&code, statement, StepRole::Origin, text);
                }
                Some(value) if matches!(tree.kind(value), NodeKind::Undefined | NodeKind::Null) => {
                    let shown = code.node_text(value);
                    let text = say!(self.locale, "{name} возвращает {shown}", "{name} returns {shown}");
                    self.step(&code, statement, StepRole::Origin, text);
                }
                // Frames of the stack belong to the caller, so parameters are asked of all callers.
                Some(value) => self.value(&code, value, level.max(self.frames.len()), depth + 1),
            }
        }
        let body = tree.child_of_kind(method, NodeKind::Block);
        if tree.kind(method) == NodeKind::Function && body.is_some_and(|body| falls_through(&code, body)) {
            let text = say!(
                self.locale,
                "{name} может закончиться без «Возврат» и тогда возвращает Неопределено",
                "{name} may end without Return and then returns Undefined"
            );
            let end = tree.last_token(method).map(|token| token.range()).unwrap_or_default();
            self.step_at(&code, end, StepRole::Origin, text);
        }
    }

    /// What a called method assigns to a variable that it gets by reference.
    pub(super) fn filled(
        &mut self,
        code: &Rc<Code>,
        call: NodeId,
        (name, position): (&str, usize),
        depth: usize,
    ) {
        let Some(Definition::Method { module, index }) = self.bench.callee(code, call) else { return };
        let Some((callee, method)) = self.bench.method(module, index) else { return };
        let tree = &callee.tree;
        let list = tree.child(method, Role::Parameters);
        let parameter = list.and_then(|list| tree.children(list).nth(position));
        let Some(parameter) = parameter.filter(|it| tree.own_token(*it, TokenKind::Val).is_none()) else {
            return;
        };
        let own = callee.child_text(parameter, Role::Name).to_owned();
        let (steps, origins) = (self.steps.len(), self.origins().count());
        let called = callee.method_name(method).to_owned();
        let text = say!(
            self.locale,
            "{name} передано в {called} по ссылке и может там измениться (параметр {own})",
            "{name} is passed to {called} by reference and may change there (parameter {own})"
        );
        self.step(code, call, StepRole::Passes, text);
        for change in changes_in(&callee, method, &own) {
            match change {
                Reached::Value(value) => self.value(&callee, value, self.frames.len(), depth + 1),
                Reached::Passed(call, position) if depth < MAX_PASSES => {
                    self.filled(&callee, call, (&own, position), depth + 1);
                }
                _ => {}
            }
        }
        if self.origins().count() == origins {
            self.steps.truncate(steps);
        }
    }

    /// What a parameter holds: the stack says who passed it, else those who call.
    pub(super) fn parameter(&mut self, code: &Rc<Code>, parameter: NodeId, level: usize, depth: usize) {
        let tree = &code.tree;
        let Some(method) = tree.enclosing_method(parameter) else { return };
        let list = tree.child(method, Role::Parameters);
        let mut parameters = list.into_iter().flat_map(|list| tree.children(list));
        let Some(position) = parameters.position(|other| other == parameter) else { return };
        let argument = Passed {
            method: code.method_name(method).to_owned(),
            parameter: code.child_text(parameter, Role::Name).to_owned(),
            position,
        };
        let default = tree.child(parameter, Role::Default);
        let is_empty_default =
            default.is_some_and(|default| matches!(tree.kind(default), NodeKind::Undefined | NodeKind::Null));
        if self.caller_in_stack(&argument, is_empty_default, level, depth) {
            return;
        }
        let is_found = self.callers(code, &argument, is_empty_default, depth);
        // Who else calls an exported method, nobody knows.
        let is_export = tree.own_token(method, TokenKind::Export).is_some();
        if is_export || !is_found && !is_empty_default {
            self.unknown += 1;
        }
        if let Some(default) = default.filter(|_| is_empty_default && !is_found) {
            let name = &argument.parameter;
            let text = say!(
                self.locale,
                "параметр {name} — Неопределено, если его не передать",
                "parameter {name} is Undefined if it is left out"
            );
            self.step(code, default, StepRole::Origin, text);
        }
    }

    fn caller_in_stack(
        &mut self,
        passed: &Passed,
        is_empty_default: bool,
        level: usize,
        depth: usize,
    ) -> bool {
        let Some(frame) = self.frames.get(level + 1) else { return false };
        let Some(code) = frame.module.and_then(|module| self.bench.code(module)) else { return false };
        let line = frame.line;
        let Some(call) = code.nodes_on(line).find(|node| is_call_of(&code, *node, &passed.method)) else {
            return false;
        };
        self.argument(&code, call, passed, is_empty_default, level + 1, depth);
        true
    }

    fn argument(
        &mut self,
        code: &Rc<Code>,
        call: NodeId,
        passed: &Passed,
        is_empty_default: bool,
        level: usize,
        depth: usize,
    ) {
        let name = &passed.parameter;
        match code.arguments(call).get(passed.position).copied().flatten() {
            Some(value) => {
                let shown = code.shown(value);
                let text = say!(
                    self.locale,
                    "в параметр {name} передано {shown}",
                    "{shown} is passed as parameter {name}"
                );
                self.step(code, call, StepRole::Passes, text);
                self.value(code, value, level, depth + 1);
            }
            None if is_empty_default => {
                let text = say!(
                    self.locale,
                    "параметр {name} не передан и равен Неопределено",
                    "parameter {name} is left out and is Undefined"
                );
                self.step(code, call, StepRole::Origin, text);
            }
            None => {}
        }
    }

    /// Calls in the module itself and by the name of a common module.
    fn callers(&mut self, code: &Rc<Code>, passed: &Passed, is_empty_default: bool, depth: usize) -> bool {
        let bench = self.bench;
        let folded = base::fold_case(&passed.method).into_owned();
        let owner = bench.project.place(code.module).and_then(|place| place.object);
        let owner = owner.and_then(|object| bench.project.object(object));
        let owner = owner.map(|object| base::fold_case(&object.name).into_owned());
        let mut places: Vec<(ModuleId, u32)> = Vec::new();
        for module in bench.project.modules() {
            if places.len() >= MAX_CALLERS || !module.facts.mentions(&folded) {
                continue;
            }
            let calls = module.facts.references_of(&folded).filter(|reference| {
                let is_meant = match reference.receiver {
                    Receiver::None => module.id == code.module,
                    Receiver::Path(path) => owner.as_deref() == Some(path),
                    Receiver::Complex => false,
                };
                reference.kind.is_call() && is_meant
            });
            places.extend(calls.map(|reference| (module.id, reference.place.offset)));
        }
        places.truncate(MAX_CALLERS);
        let before = self.origins().count();
        for (module, offset) in places {
            let Some(code) = bench.code(module) else { continue };
            let is_it = |node: &NodeId| {
                code.called_name(*node).is_some_and(|name| code.tree.range(name).start == offset)
            };
            let calls = code.tree.nodes().map(|(id, _)| id);
            let call = calls.filter(|id| code.tree.kind(*id) == NodeKind::Call).find(is_it);
            if let Some(call) = call {
                let level = self.frames.len();
                self.argument(&code, call, passed, is_empty_default, level, depth + 1);
            }
        }
        self.origins().count() > before
    }
}

struct Passed {
    method: String,
    parameter: String,
    position: usize,
}

pub(crate) fn is_call_of(code: &Code, node: NodeId, method: &str) -> bool {
    code.tree.kind(node) == NodeKind::Call
        && code.called_name(node).is_some_and(|name| base::same_name(code.node_text(name), method))
}
