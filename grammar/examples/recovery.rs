//! Runs the recovery bench on the modules of a folder: `recovery PATH [FILES]`.

use std::path::Path;

#[path = "../tests/support/mod.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod support;

use support::recovery;
use support::rng::Rng;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let Some(root) = arguments.next() else {
        eprintln!("usage: recovery PATH [FILES]");
        return;
    };
    let limit = arguments.next().and_then(|it| it.parse().ok()).unwrap_or(60);
    let bench = recovery::run(&sample(Path::new(&root), limit), 11);
    println!("{} modules", bench.files);
    for score in &bench.standard {
        println!("{score}");
    }
    println!("{}\n", recovery::Score::total(&bench.standard));
    for score in &bench.extra {
        println!("{score}");
    }
    println!("{}", recovery::Score::total(&bench.extra));
}

/// Draws modules of 8 to 150 KB.
fn sample(root: &Path, limit: usize) -> Vec<String> {
    let mut paths = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(folder) else { continue };
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if is_module(&path) {
                paths.push(path);
            }
        }
    }
    paths.sort();
    let mut rng = Rng::new(7);
    let mut texts = Vec::new();
    while texts.len() < limit && !paths.is_empty() {
        let path = paths.swap_remove(rng.below(paths.len()));
        texts.extend(std::fs::read_to_string(path).ok());
    }
    texts
}

fn is_module(path: &Path) -> bool {
    let size = path.metadata().map_or(0, |it| it.len());
    path.extension().is_some_and(|it| it == "bsl" || it == "os") && (8_000..=150_000).contains(&size)
}
