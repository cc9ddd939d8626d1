//! `strizh check`: modules are checked in parallel, and their reports leave in the order of their paths as
//! soon as they are ready.

mod arguments;
mod cache;
mod filters;
mod fix;
mod pass;
mod project;
mod timing;
mod watch;

use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, anyhow, bail};
use base::encoding::decode;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use lints::{Options, RuleSet};

pub(crate) use arguments::CheckArguments;
pub(crate) use cache::ResultCache;

use crate::analysis::rule_options;
use crate::cli::check::filters::Filters;
use crate::cli::check::pass::{Input, Run};
use crate::cli::report::{Report, Summary, absolute};
use crate::cli::rule_selection::{audit_rules, select_rules};
use crate::cli::{Outcome, complain};
use crate::files::find_modules;
use crate::settings::Settings;

pub(crate) fn run(arguments: &CheckArguments) -> anyhow::Result<Outcome> {
    if arguments.watch { watch::watch(arguments) } else { check_once(arguments) }
}

fn check_once(arguments: &CheckArguments) -> anyhow::Result<Outcome> {
    let targets = arguments.targets()?;
    let folder = settings_folder(&arguments.paths);
    let (settings, options, rules) = prepare(arguments, &folder)?;
    let mut summary = Summary::default();
    let mut inputs = match arguments.stdin {
        true => vec![stdin_input(arguments)?],
        false => file_inputs(arguments, &settings, &mut summary)?,
    };
    let filters = Filters::new(arguments, &settings, &folder)?;
    inputs.retain(|input| filters.has_interest_in(&input.path));
    let folders = project::project_folders(arguments);
    // Rules that do not run cost nothing.
    let has_cache =
        !arguments.no_cache && arguments.timing.is_none() && folders.iter().all(|folder| folder.is_dir());
    let cache = has_cache.then(|| ResultCache::open(&folders, &format!("{options:?}")));
    let mut report = Report::new(&rules, &folder, report_date(&inputs), &targets);
    report.cache = cache.as_ref();
    let run = Run {
        arguments,
        settings: &settings,
        rules: &rules,
        report: &report,
        filters: &filters,
        folders: &folders,
        is_whole: is_whole(arguments, &folders),
    };
    if arguments.fix {
        let fixed = fix::fix(run, &inputs, &mut summary)?;
        if arguments.dry_run {
            return Ok(if fixed.is_empty() { outcome(arguments, &summary) } else { Outcome::Findings });
        }
    }
    let progress = progress_bar(inputs.len());
    run.check(&inputs, &mut summary, &progress)?;
    if let Some(rows) = arguments.timing {
        timing::show(&rules, rows);
    }
    Ok(outcome(arguments, &summary))
}

/// Settings and rules as the settings file and the arguments want them.
fn prepare(arguments: &CheckArguments, folder: &Path) -> anyhow::Result<(Settings, Options, RuleSet)> {
    let (mut settings, mut warnings) =
        Settings::for_command_line(arguments.config.as_deref(), folder).map_err(|error| anyhow!(error))?;
    settings.language = arguments.locale().unwrap_or(settings.language);
    let (mut options, problems) = rule_options(&settings);
    warnings.extend(problems);
    if arguments.only.is_empty() {
        select_rules(&mut options, &arguments.select, &arguments.ignore)?;
    } else {
        audit_rules(&mut options, &arguments.only)?;
    }
    let (mut rules, problems) = RuleSet::new(&options);
    warnings.extend(problems);
    warnings.iter().for_each(complain);
    if arguments.timing.is_some() {
        rules.measure(timing::nanoseconds);
    }
    Ok((settings, options, rules))
}

fn outcome(arguments: &CheckArguments, summary: &Summary) -> Outcome {
    if summary.unreadable > 0 {
        return Outcome::Trouble;
    }
    match arguments.fail_on() {
        Some(least) if summary.at_least(least) > 0 => Outcome::Findings,
        _ => Outcome::Clean,
    }
}

/// True if everything in these folders is checked.
fn is_whole(arguments: &CheckArguments, folders: &[PathBuf]) -> bool {
    let paths: Vec<PathBuf> = match arguments.paths.as_slice() {
        [] => vec![absolute(Path::new("."))],
        paths => paths.iter().map(|path| absolute(path)).collect(),
    };
    let has_all = arguments.exclude.is_empty() && arguments.diff.is_none() && !arguments.stdin;
    has_all && folders.iter().all(|folder| folder.is_dir() && paths.contains(folder))
}

/// Where the settings file is looked for: the checked folder, if there is one.
fn settings_folder(paths: &[PathBuf]) -> PathBuf {
    let folder = paths.iter().find(|path| path.is_dir());
    folder.cloned().unwrap_or_else(|| PathBuf::from("."))
}

fn stdin_input(arguments: &CheckArguments) -> anyhow::Result<Input> {
    let path = arguments.stdin_filename.clone().unwrap_or_else(|| PathBuf::from("stdin.bsl"));
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes).context("cannot read stdin")?;
    let decoded = decode(bytes).map_err(|error| anyhow!("{}: {error}", path.display()))?;
    Ok(Input { path, text: Some(decoded.text) })
}

fn file_inputs(
    arguments: &CheckArguments,
    settings: &Settings,
    summary: &mut Summary,
) -> anyhow::Result<Vec<Input>> {
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
    let exclude = [settings.exclude_paths.as_slice(), &arguments.exclude].concat();
    let found = find_modules(&paths, &exclude);
    summary.unreadable += found.problems.len();
    found.problems.iter().for_each(complain);
    Ok(found.modules.into_iter().map(|path| Input { path, text: None }).collect())
}

/// The moment that the report is about: when the newest module was written. Equal sources have equal reports.
fn report_date(inputs: &[Input]) -> u64 {
    let given = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|seconds| seconds.parse().ok());
    given.unwrap_or_else(|| {
        let modified = |input: &Input| std::fs::metadata(&input.path).ok()?.modified().ok();
        let newest = inputs.iter().filter_map(modified).max().unwrap_or_else(SystemTime::now);
        newest.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
    })
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
