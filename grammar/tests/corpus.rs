//! The cases of `bsl/test/corpus` and `sdbl/test/corpus`: a source and the tree it has to give. The format is the
//! one of `tree-sitter test`. `UPDATE_EXPECT=1` writes the trees of the current grammar into the files.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use tree_sitter::Tree;

use crate::support::queries::parse_plain;
use crate::support::trees::{parse, pretty, problems};

/// Groups of code that is broken or half-typed.
const BROKEN_GROUPS: &[&str] = &["typing", "errors"];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Grammar {
    Bsl,
    Sdbl,
}

impl Grammar {
    fn folder(self) -> &'static str {
        match self {
            Self::Bsl => "bsl/test/corpus",
            Self::Sdbl => "sdbl/test/corpus",
        }
    }

    fn parse(self, text: &str) -> Tree {
        match self {
            Self::Bsl => parse(text),
            Self::Sdbl => parse_plain(text),
        }
    }
}

struct Case {
    grammar: Grammar,
    group: String,
    /// The lines between the two rulers: a title and attributes.
    header: String,
    source: String,
    expected: String,
}

impl Case {
    fn title(&self) -> &str {
        self.header.lines().next().unwrap_or_default()
    }

    fn tree(&self) -> Tree {
        self.grammar.parse(&self.source)
    }

    /// The source has to give an error, whatever the tree looks like.
    fn wants_error(&self) -> bool {
        self.header.lines().any(|line| line.trim() == ":error")
    }
}

#[test]
fn trees_are_as_expected() {
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    let mut failures = String::new();
    for (grammar, path) in files() {
        let cases = read_cases(grammar, &path);
        if update {
            write_cases(&path, &cases);
            continue;
        }
        for case in cases {
            let tree = case.tree();
            if case.wants_error() && case.expected.trim().is_empty() {
                if !tree.root_node().has_error() {
                    let _ = writeln!(failures, "{}: {}: no error", case.group, case.title());
                }
                continue;
            }
            let actual = pretty(&tree);
            if words(&actual) != words(&case.expected) {
                let _ = writeln!(failures, "{}: {}\n{actual}\n", case.group, case.title());
            }
        }
    }
    assert!(failures.is_empty(), "trees differ:\n{failures}");
}

#[test]
fn valid_code_has_no_errors_and_no_recovery_tokens() {
    let mut failures = String::new();
    for case in all_cases() {
        let found = problems(&case.tree());
        if !BROKEN_GROUPS.contains(&case.group.as_str()) && !found.is_empty() {
            let _ = writeln!(failures, "{}: {}: {found:?}", case.group, case.title());
        }
    }
    assert!(failures.is_empty(), "valid code has problems:\n{failures}");
}

#[test]
fn half_typed_code_has_no_error_nodes() {
    let tolerated = ["Open string inside a call", "Missing separator on one line"];
    let mut failures = String::new();
    for case in all_cases().filter(|case| case.group == "typing") {
        let found = problems(&case.tree());
        if found.iter().any(|kind| kind == "ERROR") && !tolerated.contains(&case.title()) {
            let _ = writeln!(failures, "{}: {found:?}", case.title());
        }
    }
    assert!(failures.is_empty(), "half-typed code has errors:\n{failures}");
}

/// A case is followed by its twin in the other language.
#[test]
fn twins_of_queries_give_the_same_tree() {
    let mut twins = 0;
    for (grammar, path) in files().into_iter().filter(|(grammar, _)| *grammar == Grammar::Sdbl) {
        for pair in read_cases(grammar, &path).chunks(2) {
            let [russian, english] = pair else { panic!("{}: a case has no twin", path.display()) };
            assert_eq!(english.title(), format!("{}, English", russian.title()));
            assert_eq!(pretty(&russian.tree()), pretty(&english.tree()), "{}", russian.title());
            twins += 1;
        }
    }
    assert!(twins > 80, "{twins} twins");
}

fn all_cases() -> impl Iterator<Item = Case> {
    files().into_iter().flat_map(|(grammar, path)| read_cases(grammar, &path))
}

fn files() -> Vec<(Grammar, PathBuf)> {
    let mut paths = Vec::new();
    for grammar in [Grammar::Bsl, Grammar::Sdbl] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(grammar.folder());
        let entries = std::fs::read_dir(folder).expect("the corpus is part of the crate");
        let start = paths.len();
        paths.extend(entries.flatten().map(|entry| (grammar, entry.path())));
        assert!(paths.len() > start);
        paths[start..].sort_by(|left, right| left.1.cmp(&right.1));
    }
    paths
}

fn read_cases(grammar: Grammar, path: &Path) -> Vec<Case> {
    let text = std::fs::read_to_string(path).expect("the corpus is readable");
    let group = path.file_stem().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    // Splitting by rulers gives: nothing, header, body, header, body...
    let mut parts: Vec<String> = vec![String::new()];
    for line in text.split_inclusive('\n') {
        if line.starts_with("===") {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push_str(line);
        }
    }
    parts[1..]
        .chunks(2)
        .map(|part| {
            let [header, body] = part else { panic!("{group}: a header has no body") };
            let (source, expected) = body.split_once("\n---\n").expect("a case has a tree");
            let source = source.strip_prefix('\n').unwrap_or(source);
            Case {
                grammar,
                group: group.clone(),
                header: header.clone(),
                source: source.strip_suffix('\n').unwrap_or(source).to_owned(),
                expected: expected.to_owned(),
            }
        })
        .collect()
}

fn write_cases(path: &Path, cases: &[Case]) {
    let ruler = "=".repeat(18);
    let blocks: Vec<String> = cases
        .iter()
        .map(|case| {
            let tree = if case.wants_error() { String::new() } else { pretty(&case.tree()) + "\n" };
            format!("{ruler}\n{}{ruler}\n\n{}\n\n---\n\n{tree}", case.header, case.source)
        })
        .collect();
    std::fs::write(path, blocks.join("\n")).expect("the corpus is writable");
}

fn words(tree: &str) -> Vec<String> {
    tree.replace('(', " (").replace(')', " ) ").split_whitespace().map(str::to_owned).collect()
}
