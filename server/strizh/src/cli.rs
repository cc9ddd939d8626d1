//! The command line: one subcommand per job. Exit codes: 0 nothing to complain about, 1 findings or an error of the code
//! that ran, 2 wrong usage or unreadable input, 3 a budget is used up, 4 the host lacks what the code needs.

mod audit;
mod check;
mod doctor;
mod explain;
mod explain_error;
mod format;
mod line_index;
mod measure;
mod model;
mod profile;
mod reload;
mod report;
mod rule_selection;
mod run;
mod secret;
mod shell;

use std::fmt::Display;
use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::{bench, lsp, settings, tour};

#[derive(Parser)]
#[command(
    name = "strizh",
    version,
    about = "Language server and checker for BSL, the language of 1C:Enterprise"
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve an editor over stdin and stdout.
    Lsp {
        /// Accepted for clients that always send it; nothing else is supported.
        #[arg(long)]
        stdio: bool,
        /// Accepted for clients that always send it; `initialize` says the same.
        #[arg(long, alias = "clientProcessId", hide = true)]
        client_process_id: Option<u32>,
    },
    /// Check modules and report findings.
    Check(Box<check::CheckArguments>),
    /// Show the help of a rule.
    Explain(explain::ExplainArguments),
    /// Explain a pasted error: its place, its reason, how to repair it.
    ExplainError(explain_error::ExplainErrorArguments),
    /// Measure a running infobase by its debug server; the answer is a profile.
    Measure(Box<measure::MeasureArguments>),
    /// Lay out modules.
    Format(format::FormatArguments),
    /// Start the server on the demo configuration and show what it can do.
    Tour(tour::TourArguments),
    /// Measure speed and memory.
    Bench(bench::BenchArguments),
    /// Read, tell and compare measurements of running code.
    Profile(profile::ProfileArguments),
    /// Merge, inspect and keep the files of models.
    Model(model::ModelArguments),
    /// Execute a script, or a method of a configuration, with its data in memory.
    Run(Box<run::RunArguments>),
    /// Print what a bug report needs.
    Doctor(doctor::DoctorArguments),
    /// Print the completions of a shell.
    Completions { shell: clap_complete::Shell },
    /// Print the manual page.
    Man,
    /// Bring a changed module into the living infobase of its workspace.
    Reload(reload::ReloadArguments),
    /// Check the record of what was done to infobases.
    Audit(audit::AuditArguments),
    /// Keep the secrets of infobases in the keyring of the system.
    Secret(secret::SecretArguments),
    /// Print the settings schema of the editor extension.
    #[command(hide = true)]
    SettingsSchema {
        #[arg(long, default_value = "en", value_parser = ["ru", "en"])]
        language: String,
    },
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Clean,
    Findings,
    /// Some input could not be used; it was named on stderr.
    Trouble,
    /// Code used up one of its budgets.
    Exhausted,
    /// Code needs something that the host has not.
    Unsupported,
}

impl Arguments {
    pub(crate) fn is_server(&self) -> bool {
        matches!(self.command, Command::Lsp { .. })
    }
}

pub(crate) fn run(arguments: Arguments) -> ExitCode {
    let outcome = match arguments.command {
        Command::Lsp { .. } => lsp::serve().map(|never| match never {}),
        Command::Check(arguments) => check::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::ExplainError(arguments) => explain_error::run(&arguments),
        Command::Measure(arguments) => measure::run(&arguments),
        Command::Format(arguments) => format::run(&arguments),
        Command::Tour(arguments) => tour::run(&arguments),
        Command::Bench(arguments) => bench::run(&arguments),
        Command::Model(arguments) => model::run(&arguments),
        Command::Run(arguments) => run::run(&arguments),
        Command::Doctor(arguments) => doctor::run(&arguments),
        Command::Completions { shell } => shell::completions(shell),
        Command::Man => shell::man(),
        Command::Reload(arguments) => reload::run(&arguments),
        Command::Audit(arguments) => audit::run(&arguments),
        Command::Secret(arguments) => secret::run(&arguments),
        Command::Profile(arguments) => profile::run(&arguments),
        Command::SettingsSchema { language } => print_settings_schema(&language),
    };
    match outcome {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Ok(Outcome::Trouble) => ExitCode::from(2),
        Ok(Outcome::Exhausted) => ExitCode::from(3),
        Ok(Outcome::Unsupported) => ExitCode::from(4),
        // Whoever reads has seen enough (`strizh check | head`).
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            complain(format_args!("{error:#}"));
            ExitCode::from(2)
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let io = error.chain().find_map(|cause| cause.downcast_ref::<std::io::Error>());
    io.is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

/// One line for the user on stderr.
pub(crate) fn complain(message: impl Display) {
    let _ = writeln!(std::io::stderr(), "strizh: {message}");
}

fn print_settings_schema(language: &str) -> anyhow::Result<Outcome> {
    let locale = if language == "ru" { base::Locale::Ru } else { base::Locale::En };
    let schema = serde_json::to_string_pretty(&settings::schema(locale))?;
    writeln!(std::io::stdout(), "{schema}")?;
    Ok(Outcome::Clean)
}
