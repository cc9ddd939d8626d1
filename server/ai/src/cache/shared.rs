//! The third layer, off unless configured: a Redis that a team shares. Values are code, readable by whoever may read
//! that Redis. All work is done by a thread of its own; callers wait a few milliseconds at most, and after failures the
//! breaker leaves the server alone.

mod worker;

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use serde::Deserialize;

use crate::cache::shared::worker::{Job, Worker};
use crate::cache::{CacheStats, Counters, Entry, Layer};
use resilience::{Breaker, BreakerPreset, SharedClock};

/// How long a reader waits; whatever comes later is of no use while somebody types.
const GET_PATIENCE: Duration = Duration::from_millis(50);
/// How long somebody waits who deletes.
const CONTROL_PATIENCE: Duration = Duration::from_secs(5);
/// Jobs that wait; more are dropped.
const QUEUE: usize = 256;

/// Where the shared cache is.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SharedCacheConfig {
    /// `redis://127.0.0.1:6379/0`, `unix:///run/redis.sock`, or `rediss://host:6380` for hosts that `allowed_hosts` names.
    pub url: String,
    #[serde(default)]
    pub user: Option<String>,
    /// Name of the environment variable that holds the password.
    #[serde(default)]
    pub password_environment: Option<String>,
    #[serde(default)]
    pub allowed_hosts: Vec<String>,
    /// An own certificate authority as a PEM file, instead of the public ones.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// Begins every key, so that teams may share one server.
    #[serde(default = "default_prefix")]
    pub prefix: String,
}

fn default_prefix() -> String {
    "strizh".to_owned()
}

/// Why the settings are refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SharedCacheError {
    Url(String),
    /// Passwords belong into the environment.
    PasswordInUrl,
    HostNotAllowed(String),
    /// Only this machine may be spoken to without encryption.
    NotEncrypted(String),
    CaFile(PathBuf, String),
    Thread(String),
}

impl std::fmt::Display for SharedCacheError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Url(why) => write!(formatter, "the address of the shared cache is wrong: {why}"),
            Self::PasswordInUrl => formatter.write_str(
                "the address of the shared cache holds a password; name an environment variable instead",
            ),
            Self::HostNotAllowed(host) => {
                write!(formatter, "the host {host} of the shared cache is not among the allowed hosts")
            }
            Self::NotEncrypted(host) => {
                write!(formatter, "the shared cache on {host} needs an encrypted connection: rediss://")
            }
            Self::CaFile(path, why) => write!(formatter, "cannot read {}: {why}", path.display()),
            Self::Thread(why) => write!(formatter, "cannot start the thread of the shared cache: {why}"),
        }
    }
}

impl std::error::Error for SharedCacheError {}

pub struct SharedCache {
    jobs: SyncSender<Job>,
    breaker: Breaker,
    counters: Counters,
    clock: SharedClock,
    get_patience: Duration,
}

impl SharedCache {
    /// Checks the settings and starts the thread; the server is first spoken to when somebody asks.
    pub fn new(config: &SharedCacheConfig, clock: SharedClock) -> Result<Self, SharedCacheError> {
        let breaker = Breaker::new(BreakerPreset::B, SharedClock::clone(&clock));
        let worker = Worker::new(config)?;
        let (jobs, queue) = sync_channel(QUEUE);
        let thread = std::thread::Builder::new().name("strizh-shared-cache".to_owned());
        thread
            .spawn(move || worker.run(&queue))
            .map_err(|error| SharedCacheError::Thread(error.to_string()))?;
        Ok(Self { jobs, breaker, counters: Counters::default(), clock, get_patience: GET_PATIENCE })
    }

    /// Waits until everything stored so far is sent. `false` if that takes too long.
    pub fn flush(&self) -> bool {
        let (reply, answer) = sync_channel(1);
        self.jobs.try_send(Job::Flush { reply }).is_ok() && answer.recv_timeout(CONTROL_PATIENCE).is_ok()
    }

    pub fn breaker(&self) -> &Breaker {
        &self.breaker
    }

    /// Sends a job and waits for its answer. `None`: no answer, and the breaker knows.
    fn ask<T>(
        &self,
        patience: Duration,
        job: impl FnOnce(SyncSender<Result<T, String>>, Instant) -> Job,
    ) -> Option<T> {
        let permit = self.breaker.acquire().ok()?;
        let (reply, answer): (_, Receiver<Result<T, String>>) = sync_channel(1);
        // A full queue says that the worker is stuck, as does silence.
        let sent = self.jobs.try_send(job(reply, Instant::now() + patience)).is_ok();
        let answer = if sent { answer.recv_timeout(patience) } else { Err(RecvTimeoutError::Timeout) };
        let why = match answer {
            Ok(Ok(value)) => {
                permit.success();
                return Some(value);
            }
            Ok(Err(why)) => why,
            Err(_) => "no answer in time".to_owned(),
        };
        tracing::debug!("shared cache: {why}");
        permit.failure();
        self.counters.fail();
        None
    }
}

impl Layer for SharedCache {
    fn name(&self) -> &'static str {
        "shared"
    }

    fn get(&self, key: &str) -> Option<Entry> {
        let found =
            self.ask(self.get_patience, |reply, until| Job::Get { key: key.to_owned(), until, reply });
        self.counters.count(found.flatten().filter(|entry| !entry.is_expired(self.clock.unix())))
    }

    /// Waits for nothing.
    fn set(&self, key: &str, entry: &Entry) {
        let ttl = entry.expires.saturating_sub(self.clock.unix());
        let Ok(permit) = self.breaker.acquire() else { return };
        let job = Job::Set { key: key.to_owned(), entry: entry.clone(), ttl, permit };
        if self.jobs.try_send(job).is_err() {
            self.counters.fail();
        }
    }

    fn invalidate_by_tag(&self, tag: &str) -> usize {
        self.ask(CONTROL_PATIENCE, |reply, _| Job::Invalidate { tag: tag.to_owned(), reply })
            .unwrap_or_default()
    }

    /// Does nothing: what a team shares is not deleted because one of them tidies up.
    fn clear(&self) {}

    /// Entries and bytes are not counted: the server is shared.
    fn stats(&self) -> CacheStats {
        self.counters.stats(0, 0)
    }
}

#[cfg(all(test, unix))]
mod tests;
