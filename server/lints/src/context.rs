//! What a rule sees and how it reports.

use base::{Edit, TextRange};
use semantics::{ModuleId, Project, Scope};
use smol_str::SmolStr;
use syntax::{NodeId, Source, Token};

use crate::facts::{ModuleFacts, SectionFacts};
use crate::finding::{Finding, RuleId};
use crate::module::ModuleInfo;

/// One section of a module. Offsets are relative to its start.
pub(crate) struct Context<'a> {
    pub source: Source<'a>,
    pub facts: &'a SectionFacts,
    pub(crate) rule: RuleId,
    pub(crate) findings: &'a mut Vec<Finding>,
}

impl Context<'_> {
    pub fn report(&mut self, range: TextRange) -> Report<'_> {
        report(self.findings, self.rule, range)
    }

    pub fn report_node(&mut self, node: NodeId) -> Report<'_> {
        let range = self.source.tree.range(node);
        self.report(range)
    }

    pub fn report_token(&mut self, token: &Token) -> Report<'_> {
        self.report(token.range())
    }
}

/// A whole module, as the facts of its sections. Offsets are those of the module.
pub(crate) struct ModuleContext<'a> {
    pub module: &'a ModuleInfo,
    pub facts: &'a ModuleFacts<'a>,
    pub(crate) rule: RuleId,
    pub(crate) findings: &'a mut Vec<Finding>,
}

impl ModuleContext<'_> {
    pub fn report(&mut self, range: TextRange) -> Report<'_> {
        report(self.findings, self.rule, range)
    }
}

/// A module with the project around it.
#[derive(Clone, Copy)]
pub struct ProjectModule<'a> {
    pub project: &'a Project,
    pub module: ModuleId,
    /// Text of the module.
    pub text: &'a dyn Fn(TextRange) -> String,
}

/// A module in its project. Offsets are those of the module.
pub(crate) struct ProjectContext<'a> {
    pub project: ProjectModule<'a>,
    pub info: &'a ModuleInfo,
    pub(crate) rule: RuleId,
    pub(crate) findings: &'a mut Vec<Finding>,
}

impl<'a> ProjectContext<'a> {
    pub fn scope(&self) -> Scope<'a> {
        Scope::new(self.project.project, self.project.module)
    }

    /// Facts of the module itself.
    pub fn facts(&self) -> Option<&'a semantics::ModuleFacts> {
        self.project.project.module(self.project.module).map(|module| &module.facts)
    }

    pub fn report(&mut self, range: TextRange) -> Report<'_> {
        report(self.findings, self.rule, range)
    }
}

fn report(findings: &mut Vec<Finding>, rule: RuleId, range: TextRange) -> Report<'_> {
    findings.push(Finding {
        rule,
        range,
        message: 0,
        args: Vec::new(),
        related: Vec::new(),
        fix: Vec::new(),
    });
    let last = findings.len() - 1;
    Report { finding: &mut findings[last] }
}

/// A finding under construction.
pub(crate) struct Report<'a> {
    finding: &'a mut Finding,
}

impl Report<'_> {
    /// Takes another message of the rule than the first.
    pub fn message(self, index: u8) -> Self {
        self.finding.message = index;
        self
    }

    /// The value of the next placeholder of the message.
    pub fn arg(self, value: impl std::fmt::Display) -> Self {
        self.finding.args.push(SmolStr::from(value.to_string()));
        self
    }

    pub fn related(self, ranges: impl IntoIterator<Item = TextRange>) -> Self {
        self.finding.related.extend(ranges);
        self
    }

    pub fn fix(self, edits: impl IntoIterator<Item = Edit>) -> Self {
        self.finding.fix.extend(edits);
        self
    }
}
