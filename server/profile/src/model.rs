//! A profile: modules with their lines and methods, and the stacks that were seen.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::line_digest::LineAnchor;
use crate::measure::Measure;
use crate::module_key::module_key;

/// A measurement of some code. Modules, lines and stacks are in a fixed order, so equal input gives equal output.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Profile {
    pub source: Source,
    /// Everything together; the own time is what shares are taken of.
    pub total: Measure,
    /// The part of it that no line of code is known for.
    #[serde(skip_serializing_if = "Measure::is_empty")]
    pub outside: Measure,
    /// By name.
    pub modules: Vec<ModuleProfile>,
    /// Places that stacks consist of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub frames: Vec<Frame>,
    /// Empty if the source has no stacks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stacks: Vec<Stack>,
}

/// Where the numbers come from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Source {
    pub kind: SourceKind,
    pub counts: CountMeaning,
    /// What was measured, in words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
}

/// First and last moment in the local time of the machine that measured, `2026-11-20T12:12:07.481003`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    pub from: String,
    pub to: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// Technological journals of the platform.
    TechLog,
    /// The measurement of a debug server.
    Debugger,
    /// The interpreter of this project.
    Host,
    /// Which lines ran, without times.
    Coverage,
    #[default]
    Other,
}

/// What `Measure::count` counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CountMeaning {
    /// How often a line ran.
    #[default]
    Executions,
    /// How many events a line caused: a line that ran without an event left no trace.
    Events,
}

/// One module.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ModuleProfile {
    /// `ОбщийМодуль.Цены.Модуль`, with the name of the extension and a space before it.
    pub name: SmolStr,
    /// The file below the root of the project, with `/`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Of all lines, if the measured text is known.
    #[serde(skip_serializing_if = "Option::is_none", with = "crate::line_digest::optional_hex")]
    pub digest: Option<u64>,
    /// Own numbers are sums over the lines. Without stacks the total time is a lower bound: lines call each other.
    #[serde(skip_serializing_if = "Measure::is_empty")]
    pub measure: Measure,
    /// By number.
    pub lines: Vec<LineProfile>,
    /// By first line; empty until the text is known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub methods: Vec<MethodProfile>,
}

/// One line, counted from one, of the text that was measured.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct LineProfile {
    pub line: u32,
    /// Without the spaces around; may be cut.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub text: SmolStr,
    #[serde(skip_serializing_if = "LineAnchor::is_unknown")]
    pub anchor: LineAnchor,
    pub measure: Measure,
    /// The statement that ran again and again within one call of the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repeat: Option<QueryRepeat>,
}

/// Equal statements, but for their parameters, sent by one line within one call of the server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct QueryRepeat {
    /// Calls of the server in which it was repeated.
    pub calls: u64,
    /// Statements in all these calls.
    pub statements: u64,
    /// Statements in the worst of them.
    pub most_in_call: u64,
    pub time_ns: u64,
    /// Rows of all these statements.
    pub rows: u64,
    /// The statement without its parameters; may be cut.
    pub text: SmolStr,
}

/// One method of a module.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct MethodProfile {
    /// Empty for the body of the module.
    pub name: SmolStr,
    pub first_line: u32,
    pub last_line: u32,
    /// The count is that of the first measured line. With stacks the total time counts recursion once.
    pub measure: Measure,
}

/// Where a method stands, in lines counted from one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MethodSpan {
    pub name: SmolStr,
    pub first_line: u32,
    pub last_line: u32,
}

/// A place in a stack.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Frame {
    /// Index among the modules.
    pub module: u32,
    /// Zero if only the method is known.
    #[serde(skip_serializing_if = "is_no_line")]
    pub line: u32,
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub method: SmolStr,
}
fn is_no_line(line: &u32) -> bool {
    *line == 0
}

/// What was spent in the innermost of some frames. Its total time is its own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Stack {
    /// Indexes of frames, the outermost first.
    pub frames: Vec<u32>,
    pub measure: Measure,
}

impl Profile {
    /// The module of a name in either language.
    pub fn module(&self, name: &str) -> Option<&ModuleProfile> {
        let key = module_key(name);
        self.modules.iter().find(|module| module_key(&module.name) == key)
    }

    /// The module whose file ends a path; both kinds of slashes separate its parts.
    pub fn module_of_path(&self, path: &str) -> Option<&ModuleProfile> {
        let path = path.replace('\\', "/");
        let ends = |end: &str| {
            path.strip_suffix(end).is_some_and(|before| before.is_empty() || before.ends_with('/'))
        };
        self.modules.iter().find(|module| module.path.as_deref().is_some_and(ends))
    }

    /// Part of everything, 0 to 1.
    pub fn share(&self, own_ns: u64) -> f64 {
        if self.total.own_ns == 0 { 0.0 } else { own_ns as f64 / self.total.own_ns as f64 }
    }
}

impl ModuleProfile {
    pub fn line(&self, line: u32) -> Option<&LineProfile> {
        let index = self.lines.binary_search_by_key(&line, |profile| profile.line).ok()?;
        self.lines.get(index)
    }
}
