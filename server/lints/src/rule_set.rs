//! The rules that run under given settings, with their parameters and severities.

use std::sync::OnceLock;

use base::{Locale, Severity};
use syntax::{NodeKind, QueryNodeKind};

use crate::finding::RuleId;
use crate::module::{ModuleInfo, ModuleKind};
use crate::options::{Mode, Options, Params, RuleSetting};
use crate::project::ValuesNeeded;
use crate::registry::{all_rules, rule_by_key};
use crate::rule::{Rule, RuleInfo, RuleKind, RuleSeverity, Scope, lsp_severity};
use crate::timing::{Clock, Timing};

/// Instances of all rules that are switched on. Immutable: new settings make a new set.
pub struct RuleSet {
    active: Vec<ActiveRule>,
    severities: Vec<Severity>,
    grades: Vec<(RuleKind, RuleSeverity)>,
    plans: Vec<OnceLock<Plan>>,
    locale: Locale,
    /// Version of the platform that the settings name.
    pub(crate) compatibility: Option<(u16, u16, u16)>,
    is_audit: bool,
    timing: Option<Timing>,
}

pub(crate) struct ActiveRule {
    pub(crate) id: RuleId,
    pub(crate) rule: Box<dyn Rule>,
    scope: Scope,
    modules: Vec<ModuleKind>,
}

/// Rules that look at modules of one kind, as indexes of `active`.
pub(crate) struct Plan {
    pub(crate) all: Vec<u16>,
    /// Those with a project stage.
    pub(crate) project: Vec<u16>,
    /// One rule looks at queries.
    pub(crate) needs_queries: bool,
    /// One rule with a project stage looks at queries.
    pub(crate) needs_query_facts: bool,
    /// The most that one of the rules asks about values.
    pub(crate) values_needed: ValuesNeeded,
    pub(crate) by_node_kind: Vec<Vec<u16>>,
    pub(crate) by_query_kind: Vec<Vec<u16>>,
}

impl RuleSet {
    /// Makes the set. Problems of the settings come as messages for the user and never stop it.
    pub fn new(options: &Options) -> (Self, Vec<String>) {
        let mut problems = unknown_keys(options);
        let severities: Vec<_> = all_rules().iter().map(|info| severity_of(info, options)).collect();
        let grades = all_rules().iter().map(|info| grade_of(info, options)).collect();
        let mut active = Vec::new();
        for (index, info) in all_rules().iter().enumerate() {
            let setting = options.parameters.get(info.key);
            let params = Params::new(info, options, &mut problems);
            if runs(info, setting, options) && is_severe_enough(severities[index], options) {
                let metadata = options.metadata.get(info.key);
                let scope = metadata.and_then(|metadata| metadata.scope).unwrap_or(info.scope);
                let modules = metadata.and_then(|metadata| metadata.modules.clone());
                let modules = modules.unwrap_or_else(|| info.modules.to_vec());
                let (scope, modules) =
                    if options.is_audit { (Scope::All, Vec::new()) } else { (scope, modules) };
                let rule = (info.create)(&params);
                active.push(ActiveRule { id: RuleId(index as u16), rule, scope, modules });
            }
        }
        let plans = (0..ModuleKind::ALL.len() * 2).map(|_| OnceLock::new()).collect();
        let Options { locale, compatibility, is_audit, .. } = *options;
        (Self { active, severities, grades, plans, locale, compatibility, is_audit, timing: None }, problems)
    }

    /// Measures from now on how long each rule takes. The clock gives nanoseconds.
    pub fn measure(&mut self, clock: Clock) {
        self.timing = Some(Timing::new(clock));
    }

    /// Nanoseconds that the rules took, the most expensive one first; empty if nothing was measured.
    pub fn costs(&self) -> Vec<(RuleId, u64)> {
        self.timing.as_ref().map(Timing::costs).unwrap_or_default()
    }

    /// Runs a stage of a rule.
    #[inline]
    pub(crate) fn timed(&self, rule: RuleId, stage: impl FnOnce()) {
        match &self.timing {
            None => stage(),
            Some(timing) => timing.measure(rule, stage),
        }
    }

    /// True if suppression comments do not count.
    pub(crate) fn is_audit(&self) -> bool {
        self.is_audit
    }

    /// Language of messages.
    pub fn locale(&self) -> Locale {
        self.locale
    }

    /// Severity of a rule under these settings.
    pub fn severity(&self, rule: RuleId) -> Severity {
        self.severities[rule.0 as usize]
    }

    /// Kind and severity that the rule has in itself, under these settings.
    pub fn grade(&self, rule: RuleId) -> (RuleKind, RuleSeverity) {
        self.grades[rule.0 as usize]
    }

    /// True if the rule is switched on.
    pub fn is_active(&self, rule: RuleId) -> bool {
        self.active.iter().any(|active| active.id == rule)
    }

    pub(crate) fn active(&self, index: u16) -> &ActiveRule {
        &self.active[index as usize]
    }

    /// True if a rule wants to know the project around a module.
    pub fn needs_project(&self) -> bool {
        self.active.iter().any(|active| active.rule.needs_project())
    }

    pub(crate) fn plan(&self, module: &ModuleInfo) -> &Plan {
        let slot = module.kind as usize * 2 + usize::from(module.is_oscript);
        self.plans[slot].get_or_init(|| self.make_plan(module))
    }

    fn make_plan(&self, module: &ModuleInfo) -> Plan {
        let mut plan = Plan {
            all: Vec::new(),
            project: Vec::new(),
            needs_queries: false,
            needs_query_facts: false,
            values_needed: ValuesNeeded::Nothing,
            by_node_kind: vec![Vec::new(); NodeKind::COUNT],
            by_query_kind: vec![Vec::new(); QueryNodeKind::COUNT],
        };
        for (index, active) in self.active.iter().enumerate() {
            if !active.looks_at(module) {
                continue;
            }
            plan.all.push(index as u16);
            plan.values_needed = plan.values_needed.max(active.rule.values_needed());
            if active.rule.needs_project() {
                plan.project.push(index as u16);
                plan.needs_query_facts |= active.rule.needs_queries();
            }
            let query_kinds = active.rule.query_kinds();
            plan.needs_queries |= active.rule.needs_queries() || !query_kinds.is_empty();
            for kind in query_kinds {
                plan.by_query_kind[*kind as usize].push(index as u16);
            }
            for kind in active.rule.node_kinds() {
                plan.by_node_kind[*kind as usize].push(index as u16);
            }
        }
        plan
    }
}

fn unknown_keys(options: &Options) -> Vec<String> {
    let keys = options.parameters.keys().chain(options.metadata.keys());
    let is_unknown = |key: &&String| rule_by_key(key).is_none();
    keys.filter(is_unknown).map(|key| format!("unknown rule \"{key}\"")).collect()
}

fn runs(info: &RuleInfo, setting: Option<&RuleSetting>, options: &Options) -> bool {
    let metadata = options.metadata.get(info.key);
    let is_default = metadata.and_then(|metadata| metadata.is_on_by_default).unwrap_or(info.is_on_by_default);
    let lowest = metadata.and_then(|metadata| metadata.compatibility).or(info.compatibility);
    let is_compatible = match (lowest, options.compatibility) {
        (Some(lowest), Some(mode)) if !options.is_audit => mode >= lowest,
        _ => true,
    };
    let is_named_on = match setting {
        None => None,
        Some(RuleSetting::Enabled(is_on)) => Some(*is_on),
        Some(RuleSetting::Params(_)) => Some(true),
    };
    is_compatible
        && match options.mode {
            Mode::Off => false,
            Mode::On => is_named_on.unwrap_or(is_default),
            Mode::Except => is_named_on.is_none(),
            Mode::Only => is_named_on == Some(true),
            Mode::All => true,
        }
}

fn grade_of(info: &RuleInfo, options: &Options) -> (RuleKind, RuleSeverity) {
    let metadata = options.metadata.get(info.key);
    let kind = metadata.and_then(|metadata| metadata.kind).unwrap_or(info.kind);
    (kind, metadata.and_then(|metadata| metadata.rule_severity).unwrap_or(info.severity))
}

fn severity_of(info: &RuleInfo, options: &Options) -> Severity {
    let (kind, own) = grade_of(info, options);
    let shown = options.metadata.get(info.key).and_then(|metadata| metadata.severity);
    let severity = shown.unwrap_or_else(|| lsp_severity(kind, own));
    options.raise_to_severity.map_or(severity, |lowest| severity.max(lowest))
}

fn is_severe_enough(severity: Severity, options: &Options) -> bool {
    options.is_audit || options.minimum_severity.is_none_or(|lowest| severity >= lowest)
}

impl ActiveRule {
    fn looks_at(&self, module: &ModuleInfo) -> bool {
        match self.scope {
            Scope::All => {}
            Scope::Bsl if module.is_oscript => return false,
            Scope::Os if !module.is_oscript => return false,
            Scope::Bsl | Scope::Os => {}
        }
        module.is_oscript || self.modules.is_empty() || self.modules.contains(&module.kind)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::options::{MetadataOverride, ParamValue};

    fn is_on(mode: Mode, key: &str, setting: Option<RuleSetting>) -> bool {
        let parameters = setting.map(|setting| (key.to_owned(), setting)).into_iter().collect();
        let (rules, problems) = RuleSet::new(&Options { mode, parameters, ..Options::default() });
        assert_eq!(problems, Vec::<String>::new());
        rules.is_active(rule_by_key(key).expect("invariant: the test names a known rule"))
    }

    #[test]
    fn modes_follow_the_table() {
        let off = Some(RuleSetting::Enabled(false));
        let params = Some(RuleSetting::Params(BTreeMap::new()));
        assert!(is_on(Mode::On, "LineLength", None));
        assert!(!is_on(Mode::On, "LineLength", off.clone()));
        assert!(!is_on(Mode::Off, "LineLength", params.clone()));
        assert!(!is_on(Mode::Except, "LineLength", params.clone()));
        assert!(is_on(Mode::Except, "LineLength", None));
        assert!(!is_on(Mode::Only, "LineLength", None));
        assert!(is_on(Mode::Only, "LineLength", params));
        assert!(is_on(Mode::All, "LineLength", off));
    }

    #[test]
    fn problems_name_the_rule_and_the_parameter() {
        let params = BTreeMap::from([
            ("maxLineLength".to_owned(), ParamValue::Bool(true)),
            ("maxLength".to_owned(), ParamValue::Integer(1)),
        ]);
        let parameters = BTreeMap::from([
            ("LineLength".to_owned(), RuleSetting::Params(params)),
            ("LineLenght".to_owned(), RuleSetting::Enabled(true)),
            ("Typo".to_owned(), RuleSetting::Enabled(false)),
        ]);
        let (_, problems) = RuleSet::new(&Options { parameters, ..Options::default() });
        assert_eq!(
            problems,
            [
                "unknown rule \"LineLenght\"",
                "rule LineLength: unknown parameter \"maxLength\"",
                "rule LineLength: parameter \"maxLineLength\" must be a whole number; the default is used",
            ]
        );
    }

    #[test]
    fn an_audit_opens_every_gate() {
        let key = "LineLength";
        let metadata = MetadataOverride {
            modules: Some(vec![ModuleKind::FormModule]),
            scope: Some(Scope::Os),
            compatibility: Some((8, 3, 20)),
            severity: Some(Severity::Hint),
            ..Default::default()
        };
        let options = Options {
            mode: Mode::Only,
            parameters: BTreeMap::from([(key.to_owned(), RuleSetting::Enabled(true))]),
            metadata: BTreeMap::from([(key.to_owned(), metadata)]),
            compatibility: Some((8, 3, 10)),
            minimum_severity: Some(Severity::Error),
            ..Options::default()
        };
        let runs = |is_audit| {
            let (rules, _) = RuleSet::new(&Options { is_audit, ..options.clone() });
            !rules.plan(&ModuleInfo { kind: ModuleKind::CommonModule, is_oscript: false }).all.is_empty()
        };
        assert!(runs(true) && !runs(false));
    }

    #[test]
    fn attributes_of_a_rule_can_be_replaced_one_by_one() {
        let key = "LineLength";
        let rule = rule_by_key(key).expect("invariant: the test names a known rule");
        let with = |metadata: MetadataOverride| {
            let metadata = BTreeMap::from([(key.to_owned(), metadata)]);
            RuleSet::new(&Options { metadata, ..Options::default() }).0
        };
        let critical =
            with(MetadataOverride { rule_severity: Some(RuleSeverity::Critical), ..Default::default() });
        assert_eq!(critical.severity(rule), Severity::Warning);
        let error = with(MetadataOverride { kind: Some(RuleKind::Error), ..Default::default() });
        assert_eq!(error.severity(rule), Severity::Error);
        let modules = Some(vec![ModuleKind::FormModule]);
        let only_forms = with(MetadataOverride { modules, ..Default::default() });
        let runs_in = |kind| {
            let plan = only_forms.plan(&ModuleInfo { kind, is_oscript: false });
            plan.all.iter().any(|index| only_forms.active(*index).id == rule)
        };
        assert!(runs_in(ModuleKind::FormModule) && !runs_in(ModuleKind::CommonModule));
    }
}
