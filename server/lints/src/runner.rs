//! Runs rules over sections and modules.

use std::cell::RefCell;
use std::sync::Arc;

use base::{CancelToken, TextRange};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use syntax::{Document, NodeKind, Source, SyntaxTree, parse_text, sections_of_text};

use crate::context::{Context, ModuleContext, ProjectContext, ProjectModule, QueryContext};
use crate::facts::{self, ModuleFacts, SectionFacts};
use crate::finding::Finding;
use crate::module::ModuleInfo;
use crate::project::{
    Conditions, Evidence, Proposal, QueryFacts, Shared, ValueFacts, ValuesNeeded, query_facts, value_facts,
};
use crate::queries::{SectionQuery, section_queries};
use crate::rule_set::{Plan, RuleSet};
use crate::suppression::Suppressions;

/// What the rules said about a section, relative to its start.
#[derive(Debug)]
struct SectionResult {
    facts: SectionFacts,
    findings: Vec<Finding>,
    /// What the rules want to look at again when the project is known.
    proposals: Vec<Proposal>,
    queries: Option<Arc<QueryFacts>>,
    values: Option<Arc<ValueFacts>>,
}

thread_local! {
    /// Buffers of the section at work, reused to spare the allocator.
    static TREE: RefCell<SyntaxTree> = RefCell::default();
}

/// Checks a text once, without a project around it.
pub fn check_text(text: &str, rules: &RuleSet, module: &ModuleInfo) -> Vec<Finding> {
    check_tree(&parse_text(text), text, rules, module).finish(rules, None)
}

/// What a text alone says, with what is needed to add the findings about its project.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Checked {
    findings: Vec<Finding>,
    suppressions: Suppressions,
    evidence: Evidence,
    module: ModuleInfo,
}

/// Checks a parsed text.
pub fn check_tree(tree: &tree_sitter::Tree, text: &str, rules: &RuleSet, module: &ModuleInfo) -> Checked {
    let results: Vec<_> = sections_of_text(tree, text)
        .into_iter()
        .map(|section| {
            let result = check_section(tree, section.range, section.range.slice(text), rules, module);
            (section.range.start, Arc::new(result))
        })
        .collect();
    join(&results, &|range: TextRange| range.slice(text).to_owned(), rules, module)
}

impl Checked {
    /// All findings sorted by place.
    pub fn finish(self, rules: &RuleSet, project: Option<ProjectModule<'_>>) -> Vec<Finding> {
        let Self { mut findings, suppressions, mut evidence, module } = self;
        let place = project.and_then(|place| Some((place, place.project.module(place.module)?)));
        // A module outside of all configurations has nothing around it that could object.
        if place.is_some_and(|(_, known)| known.place.root.is_none() && !known.place.is_script) {
            let (certain, others) = evidence.proposals.into_iter().partition(|proposal| proposal.is_certain);
            evidence.proposals = others;
            let certain: Vec<Proposal> = certain;
            findings.extend(certain.into_iter().map(|proposal| proposal.finding));
        }
        match place {
            Some((project, known)) => {
                findings = run_project_rules(project, known, rules, &module, &evidence, findings);
            }
            None => {
                let certain = evidence.proposals.into_iter().filter(|proposal| proposal.is_certain);
                findings.extend(certain.map(|proposal| proposal.finding));
            }
        }
        if !suppressions.is_empty() {
            findings.retain(|finding| !suppressions.covers(finding));
        }
        findings.sort_by_key(|finding| (finding.range.start, finding.range.end, finding.rule));
        findings
    }
}

/// Results of an open document. Sections whose text did not change are not looked at again.
#[derive(Default)]
pub struct ModuleLints {
    results: FxHashMap<u128, Arc<SectionResult>>,
    /// Settings that the results belong to.
    rules: Option<Arc<RuleSet>>,
    module: ModuleInfo,
}

impl ModuleLints {
    /// Findings of the document sorted by place; `None` if cancelled. What was computed until then is kept.
    pub fn update(
        &mut self,
        document: &Document,
        rules: &Arc<RuleSet>,
        module: &ModuleInfo,
        project: Option<ProjectModule<'_>>,
        token: &CancelToken,
    ) -> Option<Vec<Finding>> {
        let is_same_set = self.rules.as_ref().is_some_and(|known| Arc::ptr_eq(known, rules));
        if !is_same_set || self.module != *module {
            self.results.clear();
            self.rules = Some(Arc::clone(rules));
            self.module = *module;
        }
        let sections = document.sections();
        let mut current = Vec::with_capacity(sections.len());
        for section in sections {
            if token.is_cancelled() {
                return None;
            }
            let result = self.results.entry(section.digest).or_insert_with(|| {
                let text = document.slice(section.range);
                Arc::new(check_section(document.tree(), section.range, &text, rules, module))
            });
            current.push((section.range.start, Arc::clone(result)));
        }
        self.forget_all_but(sections);
        let read = |range: TextRange| document.slice(range);
        Some(join(&current, &read, rules, module).finish(rules, project))
    }

    /// Keeps memory in proportion to the document.
    fn forget_all_but(&mut self, sections: &[syntax::Section]) {
        if self.results.len() > sections.len() {
            let current: rustc_hash::FxHashSet<u128> =
                sections.iter().map(|section| section.digest).collect();
            self.results.retain(|digest, _| current.contains(digest));
        }
    }
}

fn check_section(
    tree: &tree_sitter::Tree,
    range: TextRange,
    text: &str,
    rules: &RuleSet,
    module: &ModuleInfo,
) -> SectionResult {
    TREE.with_borrow_mut(|flat| {
        flat.lower(tree, range, text);
        let source = Source { text, tree: flat };
        let mut facts = SectionFacts::default();
        facts::collect(source, &mut facts);
        let plan = rules.plan(module);
        let needed = plan.values_needed;
        let values = if needed == ValuesNeeded::Nothing { None } else { value_facts(source, needed) };
        let queries = if plan.needs_queries { section_queries(source) } else { Vec::new() };
        let (mut findings, mut proposals) = (Vec::new(), Vec::new());
        if let Some(first) = plan.all.first() {
            let rule = rules.active(*first).id;
            let (facts, queries, values) = (&facts, queries.as_slice(), values.as_ref());
            let (findings, proposals) = (&mut findings, &mut proposals);
            run_section_rules(
                Context { module, source, facts, queries, values, rule, findings, proposals },
                rules,
                plan,
            );
        }
        run_query_rules(text, &queries, rules, plan, &mut findings, &mut proposals);
        let query_facts = plan.needs_query_facts.then(|| query_facts(text, &queries));
        let queries = query_facts.filter(|queries| !queries.is_empty()).map(Arc::new);
        SectionResult { facts, findings, proposals, queries, values: values.map(Arc::new) }
    })
}

fn run_section_rules(mut ctx: Context<'_>, rules: &RuleSet, plan: &Plan) {
    let source = ctx.source;
    for index in &plan.all {
        let active = rules.active(*index);
        ctx.rule = active.id;
        rules.timed(active.id, || active.rule.section(&mut ctx));
    }
    let mut end_of_error = 0;
    for (id, node) in source.tree.nodes() {
        if node.kind == NodeKind::Error {
            end_of_error = end_of_error.max(source.tree.subtree_end(id).0);
        }
        if id.0 < end_of_error || (node.is_broken && node.kind != NodeKind::Module) {
            continue;
        }
        for index in &plan.by_node_kind[node.kind as usize] {
            let active = rules.active(*index);
            ctx.rule = active.id;
            rules.timed(active.id, || active.rule.node(&mut ctx, id));
        }
    }
}

fn run_query_rules(
    text: &str,
    queries: &[SectionQuery],
    rules: &RuleSet,
    plan: &Plan,
    findings: &mut Vec<Finding>,
    proposals: &mut Vec<Proposal>,
) {
    for query in queries.iter().filter(|query| query.is_text) {
        let tree = query.rule_tree();
        for (id, node) in tree.nodes() {
            for index in &plan.by_query_kind[node.kind as usize] {
                let active = rules.active(*index);
                if query.is_broken && !active.rule.reads_broken_queries() {
                    continue;
                }
                let mut ctx = QueryContext { text, query, tree, rule: active.id, findings, proposals };
                rules.timed(active.id, || active.rule.query(&mut ctx, id));
            }
        }
    }
}

fn run_project_rules(
    project: ProjectModule<'_>,
    known: &semantics::Module,
    rules: &RuleSet,
    module: &ModuleInfo,
    evidence: &Evidence,
    findings: Vec<Finding>,
) -> Vec<Finding> {
    let plan = rules.plan(module);
    let Some(first) = plan.project.first() else { return findings };
    let shared = Shared::new(known);
    let mut ctx = ProjectContext {
        project,
        evidence,
        shared: &shared,
        rule: rules.active(*first).id,
        compatibility: rules.compatibility,
        findings,
    };
    for index in &plan.project {
        let active = rules.active(*index);
        ctx.rule = active.id;
        rules.timed(active.id, || active.rule.project(&mut ctx));
    }
    ctx.findings
}

/// Joins the sections: places in the module, and rules about the whole module.
fn join(
    results: &[(u32, Arc<SectionResult>)],
    read: &dyn Fn(TextRange) -> String,
    rules: &RuleSet,
    module: &ModuleInfo,
) -> Checked {
    let sections = results.iter().map(|(offset, result)| (*offset, &result.facts)).collect();
    let facts = ModuleFacts::new(sections, read);
    let mut findings: Vec<Finding> = results
        .iter()
        .flat_map(|(offset, result)| result.findings.iter().map(|finding| finding.shifted(*offset)))
        .collect();
    let plan = rules.plan(module);
    let mut proposals: Vec<Proposal> = results
        .iter()
        .flat_map(|(offset, result)| result.proposals.iter().map(|proposal| proposal.shifted(*offset)))
        .collect();
    for index in &plan.all {
        let active = rules.active(*index);
        let mut ctx = ModuleContext {
            module,
            facts: &facts,
            rule: active.id,
            findings: &mut findings,
            proposals: &mut proposals,
        };
        rules.timed(active.id, || active.rule.module(&mut ctx));
    }
    let conditions = if plan.project.is_empty() { Conditions::default() } else { Conditions::new(&facts) };
    let queries = |(offset, result): &(u32, Arc<SectionResult>)| Some((*offset, result.queries.clone()?));
    let values = |(offset, result): &(u32, Arc<SectionResult>)| Some((*offset, result.values.clone()?));
    let evidence = Evidence {
        conditions,
        anchor: facts.anchor(),
        proposals,
        queries: results.iter().filter_map(queries).collect(),
        values: results.iter().filter_map(values).collect(),
    };
    let suppressions = if rules.is_audit() { Suppressions::default() } else { Suppressions::new(&facts) };
    Checked { findings, suppressions, evidence, module: *module }
}
