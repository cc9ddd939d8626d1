//! Where an empty value came from: back from its use over assignments, returned values, parameters and queries.

pub(crate) mod calls;
mod fields;
pub(crate) mod joins;

use std::rc::Rc;

use base::{Locale, TextRange};
use rustc_hash::FxHashSet;
use semantics::ModuleId;
use serde::Serialize;
use syntax::{NodeId, NodeKind, Role};

use crate::code::{Code, Workbench};
use crate::locate::LocatedFrame;
use crate::reach::{Reached, reaching};

const MAX_DEPTH: usize = 12;
const MAX_STEPS: usize = 40;

/// A place that takes part in the explanation.
#[derive(Clone)]
pub(crate) struct Step {
    pub(crate) code: Rc<Code>,
    pub(crate) range: TextRange,
    pub(crate) role: StepRole,
    pub(crate) text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum StepRole {
    /// Where the error shows.
    Error,
    /// The value passes here.
    Passes,
    /// The value may come from here.
    Origin,
}

impl Step {
    pub(crate) fn line(&self) -> u32 {
        self.code.tree.line_of(self.range.start) + 1
    }
}

/// A text in the language of the answer.
macro_rules! say {
    ($locale:expr, $ru:literal, $en:literal) => {
        match $locale {
            base::Locale::Ru => format!($ru),
            base::Locale::En => format!($en),
        }
    };
}
pub(crate) use say;

pub(crate) struct Tracer<'b, 'a> {
    pub(crate) bench: &'b Workbench<'a>,
    pub(crate) locale: Locale,
    /// Frames of the stack, the innermost first.
    pub(crate) frames: &'b [LocatedFrame],
    pub(crate) steps: Vec<Step>,
    /// Values that nothing is known about.
    pub(crate) unknown: usize,
    seen: FxHashSet<(ModuleId, u32, usize)>,
}

impl<'b, 'a> Tracer<'b, 'a> {
    pub(crate) fn new(bench: &'b Workbench<'a>, locale: Locale, frames: &'b [LocatedFrame]) -> Self {
        Self { bench, locale, frames, steps: Vec::new(), unknown: 0, seen: FxHashSet::default() }
    }

    pub(crate) fn origins(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| step.role == StepRole::Origin)
    }

    pub(crate) fn step(&mut self, code: &Rc<Code>, node: NodeId, role: StepRole, text: String) {
        self.step_at(code, code.tree.range(node), role, text);
    }

    pub(crate) fn step_at(&mut self, code: &Rc<Code>, range: TextRange, role: StepRole, text: String) {
        let is_known =
            |step: &Step| step.code.module == code.module && step.range == range && step.text == text;
        if self.steps.len() < MAX_STEPS && !self.steps.iter().any(is_known) {
            self.steps.push(Step { code: Rc::clone(code), range, role, text });
        }
    }

    /// Follows the value of an expression. `level` is the number of the frame that the code runs in; code that the stack
    /// does not show runs at a level behind it.
    pub(crate) fn value(&mut self, code: &Rc<Code>, node: NodeId, level: usize, depth: usize) {
        let key = (code.module, code.tree.range(node).start, depth.min(1));
        if !self.seen.insert(key) {
            return;
        }
        if depth > MAX_DEPTH || self.steps.len() >= MAX_STEPS || !self.follow(code, node, level, depth) {
            self.unknown += 1;
        }
    }

    /// False if nothing is known about the value.
    fn follow(&mut self, code: &Rc<Code>, node: NodeId, level: usize, depth: usize) -> bool {
        let tree = &code.tree;
        match tree.kind(node) {
            NodeKind::Parenthesized | NodeKind::Await => {
                if let Some(inner) = tree.children(node).next() {
                    self.value(code, inner, level, depth + 1);
                }
            }
            NodeKind::Undefined | NodeKind::Null => {
                let shown = code.node_text(node);
                let text = say!(self.locale, "здесь присвоено {shown}", "{shown} is assigned here");
                self.step(code, node, StepRole::Origin, text);
            }
            NodeKind::Ternary => {
                for role in [Role::Consequence, Role::Alternative] {
                    if let Some(branch) = tree.child(node, role) {
                        self.value(code, branch, level, depth + 1);
                    }
                }
            }
            NodeKind::Name => self.name(code, node, level, depth),
            NodeKind::Call => return self.call(code, node, level, depth),
            NodeKind::Member => return self.member(code, node, level, depth),
            NodeKind::Index => return self.index(code, node),
            _ => {}
        }
        true
    }

    fn name(&mut self, code: &Rc<Code>, node: NodeId, level: usize, depth: usize) {
        let name = code.node_text(node).to_owned();
        for reached in reaching(code, node) {
            match reached {
                Reached::Value(value) => {
                    let shown = code.shown(value);
                    let statement = code.tree.enclosing_statement(value).unwrap_or(value);
                    let (steps, origins) = (self.steps.len(), self.origins().count());
                    if !matches!(code.tree.kind(value), NodeKind::Undefined | NodeKind::Null) {
                        let text = say!(
                            self.locale,
                            "{name} получает значение выражения {shown}",
                            "{name} gets the value of {shown}"
                        );
                        self.step(code, statement, StepRole::Passes, text);
                    }
                    self.value(code, value, level, depth + 1);
                    // A way that leads to nothing explains nothing.
                    if self.origins().count() == origins {
                        self.steps.truncate(steps);
                    }
                }
                Reached::Loop(_) => {}
                Reached::Parameter(parameter) => self.parameter(code, parameter, level, depth),
                Reached::Passed(call, position) => self.filled(code, call, (&name, position), depth),
                Reached::Unassigned(owner) => self.unassigned(code, node, owner),
            }
        }
    }

    /// Nothing assigns a variable on the way to its use.
    fn unassigned(&mut self, code: &Rc<Code>, node: NodeId, owner: NodeId) {
        let name = code.node_text(node);
        let is_local = self.bench.in_flow(code, node, |flow| flow.is_local(name));
        let is_of_module = || self.bench.scope(code.module).resolve_name(name).is_some();
        if !is_local && (is_of_module() || code.tree.kind(owner) == NodeKind::Module) {
            return;
        }
        let text = say!(
            self.locale,
            "на одном из путей переменной {name} ничего не присвоено",
            "on one way nothing is assigned to {name}"
        );
        let place = code.tree.child(owner, Role::Name).unwrap_or(node);
        self.step(code, place, StepRole::Origin, text);
    }

    /// `Соответствие[Ключ]`: nothing is there for an unknown key.
    fn index(&mut self, code: &Rc<Code>, node: NodeId) -> bool {
        let Some(object) = code.tree.child(node, Role::Object) else { return false };
        let shown = code.shown(node);
        let is_list = {
            let value = self.bench.type_of(code, object);
            let text = value.display(self.bench.project, self.bench.project.script(code.module));
            ["Массив", "Array", "ТаблицаЗначений", "ValueTable"].iter().any(|name| text.starts_with(name))
        };
        if !is_list {
            let text = say!(
                self.locale,
                "{shown} даёт Неопределено, если такого ключа нет",
                "{shown} gives Undefined if there is no such key"
            );
            self.step(code, node, StepRole::Origin, text);
        }
        !is_list
    }
}
