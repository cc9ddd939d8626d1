//! Reports as TSLint wrote them.

use base::Severity;
use serde_json::{Value, json};

use crate::cli::report::{File, Report};

pub(super) fn file(report: &Report<'_>, file: &File<'_>) -> String {
    let path = file.path_in(&report.root);
    let place = |offset| -> Value {
        let place = file.lines.place(offset);
        json!({"character": place.column, "line": place.line, "position": place.column})
    };
    let failures = file.findings.iter().map(|finding| {
        let is_error = report.rules.severity(finding.rule) == Severity::Error;
        let failure = json!({
            "startPosition": place(finding.range.start),
            "endPosition": place(finding.range.end),
            "failure": finding.message(report.locale()),
            "name": path,
            "ruleName": finding.rule.info().key,
            "ruleSeverity": if is_error { "error" } else { "warn" },
        });
        failure.to_string()
    });
    failures.collect::<Vec<_>>().join(",\n")
}
