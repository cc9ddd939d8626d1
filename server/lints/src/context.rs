//! What a rule sees and how it reports.

use base::{Edit, TextRange};
use metadata::{Configuration, MetadataObject};
use platform::Version;
use semantics::{ModuleId, ObjectId, Project, ReferenceKind, Scope};
use smol_str::SmolStr;
use syntax::{NodeId, QueryNodeId, QueryToken, QueryTree, Source, Token};

use crate::facts::{ModuleFacts, SectionFacts};
use crate::finding::{Finding, RuleId};
use crate::module::ModuleInfo;
use crate::project::{
    Conditions, Evidence, MemberUse, Proposal, QueryFacts, ResolvedCalls, Shared, ValueFacts,
};
use crate::queries::SectionQuery;

/// One section of a module. Offsets are relative to its start.
pub(crate) struct Context<'a> {
    pub module: &'a ModuleInfo,
    pub source: Source<'a>,
    pub facts: &'a SectionFacts,
    /// Queries of the section, if the rule says that it needs them.
    pub queries: &'a [SectionQuery],
    /// What the section does with values, if a rule says that it needs to know.
    pub values: Option<&'a ValueFacts>,
    pub(crate) rule: RuleId,
    pub(crate) findings: &'a mut Vec<Finding>,
    pub(crate) proposals: &'a mut Vec<Proposal>,
}

impl Context<'_> {
    pub fn report(&mut self, range: TextRange) -> Report<'_> {
        report(self.findings, self.rule, range)
    }

    /// A finding that the `project` stage of the rule has to confirm. Without a project it stands if it is certain.
    pub fn propose(&mut self, range: TextRange, is_certain: bool) -> Report<'_> {
        propose(self.proposals, new_finding(self.rule, range), is_certain)
    }

    pub fn report_node(&mut self, node: NodeId) -> Report<'_> {
        let range = self.source.tree.range(node);
        self.report(range)
    }

    pub fn report_token(&mut self, token: &Token) -> Report<'_> {
        self.report(token.range())
    }
}

/// One query text of a section. Offsets are relative to the section.
pub(crate) struct QueryContext<'a> {
    /// Text of the section.
    pub text: &'a str,
    pub query: &'a SectionQuery,
    pub tree: &'a QueryTree,
    pub(crate) rule: RuleId,
    pub(crate) findings: &'a mut Vec<Finding>,
    pub(crate) proposals: &'a mut Vec<Proposal>,
}

impl QueryContext<'_> {
    pub fn report(&mut self, range: TextRange) -> Report<'_> {
        let range = self.query.shown_range(self.text, range);
        report(self.findings, self.rule, range)
    }

    pub fn report_node(&mut self, node: QueryNodeId) -> Report<'_> {
        self.report(self.tree.range(node))
    }

    pub fn report_token(&mut self, token: QueryToken) -> Report<'_> {
        self.report(token.range())
    }

    /// A finding that the `project` stage of the rule has to confirm. Without a project it stands.
    pub fn propose(&mut self, range: TextRange) -> Report<'_> {
        let range = self.query.shown_range(self.text, range);
        propose(self.proposals, new_finding(self.rule, range), true)
    }
}

/// A whole module, as the facts of its sections. Offsets are those of the module.
pub(crate) struct ModuleContext<'a> {
    pub module: &'a ModuleInfo,
    pub facts: &'a ModuleFacts<'a>,
    pub(crate) rule: RuleId,
    pub(crate) findings: &'a mut Vec<Finding>,
    pub(crate) proposals: &'a mut Vec<Proposal>,
}

impl ModuleContext<'_> {
    pub fn report(&mut self, range: TextRange) -> Report<'_> {
        report(self.findings, self.rule, range)
    }

    /// A finding that the `project` stage of the rule has to confirm. Without a project it stands if it is certain.
    pub fn propose(&mut self, range: TextRange, is_certain: bool) -> Report<'_> {
        propose(self.proposals, new_finding(self.rule, range), is_certain)
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

/// A module in its project, the same one for all rules. Offsets are those of the module.
pub(crate) struct ProjectContext<'a> {
    pub project: ProjectModule<'a>,
    pub(crate) evidence: &'a Evidence,
    pub(crate) shared: &'a Shared<'a>,
    pub(crate) rule: RuleId,
    /// What the settings say about the version of the platform.
    pub(crate) compatibility: Option<Version>,
    pub(crate) findings: Vec<Finding>,
}

impl<'a> ProjectContext<'a> {
    pub fn scope(&self) -> Scope<'a> {
        Scope::new(self.project.project, self.project.module)
    }

    /// The configuration or extension that the code of the module belongs to.
    pub fn configuration(&self) -> Option<&'a Configuration> {
        let project = self.project.project;
        let root = project.visible_root(self.project.module)?;
        project.root(root).map(|root| &**root.configuration())
    }

    /// The module itself, as the project knows it.
    pub fn module(&self) -> &'a semantics::Module {
        self.shared.module
    }

    /// The object that the module belongs to; none for modules of the application and files outside all roots.
    pub fn object(&self) -> Option<(ObjectId, &'a MetadataObject)> {
        let id = self.module().place.object?;
        Some((id, self.project.project.object(id)?))
    }

    /// The place of findings about the module as a whole, or about what it stands for. A module without any token
    /// has none.
    pub fn anchor(&self) -> Option<TextRange> {
        self.evidence.anchor
    }

    /// Calls and what they call, computed once for all rules.
    pub fn calls(&self) -> &'a ResolvedCalls<'a> {
        self.shared.calls(self.project.project)
    }

    /// Text of a name in the module.
    pub fn text(&self, range: TextRange) -> String {
        (self.project.text)(range)
    }

    /// Environments by place.
    pub fn conditions(&self) -> &'a Conditions {
        &self.evidence.conditions
    }

    /// Queries of the sections with their offsets, if the rule says that it needs them.
    pub fn queries(&self) -> impl Iterator<Item = (u32, &'a QueryFacts)> + use<'a> {
        self.evidence.queries.iter().map(|(offset, queries)| (*offset, &**queries))
    }

    /// What the sections do with values, with their offsets, if the rule says that it needs to know.
    pub fn values(&self) -> impl Iterator<Item = (u32, &'a ValueFacts)> + use<'a> {
        self.evidence.values.iter().map(|(offset, values)| (*offset, &**values))
    }

    /// Members that the code uses, with the offsets of their sections.
    pub fn member_uses(&self) -> impl Iterator<Item = (u32, &'a MemberUse)> + use<'a> {
        self.values().flat_map(|(offset, values)| values.uses.iter().map(move |member| (offset, member)))
    }

    /// The version of the platform that the code has to run on; `None` for the newest.
    pub fn target_version(&self) -> Option<Version> {
        let project = self.project.project;
        let of_configuration = || {
            let root = project.root(project.visible_root(self.project.module)?)?;
            root.configuration().compatibility
        };
        self.compatibility.or_else(of_configuration)
    }

    /// True if a literal of the module is the name, or a path of names that ends with it: texts are put together of
    /// such pieces.
    pub fn is_in_literal(&self, name: &str) -> bool {
        let folded = base::fold_case(name);
        let is_it = |literal: &str| {
            literal.strip_suffix(&*folded).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        let mut references = self.module().facts.references();
        references.any(|reference| reference.kind == ReferenceKind::Literal && is_it(reference.name))
    }

    /// What the rule proposed when it saw the text alone.
    pub fn proposals(&self) -> impl Iterator<Item = &'a Finding> + use<'a> {
        let rule = self.rule;
        let proposals = self.evidence.proposals.iter();
        proposals.map(|proposal| &proposal.finding).filter(move |finding| finding.rule == rule)
    }

    pub fn confirm(&mut self, proposal: &Finding) {
        self.findings.push(proposal.clone());
    }

    pub fn report(&mut self, range: TextRange) -> Report<'_> {
        report(&mut self.findings, self.rule, range)
    }
}

fn report(findings: &mut Vec<Finding>, rule: RuleId, range: TextRange) -> Report<'_> {
    findings.push(new_finding(rule, range));
    let last = findings.len() - 1;
    Report { finding: &mut findings[last] }
}

fn propose(proposals: &mut Vec<Proposal>, finding: Finding, is_certain: bool) -> Report<'_> {
    proposals.push(Proposal { finding, is_certain });
    let last = proposals.len() - 1;
    Report { finding: &mut proposals[last].finding }
}

fn new_finding(rule: RuleId, range: TextRange) -> Finding {
    Finding { rule, range, message: 0, args: Vec::new(), related: Vec::new(), fix: Vec::new() }
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
