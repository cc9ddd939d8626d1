//! `textDocument/references`.

use ide::Search;
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::lsp::{Converter, Locations, OpenFiles, run_in_project};

pub(crate) async fn handle(params: lsp::ReferenceParams) -> Result<Option<Vec<lsp::Location>>> {
    let lsp::TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
    let with_declaration = params.context.include_declaration;
    let found = run_in_project("references", text_document.uri, move |document, snapshot, token| {
        let offset = Converter::new(document.document, snapshot.session.encoding).offset(position);
        let files = OpenFiles::new(snapshot);
        let search = Search { project: document.project, files: &files, token };
        let found = ide::references(document, &search, offset, with_declaration)?;
        let mut locations = Locations::new(snapshot, document.project);
        Some(found.found.iter().filter_map(|found| locations.location(&found.location)).collect())
    });
    Ok(found.await?.flatten())
}
