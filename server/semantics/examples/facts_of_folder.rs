//! Collects the facts of all modules of a folder and tells how many there are, how large they are and how long it took:
//! `cargo run --release -p semantics --example facts_of_folder -- PATH`.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use semantics::ModuleFacts;

fn main() -> io::Result<()> {
    let folder = std::env::args().nth(1).ok_or_else(|| io::Error::other("a folder is needed"))?;
    let mut paths = Vec::new();
    find_modules(Path::new(&folder), &mut paths)?;
    let texts: Vec<String> = paths
        .iter()
        .map(|path| Ok(base::encoding::decode(fs::read(path)?).map_or(String::new(), |decoded| decoded.text)))
        .collect::<io::Result<_>>()?;
    let before = resident();
    let start = Instant::now();
    let facts: Vec<ModuleFacts> = texts.iter().map(|text| ModuleFacts::of_text(text)).collect();
    let collected = start.elapsed();
    let after = resident();
    let count = |of: fn(&ModuleFacts) -> usize| facts.iter().map(of).sum::<usize>();
    let mut out = io::stdout().lock();
    writeln!(out, "{} modules, {} bytes", facts.len(), count(|facts| facts.length() as usize))?;
    writeln!(
        out,
        "{} methods, {} references",
        count(|facts| facts.methods().count()),
        count(|facts| facts.references().count())
    )?;
    writeln!(
        out,
        "{} names",
        count(|facts| facts.sections().iter().map(|section| section.facts.names().len()).sum())
    )?;
    writeln!(
        out,
        "{} bytes of names, {} bytes of references",
        count(|facts| facts.sections().iter().map(|section| section.facts.names().heap_size()).sum()),
        count(|facts| facts.sections().iter().map(|section| section.facts.reference_bytes()).sum())
    )?;
    writeln!(
        out,
        "about {} bytes on the heap, resident memory grew by {} KiB",
        count(ModuleFacts::heap_size),
        after - before
    )?;
    writeln!(out, "parsed and collected in {collected:?}")?;
    drop(texts);
    let encoded: Vec<Vec<u8>> = facts.iter().map(ModuleFacts::encode).collect();
    drop(facts);
    let before = resident();
    let start = Instant::now();
    let decoded: Vec<_> = encoded.iter().filter_map(|bytes| ModuleFacts::decode(bytes)).collect();
    let took = start.elapsed();
    let bytes: usize = encoded.iter().map(Vec::len).sum();
    writeln!(
        out,
        "{bytes} bytes encoded, {} modules decoded in {took:?}, memory grew by {} KiB",
        decoded.len(),
        resident().saturating_sub(before)
    )?;
    Ok(())
}

fn find_modules(folder: &Path, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            find_modules(&path, paths)?;
        } else if path.extension().is_some_and(|extension| extension == "bsl" || extension == "os") {
            paths.push(path);
        }
    }
    Ok(())
}

/// Resident memory in KiB, where the system tells it.
fn resident() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}
