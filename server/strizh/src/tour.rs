//! t
use crate::cli::Outcome;
#[derive(clap::Args)]
pub(crate) struct TourArguments {}
pub(crate) fn run(_: &TourArguments) -> anyhow::Result<Outcome> {
    Ok(Outcome::Clean)
}
