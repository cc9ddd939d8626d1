//! `strizh check`: modules are checked in parallel, and their reports leave in the order of their paths as
//! soon as they are ready.

mod ordered;
mod project;

use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use base::encoding::decode;
use base::{Locale, Severity};
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use lints::{ModuleInfo, RuleSet, check_text};

use crate::analysis::rule_options;
use crate::cli::check::project::FirstPass;
use crate::cli::report::{FileReport, Report, Summary};
use crate::cli::rule_selection::select_rules;
use crate::cli::{Outcome, complain};
use crate::files::{find_modules, read_module};
use crate::settings::Settings;

#[derive(Args)]
pub(crate) struct CheckArguments {
    /// Files and folders; the current folder if none is given.
    paths: Vec<PathBuf>,
    #[arg(long, value_enum, default_value = "console")]
    format: Format,
    /// Check the text on stdin.
    #[arg(long, conflicts_with = "paths")]
    stdin: bool,
    /// Name of the text on stdin: it decides which rules apply.
    #[arg(long, requires = "stdin", value_name = "PATH")]
    stdin_filename: Option<PathBuf>,
    /// Run only these rules (comma-separated keys).
    #[arg(long, value_delimiter = ',', value_name = "KEY")]
    select: Vec<String>,
    /// Do not run these rules (comma-separated keys).
    #[arg(long, value_delimiter = ',', value_name = "KEY")]
    ignore: Vec<String>,
    /// Number of threads; one per core by default.
    #[arg(short = 'j', long, default_value_t = 0, hide_default_value = true)]
    jobs: usize,
    /// The weakest findings that make the exit code 1.
    #[arg(long, value_enum, default_value = "hint", value_name = "SEVERITY")]
    fail_on: FailOn,
    /// Language of messages instead of the one in the settings.
    #[arg(long, value_parser = ["ru", "en"])]
    language: Option<String>,
    /// Settings file instead of `.bsl-language-server.json` in the checked folder.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Format {
    Console,
    Json,
    Sarif,
}

#[derive(Clone, Copy, ValueEnum)]
enum FailOn {
    Hint,
    Information,
    Warning,
    Error,
    Never,
}

impl FailOn {
    fn severity(self) -> Option<Severity> {
        match self {
            Self::Hint => Some(Severity::Hint),
            Self::Information => Some(Severity::Information),
            Self::Warning => Some(Severity::Warning),
            Self::Error => Some(Severity::Error),
            Self::Never => None,
        }
    }
}

pub(crate) fn run(arguments: &CheckArguments) -> anyhow::Result<Outcome> {
    let folder = settings_folder(&arguments.paths);
    let (mut settings, mut warnings) =
        Settings::for_command_line(arguments.config.as_deref(), &folder).map_err(|error| anyhow!(error))?;
    if let Some(language) = &arguments.language {
        settings.language = if language == "en" { Locale::En } else { Locale::Ru };
    }
    let (mut options, problems) = rule_options(&settings);
    warnings.extend(problems);
    select_rules(&mut options, &arguments.select, &arguments.ignore)?;
    let (rules, problems) = RuleSet::new(&options);
    warnings.extend(problems);
    warnings.iter().for_each(complain);
    let report = Report::new(arguments.format, &rules, &folder);
    let summary = match arguments.stdin {
        true => check_stdin(arguments, &rules, &report)?,
        false => check_files(arguments, &settings, &rules, &report)?,
    };
    Ok(outcome(&summary, arguments.fail_on.severity()))
}

fn outcome(summary: &Summary, fail_on: Option<Severity>) -> Outcome {
    if summary.unreadable > 0 {
        return Outcome::Trouble;
    }
    match fail_on {
        Some(least) if summary.at_least(least) > 0 => Outcome::Findings,
        _ => Outcome::Clean,
    }
}

/// Where the settings file is looked for: the checked folder, if there is one.
fn settings_folder(paths: &[PathBuf]) -> PathBuf {
    let folder = paths.iter().find(|path| path.is_dir());
    folder.cloned().unwrap_or_else(|| PathBuf::from("."))
}

fn check_stdin(arguments: &CheckArguments, rules: &RuleSet, report: &Report<'_>) -> anyhow::Result<Summary> {
    let path = arguments.stdin_filename.clone().unwrap_or_else(|| PathBuf::from("stdin.bsl"));
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes).context("cannot read stdin")?;
    let decoded = decode(bytes).map_err(|error| anyhow!("{}: {error}", path.display()))?;
    let mut summary = Summary::default();
    let mut output = std::io::stdout().lock();
    output.write_all(report.begin().as_bytes())?;
    let file = check_module(&path, &decoded.text, rules, report);
    output.write_all(report.join(&file, &summary).as_bytes())?;
    summary.add(&file);
    output.write_all(report.end(&summary).as_bytes())?;
    Ok(summary)
}

fn check_files(
    arguments: &CheckArguments,
    settings: &Settings,
    rules: &RuleSet,
    report: &Report<'_>,
) -> anyhow::Result<Summary> {
    let mut summary = Summary::default();
    let mut paths = arguments.paths.clone();
    paths.retain(|path| {
        let exists = path.exists();
        if !exists {
            complain(format_args!("{}: no such file or folder", path.display()));
            summary.unreadable += 1;
        }
        exists
    });
    if arguments.paths.is_empty() {
        paths.push(PathBuf::from("."));
    } else if paths.is_empty() {
        bail!("nothing to check");
    }
    let found = find_modules(&paths, &settings.exclude_paths);
    summary.unreadable += found.problems.len();
    found.problems.iter().for_each(complain);
    let progress = progress_bar(found.modules.len());
    let mut output = Output::new(report, &progress, summary)?;
    if rules.needs_project() {
        let mut modules = Vec::with_capacity(found.modules.len());
        let first = |path: &PathBuf| project::first_pass(path, rules);
        ordered::for_each(&found.modules, arguments.jobs, first, |result| {
            progress.inc(1);
            match result {
                Ok(module) => modules.push(module),
                Err(problem) => output.trouble(&problem),
            }
            Ok(())
        })?;
        let project = project::project_of(&paths, settings, &modules);
        let second = |module: &FirstPass| {
            let (text, findings) = project::second_pass(module, rules, &project)?;
            Ok(report.file(&module.path, &text, &findings))
        };
        ordered::for_each(&modules, arguments.jobs, second, |result| output.take(result))?;
    } else {
        let check = |path: &PathBuf| Ok(check_module(path, &read_module(path)?.text, rules, report));
        ordered::for_each(&found.modules, arguments.jobs, check, |result| {
            progress.inc(1);
            output.take(result)
        })?;
    }
    progress.finish_and_clear();
    output.end()
}

/// Reports in the order of the modules.
struct Output<'a> {
    report: &'a Report<'a>,
    progress: &'a ProgressBar,
    summary: Summary,
    out: std::io::BufWriter<std::io::Stdout>,
}

impl<'a> Output<'a> {
    fn new(report: &'a Report<'a>, progress: &'a ProgressBar, summary: Summary) -> anyhow::Result<Self> {
        let mut out = std::io::BufWriter::new(std::io::stdout());
        out.write_all(report.begin().as_bytes())?;
        Ok(Self { report, progress, summary, out })
    }

    fn take(&mut self, result: Result<FileReport, String>) -> anyhow::Result<()> {
        match result {
            Ok(file) => {
                let text = self.report.join(&file, &self.summary);
                self.summary.add(&file);
                if !text.is_empty() {
                    let out = &mut self.out;
                    self.progress.suspend(|| out.write_all(text.as_bytes()).and_then(|()| out.flush()))?;
                }
            }
            Err(problem) => self.trouble(&problem),
        }
        Ok(())
    }

    fn trouble(&mut self, problem: &str) {
        self.summary.unreadable += 1;
        self.progress.suspend(|| complain(problem));
    }

    fn end(mut self) -> anyhow::Result<Summary> {
        self.out.write_all(self.report.end(&self.summary).as_bytes())?;
        self.out.flush()?;
        Ok(self.summary)
    }
}

fn check_module(path: &Path, text: &str, rules: &RuleSet, report: &Report<'_>) -> FileReport {
    let module = ModuleInfo::from_path(&path.to_string_lossy());
    let findings = check_text(text, rules, &module);
    report.file(path, text, &findings)
}

/// Shown only to people: elsewhere stderr stays silent.
fn progress_bar(modules: usize) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {elapsed}");
    let bar = ProgressBar::with_draw_target(Some(modules as u64), ProgressDrawTarget::stderr());
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
