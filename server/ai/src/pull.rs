//! Fetches model files from a mirror that the user names: resumed where it broke off, compared with its SHA-256, bounded
//! in size. Nothing is ever fetched unless somebody asks for it.

mod download;
mod error;
mod index;

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use base::CancelToken;
use reqwest::{Client, Url};
use sha2::{Digest, Sha256};

use crate::remote::{ClientOptions, address, build_client};
use resilience::{RetryPreset, retry};

pub use error::PullError;
pub use index::IndexEntry;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Without a byte from the mirror.
const READ_TIMEOUT: Duration = Duration::from_secs(30);
/// Kinds of files that are fetched, all of which are read without running anything.
const EXTENSIONS: &[&str] = &["gguf", "safetensors", "json"];

/// What is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PullRequest {
    /// Address of a folder: `https://models.example/bsl/`. Only this machine may be spoken to without encryption.
    pub mirror: String,
    /// A name from the list of the mirror, or the name of a file there.
    pub name: String,
    /// Where the file goes.
    pub folder: PathBuf,
    /// The hash the file must have; it beats the one in the mirror's list.
    pub sha256: Option<String>,
    pub max_bytes: u64,
    /// An own certificate authority as a PEM file, besides the public ones.
    pub ca_file: Option<PathBuf>,
    pub proxy: Option<String>,
}

/// How far it is. Told often; whoever shows it decides how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub bytes: u64,
    pub total: Option<u64>,
}

/// A file that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pulled {
    pub path: PathBuf,
    pub bytes: u64,
    pub sha256: String,
    /// What was there from an earlier attempt.
    pub resumed_from: u64,
    /// It was there already with the right hash.
    pub was_there: bool,
    /// The hash was known before, so that a wrong file would have been noticed.
    pub is_verified: bool,
}

/// Fetches a file. Blocks; a broken connection is taken up again twice.
pub fn pull(
    request: &PullRequest,
    progress: &mut (dyn FnMut(Progress) + Send),
    cancel: &CancelToken,
) -> Result<Pulled, PullError> {
    pull_with(request, progress, cancel, &mut |wait| sleep(wait, cancel))
}

/// What the mirror offers. Blocks.
pub fn list(request: &PullRequest, cancel: &CancelToken) -> Result<Vec<IndexEntry>, PullError> {
    let session = Session::new(request)?;
    on_own_thread(|runtime| runtime.block_on(index::fetch(&session, cancel)))
}

fn pull_with(
    request: &PullRequest,
    progress: &mut (dyn FnMut(Progress) + Send),
    cancel: &CancelToken,
    sleep: &mut (dyn FnMut(Duration) + Send),
) -> Result<Pulled, PullError> {
    let session = Session::new(request)?;
    on_own_thread(|runtime| {
        let again = |error: PullError| error.into_retry();
        let mut wanted = None;
        let first = retry(RetryPreset::A, cancel, &mut *sleep, |_| {
            wanted = Some(runtime.block_on(index::resolve(&session, request, cancel)).map_err(again)?);
            Ok(())
        });
        first?;
        let Some(wanted) = wanted else { return Err(PullError::Cancelled) };
        let path = request.folder.join(&wanted.file);
        if path.exists() {
            match &wanted.sha256 {
                None => return Err(PullError::Exists(path)),
                Some(hash) if *hash == hash_of_file(&path)? => {
                    let bytes = fs::metadata(&path).map_err(|error| PullError::disk(&path, &error))?.len();
                    let sha256 = hash.clone();
                    return Ok(Pulled {
                        path,
                        bytes,
                        sha256,
                        resumed_from: 0,
                        was_there: true,
                        is_verified: true,
                    });
                }
                Some(_) => {}
            }
        }
        fs::create_dir_all(&request.folder).map_err(|error| PullError::disk(&request.folder, &error))?;
        retry(RetryPreset::A, cancel, &mut *sleep, |_| {
            let download = download::fetch(&session, request, &wanted, progress, cancel);
            runtime.block_on(download).map_err(again)
        })
    })
}

/// A connection to one mirror.
struct Session {
    client: Client,
    mirror: Url,
    host: String,
    /// For what to say when there is no network.
    folder: PathBuf,
}

impl Session {
    fn new(request: &PullRequest) -> Result<Self, PullError> {
        let refused = |error: address::AddressError| PullError::Settings(error.to_string());
        let host = Url::parse(&request.mirror).ok().and_then(|url| url.host_str().map(str::to_owned));
        // The user has named the mirror, and with it its host.
        let host = host.unwrap_or_default();
        let mut mirror = address::check(&request.mirror, std::slice::from_ref(&host)).map_err(refused)?;
        if !mirror.path().ends_with('/') {
            mirror.set_path(&format!("{}/", mirror.path()));
        }
        let client = build_client(&ClientOptions {
            ca_file: request.ca_file.clone(),
            proxy: request.proxy.clone(),
            connect_timeout: CONNECT_TIMEOUT,
            read_timeout: READ_TIMEOUT,
            timeout: None,
        })
        .map_err(|error| PullError::Settings(error.to_string()))?;
        Ok(Self { client, mirror, host, folder: request.folder.clone() })
    }

    fn url(&self, file: &str) -> Result<Url, PullError> {
        self.mirror.join(file).map_err(|error| PullError::Settings(error.to_string()))
    }

    fn broken(&self, error: &reqwest::Error) -> PullError {
        let why = crate::remote::describe(error);
        if error.is_connect() {
            PullError::Offline { host: self.host.clone(), folder: self.folder.clone(), why }
        } else {
            PullError::Broken { host: self.host.clone(), why }
        }
    }
}

/// Whoever calls may already be inside of a runtime, where another one cannot be started.
fn on_own_thread<T: Send>(
    work: impl FnOnce(&tokio::runtime::Runtime) -> Result<T, PullError> + Send,
) -> Result<T, PullError> {
    let failed = |why: &str| PullError::Settings(format!("cannot start a thread: {why}"));
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("strizh-pull".to_owned()).spawn_scoped(scope, || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build();
            work(&runtime.map_err(|error| failed(&error.to_string()))?)
        });
        let thread = thread.map_err(|error| failed(&error.to_string()))?;
        thread.join().unwrap_or_else(|_| Err(failed("it ended early")))
    })
}

/// Sleeps unless somebody cancels.
fn sleep(wait: Duration, cancel: &CancelToken) {
    const STEP: Duration = Duration::from_millis(50);
    let mut left = wait;
    while !left.is_zero() && !cancel.is_cancelled() {
        std::thread::sleep(STEP.min(left));
        left = left.saturating_sub(STEP);
    }
}

/// A plain name with an allowed ending: it cannot lead out of the folder.
fn is_file_name(name: &str) -> bool {
    let is_plain = |letter: char| letter.is_alphanumeric() || matches!(letter, '.' | '-' | '_' | '+');
    let extension = name.rsplit_once('.').map(|(stem, extension)| (stem.is_empty(), extension));
    name.len() <= 200
        && !name.starts_with('.')
        && name.chars().all(is_plain)
        && extension.is_some_and(|(is_bare, extension)| {
            !is_bare && EXTENSIONS.iter().any(|allowed| extension.eq_ignore_ascii_case(allowed))
        })
}

fn hash_of_file(path: &Path) -> Result<String, PullError> {
    let mut hash = Sha256::new();
    let mut file = File::open(path).map_err(|error| PullError::disk(path, &error))?;
    let mut buffer = vec![0; 1 << 16];
    loop {
        let count = file.read(&mut buffer).map_err(|error| PullError::disk(path, &error))?;
        if count == 0 {
            return Ok(hex(hash));
        }
        hash.update(&buffer[..count]);
    }
}

fn hex(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
