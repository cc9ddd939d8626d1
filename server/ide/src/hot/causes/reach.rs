//! Which methods of a project lead to a query, told by the facts of their modules: no text is read. A module is looked
//! through once, a method is followed once.

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};
use semantics::{Definition, Module, ModuleId, Origin, Project, Receiver, Reference, ReferenceKind, Scope};
use smol_str::SmolStr;

use crate::hot::causes::calls::EXECUTE;
use crate::hot::causes::is_any;

/// Calls within calls that are followed.
const MAX_DEPTH: usize = 6;
/// Methods that are looked at for one call.
const MAX_METHODS: usize = 300;

type MethodKey = (ModuleId, u32);

/// Follows calls and remembers what it has found.
pub(super) struct Reach<'p> {
    project: &'p Project,
    modules: RefCell<FxHashMap<ModuleId, Rc<[Calls]>>>,
    called: RefCell<FxHashMap<MethodKey, Rc<[MethodKey]>>>,
    ways: RefCell<FxHashMap<MethodKey, Option<Rc<str>>>>,
}

/// What one method calls.
#[derive(Clone, Default)]
struct Calls {
    makes_query: bool,
    /// `Запрос.Выполнить()`
    executes_query: bool,
    /// `Х.Выполнить()` of who knows what.
    executes: bool,
    /// Names with the path before them.
    names: Vec<(SmolStr, Option<SmolStr>)>,
}

impl<'p> Reach<'p> {
    pub(super) fn new(project: &'p Project) -> Self {
        let (modules, called, ways) = Default::default();
        Self { project, modules, called, ways }
    }

    /// How a method gets to a query: `Получить → ПрочитатьЦену`.
    pub(super) fn way_to_query(&self, module: ModuleId, index: u32) -> Option<Rc<str>> {
        let key = (module, index);
        if let Some(known) = self.ways.borrow().get(&key) {
            return known.clone();
        }
        let way = self.find(key).map(Rc::from);
        self.ways.borrow_mut().insert(key, way.clone());
        way
    }

    fn find(&self, start: MethodKey) -> Option<String> {
        let mut seen = FxHashSet::from_iter([start]);
        let mut level = vec![(start, self.name(start)?)];
        for _ in 0..MAX_DEPTH {
            let mut next = Vec::new();
            for (key, way) in level {
                if self.executes(key) {
                    return Some(way);
                }
                for called in self.called(key).iter() {
                    if seen.len() < MAX_METHODS && seen.insert(*called) {
                        let name = self.name(*called).unwrap_or_default();
                        next.push((*called, format!("{way} → {name}")));
                    }
                }
            }
            level = next;
        }
        None
    }

    fn name(&self, (module, index): MethodKey) -> Option<String> {
        Some(self.project.module(module)?.method(index)?.name.to_string())
    }

    /// The method makes a query, or gets one, and executes it.
    fn executes(&self, (module, index): MethodKey) -> bool {
        let calls = self.calls_of(module);
        let own = calls.get(index as usize);
        own.is_some_and(|own| own.executes_query || (own.executes && own.makes_query))
    }

    fn calls_of(&self, module: ModuleId) -> Rc<[Calls]> {
        if let Some(known) = self.modules.borrow().get(&module) {
            return known.clone();
        }
        let found: Rc<[Calls]> = match self.project.module(module) {
            Some(module) => calls_in(module).into(),
            None => Rc::from([]),
        };
        self.modules.borrow_mut().insert(module, found.clone());
        found
    }

    /// Methods of the project that a method calls by names that anybody can follow.
    fn called(&self, key: MethodKey) -> Rc<[MethodKey]> {
        if let Some(known) = self.called.borrow().get(&key) {
            return known.clone();
        }
        let calls = self.calls_of(key.0);
        let scope = Scope::new(self.project, key.0);
        let names = calls.get(key.1 as usize).map(|own| own.names.as_slice()).unwrap_or_default();
        let found = names.iter().filter_map(|(name, path)| {
            let definition = match path {
                None => scope.resolve_call(name),
                Some(path) => {
                    let mut parts: Vec<&str> = path.split('.').collect();
                    parts.push(name);
                    scope.resolve_path(&parts, true)
                }
            };
            match definition {
                Some(Definition::Method { module, index }) => Some((module, index)),
                _ => None,
            }
        });
        let found: Rc<[MethodKey]> = found.collect();
        self.called.borrow_mut().insert(key, found.clone());
        found
    }
}

/// Calls of all methods of a module, by their indexes.
fn calls_in(module: &Module) -> Vec<Calls> {
    let mut calls = vec![Calls::default(); module.method_count() as usize];
    let ranges: Vec<_> = module.methods().map(|(index, method)| (method.range(), index)).collect();
    let mut place = 0;
    // References come in the order of the text, and so do methods.
    for it in module.facts.references() {
        while ranges.get(place).is_some_and(|(range, _)| range.end <= it.place.offset) {
            place += 1;
        }
        let Some((range, index)) = ranges.get(place) else { break };
        if it.place.offset >= range.start
            && let Some(own) = calls.get_mut(*index as usize)
        {
            own.note(&it);
        }
    }
    calls
}

impl Calls {
    fn note(&mut self, it: &Reference<'_>) {
        if it.kind == ReferenceKind::New {
            self.makes_query |= is_any(&[("Запрос", "Query")], it.name);
        }
        if !it.kind.is_call() {
            return;
        }
        if is_any(&EXECUTE, it.name) && it.receiver != Receiver::None {
            self.executes |= it.arguments == 0;
            self.executes_query |= it.arguments == 0 && is_query_name(it.receiver);
            return;
        }
        match it.receiver {
            Receiver::None => self.names.push((it.name.into(), None)),
            Receiver::Path(path) if it.origin == Origin::Outside => {
                self.names.push((it.name.into(), Some(path.into())));
            }
            _ => {}
        }
    }
}

fn is_query_name(receiver: Receiver<'_>) -> bool {
    let Receiver::Path(path) = receiver else { return false };
    let last = path.rsplit('.').next().unwrap_or(path);
    last.contains("запрос") || last.contains("query")
}
