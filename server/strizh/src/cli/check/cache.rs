//! Results of modules that have not changed, kept on the disk between runs: what the text alone says, and the facts for
//! the project. What depends on the project is computed anew in every run, so it is never stale.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use lints::{Checked, ModuleInfo};
use semantics::{FACTS_VERSION, ModuleFacts};

use crate::facts_store::{Blob, FactsStore, FileStamp, content_hash};
use crate::files::decode_module;

const CHECKED: u8 = 1;
const FACTS: u8 = 2;
const METRICS: u8 = 3;

/// The part of the workspace's cache folder that the results are in.
const PART: &str = "check";

pub(crate) struct ResultCache {
    store: FactsStore,
    /// Digest of everything that decides about results besides the texts: this program and the settings.
    salt: u128,
}

impl ResultCache {
    pub(super) fn open(folders: &[PathBuf], settings: &str) -> Self {
        let root = folders.first().map_or_else(PathBuf::new, PathBuf::clone);
        let store = FactsStore::open_part(&root, PART, u64::from(FACTS_VERSION));
        Self { store, salt: content_hash(format!("{} {settings}", program()).as_bytes()) }
    }

    /// What is known about a module, or what `compute` says about its text. What rules said stays encoded: it is
    /// large, and needed once more only.
    pub(super) fn results(
        &self,
        path: &Path,
        info: &ModuleInfo,
        compute: impl FnOnce(&str) -> (Checked, ModuleFacts),
    ) -> Result<(Blob, ModuleFacts), String> {
        let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        let name = path.to_string_lossy();
        let stamp = std::fs::metadata(path).map_err(|error| failed(&error))?;
        let stamp = FileStamp::of(&stamp);
        if let Some(results) = self.store.known_hash(&name, stamp).and_then(|hash| self.stored(hash, info)) {
            return Ok(results);
        }
        let bytes = std::fs::read(path).map_err(|error| failed(&error))?;
        let hash = content_hash(&bytes);
        if let Some(results) = self.stored(hash, info) {
            self.store.remember(&name, stamp, hash);
            return Ok(results);
        }
        let text = decode_module(path, bytes)?.text;
        let (checked, facts) = compute(&text);
        let encoded = encode(&checked);
        self.store.remember(&name, stamp, hash);
        self.store.put(CHECKED, self.key(hash, info), Arc::clone(&encoded));
        self.store.put(FACTS, hash, facts.encode());
        Ok((Blob::whole(encoded), facts))
    }

    fn stored(&self, hash: u128, info: &ModuleInfo) -> Option<(Blob, ModuleFacts)> {
        let checked = self.store.get(CHECKED, self.key(hash, info))?;
        let facts = self.store.get(FACTS, hash)?;
        Some((checked, ModuleFacts::decode(&facts)?))
    }

    fn key(&self, hash: u128, info: &ModuleInfo) -> u128 {
        content_hash(format!("{hash:x} {:x} {info:?}", self.salt).as_bytes())
    }

    /// Figures about a text, or what `compute` says about them.
    pub(crate) fn metrics(&self, text: &str, compute: impl FnOnce() -> String) -> String {
        let hash = content_hash(text.as_bytes()) ^ self.salt;
        let stored = self.store.get(METRICS, hash).and_then(|blob| String::from_utf8(blob.to_vec()).ok());
        stored.unwrap_or_else(|| {
            let metrics = compute();
            self.store.put(METRICS, hash, metrics.clone().into_bytes());
            metrics
        })
    }

    /// Writes what is new. When the run saw the whole project, what it did not need may be forgotten.
    pub(super) fn finish(&self, is_whole: bool) {
        if is_whole {
            self.store.mark_complete();
        }
        if let Err(error) = self.store.flush() {
            tracing::warn!("the cache of results cannot be written: {error}");
        }
    }
}

/// What rules said about a text, in as little memory as possible.
pub(super) fn encode(checked: &Checked) -> Arc<[u8]> {
    postcard::to_stdvec(checked).unwrap_or_default().into()
}

/// `None` if somebody damaged what is kept.
pub(super) fn decode(encoded: &Blob) -> Option<Checked> {
    postcard::from_bytes(encoded).ok()
}

/// Tells builds of this program apart: rules change more often than versions.
fn program() -> String {
    let stamp = std::env::current_exe().and_then(std::fs::metadata).map(|metadata| FileStamp::of(&metadata));
    let stamp = stamp.map_or_else(|_| String::new(), |stamp| format!("{} {}", stamp.size, stamp.modified));
    format!("{} {stamp}", env!("CARGO_PKG_VERSION"))
}
