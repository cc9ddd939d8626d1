//! `strizh/documentText`: what the server believes an open document contains. For tests and bug reports.

use serde_json::{Value, json};
use tower_lsp::gen_lsp_types::TextDocumentIdentifier;
use tower_lsp::jsonrpc::{Error, Result};

use crate::lsp::run_on;

pub(crate) async fn handle(params: Value) -> Result<Value> {
    let document = params.get("textDocument").cloned().unwrap_or_default();
    let document: TextDocumentIdentifier =
        serde_json::from_value(document).map_err(|error| Error::invalid_params(error.to_string()))?;
    let text = run_on(
        "documentText",
        document.uri,
        |open, _, _| json!({"version": open.version, "text": open.document.text()}),
    );
    Ok(text.await?.unwrap_or_default())
}
