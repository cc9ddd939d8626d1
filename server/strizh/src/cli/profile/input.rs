//! What a measurement is made of on the command line.

use std::path::PathBuf;

use base::Locale;
use clap::Args;
use profile::techlog::{Filter, Moment};

use crate::cli::complain;
use crate::measured::{Read, Reading, Watch};

#[derive(Args)]
pub(super) struct InputArguments {
    /// The project whose modules were measured: names of modules become files, lines are followed to where they are now.
    #[arg(long, value_name = "FOLDER")]
    project: Option<PathBuf>,
    /// Journals: only events from this moment on, local time of the server (`2026-11-20T12:30`).
    #[arg(long, value_name = "TIME", value_parser = moment)]
    from: Option<Moment>,
    /// Journals: only events before this moment.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    to: Option<Moment>,
    /// Journals: only events of this process (`rphost`, `rphost_4120`) or infobase.
    #[arg(long, value_name = "NAME")]
    process: Option<String>,
    /// Journals: only events of this user.
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    /// Threads that read journals; as many as there are cores by default.
    #[arg(short = 'j', long, value_name = "COUNT", default_value_t = 0, hide_default_value = true)]
    jobs: usize,
}

fn moment(text: &str) -> Result<Moment, String> {
    Moment::parse(text).ok_or_else(|| "expected a time such as 2026-11-20T12:30".to_owned())
}

impl InputArguments {
    /// Reads everything into one profile and tells what was found. `is_measured_now` keeps today's text as the one that was
    /// measured where all lines agree.
    pub(super) fn read(
        &self,
        paths: &[PathBuf],
        is_measured_now: bool,
        locale: Locale,
    ) -> anyhow::Result<Read> {
        let reading = Reading {
            filter: self.filter(),
            jobs: self.jobs,
            projects: self.project.as_slice(),
            is_measured_now,
            locale,
            watch: Watch::default(),
        };
        let read = reading.read(paths)?;
        read.notes.iter().for_each(complain);
        Ok(read)
    }

    fn filter(&self) -> Filter {
        Filter { from: self.from, to: self.to, process: self.process.clone(), user: self.user.clone() }
    }
}
