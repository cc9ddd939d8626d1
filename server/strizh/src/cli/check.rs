//! `strizh check`: modules are checked in parallel, and their reports leave in the order of their paths as
//! soon as they are ready.

mod ordered;

use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use base::encoding::decode;
use base::{Locale, Severity};
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use lints::{ModuleInfo, RuleSet, check_text};

use crate::analysis::rule_options;
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
    let mut output = std::io::BufWriter::new(std::io::stdout());
    output.write_all(report.begin().as_bytes())?;
    let check = |path: &PathBuf| -> Result<FileReport, String> {
        Ok(check_module(path, &read_module(path)?.text, rules, report))
    };
    ordered::for_each(&found.modules, arguments.jobs, check, |result| {
        progress.inc(1);
        match result {
            Ok(file) => {
                let text = report.join(&file, &summary);
                summary.add(&file);
                if !text.is_empty() {
                    progress.suspend(|| output.write_all(text.as_bytes()).and_then(|()| output.flush()))?;
                }
            }
            Err(problem) => {
                summary.unreadable += 1;
                progress.suspend(|| complain(&problem));
            }
        }
        Ok(())
    })?;
    progress.finish_and_clear();
    output.write_all(report.end(&summary).as_bytes())?;
    output.flush()?;
    Ok(summary)
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
