//! The thread that works on submissions, one at a time for an infobase.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use base::CancelToken;
use parking_lot::Mutex;

use crate::manager::queue::Queue;
use crate::manager::{Event, History, Session, State, Submission};

/// Hears of every step; called from the thread of the manager.
pub type Listener = Box<dyn FnMut(Event) + Send>;

/// Takes submissions and works on them in the background. Dropping it ends what is under way.
pub struct Manager {
    submissions: Option<Sender<Submission>>,
    thread: Option<JoinHandle<()>>,
    cancel: CancelToken,
    next: AtomicU64,
    history: Arc<Mutex<History>>,
}

impl Manager {
    pub fn start(session: Session, debounce: Duration, listener: Listener) -> std::io::Result<Self> {
        let (submissions, incoming) = channel();
        let cancel = CancelToken::new();
        let history = Arc::new(Mutex::new(History::default()));
        let worker = Worker {
            session,
            queue: Queue::new(debounce),
            listener,
            cancel: cancel.clone(),
            history: Arc::clone(&history),
        };
        let thread =
            std::thread::Builder::new().name("hot reload".to_owned()).spawn(move || worker.run(&incoming))?;
        Ok(Self {
            submissions: Some(submissions),
            thread: Some(thread),
            cancel,
            next: AtomicU64::new(1),
            history,
        })
    }

    /// Its number, by which events name it; one that it has already is kept.
    pub fn submit(&self, mut submission: Submission) -> u64 {
        if submission.number == 0 {
            submission.number = self.next.fetch_add(1, Ordering::Relaxed);
        }
        let number = submission.number;
        if let Some(submissions) = &self.submissions
            && submissions.send(submission).is_err()
        {
            tracing::error!("hot reload has ended");
        }
        number
    }

    pub fn history(&self) -> History {
        self.history.lock().clone()
    }

    /// Ends what is under way; nothing is taken from now on.
    pub fn cancel(&self) {
        self.cancel.cancel();
    }
}

impl Drop for Manager {
    fn drop(&mut self) {
        self.cancel.cancel();
        self.submissions = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("hot reload has failed");
        }
    }
}

struct Worker {
    session: Session,
    queue: Queue,
    listener: Listener,
    cancel: CancelToken,
    history: Arc<Mutex<History>>,
}

impl Worker {
    fn run(mut self, incoming: &Receiver<Submission>) {
        loop {
            let now = self.session.now();
            let wait = self.queue.next_due().map(|due| due.saturating_sub(now));
            let received = match wait {
                Some(wait) => incoming.recv_timeout(wait),
                None => incoming.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match received {
                Ok(submission) => self.accept(submission),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            // What came in the meantime counts before anything is sent.
            while let Ok(submission) = incoming.try_recv() {
                self.accept(submission);
            }
            if self.cancel.is_cancelled() {
                return;
            }
            self.work();
        }
    }

    fn accept(&mut self, submission: Submission) {
        (self.listener)(self.session.event(&submission, State::Pending));
        let now = self.session.now();
        if let Some(replaced) = self.queue.push(submission, now) {
            (self.listener)(self.session.event(&replaced, State::Coalesced));
        }
    }

    /// One at a time: others may be replaced while it is under way.
    fn work(&mut self) {
        let now = self.session.now();
        let Some(submission) = self.queue.take_due(now) else { return };
        let event = self.session.process(submission, &self.cancel, &mut self.listener);
        *self.history.lock() = self.session.history().clone();
        (self.listener)(event);
    }
}
