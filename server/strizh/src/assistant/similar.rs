//! Lines of other open documents that look like those before the caret, by the words they share.

use std::sync::Arc;

use base::{TextRange, fold_case};
use parking_lot::Mutex;
use rustc_hash::{FxHashMap, FxHashSet};
use tower_lsp::gen_lsp_types::Uri;

use crate::lsp::{OpenDocument, Snapshot};

/// Lines of one piece.
const PIECE_LINES: usize = 12;
const MAX_DOCUMENTS: usize = 8;
/// Of one document, from its start.
const MAX_BYTES: u32 = 256 * 1024;
const TOLD: usize = 2;
/// Share of words in common that makes a piece worth telling.
const MIN_LIKENESS: f32 = 0.25;
const MAX_PIECE_BYTES: usize = 800;

/// Words of the pieces of open documents, made again when a document has changed.
#[derive(Default)]
pub(crate) struct Similar {
    documents: Mutex<FxHashMap<Uri, Known>>,
}

/// The pieces of a document with its generation.
type Known = (u64, Arc<[Piece]>);

struct Piece {
    range: TextRange,
    words: FxHashSet<u64>,
}

impl Similar {
    /// Pieces of other documents, the most similar first.
    pub(crate) fn pieces(&self, snapshot: &Snapshot, uri: &Uri, before: &str) -> Vec<String> {
        let wanted = words(&last_lines(before));
        self.documents.lock().retain(|uri, _| snapshot.document(uri).is_some());
        if wanted.len() < 3 {
            return Vec::new();
        }
        let mut others: Vec<_> = snapshot.documents().filter(|(other, _)| *other != uri).collect();
        others.sort_by_key(|(other, open)| (std::cmp::Reverse(open.generation), other.as_str()));
        let mut found: Vec<(f32, String)> = Vec::new();
        for (other, open) in others.into_iter().take(MAX_DOCUMENTS) {
            for piece in self.of(other, open).iter() {
                let shared = piece.words.intersection(&wanted).count() as f32;
                let likeness = shared / (piece.words.len() + wanted.len()) as f32 * 2.0;
                if likeness >= MIN_LIKENESS && piece.range.len() as usize <= MAX_PIECE_BYTES {
                    found.push((likeness, open.document.slice(piece.range)));
                }
            }
        }
        found.sort_by(|left, right| right.0.total_cmp(&left.0).then_with(|| left.1.cmp(&right.1)));
        found.into_iter().take(TOLD).map(|(_, text)| text).collect()
    }

    fn of(&self, uri: &Uri, open: &OpenDocument) -> Arc<[Piece]> {
        let known = self.documents.lock().get(uri).cloned();
        if let Some((_, pieces)) = known.filter(|(generation, _)| *generation == open.generation) {
            return pieces;
        }
        let pieces: Arc<[Piece]> = pieces(open).into();
        self.documents.lock().insert(uri.clone(), (open.generation, Arc::clone(&pieces)));
        pieces
    }
}

fn pieces(open: &OpenDocument) -> Vec<Piece> {
    let rope = open.document.rope();
    let limit = open.document.len().min(MAX_BYTES) as usize;
    let lines = rope.byte_to_line(limit);
    let starts = (0..lines).step_by(PIECE_LINES);
    let ranges = starts.map(|line| {
        let end = (line + PIECE_LINES).min(lines);
        TextRange::from(rope.line_to_byte(line)..rope.line_to_byte(end))
    });
    ranges.map(|range| Piece { range, words: words(&open.document.slice(range)) }).collect()
}

fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().rev().take(PIECE_LINES).collect();
    lines.join("\n")
}

fn words(text: &str) -> FxHashSet<u64> {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let words = text.split(|letter| !is_part(letter)).filter(|word| word.chars().count() > 2);
    words.map(|word| xxhash_rust::xxh3::xxh3_64(fold_case(word).as_bytes())).collect()
}
