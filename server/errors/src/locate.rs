//! From lines of a stack to lines of files. The text of the line tells whether the code has moved on since.

use std::path::PathBuf;

use metadata::ModulePlace;
use semantics::ModuleId;
use serde::Serialize;

use crate::code::{Code, Workbench};
use crate::message::StackFrame;
use crate::module_path::module_place;

/// Lines that a piece of code may have moved.
const DRIFT: u32 = 20;

/// A line of a stack with its file, if the project has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LocatedFrame {
    pub frame: StackFrame,
    pub path: Option<PathBuf>,
    /// The line in the file, counted from one.
    pub line: u32,
    pub method: String,
    pub state: LineState,
    #[serde(skip)]
    pub module: Option<ModuleId>,
}

/// How the line of a stack agrees with the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum LineState {
    /// The text is the same.
    Same,
    /// The same text stands a few lines away.
    Moved,
    /// The line has another text: the file is not what ran.
    Differs,
    /// The stack does not tell the text.
    Unchecked,
    /// The project has no such module, or the file no such line.
    Missing,
}

impl Workbench<'_> {
    /// Finds the module and the line of a frame.
    pub(crate) fn locate(&self, frame: &StackFrame) -> LocatedFrame {
        let mut located = LocatedFrame {
            frame: frame.clone(),
            path: None,
            line: frame.line,
            method: String::new(),
            state: LineState::Missing,
            module: None,
        };
        let Some(id) = self.module_of(frame) else { return located };
        let Some(module) = self.project.module(id) else { return located };
        located.module = Some(id);
        located.path = Some(module.path.clone());
        let Some(code) = self.code(id) else { return located };
        (located.line, located.state) = find_line(&code, frame);
        if let Some(method) = code.method_on(located.line) {
            located.method = code.method_name(method).to_owned();
        }
        located
    }

    fn module_of(&self, frame: &StackFrame) -> Option<ModuleId> {
        match module_place(&frame.module) {
            Some(place) => self.module_at(&place, &frame.extension),
            None => self.script(&frame.module),
        }
    }

    /// Of the module in the configuration and those in extensions, the one that is meant.
    fn module_at(&self, place: &ModulePlace, extension: &str) -> Option<ModuleId> {
        let modules = self.modules_at(place);
        let root = |id: &ModuleId| self.project.root(self.project.place(*id)?.root?);
        if !extension.is_empty() {
            let is_named = |id: &&ModuleId| {
                root(id).is_some_and(|root| base::same_name(&root.configuration().name, extension))
            };
            return modules.iter().find(is_named).copied();
        }
        let is_own = |id: &&ModuleId| !root(id).is_some_and(|root| root.is_extension());
        modules.iter().find(is_own).or(modules.first()).copied()
    }

    /// A script by its path: the module that shares most of its last folders with it, if there is only one.
    fn script(&self, path: &str) -> Option<ModuleId> {
        let is_script = |path: &str| path.len() >= 3 && path.is_char_boundary(path.len() - 3);
        if !is_script(path) || !base::same_name(&path[path.len() - 3..], ".os") {
            return None;
        }
        let asked: Vec<&str> = path.split(['/', '\\']).rev().collect();
        let scripts = self.project.modules().filter(|module| module.place.is_script);
        let mut best: Vec<(usize, ModuleId)> = scripts
            .filter_map(|module| {
                let own = module.path.to_string_lossy();
                let same = own.split(['/', '\\']).rev().zip(&asked);
                let shared = same.take_while(|(left, right)| base::same_name(left, right)).count();
                (shared > 0).then_some((shared, module.id))
            })
            .collect();
        best.sort_by_key(|(shared, id)| (std::cmp::Reverse(*shared), *id));
        match best.as_slice() {
            [first, second, ..] if first.0 == second.0 => None,
            [first, ..] => Some(first.1),
            [] => None,
        }
    }
}

/// The line of the file that a frame means.
fn find_line(code: &Code, frame: &StackFrame) -> (u32, LineState) {
    let source = plain(&frame.source);
    if source.is_empty() {
        let state =
            if code.line_text(frame.line).is_some() { LineState::Unchecked } else { LineState::Missing };
        return (frame.line, state);
    }
    let is_it = |line: u32| code.line_text(line).is_some_and(|text| plain(text) == source);
    if is_it(frame.line) {
        return (frame.line, LineState::Same);
    }
    let near = (1..=DRIFT).flat_map(|by| [frame.line.saturating_add(by), frame.line.saturating_sub(by)]);
    match near.into_iter().find(|line| is_it(*line)) {
        Some(line) => (line, LineState::Moved),
        None if code.line_text(frame.line).is_some() => (frame.line, LineState::Differs),
        None => (frame.line, LineState::Missing),
    }
}

/// Code of a line without blanks and without the mark of an error.
fn plain(text: &str) -> String {
    let text = text.replace("<<?>>", "");
    // Where a compile error was found is said behind the code.
    let text = match text.rfind(';') {
        Some(end) if text[end..].contains("(Проверка:") || text[end..].contains("(Check:") => {
            &text[..=end]
        }
        _ => text.as_str(),
    };
    text.split_whitespace().collect()
}
