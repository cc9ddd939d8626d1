//! Pushed and pulled diagnostics, and the check of the whole workspace.

use serde_json::{Value, json};
use test_support::{Client, Fixture};

use crate::server::{URI, change, did_change, did_open, document, initialize_params, open, start};

const EMPTY_BLOCK: &str = "Процедура П()\n\tЕсли А Тогда\n\tКонецЕсли;\nКонецПроцедуры\n";

/// Findings of the one rule that these tests are about.
fn codes(diagnostics: &[Value]) -> Vec<&str> {
    let codes = diagnostics.iter().filter_map(|diagnostic| diagnostic["code"].as_str());
    codes.filter(|code| *code == "EmptyCodeBlock").collect()
}

#[test]
fn diagnostics_follow_the_text() {
    let mut client = open(EMPTY_BLOCK);
    let found = client.diagnostics(URI, 1).expect("diagnostics");
    assert_eq!(codes(&found), ["EmptyCodeBlock"]);
    assert_eq!(found[0]["source"], "strizh");
    did_change(&mut client, 2, json!([change((2, 0), (2, 0), "\t\tБ();\n")]));
    assert_eq!(codes(&client.diagnostics(URI, 2).expect("diagnostics")), [""; 0]);
    did_change(&mut client, 3, json!([change((2, 0), (3, 0), "")]));
    assert_eq!(codes(&client.diagnostics(URI, 3).expect("diagnostics")), ["EmptyCodeBlock"]);
    client.notify("textDocument/didClose", document()).expect("the server reads");
    let closed = client.notification("textDocument/publishDiagnostics", |params| params["version"].is_null());
    assert_eq!(closed.expect("an empty list")["diagnostics"], json!([]));
}

#[test]
fn the_code_of_a_finding_leads_to_the_help_of_its_rule() {
    let mut client = start();
    let capabilities = json!({"textDocument": {"publishDiagnostics": {"codeDescriptionSupport": true}}});
    client.initialize(initialize_params(capabilities)).expect("initialize is answered");
    did_open(&mut client, URI, EMPTY_BLOCK);
    let found = client.diagnostics(URI, 1).expect("diagnostics");
    let href = found[0]["codeDescription"]["href"].as_str().expect("an address");
    assert!(href.starts_with("file://") && href.ends_with("/EmptyCodeBlock.md"), "{href}");
}

fn pulling() -> Client {
    let mut client = start();
    let capabilities = json!({"textDocument": {"diagnostic": {}}});
    let result = client.initialize(initialize_params(capabilities)).expect("initialize is answered");
    assert!(result["capabilities"]["diagnosticProvider"].is_object());
    did_open(&mut client, URI, EMPTY_BLOCK);
    client
}

#[test]
fn a_client_that_asks_gets_answers_and_nothing_else() {
    let mut client = pulling();
    let report = client.request("textDocument/diagnostic", document()).expect("an answer");
    assert_eq!(report["kind"], "full");
    assert_eq!(codes(report["items"].as_array().expect("a list")), ["EmptyCodeBlock"]);
    let again = json!({"textDocument": {"uri": URI}, "previousResultId": report["resultId"]});
    let same = client.request("textDocument/diagnostic", again.clone()).expect("an answer");
    assert_eq!(same, json!({"kind": "unchanged", "resultId": report["resultId"]}));
    did_change(&mut client, 2, json!([change((0, 0), (0, 0), "\n")]));
    let changed = client.request("textDocument/diagnostic", again).expect("an answer");
    assert_eq!(changed["items"][0]["range"]["start"]["line"], 2);
    let pushed = client.received().expect("only frames");
    assert!(
        pushed.iter().all(|message| message["method"] != "textDocument/publishDiagnostics"),
        "{pushed:?}"
    );
}

#[test]
fn the_whole_workspace_is_checked_with_progress() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = format!(
        "//- /a/Module.bsl\n{EMPTY_BLOCK}//- /b/Module.bsl\nА = 1;\n//- /skip/Module.bsl\n{EMPTY_BLOCK}"
    );
    Fixture::parse(&text).write_to(folder.path()).expect("files");
    std::fs::write(folder.path().join(".bsl-language-server.json"), r#"{"excludePaths": ["skip"], "diagnostics": {"mode": "only", "parameters": {"EmptyCodeBlock": true}}}"#)
        .expect("a file");
    let mut client = start();
    let mut params = initialize_params(json!({"window": {"workDoneProgress": true}}));
    params["rootUri"] = json!(format!("file://{}", folder.path().display()));
    client.initialize(params).expect("initialize is answered");
    let command = json!({"command": "strizh.checkWorkspace"});
    client.request("workspace/executeCommand", command).expect("an answer at once");
    // The end of reading the configuration has no message.
    let is_end = |params: &Value| params["value"]["kind"] == "end" && params["value"]["message"] != "";
    let end = client.notification("$/progress", is_end).expect("an end");
    assert_eq!(end["value"]["message"], "modules: 2, findings: 1");
    let published = client.received().expect("only frames");
    let with_findings = published.iter().filter(|message| message["params"]["diagnostics"][0].is_object());
    let uris: Vec<_> = with_findings.filter_map(|message| message["params"]["uri"].as_str()).collect();
    assert_eq!(uris.len(), 1, "{uris:?}");
    assert!(uris[0].ends_with("/a/Module.bsl"), "{uris:?}");
}
