//! What rules about the project share: calls with their targets, environments of code, and what the text alone says
//! that the project has to confirm.

mod calls;
mod code_context;
mod common_modules;
mod comparisons;
mod conditions;
mod events;
mod handlers;
mod object_rules;
mod queries;
mod targets;
mod values;

use std::cell::OnceCell;
use std::sync::Arc;

use base::TextRange;
use semantics::{Module, Project};
use serde::{Deserialize, Serialize};

pub(crate) use calls::{Assignment, ResolvedCall, ResolvedCalls, Target};
pub(crate) use code_context::{available_in, code_context, common_module_flags};
pub(crate) use common_modules::{CommonModuleKind, CommonModuleRule, common_module_of};
pub(crate) use conditions::{Conditions, Environments};
pub(crate) use events::{events_of, is_event_name, known_parameter_counts};
pub(crate) use handlers::{Handler, HandlerMethod, find_own_method, handler_of};
pub(crate) use object_rules::{is_ordinary_form, objects_shown_on, session_objects};
pub(crate) use queries::{QueryFacts, query_facts};
pub(crate) use values::{Access, MemberUse, Operand, ValueFacts, ValuesNeeded, is_doomed, value_facts};

use crate::finding::Finding;

/// What the text of a module says to the rules about its project.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Evidence {
    pub conditions: Conditions,
    /// First token of the module, comments included.
    pub anchor: Option<TextRange>,
    /// Findings that a rule wants to look at again when the project is known.
    pub proposals: Vec<Proposal>,
    /// Queries of the sections that have some, with the offset of the section.
    pub queries: Vec<(u32, Arc<QueryFacts>)>,
    /// What the sections do with values, with the offset of the section.
    pub values: Vec<(u32, Arc<ValueFacts>)>,
}

/// A finding that stands only if the project does not object.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Proposal {
    pub finding: Finding,
    /// It stands without a project, too.
    pub is_certain: bool,
}

impl Proposal {
    pub(crate) fn shifted(&self, offset: u32) -> Self {
        Self { finding: self.finding.shifted(offset), is_certain: self.is_certain }
    }
}

/// A module of a project, and what is computed once for all rules about it.
pub(crate) struct Shared<'a> {
    pub module: &'a Module,
    calls: OnceCell<ResolvedCalls<'a>>,
}

impl<'a> Shared<'a> {
    pub(crate) fn new(module: &'a Module) -> Self {
        Self { module, calls: OnceCell::new() }
    }

    pub(crate) fn calls(&self, project: &'a Project) -> &ResolvedCalls<'a> {
        self.calls.get_or_init(|| ResolvedCalls::new(project, self.module))
    }
}

/// From the called name to the closing parenthesis; the name alone if there is none.
pub(crate) fn call_range(name: TextRange, read: &dyn Fn(TextRange) -> String, end: u32) -> TextRange {
    let text = read(TextRange { start: name.start, end: end.max(name.end) });
    let mut depth = 0_u32;
    let mut letters = text.bytes().enumerate();
    while let Some((index, letter)) = letters.next() {
        match letter {
            b'(' => depth += 1,
            b')' if depth <= 1 => return TextRange { start: name.start, end: name.start + index as u32 + 1 },
            b')' => depth -= 1,
            // A doubled quote ends one piece of the literal and begins the next.
            b'"' | b'\'' => {
                letters.find(|(_, other)| *other == letter);
            }
            b'/' if text[index..].starts_with("//") => {
                letters.find(|(_, other)| matches!(other, b'\n' | b'\r'));
            }
            _ => {}
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_ends_with_its_own_parenthesis() {
        let text = "Ф(А(1), \")\"\")\", // )\n '20200101') + Б()";
        let read = |range: TextRange| range.slice(text).to_owned();
        let found = call_range(TextRange::from(0..2), &read, text.len() as u32);
        assert_eq!(found.slice(text), "Ф(А(1), \")\"\")\", // )\n '20200101')");
        let cut = |range: TextRange| text[range.start as usize..8].to_owned();
        assert_eq!(call_range(TextRange::from(0..2), &cut, 8), TextRange::from(0..2));
    }
}
