//! `textDocument/prepareRename` and `textDocument/rename`, for names that only their module uses.

use std::borrow::Cow;

use base::Locale;
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};

use crate::lsp::{Converter, OpenDocument, Snapshot, run_on, workspace_edit};

/// The protocol's code for a request that was understood and cannot be done.
const REQUEST_FAILED: i64 = -32803;

pub(crate) async fn prepare(
    params: lsp::TextDocumentPositionParams,
) -> Result<Option<lsp::PrepareRenameResult>> {
    let position = params.position;
    let found = run_on("prepareRename", params.text_document.uri, move |open, snapshot, _| {
        let converter = Converter::new(&open.document, snapshot.session.encoding);
        let Some(found) = ide::prepare_rename(&open.document, converter.offset(position)) else {
            return Ok(None);
        };
        check_export(&found, snapshot)?;
        let placeholder =
            lsp::PrepareRenamePlaceholder { range: converter.range(found.range), placeholder: found.name };
        Ok(Some(lsp::PrepareRenameResult::PrepareRenamePlaceholder(placeholder)))
    });
    found.await?.unwrap_or(Ok(None))
}

pub(crate) async fn rename(params: lsp::RenameParams) -> Result<Option<lsp::WorkspaceEdit>> {
    let lsp::TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
    let new_name = params.new_name;
    let edit = run_on("rename", text_document.uri, move |open, snapshot, _| {
        renamed(open, snapshot, position, new_name.trim()).map(Some)
    });
    edit.await?.unwrap_or(Ok(None))
}

fn renamed(
    open: &OpenDocument,
    snapshot: &Snapshot,
    position: lsp::Position,
    new_name: &str,
) -> Result<lsp::WorkspaceEdit> {
    let offset = Converter::new(&open.document, snapshot.session.encoding).offset(position);
    if let Some(found) = ide::prepare_rename(&open.document, offset) {
        check_export(&found, snapshot)?;
    }
    let edits = ide::rename_local(&open.document, offset, new_name)
        .map_err(|problem| failed(problem.message(snapshot.settings.language)))?;
    Ok(workspace_edit(open, &snapshot.session, edits))
}

/// Other modules may use the name, and a rename that misses them breaks the project.
fn check_export(found: &ide::Renameable, snapshot: &Snapshot) -> Result<()> {
    if !found.is_export {
        return Ok(());
    }
    let name = &found.name;
    Err(failed(match snapshot.settings.language {
        Locale::Ru => format!("«{name}» экспортируется: переименовываются только имена одного модуля"),
        Locale::En => format!("\"{name}\" is exported: only names of one module can be renamed"),
    }))
}

fn failed(message: String) -> Error {
    Error { code: ErrorCode::ServerError(REQUEST_FAILED), message: Cow::Owned(message), data: None }
}
