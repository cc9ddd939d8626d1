//! Requests that no debugger sends: each is refused, and the service hears nothing of it.

use std::io::{Read, Write};
use std::net::TcpStream;

use super::*;
use crate::http::serve_patiently;

const POLL: &str = "POST /e1crdbg/rdbg?cmd=pingDebugUIParams&dbgui=1 HTTP/1.1";
const ATTACH: &str =
    "<request><infoBaseAlias>DefAlias</infoBaseAlias><idOfDebuggerUI>a</idOfDebuggerUI></request>";

fn letter(line: &str, fields: &[&str], body: &str) -> String {
    format!("{line}\r\n{}\r\n\r\n{body}", fields.join("\r\n"))
}

fn send(server: &DebugServer, letter: &str) -> String {
    let mut stream = TcpStream::connect(server.address).expect("connected");
    // A server that has refused does not read the rest.
    let _ = stream.write_all(letter.as_bytes());
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

fn impatient() -> DebugServer {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let service = Service::new("DefAlias", Box::new(Recorder::default()));
    serve_patiently(listener, service, Duration::from_millis(200)).expect("a server")
}

#[track_caller]
fn check(server: &DebugServer, letter: &str, status: u16, reason: &str) {
    let answer = send(server, letter);
    assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")) && answer.ends_with(reason), "{answer}");
}

#[test]
fn pages_of_browsers_are_refused() {
    let server = impatient();
    let attach = |fields: &[&str]| {
        let length = format!("Content-Length: {}", ATTACH.len());
        let fields = [fields, &["Connection: close", &length]].concat();
        letter("POST /e1crdbg/rdbg?cmd=attachDebugUI HTTP/1.1", &fields, ATTACH)
    };
    for host in ["evil.example:1550", "localhost.evil.example", "10.0.0.1:1550", ""] {
        let reason = format!("the request was meant for the host {host:?}");
        check(&server, &attach(&[&format!("Host: {host}")]), 403, &reason);
    }
    check(&server, &attach(&[]), 403, "the request was meant for the host \"\"");
    for origin in ["http://localhost:8080", "https://evil.example", "null"] {
        let reason = format!("a page of {origin:?} may not send requests");
        check(&server, &attach(&["Host: localhost", &format!("Origin: {origin}")]), 403, &reason);
    }
    // Even the page that says that somebody is there.
    let look = letter("GET / HTTP/1.1", &["Host: evil.example", "Connection: close"], "");
    check(&server, &look, 403, "the request was meant for the host \"evil.example\"");
    // None of them has attached.
    check(&server, &attach(&["Host: localhost:1"]), 200, "</response>");
    let look = letter("GET / HTTP/1.1", &["Host: [::1]:1550", "Connection: close"], "");
    check(&server, &look, 200, "it works!</body></html>");
}

#[test]
fn sizes_and_times_have_bounds() {
    let server = impatient();
    let poll = |fields: &[&str], body: &str| letter(POLL, &[&["Host: localhost"], fields].concat(), body);
    let long = "x".repeat(1 << 20 | 1);
    let reason = "the body is longer than 1048576 bytes";
    check(&server, &poll(&[&format!("Content-Length: {}", long.len())], &long), 413, reason);
    let chunked = format!("{:x}\r\n{long}\r\n0\r\n\r\n", long.len());
    check(&server, &poll(&["Transfer-Encoding: chunked"], &chunked), 413, reason);
    check(&server, &poll(&["Content-Length: 10"], "x"), 408, "the body took too long");
    check(&server, &poll(&[&format!("X-Long: {}", "x".repeat(1 << 15))], ""), 431, "");
    check(&server, &poll(&vec!["X: y"; 200], ""), 431, "");
    assert_eq!(send(&server, &format!("{POLL}\r\nHost: loc")), "", "half a head is not waited for");
    assert_eq!(send(&server, ""), "", "nor is a guest who says nothing");
}

#[test]
fn other_interfaces_are_not_listened_on() {
    let listener = TcpListener::bind(("0.0.0.0", 0)).expect("a free port");
    let error = serve(listener, Service::new("DefAlias", Box::new(Recorder::default()))).map(drop);
    assert!(error.is_err_and(|error| error.to_string().contains("no address of this machine alone")));
}
