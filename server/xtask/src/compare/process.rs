//! What a program costs: its processor time, its time and the most memory it had, as Linux counts them.

use std::fs;
use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

pub(crate) struct Cost {
    pub(crate) cpu_seconds: f64,
    pub(crate) seconds: f64,
    pub(crate) peak_megabytes: f64,
}

/// Runs a program to its end and returns what it printed; 1 as exit code means findings.
pub(crate) fn measure(mut command: Command) -> Result<(Vec<u8>, Cost)> {
    let program = format!("{command:?}");
    let before = children_cpu_seconds();
    let started = Instant::now();
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot start {program}"))?;
    let mut stdout = child.stdout.take().context("the program has no output")?;
    let reader = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        stdout.read_to_end(&mut bytes).map(|_| bytes)
    });
    let mut peak: f64 = 0.0;
    let status = loop {
        peak = peak.max(peak_megabytes(child.id()).unwrap_or_default());
        if let Some(status) = child.try_wait().context("the program is lost")? {
            break status;
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    let seconds = started.elapsed().as_secs_f64();
    if !matches!(status.code(), Some(0 | 1)) {
        bail!("{program} failed: {status}");
    }
    let output = reader.join().ok().context("the output is lost")?.context("cannot read the output")?;
    let cpu_seconds = children_cpu_seconds() - before;
    Ok((output, Cost { cpu_seconds, seconds, peak_megabytes: peak }))
}

/// Processor time of all children that have ended; clocks of the kernel tick 100 times a second for programs.
fn children_cpu_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks =
        |index: usize| fields.get(index).and_then(|field| field.parse::<f64>().ok()).unwrap_or_default();
    (ticks(13) + ticks(14)) / 100.0
}

fn peak_megabytes(process: u32) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kilobytes / 1024.0)
}
