//! `textDocument/prepareCallHierarchy`, `callHierarchy/incomingCalls` and `callHierarchy/outgoingCalls`.

use ide::{CallItem, Caller, IncomingCall, OutgoingCall, Search};
use semantics::{Location, Place, Project};
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::lsp::{Converter, Locations, OpenFiles, Snapshot, path_of, run, run_in_project};

pub(crate) async fn prepare(
    params: lsp::CallHierarchyPrepareParams,
) -> Result<Option<Vec<lsp::CallHierarchyItem>>> {
    let lsp::TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
    let found = run_in_project("prepareCallHierarchy", text_document.uri, move |document, snapshot, _| {
        let offset = Converter::new(document.document, snapshot.session.encoding).offset(position);
        let item = ide::call_item(document, offset)?;
        let locations = Locations::new(snapshot, document.project);
        Some(vec![Items { project: document.project, locations }.item(item, None)?])
    });
    Ok(found.await?.flatten())
}

pub(crate) async fn incoming(
    params: lsp::CallHierarchyIncomingCallsParams,
) -> Result<Option<Vec<lsp::CallHierarchyIncomingCall>>> {
    run("incomingCalls", move |snapshot, token| {
        let project = snapshot.project();
        let item = known_item(&project, &params.item)?;
        let files = OpenFiles::new(snapshot);
        let calls = ide::incoming_calls(&Search { project: &project, files: &files, token }, item);
        let mut items = Items::new(snapshot, &project);
        Some(calls.iter().filter_map(|call| items.incoming(call)).collect())
    })
    .await
}

pub(crate) async fn outgoing(
    params: lsp::CallHierarchyOutgoingCallsParams,
) -> Result<Option<Vec<lsp::CallHierarchyOutgoingCall>>> {
    run("outgoingCalls", move |snapshot, token| {
        let project = snapshot.project();
        let item = known_item(&project, &params.item)?;
        let files = OpenFiles::new(snapshot);
        let calls = ide::outgoing_calls(&Search { project: &project, files: &files, token }, item);
        let mut items = Items::new(snapshot, &project);
        Some(calls.iter().filter_map(|call| items.outgoing(item, call)).collect())
    })
    .await
}

/// The method of an item that was shown before; it may have moved since.
fn known_item(project: &Project, item: &lsp::CallHierarchyItem) -> Option<CallItem> {
    let module = project.module_by_path(&path_of(&item.uri))?;
    if item.kind == lsp::SymbolKind::Module {
        return Some(CallItem { module, method: None });
    }
    let method = project.module(module)?.find_method(&item.name)?;
    Some(CallItem { module, method: Some(method) })
}

struct Items<'a> {
    project: &'a Project,
    locations: Locations<'a>,
}

impl<'a> Items<'a> {
    fn new(snapshot: &'a Snapshot, project: &'a Project) -> Self {
        Self { project, locations: Locations::new(snapshot, project) }
    }

    /// A method, or the code outside methods at one of its places.
    fn item(&self, item: CallItem, place: Option<Place>) -> Option<lsp::CallHierarchyItem> {
        let module = self.project.module(item.module)?;
        let method = item.method.and_then(|index| module.method(index));
        let place = method.map(|method| method.place()).or(place)?;
        let lsp::Location { uri, range: selection_range } = self.locations.place(item.module, place)?;
        let owner = ide::module_name(self.project, item.module);
        let (name, kind) = match method {
            Some(method) => (method.name.to_string(), lsp::SymbolKind::Function),
            None => (owner.clone(), lsp::SymbolKind::Module),
        };
        let mut range = selection_range;
        if let Some(method) = method.filter(|method| method.end_line() > place.line) {
            range = lsp::Range {
                start: lsp::Position { line: place.line, character: 0 },
                end: lsp::Position { line: method.end_line(), character: 0 },
            };
        }
        let detail = Some(owner);
        Some(lsp::CallHierarchyItem {
            name,
            kind,
            tags: None,
            detail,
            uri,
            range,
            selection_range,
            data: None,
        })
    }

    fn incoming(&mut self, call: &IncomingCall) -> Option<lsp::CallHierarchyIncomingCall> {
        let from = match &call.caller {
            Caller::Code(item) => self.item(*item, call.places.first().copied())?,
            Caller::Metadata(location) => self.metadata(location)?,
        };
        let places = call.places.iter().map(|place| self.locations.place_range(*place));
        let from_ranges: Vec<_> = match &call.caller {
            Caller::Code(_) => places.collect(),
            Caller::Metadata(_) => vec![from.range],
        };
        Some(lsp::CallHierarchyIncomingCall { from, from_ranges })
    }

    /// A file of metadata, named by its object or form.
    fn metadata(&mut self, location: &Location) -> Option<lsp::CallHierarchyItem> {
        let Location::File { path, .. } = location else { return None };
        let stem = path.file_stem()?.to_string_lossy().into_owned();
        let is_form = stem == "Form";
        let folder = if is_form { path.ancestors().nth(2) } else { None };
        let folder = folder.filter(|folder| !folder.ends_with("Forms")).or(path.parent());
        let name = match folder.and_then(|folder| folder.file_name()).filter(|_| is_form) {
            Some(name) => name.to_string_lossy().into_owned(),
            None => stem,
        };
        let lsp::Location { uri, range } = self.locations.location(location)?;
        let detail = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let kind = lsp::SymbolKind::Event;
        let selection_range = range;
        Some(lsp::CallHierarchyItem {
            name,
            kind,
            tags: None,
            detail,
            uri,
            range,
            selection_range,
            data: None,
        })
    }

    fn outgoing(&mut self, caller: CallItem, call: &OutgoingCall) -> Option<lsp::CallHierarchyOutgoingCall> {
        let to = self.item(call.called, None)?;
        let ranges =
            call.places.iter().filter_map(|range| self.locations.module_range(caller.module, *range));
        let from_ranges = ranges.map(|location| location.range).collect();
        Some(lsp::CallHierarchyOutgoingCall { to, from_ranges })
    }
}
