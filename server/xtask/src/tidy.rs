//! Checks that no compiler makes: layers, sizes, docs.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::{links, shell};

const MAX_LINES: usize = 800;

/// Crates of the inner layers and what must never get into them.
const INNER_CRATES: &[&str] = &[
    "base",
    "syntax",
    "metadata",
    "platform",
    "resilience",
    "semantics",
    "profile",
    "errors",
    "lints",
    "ide",
];
const OUTER_DEPENDENCIES: &[&str] = &["tokio", "tower-lsp-server", "candle-core", "reqwest", "rayon"];
/// Crates that speak to other machines or wait for them; only the binary and each other may use them.
const OUTER_CRATES: &[&str] = &["ai", "infobase", "rdbg", "loopback"];

pub(crate) fn run() -> Result<()> {
    let mut problems = Vec::new();
    for entry in ignore::WalkBuilder::new(shell::root()).hidden(true).build() {
        let entry = entry.context("cannot walk the repository")?;
        if entry.path().extension().is_some_and(|extension| extension == "rs") {
            check_file(entry.path(), &mut problems)?;
        }
    }
    check_layers(&mut problems)?;
    check_rules(&mut problems)?;
    links::check(&mut problems)?;
    for problem in &problems {
        eprintln!("{problem}");
    }
    if !problems.is_empty() {
        bail!("{} problems", problems.len());
    }
    Ok(())
}

fn check_file(path: &Path, problems: &mut Vec<String>) -> Result<()> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let name = path.strip_prefix(shell::root()).unwrap_or(path).display();
    if !text.starts_with("//!") {
        problems.push(format!("{name}: the module has no `//!` paragraph"));
    }
    let lines = text.lines().count();
    if lines > MAX_LINES {
        problems.push(format!("{name}: {lines} lines, at most {MAX_LINES} are allowed"));
    }
    for (number, line) in text.lines().enumerate() {
        let code = line.trim_start();
        if code.starts_with("#[allow(") || code.starts_with("#![allow(") {
            problems.push(format!("{name}:{}: use #[expect] with a reason", number + 1));
        }
        if code.starts_with("#[ignore") {
            problems.push(format!("{name}:{}: ignored tests tell nothing", number + 1));
        }
        if code.starts_with("// TODO") && !code.starts_with("// TODO(#") {
            problems.push(format!("{name}:{}: a TODO names its issue", number + 1));
        }
    }
    Ok(())
}

fn check_layers(problems: &mut Vec<String>) -> Result<()> {
    for package in INNER_CRATES {
        let tree =
            shell::read("", "cargo", &["tree", "--edges", "normal", "--prefix", "none", "-p", package])?;
        for dependency in OUTER_DEPENDENCIES.iter().chain(OUTER_CRATES) {
            if tree.lines().any(|line| line.split(' ').next() == Some(dependency)) {
                problems.push(format!("crate {package} must not depend on {dependency}"));
            }
        }
    }
    Ok(())
}

/// A rule has a file, help in both languages and a line in the list, all under one name.
fn check_rules(problems: &mut Vec<String>) -> Result<()> {
    let folder = shell::root().join("server/lints");
    let mut names = Vec::new();
    for entry in fs::read_dir(folder.join("src/rules")).context("cannot list the rules")? {
        let path = entry?.path();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap_or_default();
        if text.contains("pub(crate) static RULE: RuleInfo") {
            names.push(stem);
        }
    }
    for language in ["ru", "en"] {
        let docs = folder.join("docs").join(language);
        for name in &names {
            if !docs.join(name).with_extension("md").exists() {
                problems.push(format!("rule {name} has no help in docs/{language}"));
            }
        }
        let count = fs::read_dir(&docs).with_context(|| format!("cannot list {}", docs.display()))?.count();
        if count != names.len() {
            problems.push(format!("docs/{language} has {count} files for {} rules", names.len()));
        }
    }
    Ok(())
}
