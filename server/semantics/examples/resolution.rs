//! How many names of a configuration resolve: `cargo run --release -p semantics --example resolution -- FOLDER`.
#![expect(clippy::print_stdout, reason = "a measurement prints its figures")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use base::{Files, TextRange};
use metadata::Metadata;
use semantics::testing::{DiskFiles, FormsOf};
use semantics::{
    FieldLookup, Flow, Lookup, Module, ModuleFacts, ModuleScope, Origin, Project, QueryScope, QueryTable,
    QueryValue, Receiver, ReferenceKind, Scope, query_shape, query_text_shape,
};
use syntax::{NodeKind, Role, Source, SyntaxTree, find_queries, parse_query, parse_text};

const SHOWN: usize = 40;

#[derive(Default)]
struct Share {
    total: usize,
    found: usize,
    /// What did not resolve, with the number of uses.
    rest: BTreeMap<String, usize>,
}

impl Share {
    fn count(&mut self, is_found: bool, name: impl FnOnce() -> String) {
        self.total += 1;
        if is_found {
            self.found += 1;
        } else {
            *self.rest.entry(name()).or_default() += 1;
        }
    }

    fn print(&self, title: &str) {
        let share = 100.0 * self.found as f64 / self.total.max(1) as f64;
        println!("\n{title}: {} of {}, {share:.2} %", self.found, self.total);
        let mut rest: Vec<_> = self.rest.iter().collect();
        rest.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), (*name).clone()));
        for (name, count) in rest.into_iter().take(SHOWN) {
            println!("  {count:6} {name}");
        }
    }
}

#[derive(Default)]
struct Figures {
    calls: Share,
    names: Share,
    paths: Share,
    receivers: Share,
    members: Share,
    missing: Share,
    tables: Share,
    fields: Share,
    certain_fields: Share,
}

fn main() {
    let Some(folder) = std::env::args().nth(1) else {
        println!("usage: resolution FOLDER [PART OF A PATH]");
        return;
    };
    let part = std::env::args().nth(2).unwrap_or_default();
    let start = Instant::now();
    let (metadata, problems) = metadata::load(&DiskFiles, Path::new(&folder));
    println!("metadata in {:?}, {} problems", start.elapsed(), problems.len());
    let start = Instant::now();
    let mut texts = BTreeMap::new();
    collect(Path::new(&folder), &mut texts);
    println!("{} modules read in {:?}", texts.len(), start.elapsed());
    let project = build(metadata, &texts);
    let mut figures = Figures::default();
    let start = Instant::now();
    for module in project.modules().filter(|module| module.path.to_string_lossy().contains(&part)) {
        measure_references(&project, module, &mut figures);
    }
    println!("references resolved in {:?}", start.elapsed());
    let start = Instant::now();
    for module in project.modules().filter(|module| module.path.to_string_lossy().contains(&part)) {
        measure_members(&project, module, &texts[&module.path], &mut figures);
    }
    println!("members resolved in {:?}", start.elapsed());
    figures.calls.print("calls without receiver");
    figures.names.print("names that are not local");
    figures.paths.print("paths of names that are not local");
    figures.receivers.print("receivers of known type");
    figures.members.print("members of receivers of known type");
    figures.missing.print("members that are not certainly missing");
    figures.tables.print("tables of queries");
    figures.fields.print("selected fields of queries");
    figures.certain_fields.print("selected fields that are not certainly missing");
}

fn build(metadata: Metadata, texts: &BTreeMap<PathBuf, String>) -> Project {
    let start = Instant::now();
    let facts: Vec<_> = texts.iter().map(|(path, text)| (path.clone(), ModuleFacts::of_text(text))).collect();
    println!("facts in {:?}", start.elapsed());
    let start = Instant::now();
    let forms = Arc::new(FormsOf(DiskFiles));
    let project = Project::builder().metadata(metadata).form_reader(forms).modules(facts).build();
    println!("project in {:?}", start.elapsed());
    project
}

fn collect(folder: &Path, texts: &mut BTreeMap<PathBuf, String>) {
    for entry in DiskFiles.list(folder) {
        if entry.is_folder {
            collect(&entry.path, texts);
        } else if entry.path.extension().is_some_and(|it| it == "bsl" || it == "os") {
            let bytes = DiskFiles.read(&entry.path).unwrap_or_default();
            let text = base::encoding::decode(bytes).map(|decoded| decoded.text).unwrap_or_default();
            texts.insert(entry.path, text);
        }
    }
}

fn measure_references(project: &Project, module: &Module, figures: &mut Figures) {
    let scope = Scope::new(project, module.id);
    for reference in module.facts.references() {
        match (reference.receiver, reference.kind) {
            (Receiver::None, kind) if kind.is_call() => {
                let found = scope.resolve_call(reference.name).is_some();
                figures.calls.count(found, || format!("{} in {:?}", reference.name, module.place.kind));
            }
            (Receiver::None, ReferenceKind::Read) if reference.origin == Origin::Outside => {
                let found = scope.resolve_name(reference.name).is_some();
                figures.names.count(found, || format!("{} in {:?}", reference.name, module.place.kind));
            }
            (Receiver::Path(path), kind)
                if reference.origin == Origin::Outside && !matches!(kind, ReferenceKind::Literal) =>
            {
                let mut names: Vec<&str> = path.split('.').collect();
                names.push(reference.name);
                let found = scope.resolve_path(&names, kind.is_call()).is_some();
                figures.paths.count(found, || format!("{path}.{}", reference.name));
            }
            _ => {}
        }
    }
}

fn measure_members(project: &Project, module: &Module, text: &str, figures: &mut Figures) {
    let scope = Scope::new(project, module.id);
    let mut tree = SyntaxTree::default();
    tree.lower(&parse_text(text), TextRange::from(0..text.len()), text);
    let source = Source { text, tree: &tree };
    let shapes = ModuleScope::new(source, &|text| Some(Arc::new(query_text_shape(text))));
    measure_queries(scope, source, figures);
    for method in tree.children(SyntaxTree::ROOT).filter(|node| tree.kind(*node).is_method()) {
        let found = module.method_at(tree.range(method).start);
        let parameters = found.map_or(Vec::new(), |index| project.parameter_shapes(module.id, index));
        let flow = Flow::of_method(&shapes, method, &parameters);
        for node in tree.descendants(method).filter(|node| tree.kind(*node) == NodeKind::Member) {
            let (Some(object), Some(property)) =
                (tree.child(node, Role::Object), tree.child(node, Role::Property))
            else {
                continue;
            };
            let value = scope.type_of(&flow.shape_of(object));
            let name = source.node_text(property);
            figures.receivers.count(!value.is_unknown(), || shown(source.node_text(object)));
            if value.is_unknown() || value.is_open() {
                continue;
            }
            let lookup = scope.member(&value, name);
            let what = || format!("{}: {name}", value.display(project, project.script(module.id)));
            figures.members.count(matches!(lookup, Lookup::Found(_)), what);
            figures.missing.count(lookup != Lookup::Missing, what);
        }
    }
}

/// Tables and selected fields of the queries of a module.
fn measure_queries(scope: Scope<'_>, source: Source<'_>, figures: &mut Figures) {
    for literal in find_queries(source) {
        let shape = query_shape(&parse_query(source.text, &literal), source.text);
        for index in 0..shape.batches.len() {
            if let Some(query) = QueryScope::new(scope, &shape, index) {
                measure_batch(query, figures);
            }
        }
    }
}

fn measure_batch(query: QueryScope<'_>, figures: &mut Figures) {
    for source in &query.batch().sources {
        match &source.table {
            QueryTable::Path(path) if path.len() > 1 => {
                let names: Vec<&str> = path.iter().map(|name| name.as_str()).collect();
                figures.tables.count(query.scope.query_table(&names).is_some(), || path.join("."));
            }
            QueryTable::Subquery(batch) => measure_batch(query.nested(batch), figures),
            _ => {}
        }
    }
    for column in &query.batch().columns {
        let QueryValue::Field(path) = &column.value else { continue };
        let names: Vec<&str> = path.iter().map(|name| name.as_str()).collect();
        let found = query.resolve_field(&names);
        let what = || format!("{} of {:?}", path.join("."), query.batch().sources.first());
        figures.fields.count(matches!(found, FieldLookup::Found(_)), what);
        figures.certain_fields.count(!matches!(found, FieldLookup::Missing { .. }), what);
    }
}

fn shown(text: &str) -> String {
    text.chars().take(40).collect::<String>().replace(['\n', '\r', '\t'], " ")
}
