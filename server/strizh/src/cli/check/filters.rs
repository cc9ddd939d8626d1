//! Which findings count in a run.

mod authors;
mod baseline;
mod changes;
mod git;

use std::path::Path;

use lints::Finding;
use semantics::Project;

use crate::cli::check::CheckArguments;
use crate::cli::check::filters::authors::IgnoredAuthors;
use crate::cli::check::filters::baseline::{Baseline, NewBaseline};
use crate::cli::check::filters::changes::Changes;
use crate::cli::report::{File, absolute};
use crate::object_filter::{ObjectFilter, ObjectRules};
use crate::settings::Settings;

pub(super) use baseline::Entry;

/// What the arguments and the settings leave of the findings.
pub(crate) struct Filters {
    changes: Option<Changes>,
    baseline: Option<Baseline>,
    new_baseline: Option<NewBaseline>,
    authors: Option<IgnoredAuthors>,
    objects: Option<ObjectRules>,
}

/// Which modules of a project count.
pub(super) struct ProjectObjects<'a> {
    rules: &'a ObjectRules,
    project: &'a Project,
    filter: ObjectFilter,
}

impl<'a> ProjectObjects<'a> {
    pub(super) fn new(rules: &'a ObjectRules, project: &'a Project) -> Self {
        Self { rules, project, filter: ObjectFilter::new(project) }
    }

    pub(super) fn allow(&self, path: &Path) -> bool {
        self.filter.allows(self.rules, self.project, &absolute(path))
    }
}

/// What became of the findings of a module.
#[derive(Default)]
pub(super) struct Filtered {
    /// Findings that the baseline knows.
    pub(super) known: usize,
    /// Findings for a new baseline.
    pub(super) entries: Vec<Entry>,
}

impl Filters {
    pub(super) fn new(
        arguments: &CheckArguments,
        settings: &Settings,
        folder: &Path,
    ) -> anyhow::Result<Self> {
        let changes = arguments.diff.as_deref().map(|reference| Changes::since(reference, folder));
        let baseline = arguments.baseline.as_deref().map(Baseline::read);
        let is_audit = !arguments.only.is_empty();
        Ok(Self {
            changes: changes.transpose()?,
            baseline: baseline.transpose()?,
            new_baseline: arguments.write_baseline.as_deref().map(NewBaseline::new),
            authors: IgnoredAuthors::new(settings).filter(|_| !is_audit),
            objects: object_rules(arguments, settings, is_audit)?,
        })
    }

    /// True if lines on the disk decide.
    pub(super) fn is_by_lines(&self) -> bool {
        self.changes.is_some() || self.authors.is_some()
    }

    /// False if no finding of the module counts.
    pub(super) fn has_interest_in(&self, path: &Path) -> bool {
        self.changes.as_ref().is_none_or(|changes| changes.touch(path))
    }

    /// What decides about whole objects, for which the metadata have to be known.
    pub(super) fn objects(&self) -> Option<&ObjectRules> {
        self.objects.as_ref()
    }

    /// Drops the findings that do not count.
    pub(super) fn apply(&self, file: &mut File<'_>) -> Filtered {
        if let Some(changes) = &self.changes {
            changes.retain(file);
        }
        if let Some(authors) = &self.authors {
            authors.retain(file);
        }
        let before = file.findings.len();
        if let Some(baseline) = &self.baseline {
            baseline.retain(file);
        }
        let entries = self.new_baseline.as_ref().map(|new| new.take(file)).unwrap_or_default();
        Filtered { known: before - file.findings.len(), entries }
    }

    /// The findings that count, where nothing else is asked.
    pub(super) fn shown(&self, path: &Path, text: &str, findings: Vec<Finding>) -> Vec<Finding> {
        let mut file = File::new(path, text, findings);
        self.apply(&mut file);
        file.findings
    }

    /// Writes the new baseline, if one is wanted.
    pub(super) fn finish(&self, entries: Vec<Entry>) -> anyhow::Result<()> {
        self.new_baseline.as_ref().map_or(Ok(()), |new| new.write(entries))
    }
}

/// What arguments say replaces what the settings say; `None` if no object is left out.
fn object_rules(
    arguments: &CheckArguments,
    settings: &Settings,
    is_audit: bool,
) -> anyhow::Result<Option<ObjectRules>> {
    let mut rules = match is_audit {
        true => ObjectRules::default(),
        false => ObjectRules::from_section(&settings.diagnostics).map_err(anyhow::Error::msg)?,
    };
    rules.skip = arguments.skip_support.unwrap_or(rules.skip);
    rules.include(arguments.subsystem.iter().map(String::as_str));
    rules.exclude(arguments.exclude_subsystem.iter().map(String::as_str));
    Ok(Some(rules).filter(|rules| !rules.is_idle()))
}
