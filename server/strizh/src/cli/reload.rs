//! `strizh reload FILE`: brings one module into the infobase of its workspace.

use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use base::{CancelToken, Locale};
use clap::Args;
use infobase::change::{Bound, bindings};
use infobase::config::InfobaseConfig;
use infobase::manager::{Event, Session, State, Submission};
use resilience::SystemClock;

use crate::cli::Outcome;
use crate::files::{Disk, read_module};
use crate::live::{audit_file, configuration_file, locate};

#[derive(Args)]
pub(crate) struct ReloadArguments {
    /// Module of a configuration.
    file: PathBuf,
    /// File with the infobases of workspaces; the user's own by default.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The text that is applied now, to tell what has changed.
    #[arg(long, value_name = "FILE")]
    base: Option<PathBuf>,
    /// Only tell what would be done.
    #[arg(long)]
    dry_run: bool,
    /// Agree to unsafe changes and to a change of a production infobase.
    #[arg(long)]
    yes: bool,
    /// Agree that sessions of users are ended.
    #[arg(long)]
    end_sessions: bool,
    /// Print the last event as JSON.
    #[arg(long)]
    json: bool,
    #[arg(long, default_value = "ru", value_parser = ["ru", "en"])]
    language: String,
}

pub(crate) fn run(arguments: &ReloadArguments) -> anyhow::Result<Outcome> {
    let locale = if arguments.language == "en" { Locale::En } else { Locale::Ru };
    let (mut session, mut submission) = prepare(arguments, locale)?;
    let mut event = session.process(submission.clone(), &CancelToken::new(), &mut |_| ());
    // Consent is asked for where somebody can give it.
    if event.state == State::NeedsConsent && std::io::stdin().is_terminal() && agrees(&event, locale)? {
        for need in &event.needs {
            submission.consent.give(*need);
        }
        event = session.process(submission, &CancelToken::new(), &mut |_| ());
    }
    show(arguments, &event)?;
    Ok(if event.state.is_success() { Outcome::Clean } else { Outcome::Findings })
}

fn prepare(arguments: &ReloadArguments, locale: Locale) -> anyhow::Result<(Session, Submission)> {
    let text = read_module(&arguments.file).map_err(|error| anyhow::anyhow!(error))?.text;
    let (root, module) = locate(&arguments.file)?;
    let config = arguments.config.clone().or_else(configuration_file);
    let config = config.context("there is no folder for the user's settings; use --config")?;
    let (_, infobase) = InfobaseConfig::load(&config, &root)?;
    let audit = audit_file().context("there is no folder for the audit")?;
    let session = infobase.session(&root, audit, locale, SystemClock::shared())?;
    let mut submission = Submission::new(module, text);
    let path = submission.module.path.clone();
    submission.traits.bound = Bound::by(move || bindings(&Disk, &root, &path));
    submission.base = arguments.base.as_deref().map(read_base).transpose()?;
    submission.is_dry_run = arguments.dry_run;
    submission.consent.unsafe_changes = arguments.yes;
    submission.consent.production = arguments.yes;
    submission.consent.end_sessions = arguments.end_sessions;
    Ok((session, submission))
}

fn read_base(path: &Path) -> anyhow::Result<String> {
    read_module(path).map(|decoded| decoded.text).map_err(|error| anyhow::anyhow!(error))
}

fn agrees(event: &Event, locale: Locale) -> anyhow::Result<bool> {
    let question =
        if locale == Locale::Ru { "Применить? [да/НЕТ] " } else { "Apply? [yes/NO] " };
    write!(std::io::stderr(), "{}\n{question}", event.message)?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "да" | "yes"))
}

fn show(arguments: &ReloadArguments, event: &Event) -> anyhow::Result<()> {
    let mut output = std::io::stdout();
    if arguments.json {
        writeln!(output, "{}", serde_json::to_string_pretty(event)?)?;
        return Ok(());
    }
    let path = arguments.file.display();
    for diagnostic in &event.diagnostics {
        writeln!(output, "{path}:{}:{}: {}", diagnostic.line, diagnostic.column, diagnostic.message)?;
    }
    for step in &event.steps {
        writeln!(output, "{step}")?;
    }
    writeln!(output, "{path}: {} ({} ms)", event.message, event.elapsed_ms)?;
    Ok(())
}
