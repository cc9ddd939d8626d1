//! A server on this machine that answers as a test says.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use serde_json::Value;

/// What the server got. Names of headers are in lower case.
#[derive(Clone, Debug, Default)]
pub(crate) struct Received {
    pub method: String,
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

pub(crate) enum Reply {
    Json(u16, Value),
    /// Letter by letter, with status line and headers.
    Raw(Vec<u8>),
    /// Nothing until the other side has had enough.
    Silence,
}

pub(crate) fn raw(head: &str, body: &[u8]) -> Reply {
    Reply::Raw([head.replace('\n', "\r\n").as_bytes(), b"\r\n\r\n", body].concat())
}

type Handler = dyn Fn(&Received) -> Reply + Send + Sync;

pub(crate) struct TestServer {
    pub address: SocketAddr,
    state: Arc<State>,
}

struct State {
    handler: Box<Handler>,
    received: Mutex<Vec<Received>>,
    /// Connections the other side gave up while the server was silent.
    given_up: AtomicUsize,
    is_stopped: AtomicBool,
}

impl TestServer {
    pub(crate) fn start(handler: impl Fn(&Received) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let address = listener.local_addr().expect("a bound port");
        let state = Arc::new(State {
            handler: Box::new(handler),
            received: Mutex::default(),
            given_up: AtomicUsize::new(0),
            is_stopped: AtomicBool::new(false),
        });
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if shared.is_stopped.load(Ordering::Relaxed) {
                    return;
                }
                let shared = Arc::clone(&shared);
                if let Ok(stream) = stream {
                    std::thread::spawn(move || shared.serve(stream));
                }
            }
        });
        Self { address, state }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.state.received.lock().clone()
    }

    /// Waits until so many connections were given up.
    pub(crate) fn wait_for_given_up(&self, count: usize) {
        for _ in 0..2000 {
            if self.state.given_up.load(Ordering::Relaxed) >= count {
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("the connection is not closed");
    }

    /// Waits until so many requests have come.
    pub(crate) fn wait_for_requests(&self, count: usize) {
        for _ in 0..2000 {
            if self.state.received.lock().len() >= count {
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("the request does not come");
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.state.is_stopped.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.address);
    }
}

impl State {
    fn serve(&self, stream: TcpStream) {
        let Ok(reading) = stream.try_clone() else { return };
        let Some(request) = read_request(reading) else { return };
        self.received.lock().push(request.clone());
        let mut stream = stream;
        match (self.handler)(&request) {
            Reply::Json(status, body) => {
                let body = body.to_string();
                let head = format!(
                    "HTTP/1.1 {status} Status\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                    body.len()
                );
                let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
            }
            Reply::Raw(bytes) => {
                let _ = stream.write_all(&bytes);
            }
            Reply::Silence => {
                let mut byte = [0];
                if matches!(stream.read(&mut byte), Ok(0) | Err(_)) {
                    self.given_up.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
    }
}

pub(crate) fn read_request(stream: impl Read) -> Option<Received> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let mut request =
        Received { method: words.next()?.to_owned(), path: words.next()?.to_owned(), ..Received::default() };
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        request.headers.push((name.to_lowercase(), value.trim().to_owned()));
    }
    let length = request.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    request.body = vec![0; length];
    reader.read_exact(&mut request.body).ok()?;
    Some(request)
}
