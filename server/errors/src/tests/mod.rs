//! Whole explanations over small projects.

mod code;
mod golden;
mod queries;
mod values;

use std::fmt::Write;

use base::{Locale, apply_edits};
use expect_test::Expect;
use semantics::testing::TestProject;
use syntax::{SyntaxTree, parse_text};

use crate::{Explanation, Occurrences, Rendering, StepRole, Style, explain};

fn explained(project: &TestProject, error: &str, locale: Locale) -> Vec<Explanation> {
    let read = |path: &std::path::Path| project.texts.get(path).cloned();
    explain(error, &project.project, &read, locale)
}

/// Explains a text against a project and shows all of the answer.
#[track_caller]
fn check_whole(project: &str, error: &str, locale: Locale, expected: Expect) {
    let project = TestProject::of_text(project);
    let moment = |seconds: u64| seconds.to_string();
    let rendering = Rendering { style: Style::Text, locale, folder: None, moment: &moment };
    let shown: Vec<String> = explained(&project, error, locale)
        .iter()
        .map(|explanation| rendering.render(explanation, &Occurrences::default()))
        .collect();
    expected.assert_eq(&shown.join("\n---\n"));
}

/// Explains a text and shows the reasons in the code and the repairs; every repair has to parse.
#[track_caller]
fn check(project: &str, error: &str, expected: Expect) {
    check_in(project, error, Locale::Ru, expected);
}

#[track_caller]
fn check_in(project: &str, error: &str, locale: Locale, expected: Expect) {
    let project = TestProject::of_text(project);
    let mut shown = String::new();
    for explanation in explained(&project, error, locale) {
        let _ = writeln!(shown, "{} {:?}", explanation.entry, explanation.confidence);
        for step in &explanation.steps {
            let mark = if step.role == StepRole::Origin { "* " } else { "" };
            let _ = writeln!(shown, "  {}: {mark}{}", step.line, step.text);
        }
        for note in &explanation.notes {
            let _ = writeln!(shown, "  {note}");
        }
        for repair in &explanation.repairs {
            let text = &project.texts[&repair.path];
            let (repaired, skipped) = apply_edits(text, repair.edits.clone());
            assert!(skipped.is_empty());
            assert!(errors(&repaired) <= errors(text), "{repaired}");
            let preview = repair.preview.replace('\n', "\n      ");
            let _ = writeln!(shown, "  > {}\n      {preview}", repair.title);
        }
    }
    expected.assert_eq(&shown);
}

fn errors(text: &str) -> usize {
    let mut tree = SyntaxTree::default();
    tree.lower(&parse_text(text), base::TextRange::from(0..text.len()), text);
    tree.errors().len()
}
