//! `--baseline`: findings that were known before. They are recognized when lines have moved.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use crate::cli::report::{File, absolute, fingerprints, write_whole};

const VERSION: u32 = 1;

#[derive(Deserialize)]
struct Contents {
    version: u32,
    findings: Vec<Entry>,
}

/// A known finding. Only the fingerprint counts; the rest is for people.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Entry {
    rule: String,
    path: String,
    fingerprint: String,
}

pub(super) struct Baseline {
    known: FxHashSet<String>,
    folder: PathBuf,
}

impl Baseline {
    pub(super) fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read(path).with_context(|| {
            format!("{}: the baseline cannot be read; `--write-baseline` makes one", path.display())
        })?;
        let contents: Contents = serde_json::from_slice(&text)
            .with_context(|| format!("{}: this is no baseline", path.display()))?;
        if contents.version != VERSION {
            bail!("{}: baseline of version {}, expected {VERSION}", path.display(), contents.version);
        }
        let known = contents.findings.into_iter().map(|entry| entry.fingerprint).collect();
        Ok(Self { known, folder: folder_of(path) })
    }

    /// Drops the known findings.
    pub(super) fn retain(&self, file: &mut File<'_>) {
        let fingerprints = fingerprints(file, &file.path_in(&self.folder));
        let mut fingerprints = fingerprints.into_iter();
        file.findings.retain(|_| fingerprints.next().is_none_or(|it| !self.known.contains(&it)));
    }
}

pub(super) struct NewBaseline {
    path: PathBuf,
    folder: PathBuf,
}

impl NewBaseline {
    pub(super) fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), folder: folder_of(path) }
    }

    /// Takes all findings: from now on they are known.
    pub(super) fn take(&self, file: &mut File<'_>) -> Vec<Entry> {
        let path = file.path_in(&self.folder);
        let fingerprints = fingerprints(file, &path);
        let entry = |(finding, fingerprint): (lints::Finding, String)| Entry {
            rule: finding.rule.info().key.to_owned(),
            path: path.clone(),
            fingerprint,
        };
        std::mem::take(&mut file.findings).into_iter().zip(fingerprints).map(entry).collect()
    }

    /// One finding a line, so that changes are easy to review and to merge.
    pub(super) fn write(&self, entries: Vec<Entry>) -> anyhow::Result<()> {
        let lines: Result<Vec<String>, _> = entries.iter().map(serde_json::to_string).collect();
        let text = format!("{{\"version\": {VERSION}, \"findings\": [\n{}\n]}}\n", lines?.join(",\n"));
        write_whole(&self.path, text.as_bytes())
    }
}

/// Paths of a baseline are relative to its folder, so it can move together with the sources.
fn folder_of(path: &Path) -> PathBuf {
    absolute(path).parent().map(Path::to_owned).unwrap_or_default()
}
