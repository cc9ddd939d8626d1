//! `textDocument/semanticTokens/*`: colours of a module, of a range, or the difference to the last answer.

use std::sync::Arc;

use base::{CancelToken, TextRange};
use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::lsp::{Converter, OpenDocument, Snapshot, run_on};

/// The last full answer per open document, against which differences are computed.
#[derive(Clone, Default)]
pub(crate) struct LastTokens(Arc<Mutex<FxHashMap<lsp::Uri, LastAnswer>>>);

#[derive(Clone)]
struct LastAnswer {
    id: String,
    tokens: Arc<Vec<lsp::SemanticToken>>,
}

const INTEGERS_PER_TOKEN: usize = 5;

pub(crate) async fn full(
    last: &LastTokens,
    params: lsp::SemanticTokensParams,
) -> Result<Option<lsp::SemanticTokens>> {
    let last = last.clone();
    run_on("semanticTokens/full", params.text_document.uri, move |open, snapshot, token| {
        let data = encode(open, snapshot, None, token);
        let result_id = last.remember(open, snapshot, Arc::new(data.clone()));
        lsp::SemanticTokens { result_id: Some(result_id), data }
    })
    .await
}

pub(crate) async fn delta(
    last: &LastTokens,
    params: lsp::SemanticTokensDeltaParams,
) -> Result<Option<lsp::SemanticTokensDeltaResponse>> {
    let last = last.clone();
    let previous_id = params.previous_result_id;
    run_on("semanticTokens/delta", params.text_document.uri, move |open, snapshot, token| {
        let previous = last.get(&open.uri).filter(|answer| answer.id == previous_id);
        let tokens = Arc::new(encode(open, snapshot, None, token));
        let result_id = Some(last.remember(open, snapshot, tokens.clone()));
        match previous {
            Some(previous) => {
                lsp::SemanticTokensDeltaResponse::SemanticTokensDelta(lsp::SemanticTokensDelta {
                    result_id,
                    edits: difference(&previous.tokens, &tokens).into_iter().collect(),
                })
            }
            None => lsp::SemanticTokensDeltaResponse::SemanticTokens(lsp::SemanticTokens {
                result_id,
                data: tokens.to_vec(),
            }),
        }
    })
    .await
}

pub(crate) async fn range(params: lsp::SemanticTokensRangeParams) -> Result<Option<lsp::SemanticTokens>> {
    let range = params.range;
    run_on("semanticTokens/range", params.text_document.uri, move |open, snapshot, token| {
        let range = Converter::new(&open.document, snapshot.session.encoding).text_range(range);
        lsp::SemanticTokens { result_id: None, data: encode(open, snapshot, Some(range), token) }
    })
    .await
}

impl LastTokens {
    fn get(&self, uri: &lsp::Uri) -> Option<LastAnswer> {
        self.0.lock().get(uri).cloned()
    }

    /// Keeps answers of open documents only, so the table stays as small as their number.
    fn remember(
        &self,
        open: &OpenDocument,
        snapshot: &Snapshot,
        tokens: Arc<Vec<lsp::SemanticToken>>,
    ) -> String {
        let id = open.generation.to_string();
        let mut answers = self.0.lock();
        answers.retain(|uri, _| snapshot.document(uri).is_some());
        answers.insert(open.uri.clone(), LastAnswer { id: id.clone(), tokens });
        id
    }
}

fn encode(
    open: &OpenDocument,
    snapshot: &Snapshot,
    range: Option<TextRange>,
    token: &CancelToken,
) -> Vec<lsp::SemanticToken> {
    let tokens = ide::semantic_tokens(&open.document, range, token);
    let mut positions = Converter::new(&open.document, snapshot.session.encoding).ascending();
    let mut last = lsp::Position::default();
    let mut result = Vec::with_capacity(tokens.len());
    for token in tokens {
        let start = positions.position(token.range.start);
        let end = positions.position(token.range.end);
        if start.line != end.line || end.character <= start.character {
            continue;
        }
        let is_same_line = start.line == last.line;
        result.push(lsp::SemanticToken {
            delta_line: start.line - last.line,
            delta_start: if is_same_line { start.character - last.character } else { start.character },
            length: end.character - start.character,
            token_type: token.kind as u32,
            token_modifiers_bitset: token.modifiers.0,
        });
        last = start;
    }
    result
}

/// One edit between the common beginning and the common end.
fn difference(old: &[lsp::SemanticToken], new: &[lsp::SemanticToken]) -> Option<lsp::SemanticTokensEdit> {
    let prefix = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[prefix..], &new[prefix..]);
    let suffix = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[..old.len() - suffix], &new[..new.len() - suffix]);
    if old.is_empty() && new.is_empty() {
        return None;
    }
    let integers = |token: &lsp::SemanticToken| {
        [token.delta_line, token.delta_start, token.length, token.token_type, token.token_modifiers_bitset]
    };
    Some(lsp::SemanticTokensEdit {
        start: (prefix * INTEGERS_PER_TOKEN) as u32,
        delete_count: (old.len() * INTEGERS_PER_TOKEN) as u32,
        data: Some(new.iter().flat_map(integers).collect()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(lengths: &[u32]) -> Vec<lsp::SemanticToken> {
        let token = |&length| lsp::SemanticToken {
            delta_line: 0,
            delta_start: 1,
            length,
            token_type: 0,
            token_modifiers_bitset: 0,
        };
        lengths.iter().map(token).collect()
    }

    #[test]
    fn a_difference_covers_only_what_changed() {
        let edit =
            difference(&tokens(&[1, 2, 3, 4]), &tokens(&[1, 7, 8, 4])).expect("invariant: they differ");
        assert_eq!((edit.start, edit.delete_count), (5, 10));
        assert_eq!(edit.data, Some(vec![0, 1, 7, 0, 0, 0, 1, 8, 0, 0]));
        let grown = difference(&tokens(&[1, 1]), &tokens(&[1, 1, 1])).expect("invariant: they differ");
        assert_eq!((grown.start, grown.delete_count), (10, 0));
        assert_eq!(difference(&tokens(&[1]), &tokens(&[1])), None);
    }
}
