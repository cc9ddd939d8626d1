//! A blocking client of a language server over stdio. Every wait has a timeout, and every byte of the
//! server's stdout must belong to a frame.

use std::fmt;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use serde_json::{Value, json};

const TIMEOUT: Duration = Duration::from_secs(60);

/// A running server.
pub struct Client {
    child: Child,
    input: Option<ChildStdin>,
    messages: Receiver<Result<Value>>,
    /// Received but not asked for yet.
    backlog: Vec<Value>,
    next_id: i64,
    log: Arc<Mutex<String>>,
    answers_requests: bool,
    /// What `workspace/configuration` is answered with.
    configuration: Value,
}

/// How to start a server.
pub struct Started<'a> {
    pub program: &'a Path,
    pub arguments: &'a [&'a str],
    pub environment: &'a [(&'a str, &'a str)],
}

/// An error answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub code: i64,
    pub message: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.code)
    }
}

impl std::error::Error for Failure {}

impl Client {
    pub fn start(started: &Started<'_>) -> Result<Self> {
        let mut child = Command::new(started.program)
            .args(started.arguments)
            .envs(started.environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", started.program.display()))?;
        let output = child.stdout.take().context("invariant: stdout is piped")?;
        let errors = child.stderr.take().context("invariant: stderr is piped")?;
        let log = Arc::new(Mutex::new(String::new()));
        let (sender, messages) = channel();
        std::thread::spawn(move || read_messages(BufReader::new(output), &sender));
        let shared_log = Arc::clone(&log);
        std::thread::spawn(move || read_log(BufReader::new(errors), &shared_log));
        Ok(Self {
            input: child.stdin.take(),
            child,
            messages,
            backlog: Vec::new(),
            next_id: 0,
            log,
            answers_requests: true,
            configuration: Value::Null,
        })
    }

    /// Leaves requests of the server unanswered from now on.
    pub fn stay_silent(&mut self) {
        self.answers_requests = false;
    }

    /// Settings that the server gets when it asks for them.
    pub fn set_configuration(&mut self, configuration: Value) {
        self.configuration = configuration;
    }

    /// `initialize` and `initialized`; returns the answer.
    pub fn initialize(&mut self, params: Value) -> Result<Value> {
        let result = self.request("initialize", params)?;
        self.notify("initialized", json!({}))?;
        Ok(result)
    }

    /// Sends a request and waits for its result.
    pub fn request(&mut self, method: &str, params: Value) -> Result<Value> {
        let id = self.send_request(method, params)?;
        Ok(self.answer(id)??)
    }

    /// Sends a request and returns its id.
    pub fn send_request(&mut self, method: &str, params: Value) -> Result<i64> {
        self.next_id += 1;
        let id = self.next_id;
        let message = match params {
            Value::Null => json!({"jsonrpc": "2.0", "id": id, "method": method}),
            params => json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}),
        };
        self.send(&message)?;
        Ok(id)
    }

    pub fn notify(&mut self, method: &str, params: Value) -> Result<()> {
        let message = match params {
            Value::Null => json!({"jsonrpc": "2.0", "method": method}),
            params => json!({"jsonrpc": "2.0", "method": method, "params": params}),
        };
        self.send(&message)
    }

    pub fn cancel(&mut self, id: i64) -> Result<()> {
        self.notify("$/cancelRequest", json!({"id": id}))
    }

    fn send(&mut self, message: &Value) -> Result<()> {
        let body = message.to_string();
        self.send_raw(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes())
    }

    /// Sends bytes as they are.
    pub fn send_raw(&mut self, bytes: &[u8]) -> Result<()> {
        let input = self.input.as_mut().context("the input is closed")?;
        input.write_all(bytes)?;
        Ok(input.flush()?)
    }

    pub fn close_input(&mut self) {
        self.input = None;
    }

    /// Waits for the answer of a request.
    pub fn answer(&mut self, id: i64) -> Result<Result<Value, Failure>> {
        let is_answer = |message: &Value| message.get("method").is_none() && message["id"] == id;
        let mut message = self.wait_for(&format!("an answer to request {id}"), is_answer)?;
        Ok(result_of(&mut message))
    }

    /// Waits for an answer without an id, which a malformed frame gets.
    pub fn answer_without_id(&mut self) -> Result<Result<Value, Failure>> {
        let is_answer = |message: &Value| message.get("method").is_none() && message["id"].is_null();
        let mut message = self.wait_for("an answer without an id", is_answer)?;
        Ok(result_of(&mut message))
    }

    /// Waits for a notification whose parameters fit.
    pub fn notification(&mut self, method: &str, fits: impl Fn(&Value) -> bool) -> Result<Value> {
        let is_wanted = |message: &Value| message["method"] == method && fits(&message["params"]);
        let mut message = self.wait_for(method, is_wanted)?;
        Ok(message["params"].take())
    }

    /// Diagnostics of a document at a version or later.
    pub fn diagnostics(&mut self, uri: &str, version: i64) -> Result<Vec<Value>> {
        let params = self.notification("textDocument/publishDiagnostics", |params| {
            params["uri"] == uri && params["version"].as_i64().is_none_or(|found| found >= version)
        })?;
        params["diagnostics"].as_array().cloned().context("diagnostics is not a list")
    }

    /// Everything that has arrived and was not asked for, without waiting.
    pub fn received(&mut self) -> Result<Vec<Value>> {
        while let Ok(message) = self.messages.try_recv() {
            self.accept(message?)?;
        }
        Ok(std::mem::take(&mut self.backlog))
    }

    fn wait_for(&mut self, what: &str, is_wanted: impl Fn(&Value) -> bool) -> Result<Value> {
        if let Some(index) = self.backlog.iter().position(&is_wanted) {
            return Ok(self.backlog.remove(index));
        }
        let deadline = Instant::now() + TIMEOUT;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.messages.recv_timeout(left) {
                Ok(message) => {
                    self.accept(message?)?;
                    if self.backlog.last().is_some_and(&is_wanted) {
                        return self.backlog.pop().context("invariant: the backlog has a last message");
                    }
                }
                Err(RecvTimeoutError::Timeout) => bail!("no {what} within {TIMEOUT:?}\n{}", self.log()),
                Err(RecvTimeoutError::Disconnected) => {
                    bail!("the output ended before {what}\n{}", self.log())
                }
            }
        }
    }

    /// Keeps a message; requests of the server are answered, if the client is not silent.
    fn accept(&mut self, message: Value) -> Result<()> {
        let is_request = message.get("method").is_some() && message.get("id").is_some();
        if is_request && self.answers_requests {
            let result = match message["method"].as_str() {
                Some("workspace/configuration") => {
                    let count = message["params"]["items"].as_array().map_or(0, Vec::len);
                    Value::Array(vec![self.configuration.clone(); count])
                }
                _ => Value::Null,
            };
            // The server may have ended meanwhile; whoever waits for something will notice.
            let _ = self.send(&json!({"jsonrpc": "2.0", "id": message["id"], "result": result}));
        }
        self.backlog.push(message);
        Ok(())
    }

    /// What the server has written to stderr so far.
    pub fn log(&self) -> String {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until the server has written a text to stderr, which comes on its own way; false if it does not.
    pub fn logs(&self, text: &str) -> bool {
        let started = Instant::now();
        while started.elapsed() < TIMEOUT {
            if self.log().contains(text) {
                return true;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        false
    }

    pub fn process_id(&self) -> u32 {
        self.child.id()
    }

    /// `shutdown`, `exit` and the exit code.
    pub fn shut_down(&mut self) -> Result<Option<i32>> {
        self.request("shutdown", Value::Null)?;
        self.notify("exit", Value::Null)?;
        Ok(self.wait_exit()?.code())
    }

    pub fn wait_exit(&mut self) -> Result<ExitStatus> {
        let deadline = Instant::now() + TIMEOUT;
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            if Instant::now() > deadline {
                bail!("the server did not end within {TIMEOUT:?}\n{}", self.log());
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn result_of(message: &mut Value) -> Result<Value, Failure> {
    match message.get("error") {
        None => Ok(message["result"].take()),
        Some(error) => Err(Failure {
            code: error["code"].as_i64().unwrap_or(0),
            message: error["message"].as_str().unwrap_or_default().to_owned(),
        }),
    }
}

fn read_messages(mut output: impl BufRead, messages: &Sender<Result<Value>>) {
    loop {
        let message = match read_message(&mut output) {
            Ok(Some(message)) => Ok(message),
            Ok(None) => return,
            Err(error) => Err(error),
        };
        let is_broken = message.is_err();
        if messages.send(message).is_err() || is_broken {
            return;
        }
    }
}

/// Reads one frame and accepts nothing else.
fn read_message(output: &mut impl BufRead) -> Result<Option<Value>> {
    let mut header = String::new();
    if output.read_line(&mut header)? == 0 {
        return Ok(None);
    }
    let length = header.strip_prefix("Content-Length: ").and_then(|length| length.trim_end().parse().ok());
    let length: u64 =
        length.ok_or_else(|| anyhow!("stdout holds something that is not a frame: {header:?}"))?;
    let mut empty = String::new();
    output.read_line(&mut empty)?;
    if empty != "\r\n" {
        bail!("a frame header goes on with {empty:?}");
    }
    let mut body = Vec::new();
    output.take(length).read_to_end(&mut body)?;
    Ok(Some(serde_json::from_slice(&body).context("a frame holds no JSON")?))
}

fn read_log(errors: impl BufRead, log: &Mutex<String>) {
    for line in errors.lines().map_while(Result::ok) {
        let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
        log.push_str(&line);
        log.push('\n');
    }
}
