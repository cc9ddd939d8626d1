//! What real editors say about themselves (`fixtures/clients`), replayed: each gets findings its own way, at exact places
//! after Cyrillic letters and emoji, and is asked for nothing that it has not declared.

use std::path::Path;

use serde_json::{Value, json};
use test_support::Client;

use crate::server::{URI, did_open, start};

const TEXT: &str = "// 🙂 Проверка\n\tТекст = \"🙂🙂 привет\"; Товар = Товар;\n\tЕс\n";

/// A session as the editor would begin it, with a document open.
fn session(name: &str) -> (Client, Value, Value) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/clients").join(name);
    let text = std::fs::read_to_string(&file).expect("the snapshot is readable");
    let mut params: Value = serde_json::from_str(&text).expect("the snapshot is JSON");
    params["processId"] = json!(std::process::id());
    params["rootUri"] = Value::Null;
    params["initializationOptions"] = json!({"diagnostics": {"debounceMilliseconds": 0}, "language": "en"});
    let capabilities = params["capabilities"].clone();
    let mut client = start();
    let answer = client.initialize(params).expect("initialize is answered");
    did_open(&mut client, URI, TEXT);
    (client, capabilities, answer["capabilities"].clone())
}

fn is_true(capabilities: &Value, pointer: &str) -> bool {
    capabilities.pointer(pointer) == Some(&Value::Bool(true))
}

/// Findings, the way this editor gets them.
fn findings(client: &mut Client, capabilities: &Value) -> Vec<Value> {
    if capabilities.pointer("/textDocument/diagnostic").is_none() {
        return client.diagnostics(URI, 1).expect("findings are pushed");
    }
    let report = client
        .request("textDocument/diagnostic", json!({"textDocument": {"uri": URI}}))
        .expect("findings are answered");
    report["items"].as_array().cloned().expect("a full report")
}

/// Column of a piece of the second line, in the units that were agreed.
fn columns(encoding: &str, piece: &str) -> (usize, usize) {
    let line = TEXT.lines().nth(1).expect("invariant: the text has lines");
    let before = line.find(piece).expect("invariant: the line has the piece");
    let units = |text: &str| if encoding == "utf-8" { text.len() } else { text.encode_utf16().count() };
    (units(&line[..before]), units(&line[..before + piece.len()]))
}

/// Every request that the server sent was declared by the editor.
fn assert_only_declared(client: &mut Client, capabilities: &Value) {
    for message in client.received().expect("the output is well formed") {
        let Some(method) = message["method"].as_str().filter(|_| message.get("id").is_some()) else {
            continue;
        };
        let pointer = match method {
            "window/workDoneProgress/create" => "/window/workDoneProgress",
            "workspace/configuration" => "/workspace/configuration",
            "workspace/diagnostic/refresh" => "/workspace/diagnostics/refreshSupport",
            "workspace/inlayHint/refresh" => "/workspace/inlayHint/refreshSupport",
            "workspace/codeLens/refresh" => "/workspace/codeLens/refreshSupport",
            "workspace/semanticTokens/refresh" => "/workspace/semanticTokens/refreshSupport",
            "client/registerCapability" => {
                for registration in message["params"]["registrations"].as_array().into_iter().flatten() {
                    let method = registration["method"].as_str().expect("a method");
                    let pointer = format!("/{method}/dynamicRegistration");
                    assert!(is_true(capabilities, &pointer), "{method} was registered");
                }
                continue;
            }
            other => panic!("unexpected request {other}"),
        };
        assert!(is_true(capabilities, pointer), "{method} was not declared");
    }
}

#[track_caller]
fn check(name: &str, encoding: &str) {
    let (mut client, capabilities, server) = session(name);
    assert_eq!(server["positionEncoding"].as_str().unwrap_or("utf-16"), encoding);
    let found = findings(&mut client, &capabilities);
    let finding = found.iter().find(|finding| finding["code"] == "SelfAssign").expect("the finding");
    let (start, end) = columns(encoding, "Товар = Товар");
    assert_eq!(
        finding["range"],
        json!({"start": {"line": 1, "character": start}, "end": {"line": 1, "character": end}})
    );

    let place = json!({"textDocument": {"uri": URI}, "position": {"line": 1, "character": start}});
    assert!(!client.request("textDocument/hover", place).expect("hover is answered")["contents"].is_null());

    let position = json!({"line": 2, "character": columns_of_end(encoding)});
    let place = json!({"textDocument": {"uri": URI}, "position": position, "context": {"triggerKind": 1}});
    let list = client.request("textDocument/completion", place).expect("completion is answered");
    let items = list["items"].as_array().or(list.as_array()).cloned().unwrap_or_default();
    assert!(items.iter().any(|item| item["label"] == "Если"), "{items:?}");
    let snippets = is_true(&capabilities, "/textDocument/completion/completionItem/snippetSupport");
    assert!(snippets || items.iter().all(|item| item["insertTextFormat"] != 2), "snippets were not declared");

    // Neovim does not register it later.
    assert_eq!(server["inlineCompletionProvider"], true);
    assert_only_declared(&mut client, &capabilities);
    assert_eq!(client.shut_down().expect("the server ends"), Some(0));
}

fn columns_of_end(encoding: &str) -> usize {
    let line = TEXT.lines().nth(2).expect("invariant: the text has lines");
    if encoding == "utf-8" { line.len() } else { line.encode_utf16().count() }
}

#[test]
fn vs_code() {
    check("vscode-1.139.json", "utf-16");
}

#[test]
fn neovim_0_11() {
    check("neovim-0.11.json", "utf-8");
}

#[test]
fn neovim_0_12() {
    check("neovim-0.12.json", "utf-8");
}

#[test]
fn helix() {
    check("helix-25.07.json", "utf-8");
}

#[test]
fn emacs() {
    check("emacs-28.json", "utf-16");
}
