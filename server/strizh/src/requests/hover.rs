//! `textDocument/hover`.

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::lsp::{Converter, OpenFiles, run_in_project};

pub(crate) async fn handle(params: lsp::HoverParams) -> Result<Option<lsp::Hover>> {
    let lsp::TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
    let hover = run_in_project("hover", text_document.uri, move |document, snapshot, _| {
        let converter = Converter::new(document.document, snapshot.session.encoding);
        let language = snapshot.settings.language;
        let hover = ide::hover(document, converter.offset(position), language, &OpenFiles::new(snapshot))?;
        Some(lsp::Hover {
            contents: lsp::Contents::MarkupContent(markdown(hover.markdown)),
            range: Some(converter.range(hover.range)),
        })
    });
    Ok(hover.await?.flatten())
}

pub(crate) fn markdown(value: String) -> lsp::MarkupContent {
    lsp::MarkupContent { kind: lsp::MarkupKind::Markdown, value }
}
