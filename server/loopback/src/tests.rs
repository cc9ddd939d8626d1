//! Guests that are let in, those that are not, and those that take too much.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use hyper::HeaderMap;
use hyper::header::{HOST, HeaderValue, ORIGIN};

use super::*;

fn headers(host: &[&str], origin: Option<&str>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for host in host {
        headers.append(HOST, HeaderValue::from_bytes(host.as_bytes()).expect("a host"));
    }
    if let Some(origin) = origin {
        headers.insert(ORIGIN, HeaderValue::from_str(origin).expect("an origin"));
    }
    headers
}

#[test]
fn hosts_are_this_machine_or_named() {
    let allowed = ["stand.example".to_owned()];
    let check = |host: &str| check_headers(&headers(&[host], None), &allowed);
    for good in ["localhost", "LOCALHOST:1", "127.0.0.1:1550", "[::1]:1", "[::1]", "Stand.Example:443"] {
        assert_eq!(check(good), Ok(()), "{good}");
    }
    for bad in
        ["evil.example", "localhost.evil.example:1550", "10.0.0.1", "0.0.0.0:80", "", "[::2]:1", "хост"]
    {
        assert_eq!(check(bad), Err(ForeignRequest::Host(bad.to_owned())));
    }
    let nobody = Err(ForeignRequest::Host(String::new()));
    assert_eq!(check_headers(&headers(&[], None), &allowed), nobody);
    assert_eq!(check_headers(&headers(&["localhost", "evil.example"], None), &allowed), nobody);
}

#[test]
fn pages_are_foreign_wherever_they_come_from() {
    for origin in ["http://127.0.0.1:8080", "https://evil.example", "null", ""] {
        let expected = Err(ForeignRequest::Origin(origin.to_owned()));
        assert_eq!(check_headers(&headers(&["localhost"], Some(origin)), &[]), expected);
    }
}

const PATIENCE: Duration = Duration::from_millis(200);

/// Answers with the length of the body.
fn server() -> Server {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let connect = |stream, _| {
        serve_connection(stream, PATIENCE, |request| async {
            match read_body(request, 100, PATIENCE).await {
                Ok(body) => response(200, "text/plain", body.len().to_string()),
                Err(error) => response(413, "text/plain", format!("{error:?}")),
            }
        })
    };
    start("test server", listener, connect).expect("a server")
}

/// Sends letters and reads until the server closes the connection.
fn send(server: &Server, text: &str) -> String {
    let mut stream = TcpStream::connect(server.address).expect("connected");
    // A server that has refused does not read the rest.
    let _ = stream.write_all(text.as_bytes());
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

#[track_caller]
fn check(server: &Server, text: &str, status: &str, end: &str) {
    let answer = send(server, text);
    assert!(answer.starts_with(status) && answer.ends_with(end), "{answer}");
}

#[test]
fn sizes_and_times_have_bounds() {
    let server = server();
    let post =
        |fields: &str, body: &str| format!("POST / HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n\r\n{body}");
    check(&server, &post("Connection: close\r\nContent-Length: 3", "abc"), "HTTP/1.1 200 OK", "\r\n\r\n3");
    let long = "x".repeat(101);
    check(&server, &post("Content-Length: 101", &long), "HTTP/1.1 413", "TooLarge");
    check(
        &server,
        &post("Transfer-Encoding: chunked", &format!("65\r\n{long}\r\n0\r\n\r\n")),
        "HTTP/1.1 413",
        "TooLarge",
    );
    check(&server, &post("Content-Length: 3", "a"), "HTTP/1.1 413", "TooSlow");
    check(&server, &post(&format!("X-Long: {}", "x".repeat(20_000)), ""), "HTTP/1.1 431", "");
    check(&server, &post(&"X: y\r\n".repeat(200), ""), "HTTP/1.1 431", "");
    // Half a head: the connection is closed without a word.
    check(&server, "POST / HTTP/1.1\r\nHost: loc", "", "");
    check(&server, "nonsense\r\n\r\n", "HTTP/1.1 400", "");
    check(&server, "", "", "");
}

#[test]
fn a_dropped_server_listens_no_more() {
    let server = server();
    let address = server.address;
    let kept = TcpStream::connect(address).expect("connected");
    drop(server);
    assert!(TcpStream::connect(address).is_err());
    drop(kept);
}
