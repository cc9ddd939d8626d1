//! `textDocument/documentLink`: pages of the web that comments name.

use ide::LinkTarget;
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::lsp::{Converter, run_on};

pub(crate) async fn handle(params: lsp::DocumentLinkParams) -> Result<Option<Vec<lsp::DocumentLink>>> {
    run_on("documentLink", params.text_document.uri, |open, snapshot, token| {
        let converter = Converter::new(&open.document, snapshot.session.encoding);
        let links = ide::document_links(&open.document, token).into_iter();
        let convert = |link: ide::DocumentLink| match link.target {
            LinkTarget::Url(url) => Some(lsp::DocumentLink {
                range: converter.range(link.range),
                target: Some(url.parse().ok()?),
                tooltip: None,
                data: None,
            }),
            LinkTarget::Method { .. } => None,
        };
        links.filter_map(convert).collect()
    })
    .await
}
