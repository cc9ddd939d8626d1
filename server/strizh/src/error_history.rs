//! Errors that were explained before, in the user's state folder: one file per project, readable for its owner only. Losing
//! it costs memories, nothing else; a damaged file begins anew.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context;
use errors::{Explanation, History, Occurrences};

use crate::facts_store::{create_folder, write_whole};

/// A larger file was not written by this program.
const MAX_FILE: u64 = 8 << 20;

pub(crate) struct ErrorHistory {
    /// `None`: nothing is kept.
    file: Option<PathBuf>,
    history: History,
}

impl ErrorHistory {
    /// What is remembered of a project.
    pub(crate) fn of_project(folder: &Path) -> Self {
        let file = state_folder(&|name| std::env::var_os(name)).map(|state| {
            let folder = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
            let hash = xxhash_rust::xxh3::xxh3_64(folder.as_os_str().as_encoded_bytes());
            state.join("strizh").join("errors").join(format!("{hash:016x}.json"))
        });
        let history = file.as_deref().and_then(read).unwrap_or_default();
        Self { file, history }
    }

    pub(crate) fn nothing() -> Self {
        Self { file: None, history: History::default() }
    }

    /// What is known about earlier occurrences; this one is counted. `note` says what helped.
    pub(crate) fn note(&mut self, explanation: &Explanation, note: &str) -> Occurrences {
        let mut record = explanation.record();
        let occurrences = self.history.occurrences(&record);
        note.clone_into(&mut record.note);
        self.history.remember(record, now());
        occurrences
    }

    pub(crate) fn save(&self) -> anyhow::Result<()> {
        let Some(file) = &self.file else { return Ok(()) };
        let (Some(folder), Some(name)) = (file.parent(), file.file_name()) else { return Ok(()) };
        let text = serde_json::to_vec(&self.history)?;
        let write = || {
            create_folder(folder)?;
            write_whole(folder, &name.to_string_lossy(), [text.as_slice()].into_iter())
        };
        write().with_context(|| format!("cannot write {}", file.display()))
    }
}

fn read(file: &Path) -> Option<History> {
    let is_own = fs::metadata(file).ok()?.len() <= MAX_FILE;
    let bytes = is_own.then(|| fs::read(file).ok()).flatten()?;
    serde_json::from_slice(&bytes).ok()
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// `XDG_STATE_HOME`, else what the system uses.
fn state_folder(environment: &dyn Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let folder = |name: &str| environment(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let by_system = if cfg!(windows) {
        folder("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        folder("HOME").map(|home| home.join("Library/Application Support"))
    } else {
        folder("HOME").map(|home| home.join(".local/state"))
    };
    folder("XDG_STATE_HOME").or(by_system)
}

/// `2026-11-21 16:05 UTC`
pub(crate) fn moment(seconds: u64) -> String {
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    // Years begin in March here, so that the leap day is the last one.
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02} UTC", rest / 3_600, rest / 60 % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_dates() {
        assert_eq!(moment(0), "1970-01-01 00:00 UTC");
        assert_eq!(moment(951_782_400), "2000-02-29 00:00 UTC");
        assert_eq!(moment(1_795_277_100), "2026-11-21 16:05 UTC");
    }

    #[test]
    fn a_damaged_file_begins_anew() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("errors.json");
        std::fs::write(&file, "{\"records\": [").expect("a file");
        assert!(read(&file).is_none());
        std::fs::write(&file, "{\"records\": [{\"fingerprint\": \"a\", \"count\": 2}]}").expect("a file");
        assert_eq!(read(&file).map(|history| history.records.len()), Some(1));
    }

    #[test]
    fn the_state_folder_can_be_named() {
        let named = |name: &str| (name == "XDG_STATE_HOME").then(|| OsString::from("/state"));
        assert_eq!(state_folder(&named), Some(PathBuf::from("/state")));
        assert_eq!(state_folder(&|_| None), None);
    }
}
