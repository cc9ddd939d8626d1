//! The server under test and the helpers that most tests share.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::{Value, json};
use test_support::{Client, Started};

pub(crate) const URI: &str = "file:///project/Module.bsl";

/// The binary that `STRIZH_BINARY` names, or the one next to this test's own; that one is built first, so that a test never
/// runs against an old one.
pub(crate) fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        if let Some(given) = std::env::var_os("STRIZH_BINARY") {
            return PathBuf::from(given);
        }
        let own = std::env::current_exe().expect("a running test has a path");
        let profile_folder = own.parent().and_then(Path::parent).expect("tests lie in <profile>/deps");
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--quiet", "--package", "strizh", "--manifest-path"]);
        build.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"));
        if profile_folder.ends_with("release") {
            build.arg("--release");
        }
        if let Some(target) = profile_folder.parent() {
            build.arg("--target-dir").arg(target);
        }
        assert!(build.status().expect("cargo runs").success(), "the server does not build");
        profile_folder.join(format!("strizh{}", std::env::consts::EXE_SUFFIX))
    })
}

/// A cache that no user has, one for all tests.
pub(crate) fn cache_folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| binary().with_file_name("test-cache"))
}

/// A server that waits for `initialize`; its suggestions come from a stand-in for the model.
pub(crate) fn start() -> Client {
    start_for_tests("1")
}

/// The same with the model of the binary.
pub(crate) fn start_with_model() -> Client {
    start_for_tests("model")
}

fn start_for_tests(kind: &str) -> Client {
    let cache = cache_folder().to_string_lossy();
    let environment =
        [("STRIZH_TEST_REQUESTS", kind), ("XDG_CACHE_HOME", &*cache), ("LOCALAPPDATA", &*cache)];
    Client::start(&Started { program: binary(), arguments: &["lsp"], environment: &environment })
        .expect("the server starts")
}

/// A session with plain capabilities, no pause before diagnostics, and one open document.
pub(crate) fn open(text: &str) -> Client {
    let mut client = start();
    client.initialize(initialize_params(json!({}))).expect("initialize is answered");
    did_open(&mut client, URI, text);
    client
}

pub(crate) fn initialize_params(capabilities: Value) -> Value {
    json!({
        "processId": std::process::id(),
        "rootUri": null,
        "capabilities": capabilities,
        "initializationOptions": {"diagnostics": {"debounceMilliseconds": 0}, "language": "en"},
    })
}

pub(crate) fn did_open(client: &mut Client, uri: &str, text: &str) {
    let document = json!({"uri": uri, "languageId": "bsl", "version": 1, "text": text});
    client.notify("textDocument/didOpen", json!({"textDocument": document})).expect("the server reads");
}

pub(crate) fn did_change(client: &mut Client, version: i64, changes: Value) {
    let document = json!({"uri": URI, "version": version});
    let params = json!({"textDocument": document, "contentChanges": changes});
    client.notify("textDocument/didChange", params).expect("the server reads");
}

/// Replaces a range; positions are `(line, column)`.
pub(crate) fn change(start: (usize, usize), end: (usize, usize), text: &str) -> Value {
    let position = |(line, character): (usize, usize)| json!({"line": line, "character": character});
    json!({"range": {"start": position(start), "end": position(end)}, "text": text})
}

pub(crate) fn document() -> Value {
    json!({"textDocument": {"uri": URI}})
}

/// What the server believes the document contains.
pub(crate) fn document_text(client: &mut Client) -> String {
    let answer = client.request("strizh/documentText", document()).expect("the document is open");
    answer["text"].as_str().expect("the answer has a text").to_owned()
}
