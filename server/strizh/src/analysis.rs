//! Settings of the rules, as the project file spells them, in the terms of the rules.

use std::collections::BTreeMap;

use base::Severity;
use lints::{
    Finding, MetadataOverride, Mode, ModuleKind, Options, ParamValue, RuleKind, RuleSetting, RuleSeverity,
    Scope,
};
use serde_json::Value;

use crate::settings::Settings;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tag {
    Unused,
    Deprecated,
}

/// How a finding of a rule is shown beyond its severity.
pub(crate) fn tags(finding: &Finding) -> Vec<Tag> {
    let tag = |name: &&str| match *name {
        name if name.eq_ignore_ascii_case("unused") => Some(Tag::Unused),
        name if name.eq_ignore_ascii_case("deprecated") => Some(Tag::Deprecated),
        _ => None,
    };
    finding.rule.info().tags.iter().filter_map(tag).collect()
}

/// Settings of all rules, with messages about values that make no sense.
pub(crate) fn rule_options(settings: &Settings) -> (Options, Vec<String>) {
    let section = &settings.diagnostics;
    let mut problems = Vec::new();
    let mode = name_of(section, "mode", Mode::from_name, &mut problems).unwrap_or_default();
    let level = "minimumLSPDiagnosticLevel";
    let minimum_severity = name_of(section, level, Severity::from_name, &mut problems);
    let level = "overrideMinimumLSPDiagnosticLevel";
    let raise_to_severity = name_of(section, level, Severity::from_name, &mut problems);
    let parameters =
        entries(section, "parameters").map(|(key, value)| (key.clone(), setting(value))).collect();
    let metadata = entries(section, "metadata")
        .map(|(key, value)| (key.clone(), metadata_override(value, &mut problems)))
        .collect();
    let options = Options {
        mode,
        parameters,
        metadata,
        minimum_severity,
        raise_to_severity,
        compatibility: settings.platform_version,
        ignores_ordinary_application: section.get("ordinaryAppSupport") == Some(&Value::Bool(false)),
        is_audit: false,
        locale: settings.language,
    };
    (options, problems)
}

fn metadata_override(value: &Value, problems: &mut Vec<String>) -> MetadataOverride {
    MetadataOverride {
        kind: name_of(value, "type", RuleKind::from_name, problems),
        rule_severity: name_of(value, "severity", RuleSeverity::from_name, problems),
        severity: name_of(value, "lspSeverity", Severity::from_name, problems),
        is_on_by_default: value.get("activatedByDefault").and_then(Value::as_bool),
        scope: name_of(value, "scope", Scope::from_name, problems),
        modules: value
            .get("modules")
            .and_then(Value::as_array)
            .map(|names| names.iter().filter_map(|name| ModuleKind::from_name(name.as_str()?)).collect()),
        compatibility: name_of(value, "compatibilityMode", compatibility_mode, problems),
    }
}

/// Reads `COMPATIBILITY_MODE_8_3_10`.
fn compatibility_mode(name: &str) -> Option<(u16, u16, u16)> {
    let numbers = name.to_ascii_uppercase().strip_prefix("COMPATIBILITY_MODE_")?.to_owned();
    let mut parts = numbers.split('_').map(str::parse);
    let mode = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    parts.next().is_none().then_some(mode)
}

fn entries<'a>(section: &'a Value, name: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    section.get(name).and_then(Value::as_object).into_iter().flatten()
}

fn name_of<T>(
    section: &Value,
    name: &str,
    parse: impl Fn(&str) -> Option<T>,
    problems: &mut Vec<String>,
) -> Option<T> {
    let value = section.get(name).filter(|value| !value.is_null())?;
    let parsed = value.as_str().and_then(parse);
    if parsed.is_none() {
        problems.push(format!("diagnostics.{name}: {value} is not a possible value"));
    }
    parsed
}

fn setting(value: &Value) -> RuleSetting {
    match value {
        Value::Object(values) => {
            let values = values.iter().filter_map(|(name, value)| Some((name.clone(), parameter(value)?)));
            RuleSetting::Params(values.collect::<BTreeMap<_, _>>())
        }
        value => RuleSetting::Enabled(value.as_bool().unwrap_or(true)),
    }
}

fn parameter(value: &Value) -> Option<ParamValue> {
    match value {
        Value::Bool(value) => Some(ParamValue::Bool(*value)),
        Value::Number(value) => match value.as_i64() {
            Some(value) => Some(ParamValue::Integer(value)),
            None => value.as_f64().map(ParamValue::Number),
        },
        Value::String(value) => Some(ParamValue::String(value.clone())),
        _ => None,
    }
}
