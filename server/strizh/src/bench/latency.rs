//! From a keystroke to fresh diagnostics, over stdio, with the pause before checking set to zero.

use std::time::Instant;

use serde_json::json;
use test_support::{Client, Started};

use crate::bench::process::resident_megabytes;

const KEYSTROKES: usize = 60;
const URI: &str = "file:///bench/CommonModules/Bench/Ext/Module.bsl";

/// Milliseconds and megabytes.
pub(crate) struct Latency {
    pub(crate) initialize: f64,
    pub(crate) open: f64,
    pub(crate) median: f64,
    pub(crate) p95: f64,
    pub(crate) resident: Option<f64>,
}

/// Types into a line of the text, letter by letter.
pub(crate) fn measure(text: &str, line: u32) -> anyhow::Result<Latency> {
    let binary = std::env::current_exe()?;
    let since = |started: Instant| started.elapsed().as_secs_f64() * 1e3;
    let started = Instant::now();
    let mut client = Client::start(&Started { program: &binary, arguments: &["lsp"], environment: &[] })?;
    client.initialize(json!({
        "processId": null,
        "rootUri": null,
        "capabilities": {},
        "initializationOptions": {"diagnostics": {"debounceMilliseconds": 0}},
    }))?;
    let initialize = since(started);
    let started = Instant::now();
    let document = json!({"uri": URI, "languageId": "bsl", "version": 1, "text": text});
    client.notify("textDocument/didOpen", json!({"textDocument": document}))?;
    client.diagnostics(URI, 1)?;
    let open = since(started);
    let column =
        text.lines().nth(line as usize).map_or(0, |line| line.chars().take_while(|it| *it == '\t').count());
    let mut times = Vec::with_capacity(KEYSTROKES);
    for version in 2..KEYSTROKES as i64 + 2 {
        let place = json!({"line": line, "character": column});
        let changes = json!([{"range": {"start": place, "end": place}, "text": "а"}]);
        let document = json!({"uri": URI, "version": version});
        let started = Instant::now();
        client
            .notify("textDocument/didChange", json!({"textDocument": document, "contentChanges": changes}))?;
        client.diagnostics(URI, version)?;
        times.push(since(started));
    }
    times.sort_by(f64::total_cmp);
    let resident = resident_megabytes(client.process_id());
    client.shut_down()?;
    Ok(Latency {
        initialize,
        open,
        median: times[KEYSTROKES / 2],
        p95: times[KEYSTROKES * 95 / 100],
        resident,
    })
}
