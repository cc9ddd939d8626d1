//! Which lines were changed lately. Only places are kept; texts are read when somebody asks.

use std::collections::VecDeque;

use base::TextRange;
use tower_lsp::gen_lsp_types::Uri;

use crate::lsp::Snapshot;

const KEPT: usize = 16;
const TOLD: usize = 4;
/// Lines around the caret that the model sees anyway.
const NEAR_LINES: u32 = 20;
const MAX_LINE_BYTES: usize = 200;

#[derive(Default)]
pub(crate) struct RecentEdits {
    /// The newest first.
    places: VecDeque<(Uri, u32)>,
}

impl RecentEdits {
    pub(crate) fn note(&mut self, uri: &Uri, line: u32) {
        self.places.retain(|(known, at)| known != uri || at.abs_diff(line) > 1);
        self.places.push_front((uri.clone(), line));
        self.places.truncate(KEPT);
    }

    pub(crate) fn forget(&mut self, uri: &Uri) {
        self.places.retain(|(known, _)| known != uri);
    }

    /// Changed lines that are not near a place, the newest first.
    pub(crate) fn lines(&self, snapshot: &Snapshot, uri: &Uri, line: u32) -> Vec<String> {
        let is_far = |(known, at): &&(Uri, u32)| known != uri || at.abs_diff(line) > NEAR_LINES;
        let texts = self.places.iter().filter(is_far).filter_map(|(uri, line)| {
            let open = snapshot.document(uri)?;
            let rope = open.document.rope();
            let (start, end) = (*line as usize, *line as usize + 1);
            if end > rope.len_lines() {
                return None;
            }
            let range = TextRange::from(rope.line_to_byte(start)..rope.line_to_byte(end));
            let text = open.document.slice(range).trim().to_owned();
            (!text.is_empty() && text.len() <= MAX_LINE_BYTES).then_some(text)
        });
        texts.take(TOLD).collect()
    }
}
