//! How long hover, definition and signatures take in a project: `cargo run --release --example latency -- FOLDER`.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to its user")]

use std::path::Path;
use std::time::{Duration, Instant};

use base::Locale;
use ide::ProjectDocument;
use semantics::testing::{DiskFiles, TestProject};
use syntax::Document;

/// Modules that are looked at, and names in each of them.
const MODULES: usize = 150;
const PLACES: usize = 20;

fn main() {
    let Some(folder) = std::env::args().nth(1) else { return eprintln!("usage: latency FOLDER") };
    let test = TestProject::of_folder(Path::new(&folder));
    let modules: Vec<_> = test.project.modules().cloned().collect();
    let mut times: [(&str, Vec<Duration>); 4] =
        ["hover", "definition", "typeDefinition", "signatureHelp"].map(|name| (name, Vec::new()));
    let mut answers = [0; 4];
    let largest = modules.iter().max_by_key(|module| module.facts.length());
    for module in modules.iter().step_by((modules.len() / MODULES).max(1)).chain(largest) {
        let text = test.text(module.id);
        let document = Document::new(text);
        let open = ProjectDocument { document: &document, project: &test.project, module: module.id };
        let references: Vec<_> = module.facts.references().map(|reference| reference.place.offset).collect();
        for offset in references.iter().step_by((references.len() / PLACES).max(1)) {
            let measured: [(bool, Duration); 4] = [
                measure(|| ide::hover(open, *offset, Locale::Ru, &DiskFiles).is_some()),
                measure(|| !ide::definition(open, *offset, &DiskFiles).is_empty()),
                measure(|| !ide::type_definition(open, *offset).is_empty()),
                measure(|| ide::signature_help(open, *offset, Locale::Ru, &DiskFiles).is_some()),
            ];
            for (index, (is_answered, time)) in measured.into_iter().enumerate() {
                answers[index] += usize::from(is_answered);
                times[index].1.push(time);
            }
        }
    }
    for ((name, mut times), answers) in times.into_iter().zip(answers) {
        times.sort();
        let at = |part: usize| times.get(times.len() * part / 100).copied().unwrap_or_default();
        let last = times.last().copied().unwrap_or_default();
        println!(
            "{name}: {} places, {answers} answers, p50 {:?}, p95 {:?}, p99 {:?}, max {last:?}",
            times.len(),
            at(50),
            at(95),
            at(99)
        );
    }
}

fn measure(work: impl FnOnce() -> bool) -> (bool, Duration) {
    let started = Instant::now();
    let is_answered = work();
    (is_answered, started.elapsed())
}
