//! Where facts of modules and contents of metadata come from: the store if the file looks as it did, else the file.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use metadata::{FileContent, Layout, Problem, RootFile, needed_bytes, read_file};
use platform::{Help, Script};
use semantics::{FACTS_VERSION, ModuleFacts};

use crate::facts_store::{Blob, FactsStore, FileStamp, content_hash};
use crate::files::decode_module;
use crate::workspace::help;

const FACTS: u8 = 1;
const METADATA: u8 = 2;
const HELP: u8 = 3;

/// Facts of modules.
pub(crate) trait FactsSource: Sync {
    fn facts(&self, path: &Path) -> ModuleFacts;
}

impl<F: Fn(&Path) -> ModuleFacts + Sync> FactsSource for F {
    fn facts(&self, path: &Path) -> ModuleFacts {
        self(path)
    }
}

/// Reads files and remembers what they say.
pub(crate) struct CachedSource {
    store: FactsStore,
}

impl CachedSource {
    /// The store of the workspace that begins with a folder.
    pub(crate) fn open(folders: &[PathBuf]) -> Self {
        let root = folders.first().map_or_else(PathBuf::new, PathBuf::clone);
        let version = u64::from(FACTS_VERSION) << 32 | u64::from(metadata::CONTENT_VERSION);
        Self { store: FactsStore::open(&root, version) }
    }

    /// Remembers nothing.
    pub(crate) fn without_store() -> Self {
        Self { store: FactsStore::open_in(None, 0) }
    }

    /// Everything that the workspace consists of was read: writes what is new and gives memory back.
    pub(crate) fn finish(&self) {
        self.store.mark_complete();
        self.save();
        self.store.release();
    }

    pub(crate) fn save(&self) {
        if let Err(error) = self.store.flush() {
            tracing::warn!("the cache of facts cannot be written: {error}");
        }
    }

    /// Contents of a file of metadata; an unreadable file is a problem, not a failure.
    pub(crate) fn metadata(&self, layout: Layout, file: &RootFile) -> (Option<FileContent>, Vec<Problem>) {
        let key = |hash: u128| metadata_key(hash, layout, file);
        let stamp = stamp(&file.path);
        let name = file.path.to_string_lossy();
        let known = stamp.and_then(|stamp| self.store.known_hash(&name, stamp));
        if let Some(content) = known.and_then(|hash| decode_content(self.store.get(METADATA, key(hash))?)) {
            return (Some(content), Vec::new());
        }
        let bytes = match read_needed(file) {
            Ok(bytes) => bytes,
            Err(error) => {
                let problem = Problem { path: file.path.clone(), line: None, message: error.to_string() };
                return (None, vec![problem]);
            }
        };
        let hash = content_hash(&bytes);
        let (content, problems) = read_file(bytes, layout, file);
        // A broken file has to complain again.
        if problems.is_empty()
            && let (Some(content), Some(stamp)) = (&content, stamp)
            && let Ok(encoded) = postcard::to_stdvec(content)
        {
            self.store.remember(&name, stamp, hash);
            self.store.put(METADATA, key(hash), encoded);
        }
        (content, problems)
    }
}

impl CachedSource {
    /// What the user's help files say. They are large, so how they look from outside is enough to know them again.
    pub(crate) fn help(&self, russian: &Path, english: &Path, script: Script) -> Result<Help, String> {
        let place = format!("{script:?} {:?} {:?} {}", stamp(russian), stamp(english), russian.display());
        let key = content_hash(place.as_bytes());
        let stored = self.store.get(HELP, key).and_then(|blob| postcard::from_bytes(&blob).ok());
        if let Some(help) = stored {
            return Ok(help);
        }
        let books = [russian, english].map(|path| std::fs::read(path).ok());
        let [russian, english] = &books;
        let help = help::read(russian.as_deref(), english.as_deref(), script)?;
        if let Ok(encoded) = postcard::to_stdvec(&help) {
            self.store.put(HELP, key, encoded);
        }
        Ok(help)
    }
}

impl FactsSource for CachedSource {
    fn facts(&self, path: &Path) -> ModuleFacts {
        let stamp = stamp(path);
        let name = path.to_string_lossy();
        let stored = |hash| ModuleFacts::decode(&self.store.get(FACTS, hash)?);
        if let Some(facts) = stamp.and_then(|stamp| stored(self.store.known_hash(&name, stamp)?)) {
            return facts;
        }
        let Ok(bytes) = std::fs::read(path) else { return ModuleFacts::default() };
        let hash = content_hash(&bytes);
        if let Some(stamp) = stamp {
            self.store.remember(&name, stamp, hash);
        }
        if let Some(facts) = stored(hash) {
            return facts;
        }
        match decode_module(path, bytes) {
            Ok(decoded) => {
                let facts = ModuleFacts::of_text(&decoded.text);
                self.store.put(FACTS, hash, facts.encode());
                facts
            }
            Err(error) => {
                tracing::info!("{error}");
                ModuleFacts::default()
            }
        }
    }
}

/// The start of a file, as far as it is needed.
fn read_needed(file: &RootFile) -> io::Result<Vec<u8>> {
    let Some(length) = needed_bytes(file.role) else { return std::fs::read(&file.path) };
    let mut bytes = Vec::new();
    std::fs::File::open(&file.path)?.take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn stamp(path: &Path) -> Option<FileStamp> {
    std::fs::metadata(path).ok().map(|metadata| FileStamp::of(&metadata))
}

/// Contents depend on where the file lies, too.
fn metadata_key(hash: u128, layout: Layout, file: &RootFile) -> u128 {
    let place = format!("{layout:?} {:?} {}", file.role, file.path.display());
    content_hash(place.as_bytes()) ^ hash.rotate_left(1)
}

fn decode_content(blob: Blob) -> Option<FileContent> {
    postcard::from_bytes(&blob).ok()
}
