//! `strizh profile diff`: two measurements of the same thing.

use std::path::PathBuf;

use base::Locale;
use clap::{Args, ValueEnum};
use profile::{Difference, Threshold};

use super::input::InputArguments;
use super::write_output;
use crate::cli::Outcome;

#[derive(Args)]
pub(super) struct DiffArguments {
    /// The earlier measurement: a file of a profile, a folder or a file of journals.
    before: PathBuf,
    /// The later one.
    after: PathBuf,
    #[command(flatten)]
    input: InputArguments,
    /// End with code 1 if everything together or a place became slower by more than this (`10%`).
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    fail_on: Option<f64>,
    /// Places with less than this share of the time in both measurements are not judged.
    #[arg(long, value_name = "PERCENT", value_parser = percent, default_value = "1%")]
    min_share: f64,
    /// Compare the time of one execution instead of sums.
    #[arg(long)]
    per_count: bool,
    #[arg(long, value_enum, default_value_t = Format::Console)]
    format: Format,
    /// How many changes to show.
    #[arg(long, value_name = "COUNT", default_value_t = 30)]
    top: usize,
    /// Where to write; stdout by default.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Console,
    Json,
    /// A page that needs nothing but itself, with methods and lines.
    Html,
}

fn percent(text: &str) -> Result<f64, String> {
    let number = text.trim().trim_end_matches('%').trim().replace(',', ".").parse::<f64>();
    let number = number.ok().filter(|number| number.is_finite() && *number >= 0.0);
    number.ok_or_else(|| "expected a percentage such as 10%".to_owned())
}

pub(super) fn run(arguments: &DiffArguments, locale: Locale) -> anyhow::Result<Outcome> {
    let read = |path: &PathBuf| arguments.input.read(std::slice::from_ref(path), false, locale);
    let (before, after) = (read(&arguments.before)?, read(&arguments.after)?);
    let difference = Difference::new(&before.profile, &after.profile);
    let limits =
        |percent| Threshold { percent, min_share: arguments.min_share, per_count: arguments.per_count };
    let threshold = arguments.fail_on.map(limits);
    let text = match arguments.format {
        Format::Console => difference.console(threshold.as_ref(), arguments.top, locale),
        Format::Json => difference.json(threshold.as_ref()),
        Format::Html => {
            let lines = Difference::of_lines(&before.profile, &after.profile);
            difference.page(&lines, threshold.as_ref(), arguments.per_count, locale)
        }
    };
    write_output(arguments.output.as_ref(), &text)?;
    let is_slower = threshold.is_some_and(|limit| {
        difference.is_total_regressed(&limit) || !difference.regressions(&limit).is_empty()
    });
    Ok(match (before.has_trouble || after.has_trouble, is_slower) {
        (true, _) => Outcome::Trouble,
        (false, true) => Outcome::Findings,
        (false, false) => Outcome::Clean,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_in_any_spelling() {
        assert_eq!(
            ["10%", "10", "2,5 %", "0"].map(|text| percent(text).ok()),
            [10.0, 10.0, 2.5, 0.0].map(Some)
        );
        assert!(["", "x", "-1%", "inf", "nan"].iter().all(|text| percent(text).is_err()));
    }
}
