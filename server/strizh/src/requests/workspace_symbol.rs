//! `workspace/symbol`.

use ide::WorkspaceSymbolKind;
use metadata::ObjectKind;
use semantics::ModuleId;
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::lsp::{Locations, path_of, run};

pub(crate) async fn handle(
    params: lsp::WorkspaceSymbolParams,
) -> Result<Option<lsp::WorkspaceSymbolResponse>> {
    run("workspaceSymbol", move |snapshot, token| {
        let project = snapshot.project();
        let open: Vec<ModuleId> =
            snapshot.documents().filter_map(|(uri, _)| project.module_by_path(&path_of(uri))).collect();
        let found = ide::workspace_symbols(&project, snapshot.disk.symbols(), &open, &params.query, token);
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
