//! What a rule is: a description that never changes, and an instance made from parameters.

use base::{Locale, Severity};
use syntax::{NodeId, NodeKind, QueryNodeId, QueryNodeKind};

use crate::context::{Context, ModuleContext, ProjectContext, QueryContext};
use crate::module::ModuleKind;
use crate::options::{Options, Params};
use crate::project::ValuesNeeded;

/// A text in both languages of the interface.
#[derive(Clone, Copy, Debug)]
pub struct Text {
    pub ru: &'static str,
    pub en: &'static str,
}

impl Text {
    pub fn get(self, locale: Locale) -> &'static str {
        match locale {
            Locale::Ru => self.ru,
            Locale::En => self.en,
        }
    }
}

/// The help of a rule in Markdown: a title, a description, examples that are executed as tests.
#[derive(Clone, Copy, Debug)]
pub struct Docs {
    /// Name of the files without folder and extension.
    pub page: &'static str,
    pub text: Text,
}

impl Docs {
    pub fn get(self, locale: Locale) -> &'static str {
        self.text.get(locale)
    }
}

/// What a rule looks at besides the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs {
    pub queries: bool,
    /// Types of values.
    pub values: bool,
    /// Metadata and other modules.
    pub project: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleKind {
    Error,
    CodeSmell,
    Vulnerability,
    SecurityHotspot,
}

impl RuleKind {
    /// Reads a name of the settings in any case.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name.to_ascii_uppercase().as_str() {
            "ERROR" => Self::Error,
            "CODE_SMELL" => Self::CodeSmell,
            "VULNERABILITY" => Self::Vulnerability,
            "SECURITY_HOTSPOT" => Self::SecurityHotspot,
            _ => return None,
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RuleSeverity {
    Info,
    Minor,
    Major,
    Critical,
    Blocker,
}

impl RuleSeverity {
    /// Reads a name of the settings in any case.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Info, Self::Minor, Self::Major, Self::Critical, Self::Blocker]
            .into_iter()
            .find(|severity| format!("{severity:?}").eq_ignore_ascii_case(name))
    }
}

/// Dialects a rule looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    All,
    /// Modules of 1C:Enterprise.
    Bsl,
    /// OneScript.
    Os,
}

impl Scope {
    /// Reads a name of the settings in any case.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::All, Self::Bsl, Self::Os]
            .into_iter()
            .find(|scope| format!("{scope:?}").eq_ignore_ascii_case(name))
    }
}

/// May the fix of a rule be applied without a look at the result?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FixSafety {
    None,
    /// Never changes what the module does.
    Safe,
    Unsafe,
}

/// Default of a parameter; its variant is the type of the parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ParamDefault {
    Bool(bool),
    Integer(i64),
    Number(f64),
    String(&'static str),
}

impl std::fmt::Display for ParamDefault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bool(value) => write!(f, "{value}"),
            Self::Integer(value) => write!(f, "{value}"),
            Self::Number(value) => write!(f, "{value}"),
            Self::String(value) => write!(f, "{value:?}"),
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub struct ParamInfo {
    pub name: &'static str,
    pub default: ParamDefault,
    pub meaning: Text,
}

/// Description of a rule. The key, kind, severity, tags and parameters are those of the ecosystem.
#[derive(Clone, Copy)]
pub struct RuleInfo {
    pub key: &'static str,
    pub kind: RuleKind,
    pub severity: RuleSeverity,
    /// Estimated effort of a repair.
    pub minutes: u32,
    /// Additional minutes per point above a threshold.
    pub minutes_per_point: u32,
    pub is_on_by_default: bool,
    pub scope: Scope,
    /// Empty means any.
    pub modules: &'static [ModuleKind],
    /// Lowest compatibility mode, such as `(8, 3, 12)`.
    pub compatibility: Option<(u16, u16, u16)>,
    pub tags: &'static [&'static str],
    pub params: &'static [ParamInfo],
    pub fix: FixSafety,
    /// Messages with `{0}`, `{1}`… for the arguments of a finding; most rules have one.
    pub messages: &'static [Text],
    pub docs: Docs,
    pub(crate) create: fn(&Params<'_>) -> Box<dyn Rule>,
}

impl RuleInfo {
    /// What most rules have in common; a rule states only where it differs.
    pub(crate) const DEFAULT: Self = Self {
        key: "",
        kind: RuleKind::CodeSmell,
        severity: RuleSeverity::Minor,
        minutes: 1,
        minutes_per_point: 0,
        is_on_by_default: true,
        scope: Scope::All,
        modules: &[],
        compatibility: None,
        tags: &[],
        params: &[],
        fix: FixSafety::None,
        messages: &[],
        docs: Docs { page: "", text: Text { ru: "", en: "" } },
        create: |_| Box::new(NoRule),
    };

    /// First heading of the help.
    pub fn title(&self, locale: Locale) -> &'static str {
        let first = self.docs.get(locale).lines().next().unwrap_or_default();
        first.trim_start_matches('#').trim()
    }

    /// What an instance with default parameters looks at.
    pub fn needs(&self) -> Needs {
        let options = Options::default();
        let rule = (self.create)(&Params::new(self, &options, &mut Vec::new()));
        Needs {
            queries: rule.needs_queries() || !rule.query_kinds().is_empty(),
            values: rule.values_needed() != ValuesNeeded::Nothing,
            project: rule.needs_project(),
        }
    }

    /// Severity an editor shows.
    pub fn lsp_severity(&self) -> Severity {
        lsp_severity(self.kind, self.severity)
    }
}

/// Severity an editor shows for a rule of this kind and severity.
pub(crate) fn lsp_severity(kind: RuleKind, severity: RuleSeverity) -> Severity {
    match (kind, severity) {
        (RuleKind::Error | RuleKind::Vulnerability, _) => Severity::Error,
        (RuleKind::SecurityHotspot, _) => Severity::Warning,
        (RuleKind::CodeSmell, RuleSeverity::Minor) => Severity::Information,
        (RuleKind::CodeSmell, RuleSeverity::Info) => Severity::Hint,
        (RuleKind::CodeSmell, _) => Severity::Warning,
    }
}

/// An instance of a rule with its parameters. Stages that a rule does not need do nothing.
pub(crate) trait Rule: Send + Sync {
    /// Kinds of nodes that `node` is called for.
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[]
    }

    /// Called in document order for every node of those kinds that parsed cleanly at its own level.
    fn node(&self, _ctx: &mut Context<'_>, _node: NodeId) {}

    /// Called once per section, for rules that read tokens or lines.
    fn section(&self, _ctx: &mut Context<'_>) {}

    /// Kinds of nodes that `query` is called for.
    fn query_kinds(&self) -> &'static [QueryNodeKind] {
        &[]
    }

    /// Called in document order for every node of those kinds in the query texts of a section.
    fn query(&self, _ctx: &mut QueryContext<'_>, _node: QueryNodeId) {}

    /// True for rules that look at queries with syntax errors, too.
    fn reads_broken_queries(&self) -> bool {
        false
    }

    /// True for rules whose `section` or `project` stage looks at queries.
    fn needs_queries(&self) -> bool {
        false
    }

    /// Called once per module with the facts of all sections; it sees no trees.
    fn module(&self, _ctx: &mut ModuleContext<'_>) {}

    /// True for rules that have a `project` stage.
    fn needs_project(&self) -> bool {
        false
    }

    /// How much the rule's `section` and `project` stages ask about values.
    fn values_needed(&self) -> ValuesNeeded {
        ValuesNeeded::Nothing
    }

    /// Called once per module if there is a project around it, with the facts of all modules and the metadata.
    fn project(&self, _ctx: &mut ProjectContext<'_>) {}
}

/// Finds nothing.
struct NoRule;

impl Rule for NoRule {}

/// Help texts of a rule, from `docs/ru` and `docs/en`.
macro_rules! docs {
    ($name:literal) => {
        $crate::rule::Docs {
            page: $name,
            text: $crate::rule::Text {
                ru: include_str!(concat!("../../docs/ru/", $name, ".md")),
                en: include_str!(concat!("../../docs/en/", $name, ".md")),
            },
        }
    };
}
pub(crate) use docs;
