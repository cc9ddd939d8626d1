//! State changes are applied in order; requests see the revision of their arrival; cancelling works.

use serde_json::json;

use crate::server::{change, did_change, document, document_text, open};

const CANCELLED: i64 = -32800;

#[test]
fn every_request_sees_exactly_its_revision() {
    let mut client = open("");
    let mut expected = String::new();
    let mut requests = Vec::new();
    for number in 0..1000 {
        let text = format!("А{number} = {number};\n");
        did_change(
            &mut client,
            number + 2,
            json!([change((number as usize, 0), (number as usize, 0), &text)]),
        );
        expected.push_str(&text);
        let id = client.send_request("strizh/documentText", document()).expect("the server reads");
        requests.push((id, number + 2, expected.clone()));
    }
    for (id, version, text) in requests {
        let answer = client.answer(id).expect("every request is answered").expect("without an error");
        assert_eq!(answer["version"], version);
        assert_eq!(answer["text"], text);
    }
}

#[test]
fn slow_requests_can_be_cancelled_while_others_go_on() {
    let mut client = open("");
    let slow: Vec<i64> = (0..8)
        .map(|_| {
            client.send_request("strizh/sleep", json!({"milliseconds": 600_000})).expect("the server reads")
        })
        .collect();
    for id in &slow {
        client.cancel(*id).expect("the server reads");
    }
    for id in slow {
        let failure = client.answer(id).expect("an answer").expect_err("cancelled");
        assert_eq!(failure.code, CANCELLED);
    }
    // The workers have stopped, too: this needs one of them.
    assert_eq!(document_text(&mut client), "");
    assert_eq!(client.shut_down().expect("the server ends"), Some(0));
}

#[test]
fn a_panic_stays_inside_its_request() {
    let mut client = open("А = 1;");
    let id = client.send_request("strizh/panic", json!({})).expect("the server reads");
    let failure = client.answer(id).expect("an answer").expect_err("an error");
    assert_eq!((failure.code, failure.message.as_str()), (-32603, "panic failed: on request"));
    assert_eq!(document_text(&mut client), "А = 1;");
}

#[test]
fn a_client_that_answers_nothing_blocks_nothing() {
    let mut client = crate::server::start();
    client.stay_silent();
    let capabilities = json!({
        "workspace": {"configuration": true, "didChangeWatchedFiles": {"dynamicRegistration": true}},
        "window": {"workDoneProgress": true},
    });
    client.initialize(crate::server::initialize_params(capabilities)).expect("initialize is answered");
    for _ in 0..400 {
        let command = json!({"command": "strizh.checkWorkspace"});
        client.send_request("workspace/executeCommand", command).expect("the server reads");
        client
            .notify("workspace/didChangeConfiguration", json!({"settings": null}))
            .expect("the server reads");
    }
    crate::server::did_open(&mut client, crate::server::URI, "А = 1;");
    assert_eq!(document_text(&mut client), "А = 1;");
    assert_eq!(client.shut_down().expect("the server ends"), Some(0));
}

#[test]
fn messages_before_initialize_change_nothing() {
    let mut client = crate::server::start();
    crate::server::did_open(&mut client, crate::server::URI, "early");
    client.initialize(crate::server::initialize_params(json!({}))).expect("initialize is answered");
    let answer = client.request("strizh/documentText", document()).expect("an answer");
    assert!(answer.is_null(), "{answer}");
}
