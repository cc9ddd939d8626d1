//! Why a file is not there.

use std::io;
use std::path::{Path, PathBuf};

use resilience::RetryError;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PullError {
    /// Address, certificates or proxy are of no use.
    Settings(String),
    /// The mirror cannot be reached.
    Offline {
        host: String,
        folder: PathBuf,
        why: String,
    },
    /// The connection broke; what has come so far is kept.
    Broken {
        host: String,
        why: String,
    },
    NotFound(String),
    /// The mirror has neither a file nor an entry of that name; these it has.
    UnknownName {
        name: String,
        known: Vec<String>,
    },
    /// Not a plain name that ends in `.gguf`, `.safetensors` or `.json`.
    FileName(String),
    Status {
        url: String,
        status: u16,
    },
    /// Addresses other than the configured one are not followed.
    Redirected(String),
    /// The list of the mirror is malformed.
    Index(String),
    TooLarge {
        file: String,
        bytes: u64,
        max_bytes: u64,
    },
    /// It is not as long as the mirror said.
    WrongSize {
        file: String,
        expected: u64,
        found: u64,
    },
    WrongHash {
        file: String,
        expected: String,
        found: String,
    },
    /// The disk is full.
    NoSpace(PathBuf),
    /// Such a file is there, and nothing tells whether it is the right one.
    Exists(PathBuf),
    /// Another program fetches the same file.
    Busy(PathBuf),
    Disk {
        path: PathBuf,
        why: String,
    },
    Cancelled,
}

impl PullError {
    pub(super) fn disk(path: &Path, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::NoSpace(path.to_owned()),
            _ => Self::Disk { path: path.to_owned(), why: error.to_string() },
        }
    }

    /// Broken connections and servers in trouble may get better.
    pub(super) fn into_retry(self) -> RetryError<Self> {
        match self {
            Self::Broken { .. } | Self::Status { status: 429 | 500..=599, .. } => RetryError::Again(self),
            other => RetryError::Final(other),
        }
    }
}

impl std::fmt::Display for PullError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Settings(why) => write!(formatter, "the mirror cannot be used: {why}"),
            Self::Offline { host, folder, why } => write!(
                formatter,
                "{host} cannot be reached ({why}); without a network, copy the file into {}",
                folder.display()
            ),
            Self::Broken { host, why } => write!(
                formatter,
                "the connection to {host} broke ({why}); what has come is kept, and the same command goes on from there"
            ),
            Self::NotFound(url) => write!(formatter, "{url} does not exist"),
            Self::UnknownName { name, known } if known.is_empty() => {
                write!(formatter, "the mirror knows no {name} and has no list of names")
            }
            Self::UnknownName { name, known } => {
                write!(formatter, "the mirror knows no {name}; it has {}", known.join(", "))
            }
            Self::FileName(name) => {
                write!(formatter, "{name:?} is not the plain name of a .gguf, .safetensors or .json file")
            }
            Self::Status { url, status } => write!(formatter, "{url} was answered with {status}"),
            Self::Redirected(url) => {
                write!(formatter, "{url} redirects to another address, which is not followed")
            }
            Self::Index(why) => write!(formatter, "the list of the mirror is malformed: {why}"),
            Self::TooLarge { file, bytes, max_bytes } => {
                write!(formatter, "{file} has {bytes} bytes, {max_bytes} are allowed")
            }
            Self::WrongSize { file, expected, found } => {
                write!(formatter, "{file} has {found} bytes instead of {expected}")
            }
            Self::WrongHash { file, expected, found } => {
                write!(formatter, "{file} has the SHA-256 {found} instead of {expected}; it was deleted")
            }
            Self::NoSpace(path) => {
                write!(formatter, "the disk is full; what has come is kept in {}", path.display())
            }
            Self::Exists(path) => write!(
                formatter,
                "{} is there already; give its SHA-256 to compare it, or move it away",
                path.display()
            ),
            Self::Busy(path) => write!(formatter, "another program is writing {}", path.display()),
            Self::Disk { path, why } => write!(formatter, "{}: {why}", path.display()),
            Self::Cancelled => formatter.write_str("cancelled; what has come is kept"),
        }
    }
}

impl std::error::Error for PullError {}
