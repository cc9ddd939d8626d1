//! `textDocument/foldingRange`.

use ide::{Fold, FoldKind};
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::lsp::{Converter, run_on};

pub(crate) async fn handle(params: lsp::FoldingRangeParams) -> Result<Option<Vec<lsp::FoldingRange>>> {
    run_on("foldingRange", params.text_document.uri, |open, snapshot, token| {
        let session = &snapshot.session;
        let converter = Converter::new(&open.document, session.encoding);
        let folds = ide::folding_ranges(&open.document, token).into_iter();
        let ranges = folds.filter_map(|fold| folding_range(&converter, fold, session.line_folding_only));
        ranges.take(session.folding_limit.unwrap_or(usize::MAX)).collect()
    })
    .await
}

fn folding_range(converter: &Converter<'_>, fold: Fold, lines_only: bool) -> Option<lsp::FoldingRange> {
    let lsp::Range { start, end } = converter.range(fold.range);
    (start.line < end.line).then(|| lsp::FoldingRange {
        start_line: start.line,
        start_character: (!lines_only).then_some(start.character),
        end_line: end.line,
        end_character: (!lines_only).then_some(end.character),
        kind: match fold.kind {
            FoldKind::Code => None,
            FoldKind::Comment => Some(lsp::FoldingRangeKind::Comment),
            FoldKind::Region => Some(lsp::FoldingRangeKind::Region),
        },
        collapsed_text: None,
    })
}
