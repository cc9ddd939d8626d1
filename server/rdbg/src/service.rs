//! The server's side of the measured subset, without sockets and clocks: a debugger attaches, sees targets, starts and
//! stops a measurement and collects its events.

use std::collections::{BTreeSet, VecDeque};

use crate::answer;
use crate::body::read_body;
use crate::identifier::NIL;
use crate::message::{MeasureResult, Target};
use crate::node::Node;

/// A debugger that has not polled for so long is gone.
const FORGOTTEN_MS: u64 = 60_000;
const MAX_EVENTS: usize = 10_000;
/// Requests are short.
pub(crate) const MAX_REQUEST: usize = 1 << 20;

/// What executes code and can be measured.
pub trait MeasuredHost: Send {
    fn targets(&mut self) -> Vec<Target>;

    /// From now on everything counts.
    fn start(&mut self);

    /// Results of all targets since `start`; their session is filled in later.
    fn stop(&mut self) -> Vec<MeasureResult>;
}

/// An answer over HTTP.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    pub body: String,
}

impl Reply {
    fn new(status: u16, body: impl Into<String>) -> Self {
        Self { status, body: body.into() }
    }

    /// Many commands say nothing when they are done.
    fn done() -> Self {
        Self::new(200, "")
    }
}

/// One infobase with at most one debugger.
pub struct Service {
    alias: String,
    host: Box<dyn MeasuredHost>,
    debugger: Option<Attached>,
}

#[derive(Default)]
struct Attached {
    id: String,
    last_poll_ms: u64,
    targets: BTreeSet<String>,
    events: VecDeque<String>,
    measurement: Option<String>,
}

impl Service {
    pub fn new(alias: impl Into<String>, host: Box<dyn MeasuredHost>) -> Self {
        Self { alias: alias.into(), host, debugger: None }
    }

    /// Answers a request; `target` is the path with its query.
    pub fn handle(&mut self, method: &str, target: &str, body: &[u8], now_ms: u64) -> Reply {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        if path == "/" && method == "GET" {
            return Reply::new(200, "<html><body>it works!</body></html>");
        }
        if !matches!(path, "/e1crdbg/rdbg" | "/e1crdbg/rdbgTest") {
            return Reply::new(404, "no such page");
        }
        if method != "POST" {
            return Reply::new(405, "only POST is understood");
        }
        let value = |name: &str| {
            let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.filter(|(key, _)| *key == name).map(|(_, value)| value).next().unwrap_or_default()
        };
        self.forget_silent(now_ms);
        let command = value("cmd");
        match (path, command) {
            ("/e1crdbg/rdbgTest", "test") => return Reply::done(),
            (_, "getRDbgAPIVer") => {
                return Reply::new(200, answer::response("<r:version>8.3.17</r:version>"));
            }
            (_, "pingDebugUIParams") => return self.poll(value("dbgui"), now_ms),
            _ => {}
        }
        let request = match read_body(body, "") {
            Ok(Some(request)) => request,
            Ok(None) => return Reply::new(400, answer::exception("the request is empty")),
            Err(error) => return Reply::new(400, answer::exception(&error)),
        };
        self.command(command, &request, now_ms)
    }

    fn command(&mut self, command: &str, request: &Node, now_ms: u64) -> Reply {
        if !base::same_name(request.text_of("infoBaseAlias"), &self.alias) {
            return match command {
                "attachDebugUI" => Reply::new(200, answer::result("notRegistered")),
                _ => Reply::new(400, answer::exception("there is no such infobase")),
            };
        }
        let id = request.text_of("idOfDebuggerUI").to_ascii_lowercase();
        if command == "attachDebugUI" {
            return self.attach(&id, now_ms);
        }
        let Some(debugger) = self.debugger.as_mut().filter(|debugger| debugger.id == id) else {
            return Reply::new(400, answer::exception("the debugger is not registered"));
        };
        debugger.last_poll_ms = now_ms;
        match command {
            "detachDebugUI" => {
                self.detach();
                Reply::new(200, answer::result("true"))
            }
            "initSettings"
            | "setAutoAttachSettings"
            | "clearBreakOnNextStatement"
            | "setBreakOnRTE"
            | "setBreakpoints" => Reply::done(),
            "pingDebugUI" => Reply::new(204, ""),
            "getDbgTargets" => Reply::new(200, answer::targets(&self.host.targets())),
            "attachDetachDbgTargets" => {
                let is_attached = request.is_true("attach");
                for target in request.all("id") {
                    let id = target.text_of("id").to_ascii_lowercase();
                    if is_attached {
                        debugger.targets.insert(id);
                    } else {
                        debugger.targets.remove(&id);
                    }
                }
                Reply::done()
            }
            "setMeasureMode" => {
                let session = request.text_of("measureModeSeanceID").to_ascii_lowercase();
                self.measure(if session == NIL { "" } else { &session });
                Reply::done()
            }
            _ => Reply::new(501, answer::exception("this host does not know the command")),
        }
    }

    fn attach(&mut self, id: &str, now_ms: u64) -> Reply {
        if self.debugger.as_ref().is_some_and(|debugger| debugger.id != id) {
            return Reply::new(200, answer::result("ibInDebug"));
        }
        let mut debugger = Attached { id: id.to_owned(), last_poll_ms: now_ms, ..Attached::default() };
        debugger.events.extend(self.host.targets().iter().map(answer::started));
        self.detach();
        self.debugger = Some(debugger);
        Reply::new(200, answer::result("registered"))
    }

    /// Every event is told once; without events there is no content.
    fn poll(&mut self, id: &str, now_ms: u64) -> Reply {
        let id = id.to_ascii_lowercase();
        let Some(debugger) = self.debugger.as_mut().filter(|debugger| debugger.id == id) else {
            return Reply::new(400, answer::exception("the debugger is not registered"));
        };
        debugger.last_poll_ms = now_ms;
        if debugger.events.is_empty() {
            return Reply::new(204, "");
        }
        let events: Vec<String> = debugger.events.drain(..).collect();
        Reply::new(200, answer::response(&events.concat()))
    }

    /// Starts a measurement with a name, or stops the one that runs.
    fn measure(&mut self, session: &str) {
        let Some(debugger) = &mut self.debugger else { return };
        if let Some(running) = debugger.measurement.take() {
            for mut result in self.host.stop() {
                let is_seen = debugger.targets.contains(&result.target.id.to_ascii_lowercase());
                if is_seen && debugger.events.len() < MAX_EVENTS {
                    result.session.clone_from(&running);
                    debugger.events.push_back(answer::measured(&result));
                }
            }
        }
        if !session.is_empty() {
            debugger.measurement = Some(session.to_owned());
            self.host.start();
        }
    }

    fn detach(&mut self) {
        let debugger = self.debugger.take();
        if debugger.is_some_and(|debugger| debugger.measurement.is_some()) {
            self.host.stop();
        }
    }

    fn forget_silent(&mut self, now_ms: u64) {
        let last = self.debugger.as_ref().map(|debugger| debugger.last_poll_ms);
        if last.is_some_and(|last| now_ms.saturating_sub(last) > FORGOTTEN_MS) {
            self.detach();
        }
    }

    /// A target came or went while a debugger is there.
    pub fn note_target(&mut self, target: &Target, is_started: bool) {
        if let Some(debugger) = self.debugger.as_mut().filter(|debugger| debugger.events.len() < MAX_EVENTS) {
            let event = if is_started { answer::started(target) } else { answer::quit(target) };
            debugger.events.push_back(event);
        }
    }
}
