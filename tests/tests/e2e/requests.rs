//! Every request that is advertised is answered, in the form that the client can read.

use serde_json::{Value, json};
use test_support::Client;

use crate::server::{URI, change, did_change, did_open, document, initialize_params, open, start};

const MODULE: &str =
    "#Область О\n\nПроцедура П(А)\n\tЕсли А Тогда\n\tКонецЕсли;\nКонецПроцедуры\n\n#КонецОбласти\n";

fn at(line: u32, character: u32) -> Value {
    json!({"textDocument": {"uri": URI}, "position": {"line": line, "character": character}})
}

fn whole() -> Value {
    json!({"start": {"line": 0, "character": 0}, "end": {"line": 8, "character": 0}})
}

#[test]
fn every_advertised_request_is_answered() {
    let mut client = open(MODULE);
    let options = json!({"tabSize": 4, "insertSpaces": false});
    let requests = [
        ("textDocument/documentSymbol", document()),
        ("textDocument/foldingRange", document()),
        (
            "textDocument/selectionRange",
            json!({"textDocument": {"uri": URI}, "positions": [at(3, 6)["position"]]}),
        ),
        ("textDocument/documentHighlight", at(3, 6)),
        ("textDocument/hover", at(3, 6)),
        ("textDocument/definition", at(3, 6)),
        ("textDocument/declaration", at(3, 6)),
        ("textDocument/typeDefinition", at(3, 6)),
        ("textDocument/implementation", at(3, 6)),
        ("textDocument/semanticTokens/full", document()),
        ("textDocument/semanticTokens/range", json!({"textDocument": {"uri": URI}, "range": whole()})),
        ("textDocument/formatting", json!({"textDocument": {"uri": URI}, "options": options})),
        (
            "textDocument/rangeFormatting",
            json!({"textDocument": {"uri": URI}, "options": options, "range": whole()}),
        ),
        (
            "textDocument/onTypeFormatting",
            json!({"textDocument": {"uri": URI}, "options": options, "position": at(4, 11)["position"], "ch": ";"}),
        ),
    ];
    for (method, params) in requests {
        let result = client.request(method, params);
        assert!(result.as_ref().is_ok_and(|result| !result.is_null()), "{method}: {result:?}");
    }
}

#[test]
fn requests_about_a_closed_document_are_empty() {
    let mut client = open(MODULE);
    client.notify("textDocument/didClose", document()).expect("the server reads");
    for method in
        ["textDocument/documentSymbol", "textDocument/foldingRange", "textDocument/semanticTokens/full"]
    {
        assert_eq!(client.request(method, document()).expect("an answer"), Value::Null);
    }
}

#[test]
fn semantic_tokens_come_as_differences() {
    let mut client = open("А = 1;\nБ = 2;\nВ = 3;\n");
    let full = client.request("textDocument/semanticTokens/full", document()).expect("an answer");
    let mut data = integers(&full["data"]);
    did_change(&mut client, 2, json!([change((1, 0), (1, 1), "Длинное"), change((2, 4), (2, 5), "\"с\"")]));
    let params = json!({"textDocument": {"uri": URI}, "previousResultId": full["resultId"]});
    let delta = client.request("textDocument/semanticTokens/full/delta", params).expect("an answer");
    for edit in delta["edits"].as_array().expect("edits").iter().rev() {
        let start = edit["start"].as_u64().expect("a number") as usize;
        let end = start + edit["deleteCount"].as_u64().expect("a number") as usize;
        data.splice(start..end, integers(&edit["data"]));
    }
    let fresh = client.request("textDocument/semanticTokens/full", document()).expect("an answer");
    assert_eq!(data, integers(&fresh["data"]));
    let unknown = json!({"textDocument": {"uri": URI}, "previousResultId": "unknown"});
    let whole = client.request("textDocument/semanticTokens/full/delta", unknown).expect("an answer");
    assert_eq!(integers(&whole["data"]), data);
}

fn integers(value: &Value) -> Vec<u64> {
    value.as_array().expect("a list").iter().filter_map(Value::as_u64).collect()
}

fn actions(client: &mut Client, only: Option<&str>) -> Vec<Value> {
    let diagnostics = client.diagnostics(URI, 1).expect("diagnostics");
    let mut context = json!({"diagnostics": diagnostics});
    if let Some(only) = only {
        context["only"] = json!([only]);
    }
    let range = diagnostics[0]["range"].clone();
    let params = json!({"textDocument": {"uri": URI}, "range": range, "context": context});
    let answer = client.request("textDocument/codeAction", params).expect("an answer");
    answer.as_array().expect("a list").clone()
}

#[test]
fn a_rule_can_be_switched_off_where_it_complains() {
    let mut client = start();
    let capabilities = json!({"workspace": {"workspaceEdit": {"documentChanges": true}}});
    client.initialize(initialize_params(capabilities)).expect("initialize is answered");
    did_open(&mut client, URI, MODULE);
    let actions = actions(&mut client, Some("quickfix"));
    let action = actions.iter().find(|it| it["title"] == "Switch off EmptyCodeBlock in this line");
    let change = &action.expect("the action")["edit"]["documentChanges"][0];
    assert_eq!(change["textDocument"]["version"], 1);
    assert_eq!(change["edits"][0]["newText"], " // BSLLS:EmptyCodeBlock-off");
    assert_eq!(change["edits"][0]["range"]["start"], json!({"line": 3, "character": 13}));
}

#[test]
fn a_filter_of_kinds_is_respected() {
    let mut client = open(MODULE);
    assert_eq!(actions(&mut client, Some("notebook")), [Value::Null; 0]);
}
