//! Parses the queries inside the modules of folders: `queries PATH... [--list]`. Queries that a program changes
//! before it runs them are counted apart. `--list` names the places of the errors.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

#[path = "../tests/support/mod.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod support;

use support::queries::{QueryLiteral, find_queries, parse_query, sdbl_parser};
use support::trees::{parser, walk};
use tree_sitter::{Point, Tree};

#[derive(Default)]
struct Score {
    queries: usize,
    bytes: usize,
    errors: usize,
    spent: Duration,
}

impl Score {
    fn print(&self, name: &str) {
        println!(
            "{name}: {} queries, {} with errors ({:.2} %), {:.1} MB/s, {} µs per query",
            self.queries,
            self.errors,
            self.errors as f64 * 100.0 / self.queries.max(1) as f64,
            self.bytes as f64 / 1e6 / self.spent.as_secs_f64().max(1e-9),
            self.spent.as_micros() / self.queries.max(1) as u128,
        );
    }
}

fn main() {
    let (options, roots): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|it| it.starts_with("--"));
    let is_listing = options.iter().any(|it| it == "--list");
    let (mut files, mut plain, mut templates) = (0, Score::default(), Score::default());
    let mut worst = (Duration::ZERO, PathBuf::new(), 0);
    let mut bsl = parser();
    let mut sdbl = sdbl_parser();
    for path in roots.iter().flat_map(|root| modules_below(Path::new(root))) {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        files += 1;
        let tree = bsl.parse(&text, None).expect("parsing is not cancelled");
        let queries = find_queries(&tree, &text);
        let mut in_module = Duration::ZERO;
        for query in &queries {
            let started = Instant::now();
            let tree = parse_query(&mut sdbl, &text, &query.ranges);
            let spent = started.elapsed();
            in_module += spent;
            let score = if query.is_template { &mut templates } else { &mut plain };
            score.queries += 1;
            score.bytes += size(query);
            score.spent += spent;
            let Some(place) = first_error(&tree) else { continue };
            score.errors += 1;
            if is_listing {
                let kind = if query.is_template { "template" } else { "query" };
                let line = text.lines().nth(place.row).unwrap_or_default();
                println!("{kind} {}:{}:{}: {}", path.display(), place.row + 1, place.column, line.trim());
            }
        }
        if in_module > worst.0 {
            worst = (in_module, path, queries.len());
        }
    }
    println!("{files} files");
    plain.print("queries");
    templates.print("templates and concatenations");
    println!(
        "worst module: {:.1} ms for {} queries, {}",
        worst.0.as_secs_f64() * 1e3,
        worst.2,
        worst.1.display()
    );
}

/// The first place that does not fit.
fn first_error(tree: &Tree) -> Option<Point> {
    let mut first = None;
    walk(tree, |cursor| {
        let node = cursor.node();
        if first.is_none() && (node.is_error() || node.is_missing() || node.kind().starts_with("missing_")) {
            first = Some(node.start_position());
        }
        first.is_none()
    });
    first
}

fn size(query: &QueryLiteral) -> usize {
    query.ranges.iter().map(|range| range.end_byte - range.start_byte).sum()
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
    paths.sort();
    paths
}
