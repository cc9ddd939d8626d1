//! `textDocument/inlayHint`: names of parameters and types of variables between the words of the code, what lines cost behind them.

use ide::{InlayHintKind, InlayHintOptions};
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::lsp::{Converter, run_in_project};
use crate::measured::hot_options;

pub(crate) async fn handle(params: lsp::InlayHintParams) -> Result<Option<Vec<lsp::InlayHint>>> {
    run_in_project("inlayHint", params.text_document.uri, move |document, snapshot, token| {
        let converter = Converter::new(document.document, snapshot.session.encoding);
        let options = InlayHintOptions {
            has_parameters: snapshot.settings.parameter_hints,
            has_types: snapshot.settings.type_hints,
        };
        let range = converter.text_range(params.range);
        let hints = ide::inlay_hints(document, range, options, token).into_iter();
        let mut positions = converter.ascending();
        let convert = |hint: ide::InlayHint| lsp::InlayHint {
            position: positions.position(hint.offset),
            padding_right: (hint.kind == InlayHintKind::Parameter).then_some(true),
            kind: Some(match hint.kind {
                InlayHintKind::Parameter => lsp::InlayHintKind::Parameter,
                InlayHintKind::Type => lsp::InlayHintKind::Type,
            }),
            label: lsp::Label::String(hint.label),
            text_edits: None,
            tooltip: None,
            padding_left: None,
            data: None,
        };
        let mut hints: Vec<lsp::InlayHint> = hints.map(convert).collect();
        if let Some(lines) = snapshot.measured.lines_of(document).filter(|_| snapshot.settings.profile.hints)
        {
            let (options, language) = (hot_options(snapshot), snapshot.settings.language);
            let hot = ide::hot_hints(document, &lines, range, &options, language);
            let mut positions = converter.ascending();
            hints.extend(hot.into_iter().map(|hint| lsp::InlayHint {
                position: positions.position(hint.offset),
                label: lsp::Label::String(hint.label),
                kind: None,
                text_edits: None,
                tooltip: Some(lsp::Tooltip::String(hint.tooltip)),
                padding_left: Some(true),
                padding_right: None,
                data: None,
            }));
        }
        hints
    })
    .await
}
