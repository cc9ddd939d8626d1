//! `textDocument/diagnostic`: for clients that ask. An unchanged document under unchanged settings is answered
//! by its result id alone.

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::lsp::{diagnostics, run};

pub(crate) async fn handle(params: lsp::DocumentDiagnosticParams) -> Result<lsp::DocumentDiagnosticReport> {
    let uri = params.text_document.uri;
    let previous_id = params.previous_result_id;
    run("diagnostic", move |snapshot, token| {
        let Some(open) = snapshot.document(&uri) else { return full(None, Vec::new()) };
        let result_id = format!("{}.{}", open.generation, snapshot.rules_generation);
        if previous_id.as_ref() == Some(&result_id) {
            return unchanged(result_id);
        }
        let items = diagnostics(open, snapshot, token).unwrap_or_default();
        full(Some(result_id), items)
    })
    .await
}

fn full(result_id: Option<String>, items: Vec<lsp::Diagnostic>) -> lsp::DocumentDiagnosticReport {
    lsp::DocumentDiagnosticReport::RelatedFullDocumentDiagnosticReport(
        lsp::RelatedFullDocumentDiagnosticReport {
            related_documents: None,
            full_document_diagnostic_report: lsp::FullDocumentDiagnosticReport { result_id, items },
        },
    )
}

fn unchanged(result_id: String) -> lsp::DocumentDiagnosticReport {
    lsp::DocumentDiagnosticReport::RelatedUnchangedDocumentDiagnosticReport(
        lsp::RelatedUnchangedDocumentDiagnosticReport {
            related_documents: None,
            unchanged_document_diagnostic_report: lsp::UnchangedDocumentDiagnosticReport { result_id },
        },
    )
}
