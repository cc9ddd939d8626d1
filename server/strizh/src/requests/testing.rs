//! Requests that exist only for end-to-end tests: slow work and work that fails.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tower_lsp::jsonrpc::Result;

use crate::lsp::run;

/// Works for `milliseconds` unless cancelled.
pub(crate) async fn sleep(params: Value) -> Result<Value> {
    let duration = Duration::from_millis(params.get("milliseconds").and_then(Value::as_u64).unwrap_or(0));
    run("sleep", move |_, token| {
        let end = Instant::now() + duration;
        while Instant::now() < end && !token.is_cancelled() {
            std::thread::sleep(Duration::from_millis(1));
        }
        json!({})
    })
    .await
}

#[expect(clippy::panic, reason = "the test wants to see that a panic is contained")]
pub(crate) async fn panic(_params: Value) -> Result<Value> {
    run("panic", |_, _| panic!("on request")).await
}
