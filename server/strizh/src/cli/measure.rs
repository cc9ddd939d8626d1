//! `strizh measure`: measures a running infobase by its debug server and writes a profile.

use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use clap::Args;
use rdbg::{DebugOptions, Debugger, ModuleNames};

use crate::cli::{Outcome, complain};
use crate::files::Disk;
use crate::workspace::project_folder;

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
    let names = names(&arguments.project)?;
    let options = DebugOptions {
        address: arguments.server.clone(),
        infobase: arguments.infobase.clone(),
        user: arguments.user.clone(),
        credentials,
        allowed_hosts: arguments.allowed_hosts.clone(),
        ..DebugOptions::default()
    };
    let mut debugger = Debugger::attach(options)?;
    complain(match arguments.seconds {
        Some(seconds) => format!("measuring for {seconds} s; the infobase has no other debugger meanwhile"),
        None => "measuring until Enter is pressed; the infobase has no other debugger meanwhile".to_owned(),
    });
    let mut is_done = stop(arguments.seconds);
    let measurement = debugger.measure(&mut is_done);
    let detached = debugger.detach();
    let measurement = measurement?;
    if let Err(error) = detached {
        complain(error);
    }
    let profile = measurement.to_profile(&names, &arguments.infobase);
    if profile.modules.is_empty() {
        bail!("nothing ran while it was measured");
    }
    let text = profile::write_profile(&profile);
    match &arguments.output {
        Some(file) => {
            std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))?;
        }
        None => std::io::stdout().lock().write_all(text.as_bytes())?,
    }
    Ok(Outcome::Clean)
}

/// Says when the measurement is over.
fn stop(seconds: Option<u64>) -> Box<dyn FnMut() -> bool> {
    if let Some(seconds) = seconds {
        let end = Instant::now() + Duration::from_secs(seconds);
        return Box::new(move || Instant::now() >= end);
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

/// Identifiers of the configuration; those of forms and commands stand in `ConfigDumpInfo.xml`.
fn names(project: &Path) -> anyhow::Result<ModuleNames> {
    if !project.is_dir() {
        bail!("{}: no such folder", project.display());
    }
    let folder = project_folder(project);
    let (metadata, _) = metadata::load(&Disk, &folder);
    let mut names = ModuleNames::of_metadata(&metadata);
    for (_, root) in metadata.roots() {
        let file = root.folder().folder.join("ConfigDumpInfo.xml");
        if let Ok(bytes) = std::fs::read(&file) {
            match base::encoding::decode(bytes) {
                Ok(decoded) => names.add_dump_info(decoded.text),
                Err(error) => complain(format_args!("{}: {error}", file.display())),
            }
        }
    }
    Ok(names)
}
