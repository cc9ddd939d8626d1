//! `cargo xtask measure-rules`: what every rule costs and finds in a real configuration, for the list of rules.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::shell;

/// Lines of key, milliseconds and findings.
pub(crate) const COSTS: &str = "docs/rule-costs.tsv";

/// Every rule is on.
const SETTINGS: &str = r#"{"language":"ru","diagnostics":{"mode":"all"}}"#;

pub(crate) fn run(folder: &str) -> Result<()> {
    shell::run("", "cargo", &["build", "--release", "--package", "strizh"])?;
    let root = shell::root();
    let settings = root.join("target/measure-rules.json");
    fs::write(&settings, SETTINGS).context("cannot write the settings")?;
    let mut command = Command::new(root.join("target/release/strizh"));
    command.args(["check", "--timing=all", "--format", "json", "--fail-on", "never", "-j1", "--config"]);
    let output = command.arg(&settings).arg(folder).output().context("cannot start the check")?;
    if !output.status.success() {
        bail!("the check failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    let findings = findings(&output.stdout)?;
    let mut rows: BTreeMap<String, String> = BTreeMap::new();
    for line in String::from_utf8_lossy(&output.stderr).lines() {
        if let Some((key, milliseconds)) = cost(line) {
            let found = findings.get(key).copied().unwrap_or_default();
            rows.insert(key.to_owned(), format!("{key}\t{milliseconds}\t{found}\n"));
        }
    }
    if rows.is_empty() {
        bail!("the check told no costs");
    }
    fs::write(root.join(COSTS), rows.into_values().collect::<String>()).context("cannot write the costs")?;
    eprintln!("{COSTS} is new; `cargo xtask generate` puts it into the list of rules");
    Ok(())
}

fn findings(report: &[u8]) -> Result<BTreeMap<String, usize>> {
    let report: Value = serde_json::from_slice(report).context("the report is no JSON")?;
    let mut counts = BTreeMap::new();
    let files = report["fileinfos"].as_array().into_iter().flatten();
    for found in files.filter_map(|file| file["diagnostics"].as_array()).flatten() {
        *counts.entry(found["code"].as_str().unwrap_or_default().to_owned()).or_default() += 1;
    }
    Ok(counts)
}

/// `strizh:   12.3 ms  4.5 %  Key`.
fn cost(line: &str) -> Option<(&str, &str)> {
    let mut words = line.trim_start_matches("strizh:").split_whitespace();
    let milliseconds = words.next().filter(|word| word.parse::<f64>().is_ok())?;
    let rest: Vec<&str> = words.collect();
    match rest.as_slice() {
        ["ms", _, "%", key] => Some((key, milliseconds)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_rules_are_read() {
        assert_eq!(cost("strizh:       12.3 ms   4.5 %  LineLength"), Some(("LineLength", "12.3")));
        assert_eq!(cost("strizh:       12.3 ms   4.5 %  all rules, all threads together"), None);
        assert_eq!(cost("strizh: unknown rule"), None);
    }
}
