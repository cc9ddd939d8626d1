//! Settings of the project file and of the editor, changed while the server runs.

use std::path::Path;

use serde_json::{Value, json};
use test_support::Client;

use crate::server::{URI, did_open, initialize_params, start};

/// Everything but one rule is off.
const ONLY_LONG_LINES: &str =
    r#"{"diagnostics": {"mode": "only", "parameters": {"LineLength": {"maxLineLength": 20}}}}"#;
const LONG_LINE: &str = "А = \"1234567890123456789012345678901234567890\";\n";

fn session(folder: &Path, capabilities: Value) -> Client {
    let mut client = start();
    let mut params = initialize_params(capabilities);
    params["rootUri"] = json!(format!("file://{}", folder.display()));
    client.initialize(params).expect("initialize is answered");
    client
}

fn write(folder: &Path, text: &str) {
    std::fs::write(folder.join(".bsl-language-server.json"), text).expect("a file");
}

fn file_changed(client: &mut Client, folder: &Path) {
    let uri = format!("file://{}/.bsl-language-server.json", folder.display());
    let params = json!({"changes": [{"uri": uri, "type": 2}]});
    client.notify("workspace/didChangeWatchedFiles", params).expect("the server reads");
}

fn message(client: &mut Client) -> String {
    let params = client.notification("window/showMessage", |_| true).expect("a message");
    params["message"].as_str().expect("a text").to_owned()
}

const WATCHING: &str = r#"{"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": true}}}"#;

#[test]
fn the_project_file_is_read_again_when_it_changes() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut client = session(folder.path(), serde_json::from_str(WATCHING).expect("JSON"));
    did_open(&mut client, URI, LONG_LINE);
    let before = client.diagnostics(URI, 1).expect("diagnostics");
    assert!(before.iter().all(|finding| finding["code"] != "LineLength"), "{before:?}");
    write(folder.path(), ONLY_LONG_LINES);
    file_changed(&mut client, folder.path());
    let found = client.notification("textDocument/publishDiagnostics", |params| {
        params["diagnostics"][0]["code"] == "LineLength"
    });
    found.expect("a finding of the rule that is left");
}

#[test]
fn a_broken_project_file_is_located_and_keeps_the_last_settings() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), ONLY_LONG_LINES);
    let mut client = session(folder.path(), serde_json::from_str(WATCHING).expect("JSON"));
    write(folder.path(), "{\n  \"diagnostics\": {,\n}");
    file_changed(&mut client, folder.path());
    let text = message(&mut client);
    assert!(text.contains(".bsl-language-server.json:2:19: "), "{text}");
    did_open(&mut client, URI, LONG_LINE);
    assert_eq!(client.diagnostics(URI, 1).expect("diagnostics").len(), 1);
}

#[test]
fn unknown_settings_are_named_once() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), r#"{"diagnostics": {"parametres": {}}}"#);
    let mut client = session(folder.path(), serde_json::from_str(WATCHING).expect("JSON"));
    let text = message(&mut client);
    assert!(text.contains("unknown setting \"diagnostics.parametres\""), "{text}");
    assert!(text.contains("did you mean \"diagnostics.parameters\"?"), "{text}");
    file_changed(&mut client, folder.path());
    let settings = json!({"settings": {"strizh": {"diagnostics": {"enabel": false}}}});
    client.notify("workspace/didChangeConfiguration", settings).expect("the server reads");
    let text = message(&mut client);
    assert!(text.contains("did you mean \"diagnostics.enable\"?"), "{text}");
}

#[test]
fn the_server_asks_a_client_that_can_be_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut client = start();
    client.set_configuration(json!({"diagnostics": {"enable": false, "debounceMilliseconds": 0}}));
    let capabilities = json!({"workspace": {"configuration": true}});
    let mut params = initialize_params(capabilities);
    params["rootUri"] = json!(format!("file://{}", folder.path().display()));
    client.initialize(params).expect("initialize is answered");
    client.notification("workspace/configuration", |_| true).expect("a question");
    did_open(&mut client, URI, "Если А Тогда\nКонецЕсли;\n");
    let silent =
        client.notification("textDocument/publishDiagnostics", |params| params["diagnostics"] == json!([]));
    silent.expect("no findings: they are switched off");
    client.set_configuration(json!({"diagnostics": {"enable": true, "debounceMilliseconds": 0}}));
    client.notify("workspace/didChangeConfiguration", json!({"settings": null})).expect("the server reads");
    let found =
        client.notification("textDocument/publishDiagnostics", |params| params["diagnostics"] != json!([]));
    found.expect("findings");
}

#[test]
fn without_watching_the_server_looks_at_the_file_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut client = session(folder.path(), json!({}));
    did_open(&mut client, URI, LONG_LINE);
    let before = client.diagnostics(URI, 1).expect("diagnostics");
    assert!(before.iter().all(|finding| finding["code"] != "LineLength"), "{before:?}");
    write(folder.path(), ONLY_LONG_LINES);
    let found = client.notification("textDocument/publishDiagnostics", |params| {
        params["diagnostics"][0]["code"] == "LineLength"
    });
    found.expect("a finding of the rule that is left");
}
