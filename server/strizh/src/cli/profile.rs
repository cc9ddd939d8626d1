//! `strizh profile`: measurements are read, told and compared. One file per subcommand.

mod compare;
mod import;
mod input;
mod tell;

use std::io::Write;
use std::path::PathBuf;

use base::Locale;
use clap::{Args, Subcommand};

use crate::cli::Outcome;
use crate::cli::report::write_whole;

#[derive(Args)]
pub(crate) struct ProfileArguments {
    /// Language of the output.
    #[arg(long, global = true, default_value = "ru", value_parser = ["ru", "en"])]
    language: String,
    #[command(subcommand)]
    command: ProfileCommand,
}

#[derive(Subcommand)]
enum ProfileCommand {
    /// Read technological journals and measurements into one file of JSON.
    Import(Box<import::ImportArguments>),
    /// Tell where the time went: a table, JSON or a page with a flame graph.
    Report(Box<tell::ReportArguments>),
    /// Compare two measurements; `--fail-on 10%` ends with code 1 if something became slower.
    Diff(Box<compare::DiffArguments>),
}

pub(crate) fn run(arguments: &ProfileArguments) -> anyhow::Result<Outcome> {
    let locale = if arguments.language == "en" { Locale::En } else { Locale::Ru };
    match &arguments.command {
        ProfileCommand::Import(arguments) => import::run(arguments, locale),
        ProfileCommand::Report(arguments) => tell::run(arguments, locale),
        ProfileCommand::Diff(arguments) => compare::run(arguments, locale),
    }
}

/// Writes a file whole, or to stdout.
fn write_output(path: Option<&PathBuf>, text: &str) -> anyhow::Result<()> {
    match path {
        Some(path) => write_whole(path, text.as_bytes()),
        None => Ok(std::io::stdout().lock().write_all(text.as_bytes())?),
    }
}
