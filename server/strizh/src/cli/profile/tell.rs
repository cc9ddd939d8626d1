//! `strizh profile report`: where the time went.

use std::path::PathBuf;
use std::str::FromStr;

use base::Locale;
use clap::{Args, ValueEnum};
use profile::report::{Grouping, Report};

use super::input::InputArguments;
use super::write_output;
use crate::cli::Outcome;

#[derive(Args)]
pub(super) struct ReportArguments {
    /// Folders and files of technological journals, files of profiles.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    input: InputArguments,
    /// `console`, `json` or `html`, with `=FILE` to write a file; may be given several times.
    #[arg(long, value_name = "FORMAT[=FILE]", default_value = "console")]
    format: Vec<Target>,
    /// What rows stand for; the page has all three.
    #[arg(long, value_enum, default_value_t = By::Line)]
    by: By,
    /// How many rows to show.
    #[arg(long, value_name = "COUNT", default_value_t = 30)]
    top: usize,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum By {
    Line,
    Method,
    Module,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Console,
    Json,
    Html,
}

#[derive(Clone, Debug)]
struct Target {
    format: Format,
    file: Option<PathBuf>,
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, file) = text.split_once('=').map_or((text, None), |(name, file)| (name, Some(file)));
        let format = match name {
            "console" => Format::Console,
            "json" => Format::Json,
            "html" => Format::Html,
            _ => return Err("expected console, json or html".to_owned()),
        };
        Ok(Self { format, file: file.map(PathBuf::from) })
    }
}

pub(super) fn run(arguments: &ReportArguments, locale: Locale) -> anyhow::Result<Outcome> {
    let input = arguments.input.read(&arguments.paths, false, locale)?;
    let grouping = match arguments.by {
        By::Line => Grouping::Line,
        By::Method => Grouping::Method,
        By::Module => Grouping::Module,
    };
    let report = Report {
        profile: &input.profile,
        resolution: input.resolution.as_ref(),
        grouping,
        top: arguments.top,
        locale,
    };
    for target in &arguments.format {
        let text = match target.format {
            Format::Console => report.console(),
            Format::Json => report.json(),
            Format::Html => report.page(),
        };
        write_output(target.file.as_ref(), &text)?;
    }
    Ok(if input.has_trouble { Outcome::Trouble } else { Outcome::Clean })
}
