//! Reading technological journals that are written for the purpose.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::time::Instant;

use anyhow::Context;
use profile::techlog::{Filter, Generator, GeneratorOptions, LogFile, TechLogImporter, Truth};

use crate::bench::process::{cpu_seconds_of, peak_megabytes};

const FILES: u64 = 16;
const PROCESSES: u64 = 4;
const CALLS_PER_PROBLEM: u64 = 100;

/// Writes so many million bytes below a folder and reads them with one thread.
pub(super) fn measure(megabytes: u64, folder: &Path) -> anyhow::Result<Vec<(String, String)>> {
    let options = GeneratorOptions {
        seed: 1,
        file_bytes: megabytes.saturating_mul(1_000_000) / FILES,
        calls_per_problem: CALLS_PER_PROBLEM,
    };
    let mut generator = Generator::new(options);
    let mut files = Vec::new();
    for number in 0..FILES {
        let path = folder.join(Generator::file_name(number, PROCESSES));
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).with_context(|| parent.display().to_string())?;
        }
        let file = File::create(&path).with_context(|| path.display().to_string())?;
        generator.write_file(&mut BufWriter::new(file))?;
        files.push(path);
    }
    files.sort();
    let (started, before) = (Instant::now(), cpu_seconds_of(std::process::id()));
    let mut importer = TechLogImporter::new(Filter::default());
    for path in &files {
        let file = File::open(path).with_context(|| path.display().to_string())?;
        importer.read_file(&LogFile::from_path(&path.to_string_lossy()), file)?;
    }
    let (profile, summary) = importer.finish("bench");
    let seconds = started.elapsed().as_secs_f64();
    let busy = cpu_seconds_of(std::process::id()).zip(before).map(|(after, before)| after - before);
    let bytes = summary.bytes as f64 / 1e6;
    let mut rows = vec![(
        "import journals, one thread".to_owned(),
        format!("{:.0} MB/s over {bytes:.0} MB", bytes / seconds),
    )];
    if let Some(busy) = busy.filter(|busy| *busy > 0.0) {
        rows.push(("the same per second of processor time".to_owned(), format!("{:.0} MB/s", bytes / busy)));
    }
    if let Some(peak) = peak_megabytes(std::process::id()) {
        rows.push(("peak memory of the process".to_owned(), format!("{peak:.0} MB")));
    }
    let Truth { events, statements, problems, .. } = generator.truth();
    rows.push((
        "events, statements, broken places".to_owned(),
        format!(
            "{} of {events}, {} of {statements}, {} of {problems}",
            summary.events.min(events),
            profile.total.sql_count,
            summary.problems.total()
        ),
    ));
    Ok(rows)
}
