//! Measures parsing: `speed [PATH]` parses all modules of a folder, then edits a generated module of 10,000 lines.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

#[path = "../tests/support/mod.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod support;

use support::edits::{floor_boundary, reparse};
use support::modules::{Language, module};
use support::trees::parser;

const LINES: usize = 10_000;
const ROUNDS: u32 = 50;
const EDITS: &[(&str, &str)] = &[
    ("character", "а"),
    ("line", "\n"),
    ("parenthesis", "("),
    ("quote", "\""),
    ("statement", "\tА = Б.В(1);\n"),
];

fn main() {
    if let Some(root) = std::env::args().nth(1) {
        parse_all(Path::new(&root));
    }
    edit_large_module();
}

fn parse_all(root: &Path) {
    let texts: Vec<String> =
        modules_below(root).iter().filter_map(|path| std::fs::read_to_string(path).ok()).collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    let mut parser = parser();
    // The machine may be busy with other things, so the best of three counts.
    let best = (0..3)
        .map(|_| {
            let started = Instant::now();
            for text in &texts {
                parser.parse(text, None).expect("parsing is not cancelled");
            }
            started.elapsed()
        })
        .min()
        .unwrap_or_default();
    println!("{} modules, {:.1} MB: {}", texts.len(), bytes as f64 / 1e6, rate(bytes, best));
}

fn edit_large_module() {
    let mut text = module(1, Language::Russian, 1_000_000);
    let end = text.match_indices('\n').nth(LINES).map_or(text.len(), |(at, _)| at + 1);
    let end = text[..end].rfind("КонецПроцедуры").map_or(end, |at| at + "КонецПроцедуры".len());
    text.truncate(end);
    let mut parser = parser();
    let started = Instant::now();
    let mut tree = parser.parse(&text, None).expect("parsing is not cancelled");
    println!(
        "generated module, {} lines, {} KB: {}",
        text.matches('\n').count(),
        text.len() / 1000,
        rate(text.len(), started.elapsed()),
    );
    let middle = text[..floor_boundary(&text, text.len() / 2)].rfind('\n').map_or(0, |at| at + 1);
    for (name, inserted) in EDITS {
        let mut spent = Duration::ZERO;
        for _ in 0..ROUNDS {
            let started = Instant::now();
            reparse(&mut parser, &mut text, &mut tree, middle..middle, inserted);
            spent += started.elapsed();
            reparse(&mut parser, &mut text, &mut tree, middle..middle + inserted.len(), "");
        }
        println!("  {name:<12} {:>6} µs", (spent / ROUNDS).as_micros());
    }
}

fn rate(bytes: usize, time: Duration) -> String {
    format!("{:.1} MB/s, {:.1} ms", bytes as f64 / 1e6 / time.as_secs_f64(), time.as_secs_f64() * 1e3)
}

fn modules_below(root: &Path) -> Vec<PathBuf> {
    let (mut paths, mut folders) = (Vec::new(), vec![root.to_owned()]);
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(folder) else { continue };
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "bsl" || it == "os") {
                paths.push(path);
            }
        }
    }
    paths
}
