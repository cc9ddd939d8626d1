//! `textDocument/documentLink`: pages of the web and methods that comments name. Where a method is, is asked only when
//! somebody follows the link.

use ide::LinkTarget;
use serde::{Deserialize, Serialize};
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::lsp::{Converter, Locations, run_in_project, run_on};

/// What a link to a method carries until it is resolved.
#[derive(Serialize, Deserialize)]
struct Unresolved {
    uri: lsp::Uri,
    module: Option<String>,
    method: String,
}

pub(crate) async fn handle(params: lsp::DocumentLinkParams) -> Result<Option<Vec<lsp::DocumentLink>>> {
    run_on("documentLink", params.text_document.uri, |open, snapshot, token| {
        let converter = Converter::new(&open.document, snapshot.session.encoding);
        let links = ide::document_links(&open.document, token).into_iter();
        let convert = |link: ide::DocumentLink| {
            let range = converter.range(link.range);
            let (target, data) = match link.target {
                LinkTarget::Url(url) => (Some(url.parse().ok()?), None),
                LinkTarget::Method { module, method } => {
                    let data = Unresolved { uri: open.uri.clone(), module, method };
                    (None, Some(serde_json::to_value(data).ok()?))
                }
            };
            Some(lsp::DocumentLink { range, target, tooltip: None, data })
        };
        links.filter_map(convert).collect()
    })
    .await
}

/// Finds the method that a link names; a link that leads nowhere stays as it is.
pub(crate) async fn resolve(mut link: lsp::DocumentLink) -> Result<lsp::DocumentLink> {
    let data = link.data.clone().and_then(|data| serde_json::from_value::<Unresolved>(data).ok());
    let Some(Unresolved { uri, module, method }) = data else { return Ok(link) };
    let target = run_in_project("documentLink/resolve", uri, move |document, snapshot, _| {
        let location = ide::reference_target(document, module.as_deref(), &method)?;
        let location = Locations::new(snapshot, document.project).location(&location)?;
        format!("{}#L{}", location.uri, location.range.start.line + 1).parse().ok()
    });
    link.target = target.await?.flatten();
    Ok(link)
}
