//! `textDocument/linkedEditingRange`: a local name changes everywhere while it is typed.

use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::lsp::{Converter, run_on};

/// Letters, digits and `_`, a digit not first.
const NAME: &str = r"[\p{L}_][\p{L}\p{Nd}_]*";

pub(crate) async fn handle(
    params: lsp::LinkedEditingRangeParams,
) -> Result<Option<lsp::LinkedEditingRanges>> {
    let lsp::TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
    let ranges = run_on("linkedEditingRange", text_document.uri, move |open, snapshot, _| {
        let converter = Converter::new(&open.document, snapshot.session.encoding);
        let ranges = ide::linked_editing_ranges(&open.document, converter.offset(position));
        let ranges: Vec<_> = ranges.into_iter().map(|range| converter.range(range)).collect();
        (!ranges.is_empty()).then(|| lsp::LinkedEditingRanges { ranges, word_pattern: Some(NAME.to_owned()) })
    });
    Ok(ranges.await?.flatten())
}
