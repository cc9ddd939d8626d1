//! `textDocument/signatureHelp`.

use base::TextRange;
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::lsp::{Converter, OpenFiles, run_in_project};
use crate::requests::hover::markdown;

pub(crate) async fn handle(params: lsp::SignatureHelpParams) -> Result<Option<lsp::SignatureHelp>> {
    let lsp::TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
    let help = run_in_project("signatureHelp", text_document.uri, move |document, snapshot, _| {
        let converter = Converter::new(document.document, snapshot.session.encoding);
        let language = snapshot.settings.language;
        let offset = converter.offset(position);
        let help = ide::signature_help(document, offset, language, &OpenFiles::new(snapshot))?;
        let has_offsets = snapshot.session.label_offsets;
        let signatures = help.signatures.into_iter().map(|signature| information(signature, has_offsets));
        Some(lsp::SignatureHelp {
            signatures: signatures.collect(),
            active_signature: Some(help.active_signature as u32),
            active_parameter: Some(match help.active_parameter {
                Some(index) => lsp::ActiveParameter::Int(index as u32),
                // A number behind the last parameter marks none, in old clients too.
                None => lsp::ActiveParameter::Int(help.active_count as u32),
            }),
        })
    });
    Ok(help.await?.flatten())
}

fn information(signature: ide::SignatureLabel, has_offsets: bool) -> lsp::SignatureInformation {
    let parameters = signature.parameters.iter().map(|parameter| lsp::ParameterInformation {
        label: parameter_label(&signature.label, parameter.range, has_offsets),
        documentation: documentation(parameter.documentation.clone()),
    });
    lsp::SignatureInformation {
        parameters: Some(parameters.collect()),
        documentation: documentation(signature.documentation),
        label: signature.label,
        active_parameter: None,
    }
}

/// The protocol counts in UTF-16 here, whatever positions are counted in.
fn parameter_label(label: &str, range: TextRange, has_offsets: bool) -> lsp::ParameterInformationLabel {
    if !has_offsets {
        return lsp::ParameterInformationLabel::String(range.slice(label).to_owned());
    }
    let units = |end: u32| TextRange { start: 0, end }.slice(label).encode_utf16().count() as u32;
    lsp::ParameterInformationLabel::Tuple((units(range.start), units(range.end)))
}

fn documentation(text: String) -> Option<lsp::Documentation> {
    (!text.is_empty()).then(|| lsp::Documentation::MarkupContent(markdown(text)))
}
