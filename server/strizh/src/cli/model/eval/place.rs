//! One configuration, one place in it, and what the tiers show there.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use ai::eval::{CaretKind, Case, EvalModule, Example, Outcome};
use ai::{Acceptor, Completer, Context, Extent, ProjectLines, Request, Sources, Suggestion};
use anyhow::Context as _;
use base::{CancelToken, Locale, Severity, TextRange};
use ide::{NameTruth, ProjectDocument, PromptOptions, judge_names};
use lints::{ModuleInfo, ProjectModule, RuleKind, RuleSet, check_tree};
use semantics::{ModuleFacts, ModuleId, Project};
use syntax::{Document, parse_text};

use crate::acceptor::{errors_of, with_acceptor};
use crate::analysis::rule_options;
use crate::assistant::to_context;
use crate::cli::report::absolute;
use crate::files::{find_modules, read_module};
use crate::settings::Settings;
use crate::workspace::{CachedSource, FactsSource, Unobserved, WorkspaceOptions, load};

/// A configuration as the server would know it.
pub(super) struct Configuration {
    folder: PathBuf,
    pub(super) modules: Vec<EvalModule>,
    pub(super) lines: Arc<ProjectLines>,
    /// How long the index took.
    pub(super) seconds: f64,
    project: Project,
    rules: RuleSet,
}

/// The caret with the rest of its line hidden.
pub(super) struct Place<'a> {
    configuration: &'a Configuration,
    case: &'a Case,
    path: PathBuf,
    document: Document,
    project: Project,
    module: ModuleId,
    context: Context,
}

/// What a combination of sources did at a place.
pub(super) struct Tried {
    pub(super) kind: CaretKind,
    pub(super) outcome: Outcome,
    pub(super) seconds: f64,
    /// Known for what is shown, and only where somebody asked.
    pub(super) truth: Option<Truth>,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Truth {
    pub(super) parses: bool,
    pub(super) names_found: usize,
    pub(super) names_missing: usize,
    pub(super) findings: FindingKinds,
}

/// What the default rules find in a suggestion.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct FindingKinds {
    pub(super) any: bool,
    /// Of the level of errors.
    pub(super) error: bool,
    /// Of a rule that finds bugs.
    pub(super) bug: bool,
}

impl Configuration {
    pub(super) fn read(folder: &Path) -> anyhow::Result<Self> {
        let folder = absolute(folder);
        let options = WorkspaceOptions {
            folders: vec![folder.clone()],
            exclude: Vec::new(),
            help_folder: None,
            language: Locale::En,
        };
        let source = CachedSource::without_store();
        let facts = |path: &Path| source.facts(path);
        let workspace = load(&options, &source, &facts, &Unobserved, &CancelToken::new())
            .context("the folder cannot be read")?;
        let mut modules = Vec::new();
        for path in find_modules(std::slice::from_ref(&folder), &[]).modules {
            let Ok(decoded) = read_module(&path) else { continue };
            let inside = path.strip_prefix(&folder).unwrap_or(&path);
            modules
                .push(EvalModule { path: inside.to_string_lossy().replace('\\', "/"), text: decoded.text });
        }
        let lines = Arc::new(ProjectLines::new());
        let start = Instant::now();
        let texts = modules.iter().map(|module| (module.path.clone(), module.text.clone()));
        lines.build(texts, &CancelToken::new());
        let seconds = start.elapsed().as_secs_f64();
        let (rules, _) = RuleSet::new(&rule_options(&Settings::default()).0);
        Ok(Self { folder, modules, lines, seconds, project: workspace.project, rules })
    }

    /// Hides the rest of a line, asks, and shows it again.
    pub(super) fn at(&self, case: &Case, cancel: &CancelToken, ask: impl FnOnce(&Place<'_>)) {
        let Some(module) = self.modules.get(case.module) else { return };
        let (before, after) = case.split(module);
        let hidden = format!("{before}{after}");
        let path = self.folder.join(&module.path);
        let facts = ModuleFacts::of_text(&hidden);
        let (project, id) = self.project.with_module(&path, facts);
        let document = Document::new(&hidden);
        let of = ProjectDocument { document: &document, project: &project, module: id };
        let caret = before.len() as u32;
        let Some(context) = ide::prompt_context(of, caret, &PromptOptions::default()) else { return };
        let context = to_context(context, module.path.clone());
        self.lines.update(&module.path, &hidden, cancel);
        ask(&Place { configuration: self, case, path, document, project, module: id, context });
        self.lines.update(&module.path, &module.text, cancel);
    }
}

impl Place<'_> {
    fn of(&self) -> ProjectDocument<'_> {
        ProjectDocument { document: &self.document, project: &self.project, module: self.module }
    }

    fn request<'r>(&'r self, acceptor: &'r dyn Acceptor, sources: Sources) -> Request<'r> {
        Request {
            context: &self.context,
            acceptor,
            extent: Extent::Line,
            deadline: None,
            at_most: 1,
            gate: 0.0,
            sources,
        }
    }

    /// The best suggestion of some sources, however doubtful. With a gate, what is true of it if it is shown.
    pub(super) fn try_out(&self, completer: &Completer, sources: Sources, gate: Option<f32>) -> Tried {
        let start = Instant::now();
        let best = with_acceptor(self.of(), self.case.caret as u32, |acceptor| {
            completer.complete(&self.request(acceptor, sources), &CancelToken::new()).into_iter().next()
        });
        let seconds = start.elapsed().as_secs_f64();
        let shown = best.as_ref().filter(|best| gate.is_some_and(|gate| best.confidence >= gate));
        let truth = shown.map(|shown| self.truth(shown));
        let offered = best.as_ref().map(|best| best.text.get(best.replaced..).unwrap_or_default().to_owned());
        let confidence = best.as_ref().map_or(0.0, |best| best.confidence);
        let outcome = Outcome { expected: self.case.expected.clone(), offered, confidence };
        Tried { kind: self.case.kind, outcome, seconds, truth }
    }

    fn truth(&self, shown: &Suggestion) -> Truth {
        let caret = self.case.caret as u32;
        let start = caret - (shown.replaced as u32).min(caret);
        let document = self.document.with_replaced(TextRange { start, end: caret }, &shown.text);
        let inserted = TextRange { start, end: start + shown.text.len() as u32 };
        let text = document.text();
        let errors = |text: &str| errors_of(Document::new(text).flat().tree);
        let names = judge_names(ProjectDocument { document: &document, ..self.of() }, inserted);
        let count = |truth: NameTruth| names.iter().filter(|name| name.truth == truth).count();
        Truth {
            parses: errors(&text) <= errors(&self.blanked()),
            names_found: count(NameTruth::Found),
            names_missing: count(NameTruth::Missing),
            findings: self.findings(&text, inserted),
        }
    }

    /// The module with the line of the caret emptied.
    fn blanked(&self) -> String {
        let caret = self.case.caret;
        let text = self.document.text();
        let start = text[..caret].rfind('\n').map_or(0, |at| at + 1);
        format!("{}{}", &text[..start], &text[caret..])
    }

    /// What the rules find in the suggestion, by the default settings.
    fn findings(&self, text: &str, inserted: TextRange) -> FindingKinds {
        let rules = &self.configuration.rules;
        let tree = parse_text(text);
        let info = ModuleInfo::from_path(&self.path.to_string_lossy());
        let (project, module) = self.project.with_module(&self.path, ModuleFacts::of_tree(&tree, text));
        let read = |range: TextRange| range.slice(text).to_owned();
        let place = ProjectModule { project: &project, module, text: &read };
        let findings = check_tree(&tree, text, rules, &info).finish(rules, Some(place));
        let mut kinds = FindingKinds::default();
        let is_inside = |range: TextRange| range.start < inserted.end && inserted.start < range.end;
        for finding in findings.iter().filter(|finding| is_inside(finding.range)) {
            kinds.any = true;
            kinds.error |= rules.severity(finding.rule) == Severity::Error;
            kinds.bug |= rules.grade(finding.rule).0 == RuleKind::Error;
        }
        kinds
    }

    /// All candidates with whether they were right.
    pub(super) fn examples(&self, completer: &Completer, sources: Sources) -> Vec<Example> {
        with_acceptor(self.of(), self.case.caret as u32, |acceptor| {
            let candidates = completer.candidates(&self.request(acceptor, sources), &CancelToken::new());
            let is_exact = |text: &str, replaced: usize| {
                text.get(replaced..).is_some_and(|new| new.trim_end() == self.case.expected.trim_end())
            };
            candidates
                .iter()
                .filter(|one| acceptor.judge(&one.text, one.replaced) == ai::Verdict::Accepted)
                .map(|one| Example { features: one.features, is_exact: is_exact(&one.text, one.replaced) })
                .collect()
        })
    }
}
