//! `strizh profile import`: everything becomes one file of the documented JSON.

use std::path::PathBuf;

use base::Locale;
use clap::Args;
use profile::write_profile;

use super::input::InputArguments;
use super::write_output;
use crate::cli::Outcome;

#[derive(Args)]
pub(super) struct ImportArguments {
    /// Folders and files of technological journals, files of profiles.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    input: InputArguments,
    /// What was measured, in words.
    #[arg(long)]
    title: Option<String>,
    /// Where to write; stdout by default.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) fn run(arguments: &ImportArguments, locale: Locale) -> anyhow::Result<Outcome> {
    let mut input = arguments.input.read(&arguments.paths, true, locale)?;
    if let Some(title) = &arguments.title {
        input.profile.source.title.clone_from(title);
    }
    write_output(arguments.output.as_ref(), &write_profile(&input.profile))?;
    Ok(if input.has_trouble { Outcome::Trouble } else { Outcome::Clean })
}
