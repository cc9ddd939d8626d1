//! Which methods of a project lead to a query, told by the facts of their modules: no text is read.

use rustc_hash::FxHashSet;
use semantics::{Definition, Module, ModuleId, Origin, Project, Receiver, Reference, Scope};

use crate::hot::causes::calls::EXECUTE;

/// Calls within calls that are followed.
const MAX_DEPTH: usize = 6;
/// Methods that are looked at for one call.
const MAX_METHODS: usize = 300;

/// How a method gets to a query: `Цены.Получить → ПрочитатьЦену`.
pub(super) fn way_to_query(project: &Project, module: ModuleId, index: u32) -> Option<String> {
    let mut seen = FxHashSet::default();
    let mut level = vec![(module, index, method_name(project, module, index)?)];
    seen.insert((module, index));
    for _ in 0..MAX_DEPTH {
        let mut next = Vec::new();
        for (module, index, way) in level {
            let Some(owner) = project.module(module) else { continue };
            if executes(owner, index) {
                return Some(way);
            }
            for (module, index) in called(project, owner, index) {
                if seen.len() < MAX_METHODS && seen.insert((module, index)) {
                    let name = method_name(project, module, index).unwrap_or_default();
                    next.push((module, index, format!("{way} → {name}")));
                }
            }
        }
        level = next;
    }
    None
}

fn method_name(project: &Project, module: ModuleId, index: u32) -> Option<String> {
    Some(project.module(module)?.method(index)?.name.to_string())
}

/// The method makes a query, or gets one, and executes it.
fn executes(module: &Module, index: u32) -> bool {
    let Some(range) = module.method(index).map(|method| method.range()) else { return false };
    let is_inside = |it: &Reference<'_>| range.contains(it.place.range());
    let makes = || {
        let names = ["запрос", "query"].into_iter().flat_map(|name| module.facts.references_of(name));
        names.filter(is_inside).any(|it| it.kind == semantics::ReferenceKind::New)
    };
    let names =
        EXECUTE.iter().flat_map(|(russian, english)| [russian.to_lowercase(), english.to_lowercase()]);
    let names: Vec<String> = names.collect();
    names.iter().flat_map(|name| module.facts.references_of(name)).filter(is_inside).any(|it| {
        let is_call = it.kind.is_call() && it.arguments == 0;
        let is_query = match it.receiver {
            Receiver::Path(path) => {
                let last = path.rsplit('.').next().unwrap_or(path);
                last.contains("запрос") || last.contains("query") || makes()
            }
            Receiver::Complex => makes(),
            Receiver::None => false,
        };
        is_call && is_query
    })
}

/// Methods of the project that a method calls by names that anybody can follow.
fn called(project: &Project, module: &Module, index: u32) -> Vec<(ModuleId, u32)> {
    let Some(range) = module.method(index).map(|method| method.range()) else { return Vec::new() };
    let scope = Scope::new(project, module.id);
    let mut found = Vec::new();
    for it in module.facts.references().filter(|it| it.kind.is_call() && range.contains(it.place.range())) {
        let definition = match it.receiver {
            Receiver::None => scope.resolve_call(it.name),
            Receiver::Path(path) if it.origin == Origin::Outside => {
                let mut parts: Vec<&str> = path.split('.').collect();
                parts.push(it.name);
                scope.resolve_path(&parts, true)
            }
            _ => None,
        };
        if let Some(Definition::Method { module, index }) = definition {
            found.push((module, index));
        }
    }
    found
}
