//! Reports of `check`. Each format has a beginning, a part per module that is made in parallel, and an end, so
//! that nothing waits for the last module.

mod console;
mod json;
mod metrics;
mod sarif;

use std::path::Path;

use base::{Locale, Severity};
use lints::{Finding, RuleSet};

use crate::cli::check::Format;
use crate::cli::line_index::LineIndex;

/// A format with what it needs to know.
pub(crate) struct Report<'a> {
    format: Format,
    rules: &'a RuleSet,
    folder: &'a Path,
    uses_color: bool,
}

/// The part of one module.
pub(crate) struct FileReport {
    text: String,
    counts: [usize; Severity::ALL.len()],
    fixable: usize,
}

/// Totals of a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Summary {
    pub(crate) modules: usize,
    pub(crate) unreadable: usize,
    counts: [usize; Severity::ALL.len()],
    fixable: usize,
    /// Modules that have a part in the report.
    reported: usize,
}

/// One module while its part is made.
struct File<'a> {
    path: &'a Path,
    text: &'a str,
    lines: LineIndex<'a>,
    findings: &'a [Finding],
}

impl Summary {
    pub(crate) fn add(&mut self, file: &FileReport) {
        self.modules += 1;
        self.fixable += file.fixable;
        self.reported += usize::from(!file.text.is_empty());
        for (total, count) in self.counts.iter_mut().zip(file.counts) {
            *total += count;
        }
    }

    fn count(&self, severity: Severity) -> usize {
        self.counts[severity as usize]
    }

    /// Number of findings of this severity or a stronger one.
    pub(crate) fn at_least(&self, least: Severity) -> usize {
        Severity::ALL.into_iter().filter(|severity| *severity >= least).map(|it| self.count(it)).sum()
    }
}

impl<'a> Report<'a> {
    pub(crate) fn new(format: Format, rules: &'a RuleSet, folder: &'a Path) -> Self {
        let is_terminal = std::io::IsTerminal::is_terminal(&std::io::stdout());
        let uses_color = is_terminal && std::env::var_os("NO_COLOR").is_none();
        Self { format, rules, folder, uses_color }
    }

    pub(crate) fn begin(&self) -> String {
        match self.format {
            Format::Console => String::new(),
            Format::Json => json::begin(self),
            Format::Sarif => sarif::begin(self),
        }
    }

    /// The part of a module; empty if the format has nothing to say about it.
    pub(crate) fn file(&self, path: &Path, text: &str, findings: &[Finding]) -> FileReport {
        let mut counts = [0; Severity::ALL.len()];
        for finding in findings {
            counts[self.rules.severity(finding.rule) as usize] += 1;
        }
        let fixable = findings.iter().filter(|finding| !finding.fix.is_empty()).count();
        if findings.is_empty() && !matches!(self.format, Format::Json) {
            return FileReport { text: String::new(), counts, fixable };
        }
        let path = path.strip_prefix(".").unwrap_or(path);
        let file = File { path, text, lines: LineIndex::new(text), findings };
        let text = match self.format {
            Format::Console => console::file(self, &file),
            Format::Json => json::file(self, &file),
            Format::Sarif => sarif::file(self, &file),
        };
        FileReport { text, counts, fixable }
    }

    /// The part as it follows those before it.
    pub(crate) fn join(&self, file: &FileReport, so_far: &Summary) -> String {
        let needs_comma = !matches!(self.format, Format::Console) && so_far.reported > 0;
        if needs_comma && !file.text.is_empty() { format!(",{}", file.text) } else { file.text.clone() }
    }

    pub(crate) fn end(&self, summary: &Summary) -> String {
        match self.format {
            Format::Console => console::end(self, summary),
            Format::Json => json::end(),
            Format::Sarif => sarif::end(summary),
        }
    }

    fn locale(&self) -> Locale {
        self.rules.locale()
    }
}

/// `file://` address of a path, which may be relative.
fn uri(path: &Path) -> String {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    crate::lsp::Uri::from_file_path(&absolute)
        .map_or_else(|()| absolute.display().to_string(), |uri| uri.to_string())
}
