//! `strizh bench`: speed and memory on generated modules and, if a path is given, on a real configuration.

mod cached;
mod generate;
mod latency;
mod model;
mod names;
mod process;
mod reload;
mod session;
mod techlog;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context;
use clap::Args;
use syntax::{Change, Document, Position, PositionEncoding, parse_text};

use crate::bench::generate::module;
use crate::bench::latency::Latency;
use crate::cli::Outcome;
use crate::files::{find_modules, read_module};

pub(crate) use process::resident_megabytes;
pub(crate) use reload::{Changed, demonstrate as demonstrate_reload};

const PARSED_LINES: usize = 60_000;
const EDITED_LINES: usize = 10_000;
const SESSION_LINES: usize = 5_000;
const EDITS: usize = 200;
const PROJECT_MODULES: usize = 100;
const PROJECT_MODULE_LINES: usize = 1_000;

#[derive(Args)]
pub(crate) struct BenchArguments {
    /// A real configuration to measure as well.
    path: Option<PathBuf>,
    /// List so many of the most frequent names that do not resolve.
    #[arg(long, value_name = "COUNT", default_value_t = 0, hide_default_value = true, requires = "path")]
    unresolved: usize,
    /// Measure only suggestions of a model while somebody types: the embedded one, or that of a file.
    #[arg(long, value_name = "FILE")]
    model: Option<Option<PathBuf>>,
    /// Measure only hot reload into a host on this machine.
    #[arg(long, conflicts_with_all = ["model", "path"])]
    reload: bool,
    /// Measure only the import of technological journals: so many million bytes are written and read.
    #[arg(long, value_name = "MEGABYTES", conflicts_with_all = ["path", "model", "reload"])]
    techlog: Option<u64>,
}

pub(crate) fn run(arguments: &BenchArguments) -> anyhow::Result<Outcome> {
    if let Some(file) = &arguments.model {
        measure_model(file.as_deref(), arguments.path.as_deref())?;
        return Ok(Outcome::Clean);
    }
    if arguments.reload {
        reload::measure()?.iter().try_for_each(|(name, result)| row(name, result))?;
        return Ok(Outcome::Clean);
    }
    if let Some(megabytes) = arguments.techlog {
        let folder = std::env::temp_dir().join(format!("strizh-bench-techlog-{}", std::process::id()));
        let rows = techlog::measure(megabytes, &folder);
        let _ = std::fs::remove_dir_all(&folder);
        rows?.iter().try_for_each(|(name, result)| row(name, result))?;
        return Ok(Outcome::Clean);
    }
    let text = module(PARSED_LINES);
    row(
        "parse, generated",
        &format!("{:.1} MB/s", megabytes(text.len()) / time(|| drop(parse_text(&text)))),
    )?;
    row("one edit, 10,000 lines", &edit_row(&module(EDITED_LINES)))?;
    row("keystroke, generated 5,000 lines", &latency_row(&module(SESSION_LINES))?)?;
    let project = GeneratedProject::new()?;
    row("check, generated", &process::check(&project.0, None)?)?;
    if let Some(path) = &arguments.path {
        measure_project(path, arguments.unresolved)?;
    }
    Ok(Outcome::Clean)
}

/// Types into the largest module of a configuration, or into a generated one.
fn measure_model(file: Option<&Path>, path: Option<&Path>) -> anyhow::Result<()> {
    let modules = path.map(|path| find_modules(&[path.to_path_buf()], &[]).modules).unwrap_or_default();
    let texts = modules.iter().filter_map(|path| read_module(path).ok()).map(|decoded| decoded.text);
    let text = texts.max_by_key(String::len).unwrap_or_else(|| module(EDITED_LINES));
    model::measure(file, &text, &modules)?.iter().try_for_each(|(name, result)| row(name, result))
}

fn measure_project(path: &Path, unresolved: usize) -> anyhow::Result<()> {
    let modules = find_modules(&[path.to_path_buf()], &[]).modules;
    let texts = modules.iter().filter_map(|path| read_module(path).ok()).map(|decoded| decoded.text);
    let (mut bytes, mut seconds, mut largest) = (0, 0.0, String::new());
    for text in texts {
        bytes += text.len();
        seconds += time(|| drop(parse_text(&text)));
        if text.len() > largest.len() {
            largest = text;
        }
    }
    row(
        "parse, project",
        &format!("{:.1} MB/s over {:.1} MB", megabytes(bytes) / seconds, megabytes(bytes)),
    )?;
    row(&format!("one edit, {} lines", largest.lines().count()), &edit_row(&largest))?;
    row(&format!("keystroke, {} lines", largest.lines().count()), &latency_row(&largest)?)?;
    row("check, project", &process::check(path, None)?)?;
    let cache = std::env::temp_dir().join(format!("strizh-bench-results-{}", std::process::id()));
    let again = process::check(path, Some(&cache)).and_then(|_| process::check(path, Some(&cache)));
    let _ = std::fs::remove_dir_all(cache);
    row("check again, nothing changed", &again?)?;
    session::measure(path)?.iter().try_for_each(|(name, result)| row(name, result))?;
    names::measure(path, unresolved).iter().try_for_each(|(name, result)| row(name, result))
}

fn row(name: &str, result: &str) -> anyhow::Result<()> {
    writeln!(std::io::stdout(), "{name:<44} {result}")?;
    Ok(())
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn megabytes(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}

fn time(work: impl FnOnce()) -> f64 {
    let started = Instant::now();
    work();
    started.elapsed().as_secs_f64()
}

fn edit_row(text: &str) -> String {
    let mut document = Document::new(text);
    let line = typing_line(text);
    let mut times: Vec<Duration> = (0..EDITS)
        .map(|_| {
            let place = Position::new(line, 0);
            let changes = [Change { range: Some((place, place)), text: "а".to_owned() }];
            let started = Instant::now();
            // The line exists: it was found in this text.
            let _ = document.apply(&changes, PositionEncoding::Utf16);
            started.elapsed()
        })
        .collect();
    times.sort();
    let micros = |index: usize| times[index].as_secs_f64() * 1e6;
    format!("median {:.0} us, p95 {:.0} us", micros(EDITS / 2), micros(EDITS * 95 / 100))
}

fn latency_row(text: &str) -> anyhow::Result<String> {
    let Latency { initialize, open, median, p95, resident } = latency::measure(text, typing_line(text))?;
    let memory = resident.map_or_else(String::new, |megabytes| format!(", resident {megabytes:.0} MB"));
    Ok(format!(
        "median {median:.1} ms, p95 {p95:.1} ms (initialize {initialize:.1} ms, open {open:.0} ms{memory})"
    ))
}

/// A line in the middle of the text that assigns something, so that typing in it stays inside one method.
fn typing_line(text: &str) -> u32 {
    let lines: Vec<&str> = text.lines().collect();
    let middle = lines.len() / 2;
    let is_assignment =
        |line: &&str| line.starts_with('\t') && line.contains(" = ") && line.trim_end().ends_with(';');
    let found = lines[middle..].iter().position(is_assignment);
    (middle + found.unwrap_or(0)) as u32
}

/// A folder with generated modules, removed in the end.
struct GeneratedProject(PathBuf);

impl GeneratedProject {
    fn new() -> anyhow::Result<Self> {
        let folder = std::env::temp_dir().join(format!("strizh-bench-{}", std::process::id()));
        let project = Self(folder);
        let text = module(PROJECT_MODULE_LINES);
        for number in 0..PROJECT_MODULES {
            let folder = project.0.join(format!("CommonModules/М{number}/Ext"));
            std::fs::create_dir_all(&folder).with_context(|| format!("{}", folder.display()))?;
            std::fs::write(folder.join("Module.bsl"), &text)?;
        }
        Ok(project)
    }
}

impl Drop for GeneratedProject {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
