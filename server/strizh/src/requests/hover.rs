//! `textDocument/hover`.

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::lsp::{Converter, OpenFiles, run_in_project};
use crate::measured::hot_options;

pub(crate) async fn handle(params: lsp::HoverParams) -> Result<Option<lsp::Hover>> {
    let lsp::TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
    let hover = run_in_project("hover", text_document.uri, move |document, snapshot, token| {
        let converter = Converter::new(document.document, snapshot.session.encoding);
        let language = snapshot.settings.language;
        let offset = converter.offset(position);
        let named = ide::hover(document, offset, language, &OpenFiles::new(snapshot));
        let lines = snapshot.measured.lines_of(document);
        let hot = lines.and_then(|lines| {
            ide::hot_hover(document, offset, &lines, &hot_options(snapshot), language, token)
        });
        let hover = match (named, hot) {
            (Some(named), Some(hot)) => {
                let markdown = format!("{}\n\n---\n\n{}", named.markdown, hot.markdown);
                ide::Hover { markdown, ..named }
            }
            (named, hot) => named.or(hot)?,
        };
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
