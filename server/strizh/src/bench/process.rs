//! Processor time and memory of a `strizh check`, as the system counts them.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context;

use crate::files::find_modules;

const SAMPLE_PERIOD: Duration = Duration::from_millis(2);
/// Unit of processor times in `/proc` on every Linux of today.
const TICKS_PER_SECOND: f64 = 100.0;

/// A row about checking a folder.
/// A cache of results keeps what the run before found; without one everything is computed.
pub(crate) fn check(folder: &Path, cache: Option<&Path>) -> anyhow::Result<String> {
    let modules = find_modules(&[folder.to_path_buf()], &[]).modules;
    let bytes: u64 =
        modules.iter().filter_map(|path| std::fs::metadata(path).ok()).map(|data| data.len()).sum();
    let before = cpu_seconds_of_children();
    let started = Instant::now();
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["check", "--fail-on", "never"]).arg(folder).stdout(Stdio::null());
    match cache {
        None => command.arg("--no-cache"),
        Some(cache) => command.env("XDG_CACHE_HOME", cache).env("LOCALAPPDATA", cache).env("HOME", cache),
    };
    let mut child = command.spawn().context("cannot start strizh check")?;
    let mut peak = None;
    while child.try_wait()?.is_none() {
        peak = status_megabytes(child.id(), "VmHWM:").or(peak);
        std::thread::sleep(SAMPLE_PERIOD);
    }
    let wall = started.elapsed().as_secs_f64();
    let megabytes = bytes as f64 / 1e6;
    let mut row = format!("{} modules, {megabytes:.1} MB in {wall:.2} s", modules.len());
    if let (Some(before), Some(after)) = (before, cpu_seconds_of_children()) {
        let cpu = after - before;
        row += &format!(", {cpu:.2} s CPU, {:.1} MB per CPU second", megabytes / cpu.max(0.01));
    }
    if let Some(peak) = peak {
        row += &format!(", peak {peak:.0} MB");
    }
    Ok(row)
}

/// Memory that a process holds now; `None` where `/proc` does not exist.
pub(crate) fn resident_megabytes(process: u32) -> Option<f64> {
    status_megabytes(process, "VmRSS:")
}

/// The most memory that a process has held.
pub(crate) fn peak_megabytes(process: u32) -> Option<f64> {
    status_megabytes(process, "VmHWM:")
}

fn status_megabytes(process: u32, field: &str) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(field))?;
    let kilobytes: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes * 1024.0 / 1e6)
}

/// User and system time of a running process.
pub(crate) fn cpu_seconds_of(process: u32) -> Option<f64> {
    let fields = stat_fields(&format!("/proc/{process}/stat"))?;
    Some((fields.get(11)? + fields.get(12)?) / TICKS_PER_SECOND)
}

/// User and system time of all ended children.
fn cpu_seconds_of_children() -> Option<f64> {
    let fields = stat_fields("/proc/self/stat")?;
    Some((fields.get(13)? + fields.get(14)?) / TICKS_PER_SECOND)
}

/// Fields from the third on; those that are no numbers are 0.
fn stat_fields(path: &str) -> Option<Vec<f64>> {
    let stat = std::fs::read_to_string(path).ok()?;
    // The name in parentheses may hold blanks.
    let fields = stat.rsplit_once(')')?.1.split_whitespace();
    Some(fields.map(|field| field.parse().unwrap_or(0.0)).collect())
}
