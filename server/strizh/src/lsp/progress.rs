//! Progress of long work, shown by the client if it can.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use serde_json::{Value, json};
use tower_lsp::Client;
use tower_lsp::gen_lsp_types::ProgressToken;

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
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let token = format!("strizh-{}", NEXT.fetch_add(1, Ordering::Relaxed));
    if !world.snapshot().session.progress {
        return (token, false);
    }
    let request = client.create_work_done_progress(ProgressToken::String(token.clone()));
    let is_shown = matches!(tokio::time::timeout(CLIENT_TIMEOUT, request).await, Ok(Ok(())));
    (token, is_shown)
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
