//! The way of modules from their texts to the reports. If rules want to know the project, every module is parsed for its
//! own findings and for its facts first, and the findings about the project follow when all facts are known.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use base::TextRange;
use indicatif::ProgressBar;
use lints::{Checked, Finding, ProjectModule, RuleSet};
use metadata::ModulePlace;
use semantics::{ModuleFacts, Project};
use syntax::parse_text;

use crate::cli::check::filters::{Filtered, Filters, ProjectObjects};
use crate::cli::check::{CheckArguments, cache, project};
use crate::cli::complain;
use crate::cli::report::{File, FileReport, Output, Report, Summary, absolute};
use crate::facts_store::Blob;
use crate::files::read_module;
use crate::ordered;
use crate::settings::Settings;

/// A module to check.
#[derive(Debug)]
pub(super) struct Input {
    pub(super) path: PathBuf,
    /// Its text, if it is not that of the file.
    pub(super) text: Option<String>,
}

impl Input {
    pub(super) fn text(&self) -> Result<String, String> {
        match &self.text {
            Some(text) => Ok(text.clone()),
            None => Ok(read_module(&self.path)?.text),
        }
    }
}

/// A module after the first pass.
#[derive(Debug)]
pub(super) struct FirstPass<'a> {
    pub(super) input: &'a Input,
    /// What the rules said about the text alone, encoded.
    checked: Blob,
    pub(super) facts: ModuleFacts,
}

/// What a run says about a module.
#[derive(Default)]
struct FileResult {
    report: FileReport,
    filtered: Filtered,
}

/// What a run consists of.
#[derive(Clone, Copy)]
pub(super) struct Run<'a> {
    pub(super) arguments: &'a CheckArguments,
    pub(super) settings: &'a Settings,
    pub(super) rules: &'a RuleSet,
    pub(super) report: &'a Report<'a>,
    pub(super) filters: &'a Filters,
    /// Folders of the projects around the modules.
    pub(super) folders: &'a [PathBuf],
    /// All modules of the projects are checked.
    pub(super) is_whole: bool,
}

impl Run<'_> {
    /// Checks everything and writes the reports.
    pub(super) fn check(
        self,
        inputs: &[Input],
        summary: &mut Summary,
        progress: &ProgressBar,
    ) -> anyhow::Result<()> {
        let jobs = self.arguments.jobs;
        let mut output = Output::new(self.report)?;
        let mut entries = Vec::new();
        let mut take = |result: Result<FileResult, String>| {
            match result {
                Ok(FileResult { report, filtered }) => {
                    summary.add(&report.counts);
                    summary.known += filtered.known;
                    entries.extend(filtered.entries);
                    progress.suspend(|| output.add(&report))?;
                }
                Err(problem) => trouble(&problem, summary, progress),
            }
            Ok(())
        };
        if self.needs_project() {
            let (modules, problems) = self.first_passes(inputs, || progress.inc(1))?;
            problems.into_iter().try_for_each(|problem| take(Err(problem)))?;
            let project = project::project_of(self, &modules);
            let objects = self.filters.objects().map(|rules| ProjectObjects::new(rules, &project));
            let second = |module: &FirstPass<'_>| self.second_pass(module, &project, objects.as_ref());
            ordered::for_each(&modules, jobs, second, take)?;
        } else {
            let check = |input: &Input| {
                let text = input.text()?;
                let info = self.arguments.module_info(&input.path);
                let findings = lints::check_text(&text, self.rules, &info);
                Ok(self.report_file(&input.path, &text, findings))
            };
            ordered::for_each(inputs, jobs, check, |result| {
                progress.inc(1);
                take(result)
            })?;
        }
        progress.finish_and_clear();
        self.filters.finish(entries)?;
        if let Some(cache) = self.report.cache {
            cache.finish(self.is_whole);
        }
        output.end(summary)
    }

    /// Modules that can be read, and what is wrong with the others.
    pub(super) fn first_passes<'i>(
        self,
        inputs: &'i [Input],
        step: impl Fn(),
    ) -> anyhow::Result<(Vec<FirstPass<'i>>, Vec<String>)> {
        let (mut modules, mut problems) = (Vec::with_capacity(inputs.len()), Vec::new());
        let inputs: Vec<&Input> = inputs.iter().collect();
        let first = |input: &&'i Input| self.first_pass(input);
        ordered::for_each(&inputs, self.arguments.jobs, first, |result| {
            step();
            match result {
                Ok(module) => modules.push(module),
                Err(problem) => problems.push(problem),
            }
            Ok(())
        })?;
        Ok((modules, problems))
    }

    fn first_pass(self, input: &Input) -> Result<FirstPass<'_>, String> {
        let info = self.arguments.module_info(&input.path);
        let compute = |text: &str| {
            let tree = parse_text(text);
            (lints::check_tree(&tree, text, self.rules, &info), ModuleFacts::of_tree(&tree, text))
        };
        let (checked, facts) = match (self.report.cache, &input.text) {
            (Some(cache), None) => cache.results(&input.path, &info, compute)?,
            _ => {
                let (checked, facts) = compute(&input.text()?);
                (Blob::whole(cache::encode(&checked)), facts)
            }
        };
        Ok(FirstPass { input, checked, facts })
    }

    /// What the rules said in the first pass.
    fn checked(self, module: &FirstPass<'_>) -> Result<Checked, String> {
        if let Some(checked) = cache::decode(&module.checked) {
            return Ok(checked);
        }
        let text = module.input.text()?;
        let info = self.arguments.module_info(&module.input.path);
        Ok(lints::check_tree(&parse_text(&text), &text, self.rules, &info))
    }

    fn second_pass(
        self,
        module: &FirstPass<'_>,
        project: &Project,
        objects: Option<&ProjectObjects<'_>>,
    ) -> Result<FileResult, String> {
        let path = &module.input.path;
        // Many modules are clean and need not be read again.
        let text: OnceCell<Result<String, String>> = OnceCell::new();
        let text = || text.get_or_init(|| module.input.text()).as_deref();
        let read =
            |range: TextRange| text().map_or_else(|_| String::new(), |text| range.slice(text).to_owned());
        let findings = match objects.is_none_or(|objects| objects.allow(path)) {
            true => project_findings(self.checked(module)?, self.rules, project, path, &read),
            false => Vec::new(),
        };
        if findings.is_empty() && !self.report.shows_clean_modules() {
            return Ok(FileResult::default());
        }
        Ok(self.report_file(path, text().map_err(String::clone)?, findings))
    }

    fn report_file(self, path: &Path, text: &str, findings: Vec<Finding>) -> FileResult {
        let mut file = File::new(path, text, findings);
        file.object = object_name(path);
        let filtered = self.filters.apply(&mut file);
        FileResult { report: self.report.file(&file), filtered }
    }

    /// Rules or filters want to know what is around a module.
    pub(super) fn needs_project(self) -> bool {
        self.rules.needs_project() || self.filters.objects().is_some()
    }
}

/// All findings of a module in its project.
pub(super) fn project_findings(
    checked: Checked,
    rules: &RuleSet,
    project: &Project,
    path: &Path,
    text: &dyn Fn(TextRange) -> String,
) -> Vec<Finding> {
    let module = project.module_by_path(&absolute(path));
    let place = module.map(|module| ProjectModule { project, module, text });
    checked.finish(rules, place)
}

fn trouble(problem: &str, summary: &mut Summary, progress: &ProgressBar) {
    summary.unreadable += 1;
    progress.suspend(|| complain(problem));
}

/// `Catalog.X.Form.Y`: whose module the path is.
fn object_name(path: &Path) -> Option<String> {
    let place = ModulePlace::from_path(&absolute(path).to_string_lossy());
    let (kind, name) = place.owner?;
    let mut full = format!("{}.{name}", kind.name());
    for (part, name) in [("Command", place.command), ("Form", place.form)] {
        full.extend(name.map(|name| format!(".{part}.{name}")));
    }
    Some(full)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_named_after_their_objects() {
        let name = |path: &str| object_name(Path::new(path)).unwrap_or_default();
        assert_eq!(name("/p/CommonModules/М/Ext/Module.bsl"), "CommonModule.М");
        assert_eq!(name("/p/Catalogs/С/Forms/Ф/Ext/Form/Module.bsl"), "Catalog.С.Form.Ф");
        assert_eq!(name("/p/src/Documents/Д/Commands/К/CommandModule.bsl"), "Document.Д.Command.К");
        assert_eq!(name("/p/a.bsl"), "");
    }
}
