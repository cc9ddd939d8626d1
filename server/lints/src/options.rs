//! Settings of rules, as the settings file names them.

use std::collections::BTreeMap;

use base::{Locale, Severity};

use crate::module::ModuleKind;
use crate::rule::{ParamDefault, RuleInfo, RuleKind, RuleSeverity, Scope};

/// Which rules run; see the table in the settings documentation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    Off,
    /// Rules that are on by default, plus and minus those set explicitly.
    #[default]
    On,
    /// Every rule that is not named.
    Except,
    /// Only the named rules.
    Only,
    All,
}

impl Mode {
    /// Reads a name in any case.
    pub fn from_name(name: &str) -> Option<Self> {
        [
            ("off", Self::Off),
            ("on", Self::On),
            ("except", Self::Except),
            ("only", Self::Only),
            ("all", Self::All),
        ]
        .into_iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, mode)| mode)
    }
}

/// A value of a rule parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum ParamValue {
    Bool(bool),
    Integer(i64),
    Number(f64),
    String(String),
}

/// What the settings say about one rule.
#[derive(Clone, Debug, PartialEq)]
pub enum RuleSetting {
    Enabled(bool),
    /// Switches the rule on and sets parameters.
    Params(BTreeMap<String, ParamValue>),
}

/// Attributes of a rule that the settings replace; the others stay.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MetadataOverride {
    pub kind: Option<RuleKind>,
    pub rule_severity: Option<RuleSeverity>,
    /// Severity in editors, whatever the rule's own severity says.
    pub severity: Option<Severity>,
    pub is_on_by_default: Option<bool>,
    pub scope: Option<Scope>,
    pub modules: Option<Vec<ModuleKind>>,
    pub compatibility: Option<(u16, u16, u16)>,
}

/// Settings of all rules.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    pub mode: Mode,
    pub parameters: BTreeMap<String, RuleSetting>,
    pub metadata: BTreeMap<String, MetadataOverride>,
    pub minimum_severity: Option<Severity>,
    /// Weaker findings are raised to this severity.
    pub raise_to_severity: Option<Severity>,
    /// Compatibility mode of the configuration; `None` counts as the newest.
    pub compatibility: Option<(u16, u16, u16)>,
    /// Nobody runs the ordinary application.
    pub ignores_ordinary_application: bool,
    /// The chosen rules look at every module and report everything: kinds of modules, dialects, compatibility, least
    /// severity and suppression comments do not count.
    pub is_audit: bool,
    pub locale: Locale,
}

/// Parameters of one rule, defaults filled in. Values of a wrong type were reported and left out.
pub(crate) struct Params<'a> {
    info: &'a RuleInfo,
    values: Option<&'a BTreeMap<String, ParamValue>>,
    compatibility: Option<(u16, u16, u16)>,
    /// Nobody runs the ordinary application.
    pub(crate) ignores_ordinary_application: bool,
}

impl<'a> Params<'a> {
    pub(crate) fn new(info: &'a RuleInfo, options: &'a Options, problems: &mut Vec<String>) -> Self {
        let values = match options.parameters.get(info.key) {
            Some(RuleSetting::Params(values)) => Some(values),
            _ => None,
        };
        for (name, value) in values.into_iter().flatten() {
            let Some(param) = info.params.iter().find(|param| param.name == name) else {
                problems.push(format!("rule {}: unknown parameter \"{name}\"", info.key));
                continue;
            };
            if convert(param.default, value).is_none() {
                let expected = type_name(param.default);
                problems.push(format!(
                    "rule {}: parameter \"{name}\" must be {expected}; the default is used",
                    info.key
                ));
            }
        }
        Self {
            info,
            values,
            compatibility: options.compatibility,
            ignores_ordinary_application: options.ignores_ordinary_application,
        }
    }

    /// The code has to work with an older platform than this version.
    pub(crate) fn is_older_than(&self, version: (u16, u16, u16)) -> bool {
        self.compatibility.is_some_and(|mode| mode < version)
    }

    pub(crate) fn bool(&self, name: &str) -> bool {
        matches!(self.value(name), ParamValue::Bool(true))
    }

    pub(crate) fn integer(&self, name: &str) -> i64 {
        match self.value(name) {
            ParamValue::Integer(value) => value,
            _ => 0,
        }
    }

    pub(crate) fn number(&self, name: &str) -> f64 {
        match self.value(name) {
            ParamValue::Number(value) => value,
            _ => 0.0,
        }
    }

    pub(crate) fn string(&self, name: &str) -> String {
        match self.value(name) {
            ParamValue::String(value) => value,
            _ => String::new(),
        }
    }

    /// Entries of a comma list, trimmed, without empty ones.
    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        let text = self.string(name);
        text.split(',').map(str::trim).filter(|entry| !entry.is_empty()).map(str::to_owned).collect()
    }

    fn value(&self, name: &str) -> ParamValue {
        let param = self.info.params.iter().find(|param| param.name == name);
        debug_assert!(param.is_some(), "rule {} declares no parameter {name}", self.info.key);
        let default = param.map_or(ParamDefault::Bool(false), |param| param.default);
        let given = self.values.and_then(|values| values.get(name));
        given.and_then(|value| convert(default, value)).unwrap_or_else(|| owned(default))
    }
}

fn owned(default: ParamDefault) -> ParamValue {
    match default {
        ParamDefault::Bool(value) => ParamValue::Bool(value),
        ParamDefault::Integer(value) => ParamValue::Integer(value),
        ParamDefault::Number(value) => ParamValue::Number(value),
        ParamDefault::String(value) => ParamValue::String(value.to_owned()),
    }
}

/// The value in the type of the default, if it fits.
fn convert(default: ParamDefault, value: &ParamValue) -> Option<ParamValue> {
    Some(match (default, value) {
        (ParamDefault::Bool(_), ParamValue::Bool(value)) => ParamValue::Bool(*value),
        (ParamDefault::Integer(_), ParamValue::Integer(value)) => ParamValue::Integer(*value),
        (ParamDefault::Integer(_), ParamValue::String(text)) => {
            ParamValue::Integer(text.trim().parse().ok()?)
        }
        (ParamDefault::Number(_), ParamValue::Number(value)) => ParamValue::Number(*value),
        (ParamDefault::Number(_), ParamValue::Integer(value)) => ParamValue::Number(*value as f64),
        (ParamDefault::String(_), ParamValue::String(value)) => ParamValue::String(value.clone()),
        (ParamDefault::String(_), ParamValue::Integer(value)) => ParamValue::String(value.to_string()),
        _ => return None,
    })
}

fn type_name(default: ParamDefault) -> &'static str {
    match default {
        ParamDefault::Bool(_) => "true or false",
        ParamDefault::Integer(_) => "a whole number",
        ParamDefault::Number(_) => "a number",
        ParamDefault::String(_) => "a string",
    }
}
