//! Types in a project like a person and measures how long lists take and how often they hold what was written there.
//! Usage: `completion_session FOLDER [COUNT]`.
#![expect(clippy::print_stdout, reason = "a measurement prints its figures")]

use std::path::Path;
use std::time::Instant;

use base::TextRange;
use ide::{CompletionOptions, ProjectDocument, completions};
use semantics::testing::TestProject;
use semantics::{ModuleId, OpenFacts};
use syntax::{Document, NodeId, NodeKind, Role, Source, SyntaxTree};
use test_support::Random;

const SEED: u64 = 7;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Place {
    Member,
    Statement,
    Argument,
}

#[derive(Default)]
struct Figures {
    /// Nanoseconds and what was asked.
    times: Vec<(u64, String)>,
    asked: usize,
    held: usize,
    first: usize,
    ten: usize,
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let Some(folder) = arguments.next() else {
        println!("usage: completion_session FOLDER [COUNT]");
        return;
    };
    let count: usize = arguments.next().and_then(|count| count.parse().ok()).unwrap_or(500);
    let start = Instant::now();
    let test = TestProject::of_folder(Path::new(&folder));
    let modules: Vec<ModuleId> = test.project.modules().map(|module| module.id).collect();
    println!("{} modules read in {:.1} s", modules.len(), start.elapsed().as_secs_f64());
    let mut random = Random::new(SEED);
    let mut figures: Vec<(Place, Figures)> =
        [Place::Member, Place::Statement, Place::Argument].map(|place| (place, Figures::default())).into();
    let mut asked = 0;
    while asked < count {
        let module = modules[random.below(modules.len())];
        let (place, figures) = &mut figures[asked % 3];
        if ask(&test, module, *place, &mut random, figures) {
            asked += 1;
        }
    }
    for (place, figures) in figures {
        report(place, figures);
    }
}

/// False if the module has no such place.
fn ask(
    test: &TestProject,
    module: ModuleId,
    place: Place,
    random: &mut Random,
    figures: &mut Figures,
) -> bool {
    let text = test.text(module);
    let document = Document::new(text);
    let source = document.flat();
    let places: Vec<NodeId> =
        source.tree.nodes().map(|(id, _)| id).filter(|id| is_place(source, *id, place)).collect();
    if places.is_empty() {
        return false;
    }
    let name = places[random.below(places.len())];
    let range = source.tree.range(name);
    let written = source.node_text(name).to_owned();
    let typed: String = written.chars().take(if place == Place::Member { 0 } else { 3 }).collect();
    // The rest of the line has not been written yet.
    let line_end =
        text[range.end as usize..].find(['\r', '\n']).map_or(text.len(), |at| range.end as usize + at);
    let cut = format!("{}{typed}{}", &text[..range.start as usize], &text[line_end..]);
    let document = Document::new(&cut);
    let mut facts = OpenFacts::default();
    let project = test.project.with_facts(module, facts.update(&document));
    let of = ProjectDocument { document: &document, project: &project, module };
    let offset = range.start + typed.len() as u32;
    let best = (0..3).map(|_| {
        let start = Instant::now();
        let completion = completions(of, offset, None, CompletionOptions::default());
        (start.elapsed().as_nanos() as u64, completion)
    });
    let Some((spent, completion)) = best.min_by_key(|(spent, _)| *spent) else { return false };
    let is_it = |label: &str| {
        base::same_name(label, &written)
            || label.rsplit('.').next().is_some_and(|last| base::same_name(last, &written))
    };
    let found = completion.items.iter().position(|item| is_it(&item.label));
    let line = text[..range.start as usize].lines().last().unwrap_or_default().trim();
    let path =
        test.project.module(module).map_or_else(String::new, |module| module.path.display().to_string());
    if std::env::args().any(|argument| argument == "--missing") && found.is_none() {
        println!("{place:?} {path}: {line}▏{written}  ({} items)", completion.items.len());
    }
    figures.times.push((spent, format!("{path}: {line}▏{written}")));
    figures.asked += 1;
    figures.held += usize::from(found.is_some());
    figures.first += usize::from(found == Some(0));
    figures.ten += usize::from(found.is_some_and(|at| at < 10));
    true
}

fn is_place(source: Source<'_>, id: NodeId, place: Place) -> bool {
    let tree: &SyntaxTree = source.tree;
    let node = tree.node(id);
    if node.kind != NodeKind::Name || tree.enclosing_method(id).is_none() {
        return false;
    }
    let parent = tree.parent(id).map(|parent| tree.kind(parent));
    match place {
        Place::Member => node.role == Role::Property,
        Place::Statement => {
            let range = tree.range(id);
            let before = TextRange { start: range.start.saturating_sub(2), end: range.start };
            before.slice(source.text).contains(['\n', '\t'])
                && node.role != Role::Property
                && node.role != Role::Name
        }
        Place::Argument => parent == Some(NodeKind::Arguments),
    }
}

fn report(place: Place, mut figures: Figures) {
    figures.times.sort();
    let at = |share: f64| {
        let index =
            ((figures.times.len() as f64 * share) as usize).min(figures.times.len().saturating_sub(1));
        figures.times.get(index).map_or(0.0, |(spent, _)| *spent as f64 / 1e6)
    };
    let share = |count: usize| 100.0 * count as f64 / figures.asked.max(1) as f64;
    println!(
        "{place:?}: {} lists, median {:.2} ms, p95 {:.2} ms, max {:.2} ms; held {:.0} %, in the first ten {:.0} %, first {:.0} %",
        figures.asked,
        at(0.5),
        at(0.95),
        at(1.0),
        share(figures.held),
        share(figures.ten),
        share(figures.first),
    );
    for (spent, what) in figures.times.iter().rev().take(3) {
        println!("  {:.2} ms {what}", *spent as f64 / 1e6);
    }
}
