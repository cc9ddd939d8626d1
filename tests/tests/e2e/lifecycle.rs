//! How a session ends, in every variant.

use serde_json::{Value, json};

use crate::server::{document, document_text, initialize_params, open, start};

#[test]
fn shutdown_and_exit_end_with_0_while_the_input_is_open() {
    let mut client = open("А = 1;");
    assert_eq!(client.shut_down().expect("the server ends"), Some(0));
}

#[test]
fn exit_without_shutdown_ends_with_1() {
    let mut client = open("А = 1;");
    client.notify("exit", Value::Null).expect("the server reads");
    assert_eq!(client.wait_exit().expect("the server ends").code(), Some(1));
}

#[test]
fn exit_does_not_wait_for_a_slow_request() {
    let mut client = open("");
    client.send_request("strizh/sleep", json!({"milliseconds": 600_000})).expect("the server reads");
    client.notify("exit", Value::Null).expect("the server reads");
    assert_eq!(client.wait_exit().expect("the server ends").code(), Some(1));
}

#[test]
fn the_end_of_input_ends_everything_with_1() {
    let mut client = open("");
    client.send_request("strizh/sleep", json!({"milliseconds": 600_000})).expect("the server reads");
    client.close_input();
    assert_eq!(client.wait_exit().expect("the server ends").code(), Some(1));
}

#[test]
fn the_end_of_input_after_shutdown_ends_with_0() {
    let mut client = open("");
    client.request("shutdown", Value::Null).expect("shutdown is answered");
    client.close_input();
    assert_eq!(client.wait_exit().expect("the server ends").code(), Some(0));
}

#[test]
fn the_end_of_input_before_initialize_ends_with_1() {
    let mut client = start();
    client.close_input();
    assert_eq!(client.wait_exit().expect("the server ends").code(), Some(1));
}

#[test]
fn requests_after_shutdown_are_refused() {
    let mut client = open("");
    client.request("shutdown", Value::Null).expect("shutdown is answered");
    let id = client.send_request("textDocument/documentSymbol", document()).expect("the server reads");
    let failure = client.answer(id).expect("an answer").expect_err("an error");
    assert_eq!(failure.code, -32600);
}

#[cfg(unix)]
#[test]
fn the_server_ends_when_its_parent_process_does() {
    let mut parent = std::process::Command::new("sleep").arg("3600").spawn().expect("sleep exists");
    let mut client = start();
    let mut params = initialize_params(json!({}));
    params["processId"] = json!(parent.id());
    client.initialize(params).expect("initialize is answered");
    // The server looks every two seconds and must have seen the process alive.
    std::thread::sleep(std::time::Duration::from_millis(2500));
    parent.kill().expect("our own process");
    parent.wait().expect("our own process");
    assert_eq!(client.wait_exit().expect("the server ends").code(), Some(1));
}

#[test]
fn columns_are_counted_as_negotiated() {
    for (offered, expected, column) in
        [(json!(["utf-16", "utf-8"]), "utf-8", 6), (json!(["utf-32", "utf-16"]), "utf-16", 3)]
    {
        let mut client = start();
        let params = initialize_params(json!({"general": {"positionEncodings": offered}}));
        let result = client.initialize(params).expect("initialize is answered");
        assert_eq!(result["capabilities"]["positionEncoding"], expected);
        crate::server::did_open(&mut client, crate::server::URI, "Ж😀x");
        crate::server::did_change(
            &mut client,
            2,
            json!([crate::server::change((0, column), (0, column), "!")]),
        );
        assert_eq!(document_text(&mut client), "Ж😀!x");
    }
}
