//! SARIF 2.1.0, which code hosts show in reviews. Rules come first, so results can follow as they are found.

use base::{Edit, Severity, TextRange};
use lints::{Finding, all_rules, rule_by_key};
use serde_json::{Value, json};

use crate::cli::report::{File, Report, Summary, fingerprints, related, uri};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

pub(crate) fn begin(report: &Report<'_>) -> String {
    let rules: Vec<Value> = all_rules().iter().filter_map(|info| rule(report, info.key)).collect();
    let driver = json!({
        "name": "strizh",
        "organization": "strizh",
        "version": env!("CARGO_PKG_VERSION"),
        "language": match report.locale() { base::Locale::Ru => "ru", base::Locale::En => "en" },
        "rules": rules,
    });
    format!(
        "{{\"$schema\":{},\"version\":\"2.1.0\",\"runs\":[{{\"tool\":{{\"driver\":{driver}}},\
         \"defaultEncoding\":\"UTF-8\",\"defaultSourceLanguage\":\"BSL\",\"columnKind\":\"utf16CodeUnits\",\
         \"results\":[",
        json!(SCHEMA)
    )
}

pub(crate) fn end(summary: &Summary) -> String {
    let invocation = json!({"executionSuccessful": summary.unreadable == 0});
    format!("],\"invocations\":[{invocation}]}}]}}\n")
}

fn rule(report: &Report<'_>, key: &str) -> Option<Value> {
    let id = rule_by_key(key)?;
    let info = id.info();
    let docs = info.docs.get(report.locale());
    Some(json!({
        "id": key,
        "name": info.title(report.locale()),
        "fullDescription": {"text": docs, "markdown": docs},
        "defaultConfiguration": {
            "enabled": info.is_on_by_default,
            "level": level(report.rules.severity(id)),
        },
        "properties": {"tags": info.tags},
    }))
}

pub(crate) fn file(report: &Report<'_>, file: &File<'_>) -> String {
    let uri = uri(file.path);
    let fingerprints = fingerprints(file, &file.path_in(&report.root));
    let results = file.findings.iter().zip(fingerprints).map(|(finding, fingerprint)| {
        let mut result = result(report, file, finding, &uri);
        // Code hosts recognize findings by this name.
        result["partialFingerprints"] = json!({"primaryLocationLineHash": fingerprint});
        result.to_string()
    });
    results.collect::<Vec<_>>().join(",\n")
}

fn result(report: &Report<'_>, file: &File<'_>, finding: &Finding, uri: &str) -> Value {
    let message = json!({"text": finding.message(report.locale())});
    let location = |range: &TextRange| {
        json!({
            "physicalLocation": {"artifactLocation": {"uri": uri}, "region": region(file, *range)},
            "message": message,
        })
    };
    let mut result = json!({
        "ruleId": finding.rule.info().key,
        "level": level(report.rules.severity(finding.rule)),
        "kind": kind(report.rules.severity(finding.rule)),
        "message": message,
        "analysisTarget": {"uri": uri},
        "locations": [location(&finding.range)],
        "relatedLocations": related(finding).map(location).collect::<Vec<_>>(),
    });
    if !finding.fix.is_empty() {
        let replacement = |edit: &Edit| json!({"deletedRegion": region(file, edit.range), "insertedContent": {"text": edit.text}});
        let replacements: Vec<Value> = finding.fix.iter().map(replacement).collect();
        result["fixes"] = json!([{
            "description": message,
            "artifactChanges": [{"artifactLocation": {"uri": uri}, "replacements": replacements}],
        }]);
    }
    result
}

fn region(file: &File<'_>, range: TextRange) -> Value {
    let (start, end) = (file.lines.place(range.start), file.lines.place(range.end));
    json!({
        "startLine": start.line + 1, "startColumn": start.column + 1,
        "endLine": end.line + 1, "endColumn": end.column + 1,
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Information => "note",
        Severity::Hint => "none",
    }
}

/// Results without a level do not fail.
fn kind(severity: Severity) -> &'static str {
    if severity == Severity::Hint { "informational" } else { "fail" }
}
