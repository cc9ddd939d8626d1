//! Requests on their way to the thread of the model: one of each kind waits at most, the newest. Whoever is replaced
//! is answered.

use std::collections::VecDeque;
use std::sync::mpsc::SyncSender;

use base::CancelToken;
use parking_lot::{Condvar, Mutex};

use super::decode::stopped;
use super::{EngineError, Finish, Generated, Score};
use crate::{Context, Limits};

pub(crate) type Reply<T> = SyncSender<Result<T, EngineError>>;

/// What is wanted, and where the answer goes.
pub(crate) enum Task {
    Complete { context: Context, limits: Limits, reply: Reply<Vec<Generated>> },
    Score { context: Context, candidates: Vec<(String, usize)>, reply: Reply<Vec<Option<Score>>> },
    Warm { context: Context },
    Embed { text: String, reply: Reply<Vec<f32>> },
}

/// A task and who may stop it.
pub(crate) struct Job {
    pub(crate) task: Task,
    /// Whoever asked lost interest.
    pub(crate) cancel: CancelToken,
    /// Something more important came.
    pub(crate) superseded: CancelToken,
}

/// The more important first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Complete,
    Score,
    Warm,
    Embed,
}

/// Texts to embed wait in a queue: nothing makes an older one useless.
const MAX_EMBEDS: usize = 16;

#[derive(Default)]
pub(crate) struct Mailbox {
    slots: Mutex<Slots>,
    changed: Condvar,
}

#[derive(Default)]
struct Slots {
    complete: Option<Job>,
    score: Option<Job>,
    warm: Option<Job>,
    embeds: VecDeque<Job>,
    running: Option<(Kind, CancelToken)>,
    is_closed: bool,
}

impl Mailbox {
    /// Leaves a task for the thread, in place of an older one of its kind, and stops what is less important. Tells
    /// whether there is room and anybody to do it.
    pub(crate) fn put(&self, task: Task, cancel: CancelToken) -> bool {
        let job = Job { task, cancel, superseded: CancelToken::new() };
        let kind = job.task.kind();
        let mut slots = self.slots.lock();
        if slots.is_closed || (kind == Kind::Embed && slots.embeds.len() >= MAX_EMBEDS) {
            return false;
        }
        if let Some((running, superseded)) = &slots.running
            && kind.stops(*running)
        {
            superseded.cancel();
        }
        let replaced = match kind {
            Kind::Complete => slots.complete.replace(job),
            Kind::Score => slots.score.replace(job),
            Kind::Warm => slots.warm.replace(job),
            Kind::Embed => {
                slots.embeds.push_back(job);
                None
            }
        };
        drop(slots);
        self.changed.notify_one();
        if let Some(replaced) = replaced {
            replaced.task.refuse();
        }
        true
    }

    /// Puts a text back that something more important interrupted.
    pub(crate) fn put_back(&self, text: String, reply: Reply<Vec<f32>>, cancel: CancelToken) {
        let mut slots = self.slots.lock();
        if !slots.is_closed {
            let task = Task::Embed { text, reply };
            slots.embeds.push_front(Job { task, cancel, superseded: CancelToken::new() });
        }
    }

    /// The next task, the most important first; waits for one. None when the mailbox is closed.
    pub(crate) fn take(&self) -> Option<Job> {
        let mut slots = self.slots.lock();
        slots.running = None;
        loop {
            if slots.is_closed {
                return None;
            }
            let job = slots.complete.take().or_else(|| slots.score.take()).or_else(|| slots.warm.take());
            if let Some(job) = job.or_else(|| slots.embeds.pop_front()) {
                slots.running = Some((job.task.kind(), job.superseded.clone()));
                return Some(job);
            }
            self.changed.wait(&mut slots);
        }
    }

    /// Nothing is taken any more; what waits is dropped, so whoever asked learns it.
    pub(crate) fn close(&self) {
        let mut slots = self.slots.lock();
        if let Some((_, superseded)) = &slots.running {
            superseded.cancel();
        }
        *slots = Slots { is_closed: true, ..Slots::default() };
        drop(slots);
        self.changed.notify_all();
    }
}

impl Kind {
    /// Whether a new task of this kind stops one that runs.
    fn stops(self, running: Self) -> bool {
        match self {
            // Scores belong to the request before; they are short, and who asked for them cancels them.
            Self::Complete => running != Self::Score,
            Self::Score => running != Self::Complete,
            Self::Warm => running == Self::Warm,
            Self::Embed => false,
        }
    }
}

impl Task {
    fn kind(&self) -> Kind {
        match self {
            Self::Complete { .. } => Kind::Complete,
            Self::Score { .. } => Kind::Score,
            Self::Warm { .. } => Kind::Warm,
            Self::Embed { .. } => Kind::Embed,
        }
    }

    /// Answers a task that will not be done. Nobody may wait any more: then the answer is lost, as it should be.
    fn refuse(self) {
        match self {
            Self::Complete { reply, .. } => drop(reply.try_send(Ok(vec![stopped(Finish::Cancelled)]))),
            Self::Score { candidates, reply, .. } => drop(reply.try_send(Ok(vec![None; candidates.len()]))),
            Self::Warm { .. } | Self::Embed { .. } => {}
        }
    }
}
