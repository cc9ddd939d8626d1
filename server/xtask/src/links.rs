//! Links of the documentation: files and headings that they name have to be there. Nothing is asked of a network.

use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result};

use crate::shell;

/// Adds a line for every link of a tracked page that leads nowhere.
pub(crate) fn check(problems: &mut Vec<String>) -> Result<()> {
    let root = shell::root();
    let pages =
        shell::read("", "git", &["ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"])?;
    for name in pages.split('\0').filter(|name| !name.is_empty()) {
        let path = root.join(name);
        if !path.exists() {
            continue; // deleted, and not told to git yet
        }
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {name}"))?;
        for target in targets(&text) {
            if let Some(problem) = problem_of(&path, &text, &target) {
                problems.push(format!("{name}: {target}: {problem}"));
            }
        }
    }
    Ok(())
}

fn problem_of(page: &Path, text: &str, target: &str) -> Option<String> {
    if target.contains("://") || target.starts_with("mailto:") || target.starts_with("command:") {
        return None;
    }
    let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
    let decoded = percent_encoding::percent_decode_str(file).decode_utf8_lossy().into_owned();
    let path = page.parent()?.join(decoded);
    if !file.is_empty() && !normal(&path).exists() {
        return Some("there is no such file".to_owned());
    }
    if anchor.is_empty() {
        return None;
    }
    let other = if file.is_empty() { text.to_owned() } else { fs::read_to_string(&path).unwrap_or_default() };
    let has_anchor = headings(&other).any(|heading| slug(&heading) == anchor);
    (!has_anchor).then(|| "there is no such heading".to_owned())
}

/// The path without `..`, which need not exist on the way.
fn normal(path: &Path) -> PathBuf {
    let mut parts = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    parts
}

/// Lines outside of code fences, without inline code.
fn prose(text: &str) -> impl Iterator<Item = String> {
    let mut is_code = false;
    text.lines().filter_map(move |line| {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
            return None;
        }
        (!is_code).then(|| line.split('`').step_by(2).collect::<Vec<_>>().join("`"))
    })
}

/// What `[text](target)` and `![text](target)` name.
fn targets(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in prose(text) {
        let mut rest = line.as_str();
        while let Some(start) = rest.find("](") {
            rest = &rest[start + 2..];
            let Some(end) = rest.find(')') else { break };
            let target = rest[..end].split(' ').next().unwrap_or_default();
            found.push(target.to_owned());
            rest = &rest[end..];
        }
    }
    found
}

fn headings(text: &str) -> impl Iterator<Item = String> {
    let mut is_code = false;
    text.lines()
        .filter(move |line| {
            is_code ^= line.starts_with("```");
            !is_code && line.starts_with('#')
        })
        .map(|line| line.trim_start_matches('#').trim().to_owned())
        .collect::<Vec<_>>()
        .into_iter()
}

/// The name of a heading in addresses, as forges make it.
fn slug(heading: &str) -> String {
    heading
        .to_lowercase()
        .chars()
        .filter(|character| character.is_alphanumeric() || matches!(character, ' ' | '-' | '_'))
        .map(|character| if character == ' ' { '-' } else { character })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{slug, targets};

    #[test]
    fn links_outside_of_code_are_found() {
        let text = "[a](b.md) ![c](d.png \"title\") `[e](f)` [g](#h)\n```\n[i](j)\n```\n";
        assert_eq!(targets(text), ["b.md", "d.png", "#h"]);
    }

    #[test]
    fn headings_become_anchors_like_on_forges() {
        assert_eq!(slug("По-русски"), "по-русски");
        assert_eq!(slug("`strizh doctor`: what it says"), "strizh-doctor-what-it-says");
    }
}
