//! Findings of the reports: what was found where.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

/// Findings by the key of the rule.
pub(crate) type Findings = BTreeMap<String, BTreeSet<Finding>>;

/// A place, counted from zero; the file relative to the checked folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    file: String,
    start: (u64, u64),
    end: (u64, u64),
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, start, end } = self;
        write!(f, "{file}:{}:{}-{}:{}", start.0 + 1, start.1 + 1, end.0 + 1, end.1 + 1)
    }
}

/// The JSON report of the ecosystem.
pub(crate) fn of_report(report: &[u8], folder: &Path) -> Result<Findings> {
    let report: Value = serde_json::from_slice(report).context("the report is no JSON")?;
    let mut findings = Findings::new();
    for file in list(&report["fileinfos"]) {
        let path = relative(file["path"].as_str().unwrap_or_default(), folder);
        for found in list(&file["diagnostics"]) {
            let place = |place: &Value| (number(&place["line"]), number(&place["character"]));
            let range = &found["range"];
            let finding =
                Finding { file: path.clone(), start: place(&range["start"]), end: place(&range["end"]) };
            findings.entry(key(&found["code"])).or_default().insert(finding);
        }
    }
    Ok(findings)
}

/// A flat list with lines counted from one.
pub(crate) fn of_list(report: &[u8], folder: &Path) -> Result<Findings> {
    let report: Value = serde_json::from_slice(report).context("the report is no JSON")?;
    let mut findings = Findings::new();
    for found in list(&report) {
        let line = |name: &str| number(&found[name]).saturating_sub(1);
        let finding = Finding {
            file: relative(found["file"].as_str().unwrap_or_default(), folder),
            start: (line("line"), number(&found["character"])),
            end: (line("end_line"), number(&found["end_character"])),
        };
        let rule = found["rule_name"].as_str().unwrap_or_default();
        findings.entry(rule.to_owned()).or_default().insert(finding);
    }
    Ok(findings)
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_default()
}

/// A code is a text, or an object that holds one.
fn key(code: &Value) -> String {
    let text = code.as_str().or_else(|| code["stringValue"].as_str()).or_else(|| code["left"].as_str());
    text.unwrap_or_default().to_owned()
}

fn relative(path: &str, folder: &Path) -> String {
    let path = path.strip_prefix("file://").map_or(path.to_owned(), |address| {
        percent_encoding::percent_decode_str(address).decode_utf8_lossy().into_owned()
    });
    let folder = folder.to_string_lossy();
    path.strip_prefix(&*folder).unwrap_or(&path).trim_start_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_of_all_tools_say_the_same() {
        let report = r#"{"fileinfos":[{"path":"file:///a/%D0%90%2Fb.bsl","diagnostics":[{"code":"MagicNumber",
            "range":{"start":{"line":2,"character":4},"end":{"line":2,"character":6}}}]}]}"#;
        let list = r#"[{"file":"/a/А/b.bsl","line":3,"character":4,"end_line":3,"end_character":6,
            "rule_name":"MagicNumber"}]"#;
        let report = of_report(report.as_bytes(), Path::new("/a")).expect("a report");
        assert_eq!(report, of_list(list.as_bytes(), Path::new("/a")).expect("a list"));
        let shown: Vec<String> = report["MagicNumber"].iter().map(Finding::to_string).collect();
        assert_eq!(shown, ["А/b.bsl:3:5-3:7"]);
    }
}
