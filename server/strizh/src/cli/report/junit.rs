//! JUnit: a suite per module with findings, a failed case per rule.

use std::collections::BTreeMap;
use std::fmt::Write;

use lints::{Finding, RuleId};

use crate::cli::report::{File, Report};

pub(super) const BEGIN: &str =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites package=\"bsl-language-server\">\n";
pub(super) const END: &str = "</testsuites>\n";

pub(super) fn file(report: &Report<'_>, file: &File<'_>) -> String {
    let path = escape(&file.path_in(&report.root));
    let mut rules: BTreeMap<RuleId, Vec<&Finding>> = BTreeMap::new();
    for finding in &file.findings {
        rules.entry(finding.rule).or_default().push(finding);
    }
    let count = rules.len();
    let mut text = String::new();
    // Writing to a string never fails.
    let _ = writeln!(text, "  <testsuite name=\"{path}\" tests=\"{count}\" failures=\"{count}\">");
    for (rule, findings) in rules {
        let key = rule.info().key;
        let severity = report.rules.severity(rule).name().to_lowercase();
        let last = findings.last().map(|finding| finding.message(report.locale())).unwrap_or_default();
        let lines: Vec<String> = findings.iter().map(|finding| line(report, file, finding)).collect();
        let _ = writeln!(text, "    <testcase name=\"{key}\" classname=\"{path}\">");
        let _ = write!(text, "      <failure type=\"{severity}\" message=\"{}\"><![CDATA[", escape(&last));
        let _ = writeln!(text, "{}]]></failure>\n    </testcase>", character_data(&lines.join("\n")));
    }
    text.push_str("  </testsuite>\n");
    text
}

fn line(report: &Report<'_>, file: &File<'_>, finding: &Finding) -> String {
    let place = file.lines.place(finding.range.start);
    let message = finding.message(report.locale());
    format!("line: {}, column: {}, text: {message}", place.line + 1, place.column)
}

/// XML knows no other control characters than these, however they are written.
fn is_allowed(letter: char) -> bool {
    matches!(letter, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars().filter(|letter| is_allowed(*letter)) {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            '\r' => escaped.push_str("&#13;"),
            '\t' => escaped.push_str("&#9;"),
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// The end mark inside is split between two sections.
fn character_data(text: &str) -> String {
    let text: String = text.chars().filter(|letter| is_allowed(*letter)).collect();
    text.replace("]]>", "]]]]><![CDATA[>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_is_well_formed() {
        assert_eq!(escape("<a b=\"1\">\u{1}&\n"), "&lt;a b=&quot;1&quot;&gt;&amp;&#10;");
        assert_eq!(character_data("a]]>b\u{0}"), "a]]]]><![CDATA[>b");
    }
}
