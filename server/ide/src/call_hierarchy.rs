//! Who calls a method, and what it calls.

use base::TextRange;
use rustc_hash::FxHashMap;
use semantics::{Definition, Location, ModuleId, Place, Project};
use syntax::{NodeId, NodeKind, Role};

use crate::meaning::{Meaning, ModuleView, ProjectDocument, Section};
use crate::references::{Search, Target, UseKind, read_text, references_of, target_at};

/// A method, or what stands outside methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CallItem {
    pub module: ModuleId,
    /// `None`: the code outside methods.
    pub method: Option<u32>,
}

/// Something that calls a method.
#[derive(Clone, Debug, PartialEq)]
pub enum Caller {
    Code(CallItem),
    /// Metadata that name the method, by the file and the place of the name.
    Metadata(Location),
}

#[derive(Clone, Debug, PartialEq)]
pub struct IncomingCall {
    pub caller: Caller,
    /// Where it calls, in its module.
    pub places: Vec<Place>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct OutgoingCall {
    pub called: CallItem,
    /// Names in the calling method.
    pub places: Vec<TextRange>,
}

/// The method that stands at an offset: declared there, or called.
pub fn call_item(document: ProjectDocument<'_>, offset: u32) -> Option<CallItem> {
    match target_at(document, offset)? {
        Target::Known(Definition::Method { module, index }) => Some(CallItem { module, method: Some(index) }),
        _ => None,
    }
}

/// Callers in the order of files and places. Literals and annotations that name the method count as calls.
pub fn incoming_calls(search: &Search<'_>, item: CallItem) -> Vec<IncomingCall> {
    let Some(index) = item.method else { return Vec::new() };
    let definition = Definition::Method { module: item.module, index };
    let mut calls: Vec<IncomingCall> = Vec::new();
    for found in references_of(search, &definition, false).found {
        let (caller, place) = match (found.location, found.kind) {
            (_, UseKind::Link) => continue,
            (Location::Module { module, place }, _) => {
                (Caller::Code(item_at(search.project, module, place.offset)), Some(place))
            }
            (location, _) => (Caller::Metadata(location), None),
        };
        match calls.last_mut().filter(|last| last.caller == caller) {
            Some(last) => last.places.extend(place),
            None => calls.push(IncomingCall { caller, places: place.into_iter().collect() }),
        }
    }
    calls
}

/// The method around an offset of a module.
fn item_at(project: &Project, module: ModuleId, offset: u32) -> CallItem {
    let method = project.module(module).and_then(|module| module.method_at(offset));
    CallItem { module, method }
}

/// Methods of the project that a method calls, in the order of the first calls.
pub fn outgoing_calls(search: &Search<'_>, item: CallItem) -> Vec<OutgoingCall> {
    let Some(module) = search.project.module(item.module) else { return Vec::new() };
    let Some(method) = item.method.and_then(|index| module.method(index)) else { return Vec::new() };
    let Some(text) = read_text(search, module) else { return Vec::new() };
    let view = ModuleView { project: search.project, module: item.module };
    let section = view.section(&text, method.range());
    let names = called_names(&section);
    let Some(first) = names.first() else { return Vec::new() };
    let mut calls: Vec<OutgoingCall> = Vec::new();
    let mut indexes: FxHashMap<CallItem, usize> = FxHashMap::default();
    section.in_flow(*first, |flow| {
        for name in &names {
            if search.token.is_cancelled() {
                return;
            }
            let Some(Meaning::Known { definition, .. }) = section.meaning_in(flow, *name) else { continue };
            let Definition::Method { module, index } = definition else { continue };
            let called = CallItem { module, method: Some(index) };
            let at = *indexes.entry(called).or_insert_with(|| {
                calls.push(OutgoingCall { called, places: Vec::new() });
                calls.len() - 1
            });
            calls[at].places.push(section.in_document(section.source().tree.range(*name)));
        }
    });
    calls
}

/// Names that are called, in the order of the text.
fn called_names(section: &Section<'_>) -> Vec<NodeId> {
    let tree = section.source().tree;
    let is_called = |node: &NodeId| match tree.node(*node).role {
        Role::Function => true,
        Role::Property => tree.parent(*node).is_some_and(|access| tree.node(access).role == Role::Function),
        _ => false,
    };
    let names = tree.nodes().filter(|(_, node)| node.kind == NodeKind::Name).map(|(id, _)| id);
    names.filter(is_called).collect()
}
