//! `strizh measure`: measures a running infobase by its debug server and writes a profile.

use std::io::{BufRead, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, bail};
use base::Locale;
use clap::Args;
use rdbg::DebugOptions;

use crate::cli::{Outcome, complain};
use crate::measured::{measure, module_names};

#[derive(Args)]
pub(crate) struct MeasureArguments {
    /// Address of the debug server.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:1550")]
    server: String,
    /// `DefAlias` for a file infobase, else the name of the infobase on its server.
    #[arg(long, value_name = "NAME", default_value = "DefAlias")]
    infobase: String,
    #[arg(long, value_name = "NAME", default_value = "")]
    user: String,
    /// Environment variable that holds the password of the debug server.
    #[arg(long, value_name = "NAME")]
    password_variable: Option<String>,
    /// A host besides this machine that may be asked.
    #[arg(long = "allow-host", value_name = "HOST")]
    allowed_hosts: Vec<String>,
    /// Folder of the configuration that runs: its identifiers give modules their names.
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
    /// Measure for so long; without it until Enter is pressed or stdin ends.
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    seconds: Option<u64>,
    /// Where the profile goes; stdout by default.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) fn run(arguments: &MeasureArguments) -> anyhow::Result<Outcome> {
    let credentials = match &arguments.password_variable {
        Some(name) => std::env::var(name).with_context(|| format!("environment variable {name}"))?,
        None => String::new(),
    };
    if !arguments.project.is_dir() {
        bail!("{}: no such folder", arguments.project.display());
    }
    let names = module_names(std::slice::from_ref(&arguments.project), complain);
    let options = DebugOptions {
        address: arguments.server.clone(),
        infobase: arguments.infobase.clone(),
        user: arguments.user.clone(),
        credentials,
        allowed_hosts: arguments.allowed_hosts.clone(),
        ..DebugOptions::default()
    };
    let tell_start = || {
        let end = match arguments.seconds {
            Some(seconds) => format!("for {seconds} s"),
            None => "until Enter is pressed".to_owned(),
        };
        complain(format_args!("measuring {end}; the infobase has no other debugger meanwhile"));
    };
    let profile = measure(options, || names, tell_start, stop(arguments.seconds));
    let profile = profile.map_err(|error| anyhow!("{}", error.text(Locale::En)))?;
    let text = profile::write_profile(&profile);
    match &arguments.output {
        Some(file) => {
            std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))?;
        }
        None => std::io::stdout().lock().write_all(text.as_bytes())?,
    }
    Ok(Outcome::Clean)
}

/// Says when the measurement is over; it is asked after the start.
fn stop(seconds: Option<u64>) -> Box<dyn FnMut() -> bool> {
    if let Some(seconds) = seconds {
        let mut end = None;
        let length = Duration::from_secs(seconds);
        return Box::new(move || Instant::now() >= *end.get_or_insert_with(|| Instant::now() + length));
    }
    let is_over = Arc::new(AtomicBool::new(false));
    let over = Arc::clone(&is_over);
    std::thread::spawn(move || {
        // Enter, the end of the input and an error all mean: enough.
        let _ = std::io::stdin().lock().read_line(&mut String::new());
        over.store(true, Ordering::Release);
    });
    Box::new(move || is_over.load(Ordering::Acquire))
}
