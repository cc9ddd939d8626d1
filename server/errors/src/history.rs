//! Errors that were explained before, by fingerprint. The caller keeps the records; nothing here touches a disk.

use serde::{Deserialize, Serialize};

/// More are not kept: the ones not seen for longest go first.
const MAX_RECORDS: usize = 2_000;
const MAX_TEXT: usize = 400;

/// One error with all its occurrences.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Record {
    pub fingerprint: String,
    pub entry: String,
    pub message: String,
    pub module: String,
    pub method: String,
    pub count: u64,
    /// Seconds since 1970.
    pub first_seen: u64,
    pub last_seen: u64,
    /// What helped, in the user's words.
    pub note: String,
}

/// All records.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct History {
    pub records: Vec<Record>,
}

/// What is known about earlier occurrences.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Occurrences {
    /// Before this one.
    pub same: Option<Record>,
    /// The same kind of error elsewhere, those with a note first.
    pub similar: Vec<Record>,
}

const MAX_SIMILAR: usize = 3;

impl History {
    /// What is known about an error; itself not counted.
    pub fn occurrences(&self, found: &Record) -> Occurrences {
        let is_same = |record: &&Record| record.fingerprint == found.fingerprint;
        let is_similar = |record: &&Record| {
            !found.entry.is_empty() && record.entry == found.entry && record.fingerprint != found.fingerprint
        };
        let mut similar: Vec<Record> = self.records.iter().filter(is_similar).cloned().collect();
        similar.sort_by_key(|record| (record.note.is_empty(), std::cmp::Reverse(record.last_seen)));
        similar.truncate(MAX_SIMILAR);
        Occurrences { same: self.records.iter().find(is_same).cloned(), similar }
    }

    /// Counts an occurrence at a moment.
    pub fn remember(&mut self, found: Record, now: u64) {
        match self.records.iter_mut().find(|record| record.fingerprint == found.fingerprint) {
            Some(known) => {
                known.count = known.count.saturating_add(1);
                known.last_seen = now.max(known.last_seen);
                if !found.note.is_empty() {
                    known.note = shortened(found.note);
                }
            }
            None => self.records.push(Record {
                count: 1,
                first_seen: now,
                last_seen: now,
                message: shortened(found.message),
                note: shortened(found.note),
                ..found
            }),
        }
        if self.records.len() > MAX_RECORDS {
            self.records.sort_by_key(|record| std::cmp::Reverse(record.last_seen));
            self.records.truncate(MAX_RECORDS);
        }
    }
}

fn shortened(text: String) -> String {
    match text.char_indices().nth(MAX_TEXT) {
        Some((end, _)) => text[..end].to_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(fingerprint: &str, note: &str) -> Record {
        Record {
            fingerprint: fingerprint.to_owned(),
            entry: "division".to_owned(),
            note: note.to_owned(),
            ..Record::default()
        }
    }

    #[test]
    fn occurrences_are_counted_and_notes_kept() {
        let mut history = History::default();
        assert_eq!(history.occurrences(&record("a", "")), Occurrences::default());
        history.remember(record("a", ""), 100);
        history.remember(record("a", "исправлено проверкой"), 200);
        history.remember(record("b", ""), 300);
        let found = history.occurrences(&record("a", ""));
        let same = found.same.unwrap_or_default();
        assert_eq!((same.count, same.first_seen, same.last_seen), (2, 100, 200));
        assert_eq!(same.note, "исправлено проверкой");
        assert_eq!(found.similar.len(), 1);
        let elsewhere = history.occurrences(&record("c", ""));
        assert_eq!(elsewhere.similar.first().map(|record| record.fingerprint.as_str()), Some("a"));
    }

    #[test]
    fn the_oldest_go_first() {
        let mut history = History::default();
        for number in 0..MAX_RECORDS as u64 + 10 {
            history.remember(record(&number.to_string(), ""), number);
        }
        assert_eq!(history.records.len(), MAX_RECORDS);
        assert!(!history.records.iter().any(|record| record.last_seen < 10));
    }
}
