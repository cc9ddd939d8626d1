//! Properties of the fixes of all rules, over the examples of their help and the demo configurations: code stays
//! code, nothing is left to fix in the end, and each fix alone gets rid of its finding.

use std::path::{Path, PathBuf};

use base::{TextRange, apply_edits};
use syntax::{SyntaxTree, parse_text};

use crate::all_rules;
use crate::doc_tests::examples;
use crate::fixes::joint_edits;
use crate::module::ModuleInfo;
use crate::options::{Mode, Options};
use crate::rule::{FixSafety, RuleInfo};
use crate::rule_set::RuleSet;
use crate::runner::check_text;
use crate::testing::RuleTest;

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures");

/// Fixes may make room for others so many times.
const MAX_ROUNDS: usize = 10;

fn syntax_errors(text: &str) -> usize {
    let mut tree = SyntaxTree::default();
    tree.lower(&parse_text(text), TextRange::from(0..text.len()), text);
    tree.errors().len()
}

#[track_caller]
fn check_fixes(info: &RuleInfo, test: &RuleTest, text: &str) {
    let key = info.key;
    let errors = syntax_errors(text);
    let findings = test.findings(text);
    for finding in findings.iter().filter(|finding| !finding.fix.is_empty()) {
        assert_ne!(info.fix, FixSafety::None, "{key} has fixes and does not say so");
        let (fixed, skipped) = apply_edits(text, finding.fix.clone());
        assert!(skipped.is_empty(), "edits of {key} overlap in:\n{text}");
        assert!(syntax_errors(&fixed) <= errors, "{key} breaks code:\n{text}\n--- fixed:\n{fixed}");
        let left = test.findings(&fixed);
        let is_left = |other: &_| *other == *finding && joint_edits([other]) == joint_edits([finding]);
        assert!(!left.iter().any(is_left), "{key} repairs nothing:\n{text}\n--- fixed:\n{fixed}");
    }
    let mut fixed = text.to_owned();
    for _ in 0..MAX_ROUNDS {
        let edits = joint_edits(&test.findings(&fixed));
        if edits.is_empty() {
            break;
        }
        let (next, skipped) = apply_edits(&fixed, edits);
        assert!(skipped.is_empty(), "fixes of {key} overlap in:\n{fixed}");
        assert!(syntax_errors(&next) <= errors, "{key} breaks code:\n{fixed}\n--- fixed:\n{next}");
        fixed = next;
    }
    let left = joint_edits(&test.findings(&fixed));
    assert!(left.is_empty(), "{key} never comes to an end:\n{text}\n--- fixed:\n{fixed}");
}

fn modules(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            modules(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "bsl" || extension == "os") {
            found.push(path);
        }
    }
}

#[test]
fn examples_of_the_help() {
    for info in all_rules() {
        for docs in [info.docs.text.ru, info.docs.text.en] {
            for example in examples(docs).iter().filter(|example| !example.code.starts_with("//- /")) {
                check_fixes(info, &example.test(info.key), &example.code);
            }
        }
    }
}

/// All rules at once: what one repairs must not give another one work for ever.
#[test]
fn modules_of_the_demo() {
    let (rules, _) = RuleSet::new(&Options { mode: Mode::All, ..Options::default() });
    let mut paths = Vec::new();
    modules(Path::new(FIXTURES), &mut paths);
    assert!(!paths.is_empty(), "no modules in {FIXTURES}");
    for path in paths {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let module = ModuleInfo::from_path(&path.to_string_lossy());
        let mut text = text.trim_start_matches('\u{feff}').to_owned();
        let errors = syntax_errors(&text);
        let mut rounds = 0;
        loop {
            let findings = check_text(&text, &rules, &module);
            let edits = joint_edits(&findings);
            if edits.is_empty() {
                break;
            }
            rounds += 1;
            assert!(rounds <= MAX_ROUNDS, "the fixes of {} never come to an end:\n{text}", path.display());
            let (next, skipped) = apply_edits(&text, edits);
            assert!(skipped.is_empty(), "fixes overlap in {}:\n{text}", path.display());
            assert!(syntax_errors(&next) <= errors, "fixes break {}:\n{next}", path.display());
            text = next;
        }
    }
}
