//! A server elsewhere as an [`Engine`].

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use base::CancelToken;
use parking_lot::Mutex;
use reqwest::Url;
use serde::Serialize;
use tokio::sync::{mpsc, oneshot};

use crate::remote::answer::tidy;
use crate::remote::prompt::Parts;
use crate::remote::shapes::{self, Text, Wanted};
use crate::remote::worker::{self, Job};
use crate::remote::{ClientOptions, RemoteConfig, RemoteError, address, build_client};
use crate::{Context, Engine, EngineError, Finish, Generated, Limits, Score};
use resilience::{Breaker, BreakerPreset, BreakerState, RatePreset, SharedClock, TokenBucket};

/// How often a waiting caller looks whether somebody lost interest.
const LOOK_AROUND: Duration = Duration::from_millis(5);

pub struct RemoteEngine {
    config: RemoteConfig,
    url: Url,
    jobs: mpsc::Sender<Job>,
    breaker: Breaker,
    rate: TokenBucket,
    is_checked: AtomicBool,
    /// Cancels the request under way.
    current: Mutex<CancelToken>,
    in_flight: AtomicUsize,
    last_request: Mutex<Option<SentRequest>>,
}

/// What was sent last, letter by letter; only the key is not shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SentRequest {
    pub url: String,
    pub body: String,
    /// Which environment variable the key came from.
    pub key_environment: Option<String>,
    /// How many secrets were replaced.
    pub redacted: usize,
}

/// How an exchange ended.
enum Outcome<T> {
    Answer(T),
    Failed(String),
    Deadline,
    Cancelled,
}

impl RemoteEngine {
    /// Checks the settings and starts the thread; the server is first spoken to when somebody asks.
    pub fn new(config: RemoteConfig, clock: SharedClock) -> Result<Self, RemoteError> {
        config.check()?;
        let client = build_client(&ClientOptions {
            ca_file: config.ca_file.clone(),
            proxy: config.proxy.clone(),
            connect_timeout: Duration::from_millis(config.connect_timeout_ms),
            read_timeout: Duration::from_millis(config.timeout_ms),
            timeout: Some(Duration::from_millis(config.timeout_ms)),
        })?;
        Ok(Self {
            url: address::check(&config.url, &config.allowed_hosts)?,
            jobs: worker::start(client).map_err(RemoteError::Client)?,
            breaker: Breaker::new(BreakerPreset::B, SharedClock::clone(&clock)),
            rate: TokenBucket::new(RatePreset::CALLS, clock),
            is_checked: AtomicBool::new(false),
            current: Mutex::default(),
            in_flight: AtomicUsize::new(0),
            last_request: Mutex::default(),
            config,
        })
    }

    /// Asks the server whether it is there, without sending code.
    pub fn check(&self, cancel: &CancelToken) -> Result<(), EngineError> {
        self.is_checked.store(false, Ordering::Relaxed);
        match self.call(None, cancel, None)? {
            Outcome::Answer(_) => Ok(()),
            Outcome::Failed(why) => Err(EngineError::Failed(why)),
            Outcome::Deadline | Outcome::Cancelled => Err(EngineError::NotReady),
        }
    }

    /// What was sent last.
    pub fn last_request(&self) -> Option<SentRequest> {
        self.last_request.lock().clone()
    }

    pub fn breaker_state(&self) -> BreakerState {
        self.breaker.state()
    }

    /// Makes one exchange, if breaker and rate allow it, and tells the breaker how it went.
    fn call(
        &self,
        request: Option<SentRequest>,
        cancel: &CancelToken,
        deadline: Option<Instant>,
    ) -> Result<Outcome<Option<Text>>, EngineError> {
        let permit = self.breaker.acquire().map_err(|wait| {
            EngineError::Unavailable(format!("it failed several times; next try in {} s", wait.as_secs() + 1))
        })?;
        self.rate.take().map_err(|wait| {
            EngineError::Unavailable(format!("too many requests; next one in {} ms", wait.as_millis() + 1))
        })?;
        let superseded = CancelToken::new();
        std::mem::replace(&mut *self.current.lock(), superseded.clone()).cancel();
        let check = address::with_path(&self.base(), self.config.kind.check_path());
        let check = (!self.is_checked.load(Ordering::Relaxed)).then_some(check);
        let has_body = request.is_some();
        let is_cancelled = || cancel.is_cancelled() || superseded.is_cancelled();
        self.in_flight.fetch_add(1, Ordering::Relaxed);
        let outcome = self.exchange(check, request, deadline, is_cancelled);
        self.in_flight.fetch_sub(1, Ordering::Relaxed);
        let outcome = match outcome {
            Outcome::Answer(bytes) if has_body => match shapes::parse(self.config.kind, &bytes) {
                Ok(text) => Outcome::Answer(Some(text)),
                Err(why) => Outcome::Failed(why),
            },
            Outcome::Answer(_) => Outcome::Answer(None),
            Outcome::Failed(why) => Outcome::Failed(why),
            Outcome::Deadline => Outcome::Deadline,
            Outcome::Cancelled => Outcome::Cancelled,
        };
        match &outcome {
            Outcome::Answer(_) => {
                self.is_checked.store(true, Ordering::Relaxed);
                permit.success();
            }
            // An answer that comes too late is of no more use than none.
            Outcome::Failed(_) | Outcome::Deadline => {
                self.is_checked.store(false, Ordering::Relaxed);
                permit.failure();
            }
            Outcome::Cancelled => {}
        }
        Ok(outcome)
    }

    fn exchange(
        &self,
        check: Option<Url>,
        request: Option<SentRequest>,
        deadline: Option<Instant>,
        is_cancelled: impl Fn() -> bool,
    ) -> Outcome<Vec<u8>> {
        let (reply, answer) = sync_channel(1);
        let (_interest_here, interest) = oneshot::channel();
        if let Some(request) = &request {
            *self.last_request.lock() = Some(request.clone());
        }
        let request =
            request.map(|request| (address::with_path(&self.url, self.config.kind.path()), request.body));
        let job =
            Job { check, request, key_environment: self.config.key_environment.clone(), reply, interest };
        if self.jobs.try_send(job).is_err() {
            return Outcome::Failed("too many requests wait".to_owned());
        }
        loop {
            match answer.recv_timeout(LOOK_AROUND) {
                Ok(Ok(bytes)) => return Outcome::Answer(bytes),
                Ok(Err(why)) => return Outcome::Failed(why),
                Err(RecvTimeoutError::Disconnected) => {
                    return Outcome::Failed("the thread of the engine ended".to_owned());
                }
                Err(RecvTimeoutError::Timeout) if is_cancelled() => return Outcome::Cancelled,
                Err(RecvTimeoutError::Timeout) => {}
            }
            if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                return Outcome::Deadline;
            }
        }
    }

    /// The configured address without the path of requests.
    fn base(&self) -> Url {
        let mut url = self.url.clone();
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(path.strip_suffix(self.config.kind.path()).unwrap_or(&path));
        url
    }

    fn request(&self, parts: &Parts, wanted: Wanted) -> SentRequest {
        SentRequest {
            url: address::with_path(&self.url, self.config.kind.path()).to_string(),
            body: shapes::body(&self.config, parts, wanted).to_string(),
            key_environment: self.config.key_environment.clone(),
            redacted: parts.redacted,
        }
    }

    fn generated(&self, context: &Context, limits: &Limits, text: &Text) -> Option<Generated> {
        let line = context.prefix.rsplit('\n').next().unwrap_or_default();
        let is_blank = line.trim().is_empty() && self.config.kind.sends_line_apart();
        let indentation = if is_blank { line } else { "" };
        let answer = tidy(&text.text, limits.extent, indentation, &self.config.template.tokens());
        if answer.is_empty() {
            return None;
        }
        let word = word_before_caret(&context.prefix);
        let finish = if text.is_cut { Finish::Limit } else { Finish::Complete };
        Some(Generated {
            text: format!("{word}{answer}"),
            replaced: word.len(),
            score: Score::default(),
            finish,
        })
    }
}

impl Engine for RemoteEngine {
    fn describe(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        let port = self.url.port().map(|port| format!(":{port}")).unwrap_or_default();
        let model = if self.config.model.is_empty() { "model" } else { &self.config.model };
        format!("{model} at {host}{port} ({})", self.config.kind.name())
    }

    /// Scores are not known: they have no tokens.
    fn complete(
        &self,
        context: &Context,
        limits: &Limits,
        cancel: &CancelToken,
    ) -> Result<Vec<Generated>, EngineError> {
        if self.config.is_excluded(&context.module) {
            return Ok(Vec::new());
        }
        let unfinished = |finish| {
            Ok(vec![Generated { text: String::new(), replaced: 0, score: Score::default(), finish }])
        };
        let parts = Parts::new(context, &self.config);
        let wanted = Wanted { extent: limits.extent, max_tokens: limits.max_tokens };
        let request = self.request(&parts, wanted);
        match self.call(Some(request), cancel, limits.deadline)? {
            Outcome::Answer(text) => {
                Ok(text.and_then(|text| self.generated(context, limits, &text)).into_iter().collect())
            }
            Outcome::Failed(why) => Err(EngineError::Failed(why)),
            Outcome::Deadline => unfinished(Finish::Deadline),
            Outcome::Cancelled => unfinished(Finish::Cancelled),
        }
    }

    fn score(
        &self,
        _context: &Context,
        candidates: &[(String, usize)],
        _cancel: &CancelToken,
    ) -> Result<Vec<Option<Score>>, EngineError> {
        Ok(vec![None; candidates.len()])
    }

    /// Lets a server that keeps prompts read the context; of others it is only asked whether they are there.
    fn warm(&self, context: &Context, cancel: &CancelToken) {
        let reads = self.config.kind.keeps_prompts() && !self.config.is_excluded(&context.module);
        let has_nothing_to_do = !reads && self.is_checked.load(Ordering::Relaxed);
        // Somebody waits for the request under way; this one can wait.
        if has_nothing_to_do || self.in_flight.load(Ordering::Relaxed) > 0 {
            return;
        }
        let request = reads.then(|| {
            let wanted = Wanted { extent: crate::Extent::Line, max_tokens: 0 };
            self.request(&Parts::new(context, &self.config), wanted)
        });
        if let Ok(Outcome::Failed(why)) | Err(EngineError::Unavailable(why)) =
            self.call(request, cancel, None)
        {
            tracing::debug!("remote engine: {why}");
        }
    }
}

fn word_before_caret(prefix: &str) -> &str {
    let rest = prefix.trim_end_matches(|letter: char| letter.is_alphanumeric() || letter == '_');
    &prefix[rest.len()..]
}
