//! What no client should send, and what some do.

use serde_json::json;

use crate::server::{change, did_change, document_text, open};

const PARSE_ERROR: i64 = -32700;

fn frame(body: &[u8]) -> Vec<u8> {
    [format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes(), body].concat()
}

/// A bad frame is answered and the session goes on.
#[track_caller]
fn check_survives(bytes: &[u8], message: &str) {
    let mut client = open("А = 1;");
    client.send_raw(bytes).expect("the server reads");
    let failure = client.answer_without_id().expect("an answer").expect_err("an error");
    assert_eq!(failure.code, PARSE_ERROR);
    assert!(failure.message.contains(message), "{failure}");
    assert_eq!(document_text(&mut client), "А = 1;");
    assert!(client.logs(message), "{}", client.log());
    assert_eq!(client.shut_down().expect("the server ends"), Some(0));
}

/// A frame behind which nothing can be understood ends the session, after an answer.
#[track_caller]
fn check_ends(bytes: &[u8], closes_input: bool, message: &str) {
    let mut client = open("А = 1;");
    client.send_raw(bytes).expect("the server reads");
    if closes_input {
        client.close_input();
    }
    let failure = client.answer_without_id().expect("an answer").expect_err("an error");
    assert!(failure.message.contains(message), "{failure}");
    assert_eq!(client.wait_exit().expect("the server ends").code(), Some(1));
    assert!(client.logs(message), "{}", client.log());
}

#[test]
fn invalid_utf_8_is_refused() {
    check_survives(&frame(b"{\"jsonrpc\":\"2.0\",\"method\":\"\xFF\xFE\"}"), "not UTF-8 at byte 27");
}

#[test]
fn broken_json_is_refused() {
    check_survives(&frame(b"{\"jsonrpc\":"), "not JSON-RPC");
    check_survives(&frame(b"[]"), "not JSON-RPC");
    check_survives(&frame(b""), "not JSON-RPC");
}

#[test]
fn a_header_without_a_length_is_refused() {
    check_survives(b"Hello: world\r\n\r\n", "without Content-Length");
    check_survives(b"Content-Length: -5\r\n\r\n", "is not a number of bytes");
}

#[test]
fn a_length_of_a_gigabyte_is_refused() {
    check_ends(b"Content-Length: 1073741824\r\n\r\n{", false, "above the limit");
}

#[test]
fn a_truncated_frame_is_reported() {
    check_ends(b"Content-Length: 100\r\n\r\n{\"jsonrpc\"", true, "ends after 10 of 100 bytes");
    check_ends(b"Content-Len", true, "ends inside a frame header");
}

#[test]
fn wrong_parameters_and_unknown_methods_are_answered() {
    let mut client = open("А = 1;");
    let id =
        client.send_request("textDocument/documentSymbol", json!({"wrong": 1})).expect("the server reads");
    assert_eq!(client.answer(id).expect("an answer").expect_err("an error").code, -32602);
    let id = client.send_request("strizh/unknown", json!({})).expect("the server reads");
    assert_eq!(client.answer(id).expect("an answer").expect_err("an error").code, -32601);
    client.notify("textDocument/didChange", json!({"wrong": 1})).expect("the server reads");
    client.notify("$/unknown", json!({})).expect("the server reads");
    assert_eq!(document_text(&mut client), "А = 1;");
}

#[test]
fn a_change_of_a_missing_line_is_logged_and_ignored() {
    let mut client = open("А = 1;");
    did_change(&mut client, 2, json!([change((70, 0), (70, 0), "x")]));
    assert_eq!(document_text(&mut client), "А = 1;");
    assert!(client.logs("line 70 does not exist"), "{}", client.log());
}

#[test]
fn answers_to_questions_that_were_never_asked_are_ignored() {
    let mut client = open("А = 1;");
    client.send_raw(&frame(br#"{"jsonrpc":"2.0","id":4242,"result":null}"#)).expect("the server reads");
    let error = br#"{"jsonrpc":"2.0","id":4243,"error":{"code":-1,"message":"no","extra":1}}"#;
    client.send_raw(&frame(error)).expect("the server reads");
    assert_eq!(document_text(&mut client), "А = 1;");
}
