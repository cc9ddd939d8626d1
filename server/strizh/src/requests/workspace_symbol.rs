//! `workspace/symbol`.

use std::sync::Arc;

use ide::{SymbolIndex, WorkspaceSymbolKind};
use metadata::ObjectKind;
use parking_lot::Mutex;
use semantics::ModuleId;
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::lsp::{Locations, Snapshot, path_of, run};

/// The index of the last state of the disk that somebody searched.
#[derive(Clone, Default)]
pub(crate) struct LastIndex(Arc<Mutex<Option<IndexOfDisk>>>);

/// With the generation of the disk.
type IndexOfDisk = (u64, Arc<SymbolIndex>);

impl LastIndex {
    fn of(&self, snapshot: &Snapshot) -> Arc<SymbolIndex> {
        let mut last = self.0.lock();
        match &*last {
            Some((generation, index)) if *generation == snapshot.disk.generation => Arc::clone(index),
            _ => {
                let index = Arc::new(SymbolIndex::new(&snapshot.disk.project));
                *last = Some((snapshot.disk.generation, Arc::clone(&index)));
                index
            }
        }
    }
}

pub(crate) async fn handle(
    last: &LastIndex,
    params: lsp::WorkspaceSymbolParams,
) -> Result<Option<lsp::WorkspaceSymbolResponse>> {
    let last = last.clone();
    run("workspaceSymbol", move |snapshot, token| {
        let project = snapshot.project();
        let index = last.of(snapshot);
        let open: Vec<ModuleId> =
            snapshot.documents().filter_map(|(uri, _)| project.module_by_path(&path_of(uri))).collect();
        let found = ide::workspace_symbols(&project, &index, &open, &params.query, token);
        let mut locations = Locations::new(snapshot, &project);
        let symbol = |found: ide::WorkspaceSymbol| {
            let location = locations.location(&project.location(&found.definition)?)?;
            Some(lsp::WorkspaceSymbol {
                location: lsp::WorkspaceSymbolLocation::Location(location),
                data: None,
                base_symbol_information: lsp::BaseSymbolInformation {
                    name: found.name,
                    kind: kind(found.kind),
                    tags: None,
                    container_name: Some(found.container).filter(|name| !name.is_empty()),
                },
            })
        };
        let symbols = found.into_iter().filter_map(symbol).collect();
        Some(lsp::WorkspaceSymbolResponse::WorkspaceSymbolList(symbols))
    })
    .await
}

fn kind(kind: WorkspaceSymbolKind) -> lsp::SymbolKind {
    match kind {
        WorkspaceSymbolKind::Procedure | WorkspaceSymbolKind::Function => lsp::SymbolKind::Function,
        WorkspaceSymbolKind::Variable => lsp::SymbolKind::Variable,
        WorkspaceSymbolKind::CommonModule => lsp::SymbolKind::Module,
        WorkspaceSymbolKind::Object(ObjectKind::Enum) => lsp::SymbolKind::Enum,
        WorkspaceSymbolKind::Object(ObjectKind::Constant) => lsp::SymbolKind::Constant,
        WorkspaceSymbolKind::Object(ObjectKind::EventSubscription | ObjectKind::ScheduledJob) => {
            lsp::SymbolKind::Event
        }
        WorkspaceSymbolKind::Object(ObjectKind::Subsystem) => lsp::SymbolKind::Package,
        WorkspaceSymbolKind::Object(_) | WorkspaceSymbolKind::Class => lsp::SymbolKind::Class,
        WorkspaceSymbolKind::Form => lsp::SymbolKind::Struct,
    }
}
