//! `textDocument/selectionRange`: a chain of growing ranges per cursor.

use base::TextRange;
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::lsp::{Converter, run_on};

pub(crate) async fn handle(params: lsp::SelectionRangeParams) -> Result<Option<Vec<lsp::SelectionRange>>> {
    let positions = params.positions;
    run_on("selectionRange", params.text_document.uri, move |open, snapshot, _| {
        let converter = Converter::new(&open.document, snapshot.session.encoding);
        let chain_at = |position| {
            let offset = converter.offset(position);
            chain(&converter, ide::selection_ranges(&open.document, offset), offset)
        };
        positions.into_iter().map(chain_at).collect()
    })
    .await
}

/// Every cursor gets an answer: an empty range where nothing stands.
fn chain(converter: &Converter<'_>, ranges: Vec<TextRange>, offset: u32) -> lsp::SelectionRange {
    let outwards = ranges.into_iter().rev();
    let chain = outwards.fold(None, |parent, range| {
        Some(lsp::SelectionRange { range: converter.range(range), parent: parent.map(Box::new) })
    });
    let empty = || lsp::SelectionRange { range: converter.range(TextRange::empty(offset)), parent: None };
    chain.unwrap_or_else(empty)
}
