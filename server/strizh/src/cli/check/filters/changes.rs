//! `--diff`: lines that changed since a commit, as git tells them.

use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use rustc_hash::FxHashMap;

use crate::cli::check::filters::git::{git, repository};
use crate::cli::report::File;

/// Changed lines of files, zero-based. Files without changes are missing.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Changes {
    files: FxHashMap<PathBuf, Vec<Range<u32>>>,
}

impl Changes {
    /// What the files on the disk have that the commit had not, files that git does not know yet included.
    pub(super) fn since(reference: &str, folder: &Path) -> anyhow::Result<Self> {
        if reference.is_empty() || reference.starts_with('-') {
            bail!("--diff: \"{reference}\" is not a commit");
        }
        let top = repository(folder).context("--diff needs git")?;
        let commit = format!("{reference}^{{commit}}");
        let commit = git(&top, &["rev-parse", "--verify", "--quiet", &commit])
            .map_err(|_| anyhow::anyhow!("--diff: git knows no commit \"{reference}\""))?;
        let commit = String::from_utf8_lossy(&commit).trim().to_owned();
        let plain = ["diff", "-U0", "--text", "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames"];
        let prefixes = ["--src-prefix=a/", "--dst-prefix=b/", &commit, "--"];
        let diff = git(&top, &[&plain[..], &prefixes].concat()).context("--diff")?;
        let mut files = parse(&diff, &top);
        let unknown = git(&top, &["ls-files", "--others", "--exclude-standard", "-z"]).context("--diff")?;
        for name in unknown.split(|byte| *byte == 0).filter(|name| !name.is_empty()) {
            files.insert(top.join(&*String::from_utf8_lossy(name)), std::iter::once(0..u32::MAX).collect());
        }
        Ok(Self { files })
    }

    pub(super) fn touch(&self, path: &Path) -> bool {
        self.lines(path).is_some()
    }

    /// Keeps findings with a changed line.
    pub(super) fn retain(&self, file: &mut File<'_>) {
        let Some(changed) = self.lines(file.path) else {
            file.findings.clear();
            return;
        };
        let lines = &file.lines;
        file.findings.retain(|finding| {
            let (first, last) = (lines.line_of(finding.range.start), lines.line_of(finding.range.end));
            changed.iter().any(|range| range.start <= last && first < range.end)
        });
    }

    fn lines(&self, path: &Path) -> Option<&[Range<u32>]> {
        let path = std::fs::canonicalize(path).ok()?;
        self.files.get(&path).map(Vec::as_slice)
    }
}

/// Reads a diff without context.
fn parse(diff: &[u8], top: &Path) -> FxHashMap<PathBuf, Vec<Range<u32>>> {
    let mut files: FxHashMap<PathBuf, Vec<Range<u32>>> = FxHashMap::default();
    let mut current = None;
    let mut contents = 0;
    for line in diff.split(|byte| *byte == b'\n') {
        // Lines of the files may look like anything.
        if contents > 0 && matches!(line.first(), Some(b'+' | b'-')) {
            contents -= 1;
            continue;
        }
        if let Some(name) = line.strip_prefix(b"+++ ") {
            let name = unquoted(name);
            current = name.strip_prefix("b/").map(|name| top.join(name));
        } else if let Some(head) = line.strip_prefix(b"@@ ") {
            let head = String::from_utf8_lossy(head);
            let mut counts = head.split(' ').take(2).map(span);
            let (Some(Some((_, removed))), Some(Some((first, added)))) = (counts.next(), counts.next())
            else {
                continue;
            };
            contents = removed + added;
            if let (Some(path), 1..) = (&current, added) {
                let start = first.saturating_sub(1);
                files.entry(path.clone()).or_default().push(start..start + added);
            }
        }
    }
    files
}

/// `-3` and `+3,2`: first line and number of lines.
fn span(text: &str) -> Option<(u32, u32)> {
    let (first, count) = text[1..].split_once(',').unwrap_or((text.get(1..)?, "1"));
    Some((first.parse().ok()?, count.parse().ok()?))
}

/// A name with a quote, a backslash or a control character stands in quotes; one with a blank ends with a tab.
fn unquoted(name: &[u8]) -> String {
    let name = name.strip_suffix(b"\r").unwrap_or(name);
    let Some(inner) = name.strip_prefix(b"\"").and_then(|name| name.strip_suffix(b"\"")) else {
        return String::from_utf8_lossy(name.strip_suffix(b"\t").unwrap_or(name)).into_owned();
    };
    let mut bytes = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let [first, after @ ..] = rest {
        rest = after;
        if *first != b'\\' {
            bytes.push(*first);
            continue;
        }
        let octal =
            rest.get(..3).and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok());
        match (octal, rest) {
            (Some(byte), _) => {
                bytes.push(byte);
                rest = &rest[3..];
            }
            (None, [escaped, after @ ..]) => {
                let letter = match escaped {
                    b'n' => b'\n',
                    b't' => b'\t',
                    b'r' => b'\r',
                    other => *other,
                };
                bytes.push(letter);
                rest = after;
            }
            (None, []) => {}
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn added_lines_are_read_from_a_diff() {
        let diff = "diff --git a/Модуль.bsl b/Модуль.bsl\n--- a/Модуль.bsl\n+++ b/Модуль.bsl\t\n@@ -1,2 +1 @@ Процедура\n\
                    --- a\n--- b\n+++ b/x.bsl\n@@ -9,0 +8,3 @@\n+@@ -1 +1 @@\n+\n+а\n\\ No newline at end of file\n\
                    @@ -20 +30,0 @@\n-а\n--- a/gone.bsl\n+++ /dev/null\n@@ -1 +0,0 @@\n-а\n";
        let files = parse(diff.as_bytes(), Path::new("/top"));
        assert_eq!(files.len(), 1);
        assert_eq!(files[Path::new("/top/Модуль.bsl")], [0..1, 7..10]);
    }

    #[test]
    fn names_lose_their_quotes() {
        assert_eq!(unquoted("b/имя с пробелом.bsl\t".as_bytes()), "b/имя с пробелом.bsl");
        assert_eq!(unquoted(br#""b/\320\226 \"x\"\\\t.bsl""#), "b/Ж \"x\"\\\t.bsl");
        assert_eq!(unquoted(br#""b/\"#), "\"b/\\");
    }
}
