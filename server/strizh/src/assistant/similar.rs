//! Lines of other open documents that look like those before the caret: BM25 over the words of their names, which finds
//! more than vectors of the model do (`strizh bench --model`).

use ai::similar::{Ranker, SimilarIndex};
use base::TextRange;
use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use tower_lsp::gen_lsp_types::Uri;

use crate::lsp::{OpenDocument, Snapshot};

/// Lines of one piece.
const PIECE_LINES: usize = 12;
const MAX_DOCUMENTS: usize = 8;
/// Of one document, from its start.
const MAX_BYTES: u32 = 256 * 1024;
const MAX_PIECES: usize = 20_000;
const TOLD: usize = 2;
/// Best pieces that are looked at: those of the document itself are among them.
const RANKED: usize = 24;
/// Share of the best possible score that makes a piece worth telling.
const MIN_LIKENESS: f32 = 0.3;
const MAX_PIECE_BYTES: usize = 800;

/// Pieces of open documents, indexed again when a document has changed.
pub(crate) struct Similar {
    state: Mutex<State>,
}

struct State {
    index: SimilarIndex,
    documents: FxHashMap<String, Known>,
}

struct Known {
    generation: u64,
    pieces: Vec<TextRange>,
}

impl Default for Similar {
    fn default() -> Self {
        let state = State { index: SimilarIndex::new(MAX_PIECES), documents: FxHashMap::default() };
        Self { state: Mutex::new(state) }
    }
}

impl Similar {
    /// Pieces of other documents, the most similar first.
    pub(crate) fn pieces(&self, snapshot: &Snapshot, uri: &Uri, before: &str) -> Vec<String> {
        let mut others: Vec<_> = snapshot.documents().filter(|(other, _)| *other != uri).collect();
        others.sort_by_key(|(other, open)| (std::cmp::Reverse(open.generation), other.as_str()));
        others.truncate(MAX_DOCUMENTS);
        let mut state = self.state.lock();
        state.forget_all_but(|known| others.iter().any(|(other, _)| other.as_str() == known));
        for (other, open) in &others {
            state.update(other.as_str(), open);
        }
        let found = state.index.rank(&last_lines(before), RANKED);
        let alike = found.iter().filter(|piece| piece.likeness >= MIN_LIKENESS);
        let texts = alike.filter_map(|piece| {
            let (_, open) = others.iter().find(|(other, _)| other.as_str() == piece.id.module)?;
            let number: usize = piece.id.method.parse().ok()?;
            let range = *state.documents.get(&piece.id.module)?.pieces.get(number)?;
            (range.len() as usize <= MAX_PIECE_BYTES).then(|| open.document.slice(range))
        });
        texts.take(TOLD).collect()
    }
}

impl State {
    fn forget_all_but(&mut self, is_open: impl Fn(&str) -> bool) {
        let gone: Vec<String> = self.documents.keys().filter(|known| !is_open(known)).cloned().collect();
        for uri in gone {
            self.index.remove_module(&uri);
            self.documents.remove(&uri);
        }
    }

    fn update(&mut self, uri: &str, open: &OpenDocument) {
        if self.documents.get(uri).is_some_and(|known| known.generation == open.generation) {
            return;
        }
        let pieces = pieces(open);
        let texts: Vec<(String, String)> = pieces
            .iter()
            .enumerate()
            .map(|(number, range)| (number.to_string(), open.document.slice(*range)))
            .collect();
        self.index.update_module(uri, texts.iter().map(|(number, text)| (number.as_str(), text.as_str())));
        self.documents.insert(uri.to_owned(), Known { generation: open.generation, pieces });
    }
}

fn pieces(open: &OpenDocument) -> Vec<TextRange> {
    let rope = open.document.rope();
    let limit = open.document.len().min(MAX_BYTES) as usize;
    let lines = rope.byte_to_line(limit);
    let starts = (0..lines).step_by(PIECE_LINES);
    let range = |line: usize| {
        let end = (line + PIECE_LINES).min(lines);
        TextRange::from(rope.line_to_byte(line)..rope.line_to_byte(end))
    };
    starts.map(range).collect()
}

fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().rev().take(PIECE_LINES).collect();
    lines.join("\n")
}
