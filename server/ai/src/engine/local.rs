//! The engine on this machine: a model in a thread of its own.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use base::CancelToken;
use parking_lot::{Condvar, Mutex};

use super::decode::stopped;
use super::language_model::LanguageModel;
use super::mailbox::{Mailbox, Reply, Task};
use super::status::{EngineState, EngineStatus, ModelFacts};
use super::worker;
use super::{Engine, EngineError, Finish, Generated, Limits, Score};
use crate::{Context, PromptFormat, Tokenizer};

const THREAD_NAME: &str = "strizh-model";
/// How often somebody who waits looks whether the answer is still wanted.
const LOOK_MS: u64 = 5;
/// How long after its deadline an answer that is on its way is waited for.
const GRACE_MS: u64 = 20;
/// How long the end of the thread is waited for; a load that takes longer ends by itself.
const SHUTDOWN_MS: u64 = 900;

/// Limits of memory and work.
#[derive(Clone, Copy, Debug)]
pub struct EngineOptions {
    /// Texts whose beginnings are remembered.
    pub memories: usize,
    /// Bytes these may take together; one is always kept.
    pub memory_bytes: usize,
    /// Tokens read between two looks at whether to go on.
    pub piece: usize,
}

impl Default for EngineOptions {
    fn default() -> Self {
        Self { memories: 3, memory_bytes: 64 << 20, piece: 64 }
    }
}

/// A model ready for use.
pub struct Loaded<L> {
    pub model: L,
    pub tokenizer: Arc<Tokenizer>,
    pub format: PromptFormat,
    pub facts: ModelFacts,
}

/// What the thread and those who ask share.
pub(crate) struct Shared {
    pub(crate) mailbox: Mailbox,
    pub(crate) status: Mutex<EngineStatus>,
    /// Told when the state changes.
    pub(crate) changed: Condvar,
    tokenizer: Mutex<Option<Arc<Tokenizer>>>,
}

impl Shared {
    pub(crate) fn set_state(&self, state: EngineState) {
        self.status.lock().state = state;
        self.changed.notify_all();
    }

    pub(crate) fn set_tokenizer(&self, tokenizer: Arc<Tokenizer>) {
        *self.tokenizer.lock() = Some(tokenizer);
    }
}

/// Runs a model in a thread of its own. Dropping it ends the thread.
pub struct LocalEngine {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl LocalEngine {
    /// Starts to load a model in the background and returns at once. `name` is shown until it is loaded.
    pub fn start<L: LanguageModel>(
        name: &str,
        options: EngineOptions,
        load: impl FnOnce() -> Result<Loaded<L>, String> + Send + 'static,
    ) -> Self {
        let status = EngineStatus {
            model: ModelFacts { name: name.to_owned(), ..ModelFacts::default() },
            ..EngineStatus::default()
        };
        let shared = Arc::new(Shared {
            mailbox: Mailbox::default(),
            status: Mutex::new(status),
            changed: Condvar::new(),
            tokenizer: Mutex::new(None),
        });
        let of_thread = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name(THREAD_NAME.to_owned())
            .spawn(move || worker::run(&of_thread, options, load));
        let thread = match thread {
            Ok(thread) => Some(thread),
            Err(error) => {
                shared.mailbox.close();
                shared.set_state(EngineState::Failed(format!("cannot start a thread: {error}")));
                None
            }
        };
        Self { shared, thread }
    }

    pub fn status(&self) -> EngineStatus {
        self.shared.status.lock().clone()
    }

    /// Waits until the model is loaded or cannot be, at most this long.
    pub fn wait_until_loaded(&self, timeout: Duration) -> EngineState {
        let mut status = self.shared.status.lock();
        let is_loading = |status: &mut EngineStatus| status.state == EngineState::Loading;
        self.shared.changed.wait_while_for(&mut status, is_loading, timeout);
        status.state.clone()
    }

    /// The tokenizer of the model, once it is loaded.
    pub fn tokenizer(&self) -> Option<Arc<Tokenizer>> {
        self.shared.tokenizer.lock().clone()
    }

    /// What a text is about, as a vector of length one, for comparing texts. Low priority: everything else goes
    /// first.
    pub fn embed(&self, text: &str, cancel: &CancelToken) -> Result<Vec<f32>, EngineError> {
        let task = |reply| Task::Embed { text: text.to_owned(), reply };
        let cancelled = || Err(EngineError::Unavailable("cancelled".into()));
        self.ask(task, cancel, None).unwrap_or_else(|_| cancelled())
    }

    /// Leaves a task and waits for its answer. The outer error: why the wait was given up.
    fn ask<T>(
        &self,
        task: impl FnOnce(Reply<T>) -> Task,
        cancel: &CancelToken,
        deadline: Option<Instant>,
    ) -> Result<Result<T, EngineError>, Finish> {
        if let Some(error) = self.error() {
            return Ok(Err(error));
        }
        let (reply, answer) = sync_channel(1);
        if !self.shared.mailbox.put(task(reply), cancel.clone()) {
            return Ok(Err(self.error().unwrap_or_else(|| EngineError::Unavailable("it is busy".into()))));
        }
        self.wait(&answer, cancel, deadline)
    }

    fn wait<T>(
        &self,
        answer: &Receiver<Result<T, EngineError>>,
        cancel: &CancelToken,
        deadline: Option<Instant>,
    ) -> Result<Result<T, EngineError>, Finish> {
        let grace = Duration::from_millis(GRACE_MS);
        loop {
            match answer.recv_timeout(Duration::from_millis(LOOK_MS)) {
                Ok(answer) => return Ok(answer),
                Err(_) if cancel.is_cancelled() => return Err(Finish::Cancelled),
                Err(RecvTimeoutError::Disconnected) => return Ok(Err(self.reason_of_end())),
                Err(RecvTimeoutError::Timeout) => {}
            }
            // The thread knows the deadline too: it stops after the piece it works on.
            if deadline.is_some_and(|deadline| Instant::now() >= deadline + grace) {
                return Err(Finish::Deadline);
            }
        }
    }

    /// Why a task was dropped. A thread that ends drops its tasks a moment before it tells why.
    fn reason_of_end(&self) -> EngineError {
        let mut status = self.shared.status.lock();
        let is_ready = |status: &mut EngineStatus| status.state == EngineState::Ready;
        self.shared.changed.wait_while_for(&mut status, is_ready, Duration::from_millis(SHUTDOWN_MS));
        drop(status);
        self.error().unwrap_or_else(|| EngineError::Failed("the task was dropped".into()))
    }

    /// Why nothing can be asked now.
    fn error(&self) -> Option<EngineError> {
        match &self.shared.status.lock().state {
            EngineState::Ready => None,
            EngineState::Loading => Some(EngineError::NotReady),
            EngineState::Failed(why) => Some(EngineError::Failed(why.clone())),
            EngineState::Stopped => Some(EngineError::Unavailable("it was stopped".into())),
        }
    }
}

impl Engine for LocalEngine {
    fn describe(&self) -> String {
        let model = &self.shared.status.lock().model;
        match model.parameters {
            0 => model.name.clone(),
            parameters => format!("{}, {:.1} M parameters", model.name, parameters as f64 / 1e6),
        }
    }

    fn complete(
        &self,
        context: &Context,
        limits: &Limits,
        cancel: &CancelToken,
    ) -> Result<Vec<Generated>, EngineError> {
        let task = |reply| Task::Complete { context: context.clone(), limits: *limits, reply };
        self.ask(task, cancel, limits.deadline).unwrap_or_else(|finish| Ok(vec![stopped(finish)]))
    }

    fn score(
        &self,
        context: &Context,
        candidates: &[(String, usize)],
        cancel: &CancelToken,
    ) -> Result<Vec<Option<Score>>, EngineError> {
        let task = |reply| Task::Score { context: context.clone(), candidates: candidates.to_vec(), reply };
        self.ask(task, cancel, None).unwrap_or_else(|_| Ok(vec![None; candidates.len()]))
    }

    /// Returns at once: nobody needs to know when it is done.
    fn warm(&self, context: &Context, cancel: &CancelToken) {
        self.shared.mailbox.put(Task::Warm { context: context.clone() }, cancel.clone());
    }
}

impl Drop for LocalEngine {
    fn drop(&mut self) {
        self.shared.mailbox.close();
        let mut status = self.shared.status.lock();
        let is_running =
            |status: &mut EngineStatus| matches!(status.state, EngineState::Loading | EngineState::Ready);
        let timeout = Duration::from_millis(SHUTDOWN_MS);
        let waited = self.shared.changed.wait_while_for(&mut status, is_running, timeout);
        drop(status);
        if let Some(thread) = self.thread.take().filter(|_| !waited.timed_out()) {
            // It only has to drop its model. A panic of it was reported already.
            drop(thread.join());
        }
    }
}
