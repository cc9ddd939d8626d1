//! `textDocument/documentHighlight`.

use ide::HighlightKind;
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::lsp::{Converter, run_on};

pub(crate) async fn handle(
    params: lsp::DocumentHighlightParams,
) -> Result<Option<Vec<lsp::DocumentHighlight>>> {
    let lsp::TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
    run_on("documentHighlight", text_document.uri, move |open, snapshot, _| {
        let converter = Converter::new(&open.document, snapshot.session.encoding);
        let highlights = ide::document_highlights(&open.document, converter.offset(position));
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
