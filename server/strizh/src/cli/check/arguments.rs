//! What `strizh check` can be told.

use std::path::PathBuf;

use anyhow::bail;
use base::{Locale, Severity};
use clap::{Args, ValueEnum};
use lints::{ModuleInfo, ModuleKind};

use crate::cli::report::Target;
use crate::object_filter::SkipSupport;
use crate::settings::nearest;

#[derive(Args)]
pub(crate) struct CheckArguments {
    /// Files and folders; the current folder if none is given.
    pub(super) paths: Vec<PathBuf>,
    /// Report: console, json, sarif, junit, generic, code-quality or tslint, perhaps with the file to write it to.
    #[arg(long = "format", value_name = "FORMAT[=FILE]", default_value = "console")]
    formats: Vec<Target>,
    /// File for the report that would go to stdout.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Check the text on stdin.
    #[arg(long, conflicts_with = "paths")]
    pub(super) stdin: bool,
    /// Name of the text on stdin: it decides which rules apply and which project is around it.
    #[arg(long, requires = "stdin", value_name = "PATH")]
    pub(super) stdin_filename: Option<PathBuf>,
    /// Run only these rules (comma-separated keys).
    #[arg(long, value_delimiter = ',', value_name = "KEY")]
    pub(super) select: Vec<String>,
    /// Do not run these rules (comma-separated keys).
    #[arg(long, value_delimiter = ',', value_name = "KEY")]
    pub(super) ignore: Vec<String>,
    /// Audit: run these rules alone, in all modules, whatever switches them off, suppression comments included.
    #[arg(long, value_delimiter = ',', value_name = "KEY", conflicts_with_all = ["select", "ignore"])]
    pub(super) only: Vec<String>,
    /// Take all modules for modules of this kind, such as FormModule, whatever their paths say.
    #[arg(long, value_name = "KIND", value_parser = module_kind)]
    module_kind: Option<ModuleKind>,
    /// Leave out these files and folders (repeatable).
    #[arg(long, value_name = "GLOB")]
    pub(super) exclude: Vec<String>,
    /// Check only modules of objects in these subsystems, instead of those in the settings (repeatable).
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub(super) subsystem: Vec<String>,
    /// Leave out modules of objects in these subsystems (repeatable).
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub(super) exclude_subsystem: Vec<String>,
    /// Leave out modules of objects that a vendor supports: never, withSupportLocked or withSupport.
    #[arg(long, value_name = "WHICH", value_parser = skip_support)]
    pub(super) skip_support: Option<SkipSupport>,
    /// Report only what this file does not know.
    #[arg(long, value_name = "FILE", conflicts_with = "write_baseline")]
    pub(super) baseline: Option<PathBuf>,
    /// Write all findings to a file for `--baseline` instead of reporting them.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["diff", "fix"])]
    pub(super) write_baseline: Option<PathBuf>,
    /// Report only findings on lines that changed since this git commit.
    #[arg(long, value_name = "REF", conflicts_with = "stdin")]
    pub(super) diff: Option<String>,
    /// Number of threads; one per core by default.
    #[arg(short = 'j', long, default_value_t = 0, hide_default_value = true)]
    pub(super) jobs: usize,
    /// The weakest findings that make the exit code 1.
    #[arg(long, value_enum, default_value = "hint", value_name = "SEVERITY")]
    fail_on: FailOn,
    /// Language of messages instead of the one in the settings.
    #[arg(long, value_parser = ["ru", "en"])]
    language: Option<String>,
    /// Settings file instead of `.bsl-language-server.json` in the checked folder.
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Repair what can be repaired without a risk, then check.
    #[arg(long, conflicts_with = "stdin")]
    pub(super) fix: bool,
    /// Apply repairs that somebody should look at, too.
    #[arg(long = "unsafe", requires = "fix")]
    pub(super) allows_unsafe: bool,
    /// Change nothing; show what `--fix` would change and end with code 1 if there is something.
    #[arg(long, requires = "fix")]
    pub(super) dry_run: bool,
    /// Stay, and check again when modules, metadata or settings change.
    #[arg(long, conflicts_with_all = ["stdin", "fix", "write_baseline"])]
    pub(super) watch: bool,
    /// Look for changes every two seconds instead of waiting for the system to tell.
    #[arg(long, requires = "watch")]
    pub(super) poll: bool,
    /// Neither use nor keep results of earlier runs.
    #[arg(long)]
    pub(super) no_cache: bool,
    /// Say what the most expensive rules cost, or all of them.
    #[arg(long, value_enum, value_name = "ROWS", num_args = 0..=1, require_equals = true, default_missing_value = "top")]
    pub(super) timing: Option<TimingRows>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum TimingRows {
    Top,
    All,
}

#[derive(Clone, Copy, ValueEnum)]
enum FailOn {
    Hint,
    Information,
    Warning,
    Error,
    Never,
}

impl CheckArguments {
    /// The weakest severity that counts; `None` if none does.
    pub(super) fn fail_on(&self) -> Option<Severity> {
        match self.fail_on {
            FailOn::Hint => Some(Severity::Hint),
            FailOn::Information => Some(Severity::Information),
            FailOn::Warning => Some(Severity::Warning),
            FailOn::Error => Some(Severity::Error),
            FailOn::Never => None,
        }
    }

    /// Language of messages, if it is not left to the settings.
    pub(super) fn locale(&self) -> Option<Locale> {
        self.language.as_deref().map(|language| if language == "en" { Locale::En } else { Locale::Ru })
    }

    /// Reports with their places. Only one of them can have stdout.
    pub(super) fn targets(&self) -> anyhow::Result<Vec<Target>> {
        let mut targets = self.formats.clone();
        let to_stdout = targets.iter().filter(|target| target.file.is_none()).count();
        match (&self.output, to_stdout) {
            (_, 2..) => bail!("only one report can go to stdout: name files like `--format sarif=FILE`"),
            (Some(_), 0) => bail!("every report has a file already; `--output` is for one that has none"),
            (Some(file), _) => {
                let target = targets.iter_mut().find(|target| target.file.is_none());
                target.into_iter().for_each(|target| target.file = Some(file.clone()));
            }
            (None, _) => {}
        }
        Ok(targets)
    }

    /// What rules are told about a module.
    pub(super) fn module_info(&self, path: &std::path::Path) -> ModuleInfo {
        let info = ModuleInfo::from_path(&path.to_string_lossy());
        ModuleInfo { kind: self.module_kind.unwrap_or(info.kind), ..info }
    }
}

fn skip_support(name: &str) -> Result<SkipSupport, String> {
    SkipSupport::from_name(name).ok_or_else(|| "expected never, withSupportLocked or withSupport".to_owned())
}

fn module_kind(name: &str) -> Result<ModuleKind, String> {
    ModuleKind::from_name(name).ok_or_else(|| {
        let names = ModuleKind::ALL.map(|kind| format!("{kind:?}"));
        match nearest(name, names.iter().map(String::as_str)) {
            Some(known) => format!("unknown kind of modules; did you mean \"{known}\"?"),
            None => format!("unknown kind of modules; known kinds: {}", names.join(", ")),
        }
    })
}
