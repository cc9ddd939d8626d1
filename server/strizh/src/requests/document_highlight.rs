//! `textDocument/documentHighlight`.

use ide::{HighlightKind, ProjectDocument};
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::lsp::{Converter, path_of, run_on};

pub(crate) async fn handle(
    params: lsp::DocumentHighlightParams,
) -> Result<Option<Vec<lsp::DocumentHighlight>>> {
    let lsp::TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
    let uri = text_document.uri.clone();
    run_on("documentHighlight", text_document.uri, move |open, snapshot, _| {
        let converter = Converter::new(&open.document, snapshot.session.encoding);
        let offset = converter.offset(position);
        let project = snapshot.project();
        let in_query = project.module_by_path(&path_of(&uri)).and_then(|module| {
            let document = ProjectDocument { document: &open.document, project: &project, module };
            ide::query_highlights(document, offset)
        });
        let highlights = in_query.unwrap_or_else(|| ide::document_highlights(&open.document, offset));
        let convert = |highlight: ide::Highlight| lsp::DocumentHighlight {
            range: converter.range(highlight.range),
            kind: Some(kind(highlight.kind)),
        };
        highlights.into_iter().map(convert).collect()
    })
    .await
}

fn kind(kind: HighlightKind) -> lsp::DocumentHighlightKind {
    match kind {
        HighlightKind::Text => lsp::DocumentHighlightKind::Text,
        HighlightKind::Read => lsp::DocumentHighlightKind::Read,
        HighlightKind::Write => lsp::DocumentHighlightKind::Write,
    }
}
