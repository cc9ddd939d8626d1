//! Code quality of GitLab: what a merge request adds is told by fingerprints.

use serde_json::json;

use crate::cli::report::{File, Report, fingerprints};

pub(super) fn file(report: &Report<'_>, file: &File<'_>) -> String {
    let path = file.path_in(&report.root);
    let fingerprints = fingerprints(file, &path);
    let issues = file.findings.iter().zip(fingerprints).map(|(finding, fingerprint)| {
        let (_, severity) = report.rules.grade(finding.rule);
        let issue = json!({
            "description": finding.message(report.locale()),
            "check_name": finding.rule.info().key,
            "fingerprint": fingerprint,
            "severity": format!("{severity:?}").to_lowercase(),
            "location": {"path": path, "lines": {"begin": file.lines.line_of(finding.range.start) + 1}},
        });
        issue.to_string()
    });
    issues.collect::<Vec<_>>().join(",\n")
}
