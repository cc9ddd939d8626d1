//! What `strizh run` is told.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use base::Locale;
use base::encoding::decode;
use clap::Args;
use testhost::{Clock, Failure, FailureKind, Grants, Limits};

use crate::host::HostArguments;

#[derive(Args)]
pub(crate) struct RunArguments {
    /// A script (.bsl or .os), or the folder of a configuration.
    pub(super) target: PathBuf,
    /// The exported method to call: Module.Method, Catalogs.Name.Method, Method of a global module or of the script.
    #[arg(long, value_name = "METHOD")]
    pub(super) call: Option<String>,
    /// An argument of the call, as JSON or as an expression of the language; may be repeated.
    #[arg(long, value_name = "VALUE", requires = "call", allow_hyphen_values = true)]
    pub(super) argument: Vec<String>,
    /// Code that fills the infobase first.
    #[arg(long, value_name = "FILE")]
    pub(super) data: Option<PathBuf>,
    /// Real time that the code may take, such as 30s.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    time: Option<Duration>,
    /// Statements that may be executed.
    #[arg(long, value_name = "COUNT")]
    instructions: Option<u64>,
    /// Megabytes that all values together may take.
    #[arg(long, value_name = "MEGABYTES")]
    memory: Option<usize>,
    /// Calls within calls.
    #[arg(long, value_name = "COUNT")]
    depth: Option<usize>,
    /// Measure on a clock that only statements and queries move: the same numbers on every machine.
    #[arg(long)]
    virtual_clock: bool,
    /// What every query costs on the clock of measurements, such as 1ms.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    query_cost: Option<Duration>,
    /// What every statement costs on the virtual clock, such as 250ns.
    #[arg(long, value_name = "DURATION", value_parser = duration, requires = "virtual_clock")]
    statement_cost: Option<Duration>,
    /// Write how often every line ran and how long, as JSON.
    #[arg(long, value_name = "FILE")]
    pub(super) measure: Option<PathBuf>,
    /// A folder that the code may read; it may read no other.
    #[arg(long, value_name = "FOLDER")]
    allow_read: Vec<PathBuf>,
    /// A folder that the code may read and write; temporary files go to the first.
    #[arg(long, value_name = "FOLDER")]
    allow_write: Vec<PathBuf>,
    #[arg(long, default_value = "ru", value_parser = ["ru", "en"])]
    language: String,
    #[command(flatten)]
    pub(super) host: HostArguments,
}

const DEFAULT_STATEMENT: Duration = Duration::from_nanos(1_000);
const DEFAULT_QUERY: Duration = Duration::from_millis(1);

impl RunArguments {
    pub(super) fn locale(&self) -> Locale {
        if self.language == "en" { Locale::En } else { Locale::Ru }
    }

    pub(super) fn limits(&self) -> Limits {
        let default = Limits::default();
        Limits {
            steps: self.instructions.unwrap_or(default.steps),
            depth: self.depth.unwrap_or(default.depth),
            deadline: self.time.and_then(|time| Instant::now().checked_add(time)),
            memory: self.memory.map_or(default.memory, |megabytes| megabytes.saturating_mul(1 << 20)),
            ..default
        }
    }

    pub(super) fn clock(&self) -> Clock {
        let query_ns = nanoseconds(self.query_cost.unwrap_or(DEFAULT_QUERY));
        if self.virtual_clock {
            let statement_ns = nanoseconds(self.statement_cost.unwrap_or(DEFAULT_STATEMENT));
            return Clock::Virtual { now_ns: 0, statement_ns, query_ns };
        }
        match self.query_cost {
            Some(_) => Clock::Priced { start: Instant::now(), added_ns: 0, query_ns },
            None => Clock::Real(Instant::now()),
        }
    }

    /// Lets the code use the folders that are named; one that is not there is an error.
    pub(super) fn grant(&self, grants: &mut Grants) -> anyhow::Result<()> {
        if let Some(missing) = self.allow_read.iter().chain(&self.allow_write).find(|folder| !folder.is_dir())
        {
            anyhow::bail!("{}: no such folder", missing.display());
        }
        self.allow_read.iter().for_each(|folder| grants.allow_reading(folder));
        self.allow_write.iter().for_each(|folder| grants.allow_writing(folder));
        Ok(())
    }

    /// Name and text of the code that fills the infobase.
    pub(super) fn data_text(&self) -> Result<Option<(String, String)>, Box<Failure>> {
        let Some(path) = &self.data else { return Ok(None) };
        let refused = |error: &dyn std::fmt::Display| {
            Failure::new(FailureKind::Syntax, format!("{}: {error}", path.display()))
        };
        let bytes = std::fs::read(path).map_err(|error| refused(&error))?;
        let text = decode(bytes).map_err(|error| refused(&error))?.text.to_string();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Some((name, text)))
    }
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

/// `1.5ms`, `220.054us`, `30s`.
fn duration(text: &str) -> Result<Duration, String> {
    let start = text.find(|letter: char| letter != '.' && !letter.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(start);
    let number: f64 =
        number.parse().map_err(|_| format!("{text}: a number with ns, us, ms or s is expected"))?;
    let seconds = match unit.trim() {
        "ns" => number / 1e9,
        "us" | "µs" | "мкс" => number / 1e6,
        "ms" | "мс" => number / 1e3,
        "s" | "с" | "" => number,
        unit => return Err(format!("{unit}: the units are ns, us, ms and s")),
    };
    Duration::try_from_secs_f64(seconds).map_err(|_| format!("{text}: out of range"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units() {
        assert_eq!(duration("220.054us"), Ok(Duration::from_nanos(220_054)));
        assert_eq!(duration("1.5ms"), Ok(Duration::from_micros(1_500)));
        assert_eq!(duration("30"), Ok(Duration::from_secs(30)));
        assert!(duration("fast").is_err());
        assert!(duration("3h").is_err());
    }
}
