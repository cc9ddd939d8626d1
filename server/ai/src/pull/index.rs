//! The list of a mirror: `index.json` in its folder.

use base::CancelToken;
use serde::Deserialize;

use crate::pull::{PullError, PullRequest, Session, is_file_name};
use crate::remote::read_bounded;

const FILE: &str = "index.json";
const MAX_BYTES: usize = 1 << 20;

/// A file that a mirror offers.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct IndexEntry {
    pub name: String,
    pub file: String,
    #[serde(default)]
    pub sha256: Option<String>,
    #[serde(default)]
    pub bytes: Option<u64>,
    /// For people.
    #[serde(default)]
    pub title: String,
}

#[derive(Deserialize)]
struct Index {
    files: Vec<IndexEntry>,
}

/// A file with what is known about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub file: String,
    pub sha256: Option<String>,
    pub bytes: Option<u64>,
}

/// Finds out which file is meant. A mirror without a list is one that has files only.
pub(super) async fn resolve(
    session: &Session,
    request: &PullRequest,
    cancel: &CancelToken,
) -> Result<Wanted, PullError> {
    let pinned = match &request.sha256 {
        Some(hash) => Some(hash_text(hash).ok_or_else(|| {
            PullError::Settings(format!("{hash:?} is no SHA-256: 64 digits and letters from a to f"))
        })?),
        None => None,
    };
    let is_file = is_file_name(&request.name);
    let entries = match fetch(session, cancel).await {
        Ok(entries) => entries,
        Err(PullError::NotFound(_)) => Vec::new(),
        Err(error) => return Err(error),
    };
    let found = entries.iter().find(|entry| entry.name == request.name || entry.file == request.name);
    let mut wanted = match found {
        Some(entry) => Wanted {
            file: entry.file.clone(),
            sha256: entry.sha256.as_deref().and_then(hash_text),
            bytes: entry.bytes,
        },
        None if is_file => Wanted { file: request.name.clone(), sha256: None, bytes: None },
        None if request.name.contains(['/', '\\', '.']) => {
            return Err(PullError::FileName(request.name.clone()));
        }
        None => {
            let known = entries.into_iter().map(|entry| entry.name).collect();
            return Err(PullError::UnknownName { name: request.name.clone(), known });
        }
    };
    if pinned.is_some() {
        wanted.sha256 = pinned;
    }
    Ok(wanted)
}

/// Reads the list.
pub(super) async fn fetch(session: &Session, cancel: &CancelToken) -> Result<Vec<IndexEntry>, PullError> {
    let url = session.url(FILE)?;
    let response = super::download::send(session, session.client.get(url.clone()), cancel).await?;
    super::download::check_status(&response, &url)?;
    let bytes = read_bounded(response, MAX_BYTES).await.map_err(PullError::Index)?;
    let index: Index = serde_json::from_slice(&bytes).map_err(|error| PullError::Index(error.to_string()))?;
    for entry in &index.files {
        if !is_file_name(&entry.file) {
            return Err(PullError::FileName(entry.file.clone()));
        }
        if entry.sha256.as_deref().is_some_and(|hash| hash_text(hash).is_none()) {
            return Err(PullError::Index(format!("the hash of {} is no SHA-256", entry.name)));
        }
    }
    Ok(index.files)
}

/// A hash in lower case.
fn hash_text(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let is_hash = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash.then_some(text)
}
