//! Progress of long work, shown by the client if it can.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use base::CancelToken;
use parking_lot::Mutex;
use serde_json::{Value, json};
use tower_lsp::Client;
use tower_lsp::gen_lsp_types::ProgressToken;

use crate::lsp::background::Errand;
use crate::lsp::world::World;

const REPORT_PERIOD: Duration = Duration::from_millis(200);
const CLIENT_TIMEOUT: Duration = Duration::from_secs(10);

/// One piece of long work. Its reports may come from any thread.
pub(crate) struct Progress<'a> {
    world: &'a World,
    token: &'a str,
    is_shown: bool,
    reported: Mutex<Instant>,
}

/// A token for progress and whether the client shows it.
pub(crate) async fn create_progress(world: &World, client: &Client) -> (String, bool) {
    let token = next_token();
    let is_shown = announce(world, client, &token).await;
    (token, is_shown)
}

/// Asks the client to show the progress of a job.
pub(crate) async fn show_job(world: &World, client: &Client, token: String) {
    if announce(world, client, &token).await
        && let Some(job) = world.jobs.lock().get_mut(&token)
    {
        job.is_shown = true;
    }
}

fn next_token() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("strizh-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

async fn announce(world: &World, client: &Client, token: &str) -> bool {
    if !world.snapshot().session.progress {
        return false;
    }
    let request = client.create_work_done_progress(ProgressToken::String(token.to_owned()));
    matches!(tokio::time::timeout(CLIENT_TIMEOUT, request).await, Ok(Ok(())))
}

impl<'a> Progress<'a> {
    pub(crate) fn begin(world: &'a World, token: &'a str, is_shown: bool, title: &str) -> Self {
        let progress = Self { world, token, is_shown, reported: Mutex::new(Instant::now()) };
        progress.send(&json!({"kind": "begin", "title": title, "cancellable": true, "percentage": 0}));
        progress
    }

    /// Tells how far the work is, but not too often.
    pub(crate) fn report(&self, done: usize, total: usize) {
        let Some(mut reported) = self.reported.try_lock() else { return };
        if reported.elapsed() < REPORT_PERIOD {
            return;
        }
        *reported = Instant::now();
        let percentage = done * 100 / total.max(1);
        let message = format!("{done}/{total}");
        self.send(&json!({"kind": "report", "percentage": percentage, "message": message}));
    }

    pub(crate) fn end(&self, message: &str) {
        self.send(&json!({"kind": "end", "message": message}));
    }

    fn send(&self, value: &Value) {
        if self.is_shown {
            self.world.outbox.send_blocking("$/progress", &json!({"token": self.token, "value": value}));
        }
    }
}

/// Work that a request or an errand waits for, as the client may see and end it.
#[derive(Default)]
pub(crate) struct Job {
    pub(crate) cancel: Option<CancelToken>,
    is_shown: bool,
}

/// How far a job is.
pub(crate) struct Step {
    pub(crate) percentage: Option<u64>,
    pub(crate) message: String,
}

/// Waits for work; the client is told of it if it takes longer than a moment, and may end what has a token for that.
pub(crate) async fn follow<T>(
    world: &World,
    title: &str,
    cancel: Option<CancelToken>,
    step: impl Fn() -> Step,
    work: impl Future<Output = T>,
) -> T {
    let token = next_token();
    let is_cancellable = cancel.is_some();
    world.jobs.lock().insert(token.clone(), Job { cancel, is_shown: false });
    let mut shown = Followed { world, token, title, is_cancellable, is_asked: false, is_begun: false };
    let mut work = std::pin::pin!(work);
    let mut ticks = tokio::time::interval_at(tokio::time::Instant::now() + REPORT_PERIOD, REPORT_PERIOD);
    loop {
        tokio::select! {
            result = &mut work => return result,
            _ = ticks.tick() => shown.tell(&step()),
        }
    }
}

/// Ends with the work, also if nobody waits for it any more.
struct Followed<'a> {
    world: &'a World,
    token: String,
    title: &'a str,
    is_cancellable: bool,
    is_asked: bool,
    is_begun: bool,
}

impl Followed<'_> {
    fn tell(&mut self, Step { percentage, message }: &Step) {
        if !std::mem::replace(&mut self.is_asked, true) {
            return self.world.send_errand(Errand::ShowProgress(self.token.clone()));
        }
        if !self.world.jobs.lock().get(&self.token).is_some_and(|job| job.is_shown) {
            return;
        }
        let kind = if std::mem::replace(&mut self.is_begun, true) { "report" } else { "begin" };
        let mut value = json!({"kind": kind, "message": message, "cancellable": self.is_cancellable});
        if kind == "begin" {
            value["title"] = json!(self.title);
        }
        if let Some(percentage) = percentage {
            value["percentage"] = json!(percentage);
        }
        self.send(&value);
    }

    fn send(&self, value: &Value) {
        self.world.outbox.send_or_drop("$/progress", &json!({"token": self.token, "value": value}));
    }
}

impl Drop for Followed<'_> {
    fn drop(&mut self) {
        self.world.jobs.lock().remove(&self.token);
        if self.is_begun {
            self.send(&json!({"kind": "end"}));
        }
    }
}
