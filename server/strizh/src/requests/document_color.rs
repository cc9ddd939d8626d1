//! `textDocument/documentColor` and `textDocument/colorPresentation`.

use base::Edit;
use ide::Color;
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::lsp::{Converter, run_on};

pub(crate) async fn colors(params: lsp::DocumentColorParams) -> Result<Vec<lsp::ColorInformation>> {
    let colors = run_on("documentColor", params.text_document.uri, |open, snapshot, token| {
        let converter = Converter::new(&open.document, snapshot.session.encoding);
        let convert = |found: ide::DocumentColor| lsp::ColorInformation {
            range: converter.range(found.range),
            color: shown(found.color),
        };
        ide::document_colors(&open.document, token).into_iter().map(convert).collect()
    });
    Ok(colors.await?.unwrap_or_default())
}

pub(crate) async fn presentations(
    params: lsp::ColorPresentationParams,
) -> Result<Vec<lsp::ColorPresentation>> {
    let (range, color) = (params.range, picked(params.color));
    let presentations = run_on("colorPresentation", params.text_document.uri, move |open, snapshot, _| {
        let converter = Converter::new(&open.document, snapshot.session.encoding);
        let range = converter.text_range(range);
        let convert = |label: String| lsp::ColorPresentation {
            text_edit: Some(converter.text_edit(Edit::replace(range, label.as_str()))),
            label,
            additional_text_edits: None,
        };
        ide::color_presentations(&open.document, range, color).into_iter().map(convert).collect()
    });
    Ok(presentations.await?.unwrap_or_default())
}

fn shown(color: Color) -> lsp::Color {
    let part = |value: u8| f32::from(value) / 255.0;
    lsp::Color { red: part(color.red), green: part(color.green), blue: part(color.blue), alpha: 1.0 }
}

/// The platform knows no transparency.
fn picked(color: lsp::Color) -> Color {
    let part = |value: f32| (value.clamp(0.0, 1.0) * 255.0).round() as u8;
    Color { red: part(color.red), green: part(color.green), blue: part(color.blue) }
}
