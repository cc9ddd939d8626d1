//! Measures local type inference over the modules of a folder: time for all methods, and how often the value
//! before a dot is known. Usage: `flow_bench FOLDER`.
#![expect(clippy::print_stdout, reason = "a measurement prints its figures")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use base::TextRange;
use semantics::{DocComment, Flow, ModuleScope, Shape};
use smol_str::SmolStr;
use syntax::{NodeId, NodeKind, Role, Source, SyntaxTree, parse_text};

/// The best of several runs counts: other processes disturb the rest.
const REPEATS: usize = 3;

#[derive(Default)]
struct Figures {
    files: usize,
    methods: usize,
    walk_ns: u64,
    queries_ns: u64,
    slowest: Vec<(u64, usize, String)>,
    receivers: BTreeMap<&'static str, usize>,
    unknown: BTreeMap<&'static str, usize>,
}

fn main() {
    let Some(folder) = std::env::args().nth(1) else {
        println!("usage: flow_bench FOLDER");
        return;
    };
    let mut files = Vec::new();
    find(Path::new(&folder), &mut files);
    files.sort();
    let mut figures = Figures::default();
    for file in &files {
        let Ok(text) = std::fs::read_to_string(file) else { continue };
        figures.files += 1;
        measure(&text, file, &mut figures);
    }
    report(figures);
}

fn find(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            find(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "bsl" || extension == "os") {
            files.push(path);
        }
    }
}

fn measure(text: &str, file: &Path, figures: &mut Figures) {
    let mut tree = SyntaxTree::default();
    tree.lower(&parse_text(text), TextRange::from(0..text.len()), text);
    let source = Source { text, tree: &tree };
    let scope = ModuleScope::new(source, &|_| None);
    for method in tree.children(SyntaxTree::ROOT).filter(|node| tree.kind(*node).is_method()) {
        let parameters = described_parameters(source, method);
        let mut spent = u64::MAX;
        for _ in 0..REPEATS {
            let start = Instant::now();
            drop(Flow::of_method(&scope, method, &parameters));
            spent = spent.min(start.elapsed().as_nanos() as u64);
        }
        let flow = Flow::of_method(&scope, method, &parameters);
        figures.methods += 1;
        figures.walk_ns += spent;
        let lines = source.node_text(method).lines().count();
        figures.slowest.push((spent, lines, file.display().to_string()));
        let start = Instant::now();
        for node in tree.descendants(method).filter(|node| tree.kind(*node) == NodeKind::Member) {
            let Some(object) = tree.child(node, Role::Object) else { continue };
            let shape = flow.shape_of(object);
            *figures.receivers.entry(class_of(&shape)).or_default() += 1;
            if shape == Shape::Unknown {
                *figures.unknown.entry(reason(source, method, object)).or_default() += 1;
            }
        }
        flow.return_shape();
        figures.queries_ns += start.elapsed().as_nanos() as u64;
    }
}

/// Types that the comment above a method gives to its parameters.
fn described_parameters(source: Source<'_>, method: NodeId) -> Vec<(SmolStr, Shape)> {
    let tokens = source.tree.tokens();
    let comments = source.leading_comments(source.tree.token_span(method).start);
    let (Some(first), Some(last)) = (comments.first(), comments.last()) else { return Vec::new() };
    let range = TextRange { start: tokens[*first].start, end: tokens[*last].end };
    let comment = DocComment::parse(source.slice(range));
    let described = comment.parameters.into_iter().filter(|parameter| parameter.shape != Shape::Unknown);
    described.map(|parameter| (parameter.name, parameter.shape)).collect()
}

fn class_of(shape: &Shape) -> &'static str {
    match shape {
        Shape::Unknown => "unknown",
        Shape::Named(_) => "named",
        Shape::Union { is_open: true, .. } => "open union",
        Shape::Union { .. } => "union",
        Shape::Collection { .. } => "collection",
        Shape::Structure { .. } => "structure",
        Shape::Table { .. } => "table",
        Shape::Query(_) => "query",
        Shape::Extended { .. } => "extended",
        Shape::Global(_) => "global",
        Shape::Member(..) => "member",
        Shape::Call { .. } => "call",
        Shape::GlobalCall { .. } => "global call",
        Shape::Element(_) | Shape::Row(_) | Shape::Index { .. } => "element",
        Shape::TypeValue(_) => "type",
        Shape::SeeReference(_) => "see",
    }
}

fn reason(source: Source<'_>, method: NodeId, object: NodeId) -> &'static str {
    let tree = source.tree;
    let head = head(tree, object);
    let name = source.node_text(head);
    let mut parameters =
        tree.child(method, Role::Parameters).into_iter().flat_map(|list| tree.children(list));
    let is_parameter = parameters.any(|parameter| {
        tree.child(parameter, Role::Name).is_some_and(|known| base::same_name(source.node_text(known), name))
    });
    match (tree.kind(object), is_parameter) {
        (NodeKind::Name, true) => "parameter",
        (NodeKind::Name, false) => "variable",
        (_, true) => "of parameter",
        (_, false) => "other",
    }
}

/// What a chain of accesses starts with.
fn head(tree: &SyntaxTree, chain: NodeId) -> NodeId {
    let mut node = chain;
    while let Some(inner) = tree.child(node, Role::Object).or_else(|| tree.child(node, Role::Function)) {
        node = inner;
    }
    node
}

fn report(mut figures: Figures) {
    let total: usize = figures.receivers.values().sum();
    let unknown = figures.receivers.get("unknown").copied().unwrap_or_default();
    println!("files {}, methods {}", figures.files, figures.methods);
    println!(
        "walk {:.3} s, {:.1} µs per method",
        seconds(figures.walk_ns),
        micros(figures.walk_ns, figures.methods)
    );
    println!(
        "queries for {total} receivers {:.3} s, {:.2} µs each",
        seconds(figures.queries_ns),
        micros(figures.queries_ns, total)
    );
    println!("known receivers {:.1} %", 100.0 * (1.0 - unknown as f64 / total.max(1) as f64));
    println!("receivers {:?}", figures.receivers);
    println!("unknown {:?}", figures.unknown);
    figures.slowest.sort_unstable_by(|left, right| right.cmp(left));
    for (spent, lines, file) in figures.slowest.iter().take(5) {
        println!("{:.0} µs, {lines} lines, {file}", micros(*spent, 1));
    }
    let typical: Vec<u64> = figures
        .slowest
        .iter()
        .filter(|(_, lines, _)| (13..=17).contains(lines))
        .map(|(spent, ..)| *spent)
        .collect();
    println!(
        "{} methods of 13 to 17 lines: {:.1} µs each",
        typical.len(),
        micros(typical.iter().sum(), typical.len())
    );
}

fn seconds(ns: u64) -> f64 {
    ns as f64 / 1e9
}

fn micros(ns: u64, count: usize) -> f64 {
    ns as f64 / 1e3 / count.max(1) as f64
}
