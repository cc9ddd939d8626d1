//! How many names of a real configuration resolve. What does not is listed when somebody asks for it, so that the
//! tables of the platform can grow.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use base::{CancelToken, Locale, TextRange};
use rayon::prelude::*;
use semantics::{
    FieldLookup, Flow, Lookup, Module, ModuleScope, Origin, Project, QueryScope, QueryTable, QueryValue,
    Receiver, ReferenceKind, Scope, query_shape, query_text_shape,
};
use syntax::{NodeKind, Role, Source, SyntaxTree, find_queries, parse_query, parse_text};

use crate::files::read_module;
use crate::workspace::{CachedSource, FactsSource, Unobserved, WorkspaceOptions, load};

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

    fn add(&mut self, other: Self) {
        self.total += other.total;
        self.found += other.found;
        for (name, count) in other.rest {
            *self.rest.entry(name).or_default() += count;
        }
    }

    /// The share and the most frequent names that did not resolve.
    fn rows(&self, title: &str, shown: usize) -> Vec<(String, String)> {
        let share = 100.0 * self.found as f64 / self.total.max(1) as f64;
        let mut rows = vec![(title.to_owned(), format!("{share:.2} % of {}", self.total))];
        let mut rest: Vec<_> = self.rest.iter().collect();
        rest.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), (*name).clone()));
        rows.extend(
            rest.into_iter().take(shown).map(|(name, count)| (format!("  {name}"), count.to_string())),
        );
        rows
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

impl Figures {
    fn joined(mut self, other: Self) -> Self {
        self.calls.add(other.calls);
        self.names.add(other.names);
        self.paths.add(other.paths);
        self.receivers.add(other.receivers);
        self.members.add(other.members);
        self.missing.add(other.missing);
        self.tables.add(other.tables);
        self.fields.add(other.fields);
        self.certain_fields.add(other.certain_fields);
        self
    }
}

/// Rows of the table for a configuration; after each share the `shown` most frequent names that did not resolve.
pub(crate) fn measure(folder: &Path, shown: usize) -> Vec<(String, String)> {
    let options = WorkspaceOptions {
        folders: vec![folder.to_path_buf()],
        exclude: Vec::new(),
        help_folder: None,
        language: Locale::En,
    };
    let source = CachedSource::open(&options.folders);
    let facts = |path: &Path| source.facts(path);
    let Some(workspace) = load(&options, &source, &facts, &Unobserved, &CancelToken::new()) else {
        return Vec::new();
    };
    let project = &workspace.project;
    let modules: Vec<_> = project.modules().collect();
    let measure = |module: &&Arc<Module>| {
        let mut figures = Figures::default();
        measure_references(project, module, &mut figures);
        if let Ok(decoded) = read_module(&module.path) {
            measure_members(project, module, &decoded.text, &mut figures);
        }
        figures
    };
    let figures = modules.par_iter().map(measure).reduce(Figures::default, Figures::joined);
    [
        ("calls without receiver that resolve", figures.calls),
        ("other names that are not local", figures.names),
        ("paths of names that are not local", figures.paths),
        ("accesses after a dot with a known receiver", figures.receivers),
        ("members of receivers with known members", figures.members),
        ("members that are not taken for missing", figures.missing),
        ("tables of queries", figures.tables),
        ("selected fields of queries", figures.fields),
        ("fields that are not taken for missing", figures.certain_fields),
    ]
    .into_iter()
    .flat_map(|(title, share)| share.rows(title, shown))
    .collect()
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
