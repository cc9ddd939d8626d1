//! Statements that one line sends again and again within one call of the server.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use xxhash_rust::xxh3::xxh3_64;

use super::properties::Value;
use super::statement::normalize;
use crate::builder::cut;
use crate::model::QueryRepeat;

/// Fewer equal statements in one call are no repetition.
const MIN_STATEMENTS: u64 = 10;
/// Bounds of what is remembered; what does not fit is not told.
const MAX_IN_CALL: usize = 5_000;
const MAX_KNOWN: usize = 50_000;
const MAX_RECENT: usize = 4_096;

/// The frame of a line with the digest of a bare statement.
type Key = (u32, u64);

/// What one thread has sent since its last call ended.
#[derive(Debug, Default)]
pub(super) struct CallStatements(FxHashMap<Key, (u64, u64, u64)>);

#[derive(Default)]
pub(super) struct Repeats {
    pub(super) found: FxHashMap<Key, QueryRepeat>,
    texts: FxHashMap<u64, SmolStr>,
    /// Digests of bare statements by those of raw ones: most statements are equal to the byte.
    recent: FxHashMap<u64, u64>,
    bare: Vec<u8>,
}

impl Repeats {
    pub(super) fn add(
        &mut self,
        call: &mut CallStatements,
        frame: u32,
        statement: &Value<'_>,
        ns: u64,
        rows: u64,
    ) {
        let digest = self.digest(statement);
        let is_full = call.0.len() >= MAX_IN_CALL;
        if is_full && !call.0.contains_key(&(frame, digest)) {
            return;
        }
        let (count, time, all_rows) = call.0.entry((frame, digest)).or_default();
        *count += 1;
        *time = time.saturating_add(ns);
        *all_rows = all_rows.saturating_add(rows);
        if *count == MIN_STATEMENTS && self.texts.len() < MAX_KNOWN && !self.texts.contains_key(&digest) {
            normalize(statement.raw, statement.quote, &mut self.bare);
            self.texts.insert(digest, cut(&String::from_utf8_lossy(&self.bare)));
        }
    }

    /// The call is over.
    pub(super) fn finish_call(&mut self, call: &mut CallStatements) {
        for ((frame, digest), (count, time, rows)) in call.0.drain() {
            if count < MIN_STATEMENTS {
                continue;
            }
            let text = self.texts.get(&digest).cloned().unwrap_or_default();
            let more =
                QueryRepeat { calls: 1, statements: count, most_in_call: count, time_ns: time, rows, text };
            merge_into(&mut self.found, (frame, digest), more);
        }
    }

    pub(super) fn merge(&mut self, key: Key, more: QueryRepeat) {
        merge_into(&mut self.found, key, more);
    }

    fn digest(&mut self, statement: &Value<'_>) -> u64 {
        let raw = xxh3_64(statement.raw);
        if let Some(digest) = self.recent.get(&raw) {
            return *digest;
        }
        normalize(statement.raw, statement.quote, &mut self.bare);
        let digest = xxh3_64(&self.bare);
        if self.recent.len() >= MAX_RECENT {
            self.recent.clear();
        }
        self.recent.insert(raw, digest);
        digest
    }
}

fn merge_into(found: &mut FxHashMap<Key, QueryRepeat>, key: Key, more: QueryRepeat) {
    if found.len() >= MAX_KNOWN && !found.contains_key(&key) {
        return;
    }
    let known = found.entry(key).or_default();
    if known.text.is_empty() {
        known.text = more.text;
    }
    known.calls += more.calls;
    known.statements = known.statements.saturating_add(more.statements);
    known.most_in_call = known.most_in_call.max(more.most_in_call);
    known.time_ns = known.time_ns.saturating_add(more.time_ns);
    known.rows = known.rows.saturating_add(more.rows);
}
