//! `--fix`: applies repairs in rounds until nothing is left. Encoding, byte order mark and line ends stay, and a repair
//! that breaks the syntax is not applied.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use base::encoding::{DecodedText, encode};
use base::{Edit, Locale, TextRange, apply_edits};
use lints::{Finding, FixSafety, RuleId, choose_fixes};
use semantics::{ModuleFacts, Project};
use similar::TextDiff;
use syntax::parse_text;

use crate::cli::check::filters::ProjectObjects;
use crate::cli::check::pass::{Input, Run, project_findings};
use crate::cli::check::project;
use crate::cli::complain;
use crate::cli::report::{Summary, absolute, write_whole};
use crate::files::decode_module;
use crate::ordered;

/// Repairs may make room for others; after so many rounds they run in circles.
const MAX_ROUNDS: usize = 10;
const CONTEXT_LINES: usize = 3;

/// A module that changes.
struct Fixed {
    name: String,
    before: String,
    after: String,
    rules: Vec<RuleId>,
}

/// What was repaired.
#[derive(Default)]
pub(super) struct FixSummary {
    modules: usize,
    by_rule: BTreeMap<RuleId, usize>,
}

impl FixSummary {
    pub(super) fn is_empty(&self) -> bool {
        self.modules == 0
    }
}

/// Repairs the modules, or shows what would change.
pub(super) fn fix(run: Run<'_>, inputs: &[Input], summary: &mut Summary) -> anyhow::Result<FixSummary> {
    let project = match run.needs_project() {
        // Unreadable modules are reported by the check that follows.
        true => Some(project::project_of(run, &run.first_passes(inputs, || ())?.0)),
        false => None,
    };
    let (is_dry, mut total) = (run.arguments.dry_run, FixSummary::default());
    let objects = run.filters.objects().zip(project.as_ref());
    let objects = objects.map(|(rules, project)| ProjectObjects::new(rules, project));
    let fix = |input: &Input| match objects.as_ref().is_none_or(|objects| objects.allow(&input.path)) {
        true => Fixer { run, project: project.as_ref(), path: &input.path }.fix(),
        false => Ok(None),
    };
    ordered::for_each(inputs, run.arguments.jobs, fix, |result| {
        match result {
            Ok(None) => {}
            Ok(Some(fixed)) => {
                total.modules += 1;
                fixed.rules.iter().for_each(|rule| *total.by_rule.entry(*rule).or_default() += 1);
                if is_dry {
                    std::io::stdout().write_all(diff(&fixed).as_bytes())?;
                }
            }
            Err(problem) => {
                complain(problem);
                summary.unreadable += 1;
            }
        }
        Ok(())
    })?;
    tell(run, &total);
    Ok(total)
}

struct Fixer<'a> {
    run: Run<'a>,
    project: Option<&'a Project>,
    path: &'a Path,
}

impl Fixer<'_> {
    fn fix(&self) -> Result<Option<Fixed>, String> {
        let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", self.path.display());
        let Ok(bytes) = std::fs::read(self.path) else { return Ok(None) };
        let Ok(decoded) = decode_module(self.path, bytes.clone()) else { return Ok(None) };
        let (after, rules) = self.rounds(&decoded.text);
        if rules.is_empty() || after == decoded.text {
            return Ok(None);
        }
        if !self.run.arguments.dry_run {
            if std::fs::metadata(self.path).is_ok_and(|metadata| metadata.permissions().readonly()) {
                return Err(failed(&"not fixed: the file is read-only"));
            }
            let encoded = encoded(&decoded, &bytes, &after).map_err(|error| failed(&error))?;
            write_whole(self.path, &encoded).map_err(|error| format!("{error:#}"))?;
        }
        let name = self.path.strip_prefix(".").unwrap_or(self.path).to_string_lossy().replace('\\', "/");
        Ok(Some(Fixed { name, before: decoded.text, after, rules }))
    }

    /// The repaired text and the rules of the repaired findings.
    fn rounds(&self, text: &str) -> (String, Vec<RuleId>) {
        let has_crlf = text.contains("\r\n") && !text.replace("\r\n", "").contains('\n');
        let (mut text, mut rules) = (text.to_owned(), Vec::new());
        for round in 0..MAX_ROUNDS {
            // The lines that the diff names are those of the text on the disk.
            if round > 0 && self.run.filters.is_by_lines() {
                break;
            }
            let findings = self.findings(&text, round > 0);
            let Some((next, fixed)) = self.apply(&text, &findings, has_crlf) else { break };
            text = next;
            rules.extend(fixed);
        }
        (text, rules)
    }

    fn findings(&self, text: &str, has_changed: bool) -> Vec<Finding> {
        let tree = parse_text(text);
        let info = self.run.arguments.module_info(self.path);
        let checked = lints::check_tree(&tree, text, self.run.rules, &info);
        let facts = || ModuleFacts::of_tree(&tree, text);
        let read = |range: TextRange| range.slice(text).to_owned();
        let findings = match self.project {
            None => checked.finish(self.run.rules, None),
            Some(project) if !has_changed => {
                project_findings(checked, self.run.rules, project, self.path, &read)
            }
            Some(project) => {
                let project = project.with_module(&absolute(self.path), facts()).0;
                project_findings(checked, self.run.rules, &project, self.path, &read)
            }
        };
        self.run.filters.shown(self.path, text, findings)
    }

    /// One round; `None` if there is nothing to do.
    fn apply(&self, text: &str, findings: &[Finding], has_crlf: bool) -> Option<(String, Vec<RuleId>)> {
        let most = if self.run.arguments.allows_unsafe { FixSafety::Unsafe } else { FixSafety::Safe };
        let errors = syntax_errors(text);
        let repaired = |findings: &[&Finding]| {
            let chosen = choose_fixes(findings.iter().copied(), most);
            let edits: Vec<Edit> =
                chosen.edits.into_iter().map(|edit| with_line_ends(edit, has_crlf)).collect();
            let is_empty = edits.is_empty();
            let repaired = apply_edits(text, edits).0;
            (!is_empty && repaired != text && syntax_errors(&repaired) <= errors)
                .then_some((repaired, chosen.rules))
        };
        let all: Vec<&Finding> = findings.iter().collect();
        repaired(&all).or_else(|| {
            // One of them does harm.
            let harmless: Vec<&Finding> =
                all.into_iter().filter(|finding| repaired(&[finding]).is_some()).collect();
            repaired(&harmless)
        })
    }
}

/// Rules write line feeds.
fn with_line_ends(edit: Edit, has_crlf: bool) -> Edit {
    match has_crlf && edit.text.contains('\n') {
        true => Edit { text: edit.text.replace("\r\n", "\n").replace('\n', "\r\n"), ..edit },
        false => edit,
    }
}

fn syntax_errors(text: &str) -> usize {
    let tree = parse_text(text);
    if !tree.root_node().has_error() {
        return 0;
    }
    let mut cursor = tree.walk();
    let mut count = 0;
    loop {
        let node = cursor.node();
        count += usize::from(node.is_error() || node.is_missing());
        if node.has_error() && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return count;
            }
        }
    }
}

/// The bytes of the new text, if the rest of the file stays as it is.
fn encoded(decoded: &DecodedText, before: &[u8], after: &str) -> Result<Vec<u8>, String> {
    if encode(&decoded.text, decoded.encoding).as_deref() != Some(before) {
        return Err("not fixed: the file holds bytes that are no text in its encoding".to_owned());
    }
    encode(after, decoded.encoding)
        .ok_or_else(|| "not fixed: the encoding of the file lacks a letter".to_owned())
}

fn diff(fixed: &Fixed) -> String {
    let diff = TextDiff::from_lines(&fixed.before, &fixed.after);
    let (before, after) = (format!("a/{}", fixed.name), format!("b/{}", fixed.name));
    diff.unified_diff().context_radius(CONTEXT_LINES).header(&before, &after).to_string()
}

/// What was done, on stderr.
fn tell(run: Run<'_>, total: &FixSummary) {
    let count: usize = total.by_rule.values().sum();
    let (modules, is_dry) = (total.modules, run.arguments.dry_run);
    match (run.rules.locale(), is_dry) {
        (Locale::Ru, false) => complain(format_args!("исправлено замечаний: {count}, модулей: {modules}")),
        (Locale::Ru, true) => {
            complain(format_args!("можно исправить замечаний: {count}, модулей: {modules}"))
        }
        (Locale::En, false) => complain(format_args!("fixed {count} findings in {modules} modules")),
        (Locale::En, true) => complain(format_args!("would fix {count} findings in {modules} modules")),
    }
    let mut rules: Vec<_> = total.by_rule.iter().collect();
    rules.sort_by_key(|(rule, count)| (std::cmp::Reverse(**count), **rule));
    rules.iter().for_each(|(rule, count)| complain(format_args!("{count:>6}  {}", rule.info().key)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_counted_wherever_they_are() {
        assert_eq!(syntax_errors("Процедура П()\nКонецПроцедуры"), 0);
        assert!(syntax_errors("А = ;\nПроцедура П()\nБ = (;\nКонецПроцедуры") >= 2);
        assert!(syntax_errors("Если") >= 1);
    }

    #[test]
    fn only_whole_texts_are_written_back() {
        let decoded = base::encoding::decode("\u{feff}А".into()).expect("a text");
        assert_eq!(encoded(&decoded, "\u{feff}А".as_bytes(), "Б"), Ok("\u{feff}Б".into()));
        assert!(encoded(&decoded, b"other", "Б").is_err());
    }
}
