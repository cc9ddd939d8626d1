//! The folder where merged and fetched models are kept. A merged model is named by everything it was made of, so the same
//! merge is done once; what lies there is believed only while its hash is the noted one.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::files::FileError;
use crate::files::json::read_text;
use crate::files::verify::{hash_file, hex};

const MAX_NOTE_BYTES: u64 = 1 << 20;

/// A folder of models; it need not exist yet.
#[derive(Clone, Debug)]
pub struct ModelsFolder {
    pub folder: PathBuf,
}

/// A model of the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptModel {
    pub path: PathBuf,
    pub bytes: u64,
    /// `None` for files that somebody else put there.
    pub note: Option<KeptNote>,
}

/// What is noted next to a merged model.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct KeptNote {
    pub sha256: String,
    pub bytes: u64,
    /// What it was made of, for people.
    pub base: String,
    pub adapters: Vec<String>,
    pub quantization: String,
}

/// What a merged model depends on, as a hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentKey(String);

/// Collects what a [`ContentKey`] is made of.
pub struct ContentKeyBuilder {
    hash: Sha256,
}

impl ContentKeyBuilder {
    /// `version` is that of the program: another one may merge in another way.
    pub fn new(version: &str) -> Self {
        let mut builder = Self { hash: Sha256::new() };
        builder.text(version);
        builder
    }

    pub fn text(&mut self, text: &str) {
        self.hash.update((text.len() as u64).to_le_bytes());
        self.hash.update(text);
    }

    /// `progress` hears how many bytes of the file are done.
    pub fn file(&mut self, path: &Path, progress: &mut dyn FnMut(u64)) -> Result<(), FileError> {
        let mut hash = Sha256::new();
        hash_file(path, &mut hash, progress)?;
        self.hash.update(hash.finalize());
        Ok(())
    }

    pub fn finish(self) -> ContentKey {
        ContentKey(hex(&self.hash.finalize()))
    }
}

impl ModelsFolder {
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Where the model with this key is or will be.
    pub fn path_of(&self, key: &ContentKey) -> PathBuf {
        self.folder.join(format!("merged-{}.gguf", key.0.get(..32).unwrap_or(&key.0)))
    }

    /// The model, if it was made before and is still what it was.
    pub fn find(&self, key: &ContentKey) -> Option<KeptModel> {
        let path = self.path_of(key);
        let note = read_note(&path)?;
        let mut hash = Sha256::new();
        let bytes = hash_file(&path, &mut hash, &mut |_| ()).ok()?;
        (hex(&hash.finalize()) == note.sha256).then_some(KeptModel { path, bytes, note: Some(note) })
    }

    /// Notes what the model at [`Self::path_of`] is.
    pub fn note(&self, key: &ContentKey, note: &KeptNote) -> Result<(), FileError> {
        let path = note_path(&self.path_of(key));
        let text = serde_json::to_vec_pretty(note).map_err(|error| FileError::new(&path, error))?;
        let temporary = path.with_extension(format!("tmp-{}", std::process::id()));
        let write = || {
            File::create(&temporary)?.write_all(&text)?;
            fs::rename(&temporary, &path)
        };
        write().map_err(|error| FileError::new(&path, error))
    }

    /// Puts a model that is in memory into the folder, under a name without ending, unless it is there already.
    pub fn export(&self, name: &str, bytes: &[u8]) -> Result<PathBuf, FileError> {
        let path = self.folder.join(format!("{name}.gguf"));
        let mut hash = Sha256::new();
        let has_size = fs::metadata(&path).is_ok_and(|data| data.len() == bytes.len() as u64);
        if has_size
            && hash_file(&path, &mut hash, &mut |_| ()).is_ok()
            && hash.finalize() == Sha256::digest(bytes)
        {
            return Ok(path);
        }
        let temporary = path.with_extension(format!("tmp-{}", std::process::id()));
        let write = || {
            fs::create_dir_all(&self.folder)?;
            fs::write(&temporary, bytes)?;
            fs::rename(&temporary, &path)
        };
        write().map_err(|error| FileError::new(&path, error))?;
        Ok(path)
    }

    /// All models there, by name.
    pub fn list(&self) -> Vec<KeptModel> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().filter_map(Result::ok);
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "gguf"));
        paths.sort();
        let kept = |path: PathBuf| {
            let bytes = fs::metadata(&path).ok()?.len();
            Some(KeptModel { bytes, note: read_note(&path), path })
        };
        paths.into_iter().filter_map(kept).collect()
    }

    /// Gives a kept model a second name; where that is impossible, copies it. True if it was there already.
    pub fn place(kept: &KeptModel, target: &Path) -> Result<bool, FileError> {
        if same_contents(kept, target) {
            return Ok(true);
        }
        let refuse = |error: std::io::Error| FileError::new(target, error);
        if let Some(folder) = target.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            fs::create_dir_all(folder).map_err(|error| FileError::new(folder, error))?;
        }
        let name =
            target.file_name().ok_or_else(|| FileError::new(target, "it is not the name of a file"))?;
        let temporary =
            target.with_file_name(format!(".{}.tmp-{}", name.to_string_lossy(), std::process::id()));
        let linked =
            fs::hard_link(&kept.path, &temporary).or_else(|_| fs::copy(&kept.path, &temporary).map(|_| ()));
        let placed = linked.and_then(|()| fs::rename(&temporary, target));
        // Renaming one of two names of a file to the other does nothing and leaves both.
        let _ = fs::remove_file(&temporary);
        placed.map_err(refuse)?;
        Ok(false)
    }
}

fn same_contents(kept: &KeptModel, target: &Path) -> bool {
    let has_size = fs::metadata(target).is_ok_and(|data| data.len() == kept.bytes);
    let Some(note) = kept.note.as_ref().filter(|_| has_size) else { return false };
    let mut hash = Sha256::new();
    hash_file(target, &mut hash, &mut |_| ()).is_ok() && hex(&hash.finalize()) == note.sha256
}

fn note_path(model: &Path) -> PathBuf {
    model.with_extension("json")
}

fn read_note(model: &Path) -> Option<KeptNote> {
    serde_json::from_str(&read_text(&note_path(model), MAX_NOTE_BYTES).ok()?).ok()
}
