//! Notices of the packages that are linked into the program, from the sources that cargo has fetched.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::shell;

/// Names of files that hold a licence or a notice, in lower case.
const FILES: &[&str] = &["license", "licence", "copying", "notice", "unlicense"];

/// One text with the name, the licence and the notices of every package in the program for a target.
pub(crate) fn notices(target: &str) -> Result<String> {
    let tree = shell::read(
        "",
        "cargo",
        &[
            "tree",
            "--package",
            "strizh",
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--format",
            "{p}",
            "--target",
            target,
        ],
    )?;
    let metadata =
        shell::read("", "cargo", &["metadata", "--format-version", "1", "--filter-platform", target])?;
    let metadata: Value = serde_json::from_str(&metadata).context("cargo metadata printed no JSON")?;
    let mut packages: Vec<&Value> = metadata["packages"]
        .as_array()
        .into_iter()
        .flatten()
        // Packages without a source are our own.
        .filter(|package| !package["source"].is_null() && is_linked(&tree, package))
        .collect();
    packages.sort_by_key(|package| (text(package, "name"), text(package, "version")));
    let mut all = String::from("Strizh contains these packages, each under its own licence.\n");
    for package in packages {
        let (name, version, license) =
            (text(package, "name"), text(package, "version"), text(package, "license"));
        write!(all, "\n{}\n{name} {version} ({license})\n", "-".repeat(80))?;
        let folder = Path::new(text(package, "manifest_path")).parent().unwrap_or(Path::new(""));
        for notice in files(folder)? {
            write!(all, "\n{}\n", notice.trim())?;
        }
    }
    Ok(all)
}

fn is_linked(tree: &str, package: &Value) -> bool {
    let line = format!("{} v{}", text(package, "name"), text(package, "version"));
    tree.lines()
        .any(|other| other == line || other.strip_prefix(&line).is_some_and(|rest| rest.starts_with(' ')))
}

fn text<'a>(package: &'a Value, key: &str) -> &'a str {
    package[key].as_str().unwrap_or_default()
}

fn files(folder: &Path) -> Result<Vec<String>> {
    let mut paths: Vec<_> = fs::read_dir(folder)
        .with_context(|| format!("cannot list {}", folder.display()))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
            path.is_file() && FILES.iter().any(|prefix| name.starts_with(prefix))
        })
        .collect();
    paths.sort();
    paths.iter().map(|path| Ok(String::from_utf8_lossy(&fs::read(path)?).into_owned())).collect()
}
