//! One attempt to fetch a file, going on from what an earlier attempt has left.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use base::CancelToken;
use reqwest::header::{CONTENT_RANGE, ETAG, HeaderMap, IF_RANGE, LAST_MODIFIED, RANGE};
use reqwest::{RequestBuilder, Response, StatusCode, Url};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::pull::index::Wanted;
use crate::pull::{Progress, PullError, PullRequest, Pulled, Session, hex};

/// How often a waiting download looks whether somebody cancelled.
const LOOK_AROUND: Duration = Duration::from_millis(50);

/// What has come so far, locked as long as somebody writes it.
struct Part {
    path: PathBuf,
    file: File,
    bytes: u64,
    hash: Sha256,
    note: Note,
}

/// Which version of which file a part belongs to; lies next to it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Note {
    url: String,
    /// `ETag` or `Last-Modified`.
    version: Option<String>,
    sha256: Option<String>,
}

/// Fetches what is missing, compares it and puts it in place.
pub(super) async fn fetch(
    session: &Session,
    request: &PullRequest,
    wanted: &Wanted,
    progress: &mut (dyn FnMut(Progress) + Send),
    cancel: &CancelToken,
) -> Result<Pulled, PullError> {
    let url = session.url(&wanted.file)?;
    check_size(wanted, request, wanted.bytes.unwrap_or(0))?;
    let mut part = Part::open(&request.folder, wanted, &url)?;
    match complete(session, request, wanted, &url, &mut part, progress, cancel).await {
        Ok(resumed_from) => {
            progress(Progress { bytes: part.bytes, total: Some(part.bytes) });
            finish(part, request, wanted, resumed_from)
        }
        Err(error) => {
            if part.bytes == 0 {
                part.remove();
            }
            Err(error)
        }
    }
}

/// Fetches what is missing; how much was there.
async fn complete(
    session: &Session,
    request: &PullRequest,
    wanted: &Wanted,
    url: &Url,
    part: &mut Part,
    progress: &mut (dyn FnMut(Progress) + Send),
    cancel: &CancelToken,
) -> Result<u64, PullError> {
    if part.bytes > 0 && wanted.bytes == Some(part.bytes) {
        return Ok(part.bytes);
    }
    let response = request_rest(session, url, part, cancel).await?;
    let resumed_from = part.bytes;
    if let Some(response) = response {
        let left = response.content_length();
        let total = left.map(|left| part.bytes.saturating_add(left));
        check_size(wanted, request, total.unwrap_or(0))?;
        receive(session, response, part, (wanted, request, total), progress, cancel).await?;
    }
    Ok(resumed_from)
}

/// Asks for what is missing. `None`: nothing is. The part is emptied if the mirror has another version.
async fn request_rest(
    session: &Session,
    url: &Url,
    part: &mut Part,
    cancel: &CancelToken,
) -> Result<Option<Response>, PullError> {
    for _ in 0..2 {
        let mut sent = session.client.get(url.clone());
        if part.bytes > 0 {
            sent = sent.header(RANGE, format!("bytes={}-", part.bytes));
            // Weak versions do not promise equal bytes; then only the hash can.
            if let Some(version) = part.note.version.as_ref().filter(|version| !version.starts_with("W/")) {
                sent = sent.header(IF_RANGE, version);
            }
        }
        let response = send(session, sent, cancel).await?;
        let range = content_range(response.headers());
        match response.status() {
            StatusCode::RANGE_NOT_SATISFIABLE if part.bytes > 0 => {
                // The mirror tells how long the file is: perhaps nothing is missing.
                if range.is_some_and(|range| range.total == Some(part.bytes)) {
                    return Ok(None);
                }
                part.empty()?;
            }
            StatusCode::PARTIAL_CONTENT if range.is_some_and(|range| range.start == Some(part.bytes)) => {
                return Ok(Some(response));
            }
            StatusCode::PARTIAL_CONTENT => part.empty()?,
            _ => {
                check_status(&response, url)?;
                part.empty()?;
                part.note.version = version(response.headers());
                part.write_note()?;
                return Ok(Some(response));
            }
        }
    }
    Err(PullError::Status { url: url.to_string(), status: StatusCode::PARTIAL_CONTENT.as_u16() })
}

async fn receive(
    session: &Session,
    mut response: Response,
    part: &mut Part,
    (wanted, request, total): (&Wanted, &PullRequest, Option<u64>),
    progress: &mut (dyn FnMut(Progress) + Send),
    cancel: &CancelToken,
) -> Result<(), PullError> {
    progress(Progress { bytes: part.bytes, total });
    while let Some(chunk) =
        unless_cancelled(cancel, response.chunk()).await?.map_err(|error| session.broken(&error))?
    {
        part.write(&chunk)?;
        // A mirror may send more than it said, or say nothing.
        if part.bytes > request.max_bytes {
            let bytes = part.bytes;
            part.empty()?;
            return Err(PullError::TooLarge {
                file: wanted.file.clone(),
                bytes,
                max_bytes: request.max_bytes,
            });
        }
        progress(Progress { bytes: part.bytes, total });
    }
    Ok(())
}

fn finish(
    mut part: Part,
    request: &PullRequest,
    wanted: &Wanted,
    resumed_from: u64,
) -> Result<Pulled, PullError> {
    let found = hex(std::mem::take(&mut part.hash));
    let wrong = match (&wanted.sha256, wanted.bytes) {
        (Some(expected), _) if *expected != found => Some(PullError::WrongHash {
            file: wanted.file.clone(),
            expected: expected.clone(),
            found: found.clone(),
        }),
        (_, Some(expected)) if expected != part.bytes => {
            Some(PullError::WrongSize { file: wanted.file.clone(), expected, found: part.bytes })
        }
        _ => None,
    };
    if let Some(error) = wrong {
        part.remove();
        return Err(error);
    }
    let path = request.folder.join(&wanted.file);
    part.file.sync_all().map_err(|error| PullError::disk(&part.path, &error))?;
    fs::rename(&part.path, &path).map_err(|error| PullError::disk(&path, &error))?;
    let _ = fs::remove_file(note_path(&part.path));
    Ok(Pulled {
        path,
        bytes: part.bytes,
        sha256: found,
        resumed_from,
        was_there: false,
        is_verified: wanted.sha256.is_some(),
    })
}

impl Part {
    fn open(folder: &Path, wanted: &Wanted, url: &Url) -> Result<Self, PullError> {
        let path = folder.join(format!("{}.part", wanted.file));
        let failed = |error: std::io::Error| PullError::disk(&path, &error);
        let file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(failed)?;
        if file.try_lock().is_err() {
            return Err(PullError::Busy(path));
        }
        let known: Option<Note> =
            fs::read(note_path(&path)).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let note = Note { url: url.to_string(), version: None, sha256: wanted.sha256.clone() };
        let mut part = Self { path: path.clone(), file, bytes: 0, hash: Sha256::new(), note };
        match known {
            // Only what can be told to be of the same file is gone on with.
            Some(known)
                if known.url == part.note.url
                    && known.sha256 == part.note.sha256
                    && (known.version.is_some() || known.sha256.is_some()) =>
            {
                part.note = known;
                part.read_hash()?;
            }
            _ => part.empty()?,
        }
        Ok(part)
    }

    /// Hashes what is there; afterwards the file is written behind it.
    fn read_hash(&mut self) -> Result<(), PullError> {
        let mut buffer = vec![0; 1 << 16];
        loop {
            let count = self.file.read(&mut buffer).map_err(|error| PullError::disk(&self.path, &error))?;
            if count == 0 {
                return Ok(());
            }
            self.hash.update(&buffer[..count]);
            self.bytes += count as u64;
        }
    }

    fn write(&mut self, chunk: &[u8]) -> Result<(), PullError> {
        self.file.write_all(chunk).map_err(|error| PullError::disk(&self.path, &error))?;
        self.hash.update(chunk);
        self.bytes += chunk.len() as u64;
        Ok(())
    }

    fn empty(&mut self) -> Result<(), PullError> {
        let emptied = self.file.set_len(0).and_then(|()| self.file.seek(SeekFrom::Start(0)));
        emptied.map_err(|error| PullError::disk(&self.path, &error))?;
        self.bytes = 0;
        self.hash = Sha256::new();
        self.note.version = None;
        self.write_note()
    }

    fn write_note(&self) -> Result<(), PullError> {
        let path = note_path(&self.path);
        let note = serde_json::to_vec(&self.note).unwrap_or_default();
        fs::write(&path, note).map_err(|error| PullError::disk(&path, &error))
    }

    fn remove(self) {
        let _ = fs::remove_file(&self.path);
        let _ = fs::remove_file(note_path(&self.path));
    }
}

fn note_path(part: &Path) -> PathBuf {
    part.with_extension("part-note")
}

/// What an answer says about the bytes it has.
#[derive(Clone, Copy)]
struct ContentRange {
    start: Option<u64>,
    total: Option<u64>,
}

/// `bytes 10-99/100`, or `bytes */100` where nothing is left.
fn content_range(headers: &HeaderMap) -> Option<ContentRange> {
    let value = headers.get(CONTENT_RANGE)?.to_str().ok()?;
    let (range, total) = value.strip_prefix("bytes ")?.split_once('/')?;
    let start = range.split_once('-').and_then(|(start, _)| start.parse().ok());
    Some(ContentRange { start, total: total.parse().ok() })
}

fn version(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(ETAG).or_else(|| headers.get(LAST_MODIFIED))?;
    value.to_str().ok().map(str::to_owned)
}

pub(super) async fn send(
    session: &Session,
    request: RequestBuilder,
    cancel: &CancelToken,
) -> Result<Response, PullError> {
    unless_cancelled(cancel, request.send()).await?.map_err(|error| session.broken(&error))
}

pub(super) fn check_status(response: &Response, url: &Url) -> Result<(), PullError> {
    match response.status() {
        StatusCode::OK => Ok(()),
        StatusCode::NOT_FOUND => Err(PullError::NotFound(url.to_string())),
        status if status.is_redirection() => Err(PullError::Redirected(url.to_string())),
        status => Err(PullError::Status { url: url.to_string(), status: status.as_u16() }),
    }
}

async fn unless_cancelled<T>(cancel: &CancelToken, work: impl Future<Output = T>) -> Result<T, PullError> {
    let mut work = std::pin::pin!(work);
    loop {
        if cancel.is_cancelled() {
            return Err(PullError::Cancelled);
        }
        if let Ok(result) = tokio::time::timeout(LOOK_AROUND, work.as_mut()).await {
            return Ok(result);
        }
    }
}

fn check_size(wanted: &Wanted, request: &PullRequest, bytes: u64) -> Result<(), PullError> {
    if bytes > request.max_bytes {
        return Err(PullError::TooLarge { file: wanted.file.clone(), bytes, max_bytes: request.max_bytes });
    }
    Ok(())
}
