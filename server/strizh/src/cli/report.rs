//! Reports of `check`. A run may write several. Each format has a beginning, a part per module that is made in
//! parallel, and an end, so that nothing waits for the last module.

mod code_quality;
mod console;
mod fingerprint;
mod format;
mod generic;
mod json;
mod junit;
mod metrics;
mod output;
mod sarif;
mod summary;
mod tslint;

use std::path::{Path, PathBuf};

use base::{Locale, TextRange};
use lints::{Finding, RuleSet};

pub(crate) use fingerprint::fingerprints;
pub(crate) use format::Target;
pub(crate) use output::{Output, write_whole};
pub(crate) use summary::Summary;

use crate::cli::check::ResultCache;
use crate::cli::line_index::LineIndex;
use crate::cli::report::summary::Counts;

/// Name of the engine under which pipelines look for findings.
const ENGINE: &str = "bsl-language-server";

/// What all parts of the reports need to know.
pub(crate) struct Report<'a> {
    pub(crate) rules: &'a RuleSet,
    /// The checked folder.
    pub(crate) folder: &'a Path,
    /// Seconds since 1970 that the report is dated with.
    pub(crate) date: u64,
    pub(crate) targets: &'a [Target],
    pub(crate) root: PathBuf,
    pub(crate) uses_color: bool,
    pub(crate) cache: Option<&'a ResultCache>,
}

/// The parts of one module.
#[derive(Default)]
pub(crate) struct FileReport {
    /// One per target; empty if a format has nothing to say.
    parts: Vec<String>,
    pub(crate) counts: Counts,
}

/// One module while its parts are made.
pub(crate) struct File<'a> {
    pub(crate) path: &'a Path,
    pub(crate) text: &'a str,
    pub(crate) lines: LineIndex<'a>,
    pub(crate) findings: Vec<Finding>,
    /// Full name of the object whose module it is.
    pub(crate) object: Option<String>,
}

impl<'a> File<'a> {
    pub(crate) fn new(path: &'a Path, text: &'a str, findings: Vec<Finding>) -> Self {
        let path = path.strip_prefix(".").unwrap_or(path);
        Self { path, text, lines: LineIndex::new(text), findings, object: None }
    }

    /// The path below a folder, with `/`; a path outside of it stays whole.
    pub(crate) fn path_in(&self, folder: &Path) -> String {
        let absolute = absolute(self.path);
        let path = absolute.strip_prefix(folder).unwrap_or(&absolute);
        path.to_string_lossy().replace('\\', "/")
    }
}

impl<'a> Report<'a> {
    pub(crate) fn new(rules: &'a RuleSet, folder: &'a Path, date: u64, targets: &'a [Target]) -> Self {
        let is_terminal = std::io::IsTerminal::is_terminal(&std::io::stdout());
        let uses_color = is_terminal && std::env::var_os("NO_COLOR").is_none();
        Self { rules, folder, date, targets, root: report_root(), uses_color, cache: None }
    }

    /// True if a module without findings has a part in a report.
    pub(crate) fn shows_clean_modules(&self) -> bool {
        self.targets.iter().any(|target| target.format.shows_clean_modules())
    }

    /// The parts of a module.
    pub(crate) fn file(&self, file: &File<'_>) -> FileReport {
        let counts = Counts::new(&file.findings, self.rules);
        let part = |target: &Target| match target.format.shows_clean_modules() || !file.findings.is_empty() {
            true => target.format.file(self, file),
            false => String::new(),
        };
        FileReport { parts: self.targets.iter().map(part).collect(), counts }
    }

    fn locale(&self) -> Locale {
        self.rules.locale()
    }
}

/// Code hosts look for files below the root of the repository.
fn report_root() -> PathBuf {
    let current = absolute(Path::new("."));
    current.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(&current).to_owned()
}

/// The path from the root of the file system on, without `.`.
pub(crate) fn absolute(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    absolute.components().filter(|part| *part != std::path::Component::CurDir).collect()
}

/// `file://` address of a path, which may be relative.
fn uri(path: &Path) -> String {
    let absolute = absolute(path);
    crate::lsp::Uri::from_file_path(&absolute)
        .map_or_else(|()| absolute.display().to_string(), |uri| uri.to_string())
}

/// Related places that say more than the finding itself.
fn related(finding: &Finding) -> impl Iterator<Item = &TextRange> {
    finding.related.iter().filter(|range| **range != finding.range)
}
