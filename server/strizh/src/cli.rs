//! The command line: one subcommand per job. Exit codes: 0 nothing to complain about, 1 findings, 2 wrong usage
//! or unreadable input.

mod check;
mod explain;
mod format;
mod line_index;
mod model;
mod profile;
mod report;
mod rule_selection;

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
        Command::Format(arguments) => format::run(&arguments),
        Command::Tour(arguments) => tour::run(&arguments),
        Command::Bench(arguments) => bench::run(&arguments),
        Command::Model(arguments) => model::run(&arguments),
        Command::Profile(arguments) => profile::run(&arguments),
        Command::SettingsSchema { language } => print_settings_schema(&language),
    };
    match outcome {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Ok(Outcome::Trouble) => ExitCode::from(2),
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
