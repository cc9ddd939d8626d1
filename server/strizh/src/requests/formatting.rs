//! `textDocument/formatting`, `rangeFormatting`, `onTypeFormatting`.

use ide::{FormatOptions, Indent};
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::lsp::{Converter, run_on};
use crate::settings::Settings;

pub(crate) async fn document(params: lsp::DocumentFormattingParams) -> Result<Option<Vec<lsp::TextEdit>>> {
    let options = params.options;
    run_on("formatting", params.text_document.uri, move |open, snapshot, token| {
        let options = format_options(&options, &snapshot.settings);
        let edits = ide::format(&open.document, None, &options, token);
        Converter::new(&open.document, snapshot.session.encoding).text_edits(edits)
    })
    .await
}

pub(crate) async fn range(params: lsp::DocumentRangeFormattingParams) -> Result<Option<Vec<lsp::TextEdit>>> {
    let (options, range) = (params.options, params.range);
    run_on("rangeFormatting", params.text_document.uri, move |open, snapshot, token| {
        let converter = Converter::new(&open.document, snapshot.session.encoding);
        let options = format_options(&options, &snapshot.settings);
        let range = converter.text_range(range);
        converter.text_edits(ide::format(&open.document, Some(range), &options, token))
    })
    .await
}

pub(crate) async fn on_type(
    params: lsp::DocumentOnTypeFormattingParams,
) -> Result<Option<Vec<lsp::TextEdit>>> {
    let (options, position, typed) = (params.options, params.position, params.ch);
    let edits = run_on("onTypeFormatting", params.text_document.uri, move |open, snapshot, _| {
        let typed = typed.chars().next().filter(|_| snapshot.settings.format_on_type)?;
        let converter = Converter::new(&open.document, snapshot.session.encoding);
        let options = format_options(&options, &snapshot.settings);
        let edits = ide::format_on_type(&open.document, converter.offset(position), typed, &options);
        Some(converter.text_edits(edits))
    });
    Ok(edits.await?.flatten())
}

fn format_options(options: &lsp::FormattingOptions, settings: &Settings) -> FormatOptions {
    let width = u8::try_from(options.tab_size.clamp(1, 16)).unwrap_or(4);
    FormatOptions {
        indent: if options.insert_spaces { Indent::Spaces(width) } else { Indent::Tab },
        canonical_keywords: settings.canonical_keywords,
        upper_case_operators: settings.upper_case_operators,
        trim_trailing_whitespace: options.trim_trailing_whitespace.unwrap_or(true),
        insert_final_newline: options.insert_final_newline.unwrap_or(false),
    }
}
