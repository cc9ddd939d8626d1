//! Generic issues, which SonarQube imports.

use base::TextRange;
use lints::RuleKind;
use serde_json::{Value, json};

use crate::cli::report::{ENGINE, File, Report, related};

pub(super) const BEGIN: &str = "{\"issues\":[";

pub(super) fn file(report: &Report<'_>, file: &File<'_>) -> String {
    let path = file.path_in(&report.root);
    let issues = file.findings.iter().map(|finding| {
        let message = finding.message(report.locale());
        let (kind, severity) = report.rules.grade(finding.rule);
        let place = |range: &TextRange| {
            json!({"message": message, "filePath": path, "textRange": text_range(file, *range)})
        };
        let issue = json!({
            "engineId": ENGINE,
            "ruleId": finding.rule.info().key,
            "severity": format!("{severity:?}").to_uppercase(),
            "type": kind_name(kind),
            "primaryLocation": place(&finding.range),
            "effortMinutes": finding.rule.info().minutes,
            "secondaryLocations": related(finding).map(place).collect::<Vec<_>>(),
        });
        issue.to_string()
    });
    issues.collect::<Vec<_>>().join(",\n")
}

/// Lines count from one, columns from zero. An empty range would be refused, so it becomes its line.
fn text_range(file: &File<'_>, range: TextRange) -> Value {
    let (start, end) = (file.lines.place(range.start), file.lines.place(range.end));
    if start == end {
        return json!({"startLine": start.line + 1, "endLine": end.line + 1});
    }
    json!({
        "startLine": start.line + 1, "endLine": end.line + 1,
        "startColumn": start.column, "endColumn": end.column,
    })
}

fn kind_name(kind: RuleKind) -> &'static str {
    match kind {
        RuleKind::Error => "BUG",
        RuleKind::CodeSmell => "CODE_SMELL",
        RuleKind::Vulnerability => "VULNERABILITY",
        RuleKind::SecurityHotspot => "SECURITY_HOTSPOT",
    }
}
