//! A debugger: attaches to a debug server, measures, and leaves whatever happens. Calls wait; a thread of its own is the
//! caller's business.

use std::time::{Duration, Instant};

use base::CancelToken;
use hyper::Uri;

use crate::body::read_body;
use crate::connection::{Answer, Connection};
use crate::error::{AddressProblem, DebugError};
use crate::identifier::random_identifier;
use crate::measurement::Measurement;
use crate::message::{Event, MeasureResult, Target};
use crate::node::Node;
use crate::request::{MEASURED_KINDS, Sender};

const DEFAULT_PORT: u16 = 1550;
/// How long a wish to end may go unheard between polls.
const LOOK_AROUND: Duration = Duration::from_millis(20);

/// Where to attach and as whom.
#[derive(Clone, Debug)]
pub struct DebugOptions {
    /// `http://127.0.0.1:1550`.
    pub address: String,
    /// `DefAlias` of a file infobase, the name of a server infobase otherwise.
    pub infobase: String,
    pub user: String,
    pub credentials: String,
    /// Hosts that are not this machine and are allowed by name.
    pub allowed_hosts: Vec<String>,
    /// For one answer.
    pub timeout: Duration,
    /// Between polls.
    pub pause: Duration,
    /// For the results of a measurement that was stopped.
    pub patience: Duration,
    /// Gives up a measurement: it is stopped, its results are not waited for.
    pub cancel: CancelToken,
}

impl Default for DebugOptions {
    fn default() -> Self {
        Self {
            address: "http://127.0.0.1:1550".to_owned(),
            infobase: "DefAlias".to_owned(),
            user: String::new(),
            credentials: String::new(),
            allowed_hosts: Vec::new(),
            timeout: Duration::from_secs(10),
            pause: Duration::from_millis(250),
            patience: Duration::from_secs(30),
            cancel: CancelToken::new(),
        }
    }
}

type Outcome<T> = Result<T, DebugError>;

/// An attached debugger. It detaches when it is dropped: otherwise the infobase would stay closed to others.
pub struct Debugger {
    options: DebugOptions,
    sender: Sender,
    connection: Connection,
    targets: Vec<Target>,
    is_measuring: bool,
    is_attached: bool,
}

impl Debugger {
    /// Registers and attaches to everything that can be measured.
    pub fn attach(options: DebugOptions) -> Outcome<Self> {
        let base = checked_address(&options)?;
        let broken = |message| DebugError::Broken { command: "attachDebugUI".to_owned(), message };
        let connection = Connection::new(base, options.timeout).map_err(broken)?;
        let sender = Sender { alias: options.infobase.clone(), debugger: random_identifier() };
        let mut debugger = Self {
            options,
            sender,
            connection,
            targets: Vec::new(),
            is_measuring: false,
            is_attached: false,
        };
        debugger.register()?;
        debugger.send("initSettings", &debugger.sender.plain())?;
        debugger.send("setAutoAttachSettings", &debugger.sender.auto_attach())?;
        let known = debugger.targets()?;
        debugger.attach_targets(&known)?;
        Ok(debugger)
    }

    fn register(&mut self) -> Outcome<()> {
        let body = self.sender.attach(&self.options.user, &self.options.credentials);
        // Even an unreadable answer may mean that the debugger is registered.
        self.is_attached = true;
        let answer = self.send("attachDebugUI", &body);
        if matches!(answer, Err(DebugError::Unreachable { .. })) {
            self.is_attached = false;
        }
        match answer?.as_ref().map_or("", |answer| answer.text_of("result")) {
            "registered" => Ok(()),
            "ibInDebug" => {
                self.is_attached = false;
                Err(DebugError::InfobaseInDebug)
            }
            other => {
                self.is_attached = false;
                Err(DebugError::Refused(if other.is_empty() { "unknown" } else { other }.to_owned()))
            }
        }
    }

    /// Sessions and server calls that the server knows.
    pub fn targets(&mut self) -> Outcome<Vec<Target>> {
        let answer = self.send("getDbgTargets", &self.sender.plain())?;
        Ok(answer.iter().flat_map(|answer| answer.all("id")).map(Target::read).collect())
    }

    fn attach_targets(&mut self, targets: &[Target]) -> Outcome<()> {
        let is_new = |target: &&Target| {
            MEASURED_KINDS.contains(&target.kind.as_str())
                && !self.targets.iter().any(|it| it.id == target.id)
        };
        let new: Vec<Target> = targets.iter().filter(is_new).cloned().collect();
        if !new.is_empty() {
            self.send("attachDetachDbgTargets", &self.sender.attach_targets(&new, true))?;
            self.targets.extend(new);
        }
        Ok(())
    }

    /// Takes the events that wait; targets that have come are attached.
    pub fn poll(&mut self) -> Outcome<Vec<Event>> {
        let command = format!("pingDebugUIParams&dbgui={}", self.sender.debugger);
        let answer = self.send(&command, "")?;
        let events = answer.as_ref().map(Event::read_all).unwrap_or_default();
        for event in &events {
            match event {
                Event::Started(target) => {
                    self.send("clearBreakOnNextStatement", &self.sender.plain())?;
                    self.attach_targets(std::slice::from_ref(target))?;
                }
                Event::Quit(target) => self.targets.retain(|known| known.id != target.id),
                _ => {}
            }
        }
        Ok(events)
    }

    /// Measures what happens until `is_done` says so; it is asked between polls, and never again after its yes. Stops the
    /// measurement in any case.
    pub fn measure(&mut self, mut is_done: impl FnMut() -> bool) -> Outcome<Measurement> {
        // Whatever an earlier measurement has left behind.
        self.stop_measuring()?;
        let session = random_identifier();
        self.is_measuring = true;
        self.send("setMeasureMode", &self.sender.measure_mode(Some(&session)))?;
        let mut results = Vec::new();
        while !self.wait(&mut is_done)? {
            self.collect(&session, &mut results)?;
        }
        self.collect(&session, &mut results)?;
        self.stop_measuring()?;
        let deadline = Instant::now() + self.options.patience;
        loop {
            self.collect(&session, &mut results)?;
            // Without targets nothing can come any more.
            if self.has_all(&results) || self.targets.is_empty() || Instant::now() >= deadline {
                break;
            }
            self.wait(|| false)?;
        }
        match (results.is_empty(), self.targets.is_empty()) {
            (false, _) => Ok(Measurement::merge(&session, &results)),
            (true, true) => Err(DebugError::NoTargets),
            (true, false) => Err(DebugError::NoResults),
        }
    }

    /// The pause between polls, shorter if `is_done`; then it is true.
    fn wait(&self, mut is_done: impl FnMut() -> bool) -> Outcome<bool> {
        let end = Instant::now() + self.options.pause;
        loop {
            if self.options.cancel.is_cancelled() {
                return Err(DebugError::Cancelled);
            }
            if is_done() {
                return Ok(true);
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(false);
            }
            std::thread::sleep(left.min(LOOK_AROUND));
        }
    }

    fn collect(&mut self, session: &str, results: &mut Vec<MeasureResult>) -> Outcome<()> {
        for event in self.poll()? {
            if let Event::Measure(result) = event
                && base::same_name(&result.session, session)
            {
                results.push(*result);
            }
        }
        Ok(())
    }

    /// Every attached target has told its results: the client's and the server's side come apart.
    fn has_all(&self, results: &[MeasureResult]) -> bool {
        !results.is_empty()
            && self.targets.iter().all(|target| results.iter().any(|result| result.target.id == target.id))
    }

    fn stop_measuring(&mut self) -> Outcome<()> {
        self.send("setMeasureMode", &self.sender.measure_mode(None))?;
        self.is_measuring = false;
        Ok(())
    }

    /// Leaves the infobase to others. The same happens on drop, without a word about what failed.
    pub fn detach(mut self) -> Outcome<()> {
        self.leave()
    }

    fn leave(&mut self) -> Outcome<()> {
        if !std::mem::take(&mut self.is_attached) {
            return Ok(());
        }
        let stopped = if self.is_measuring { self.stop_measuring() } else { Ok(()) };
        let targets = std::mem::take(&mut self.targets);
        let left = match targets.is_empty() {
            true => Ok(()),
            false => {
                self.send("attachDetachDbgTargets", &self.sender.attach_targets(&targets, false)).map(drop)
            }
        };
        let detached = self.send("detachDebugUI", &self.sender.plain()).map(drop);
        stopped.and(left).and(detached)
    }

    /// Sends a command; an answer may be empty.
    fn send(&mut self, command: &str, body: &str) -> Outcome<Option<Node>> {
        let name = command.split('&').next().unwrap_or_default().to_owned();
        let broken = |message: String| DebugError::Broken { command: name.clone(), message };
        let answer = self.connection.send(command, body).map_err(|error| match error.is_unreachable {
            true => DebugError::Unreachable { address: self.options.address.clone(), message: error.message },
            false => broken(error.message),
        });
        let Answer { status, encoding, body } = answer?;
        let content = read_body(&body, &encoding);
        if !(200..300).contains(&status) {
            let message = match content {
                Ok(Some(node)) if !node.text_of("descr").is_empty() => node.text_of("descr").to_owned(),
                _ => String::from_utf8_lossy(&body).chars().take(300).collect(),
            };
            return Err(DebugError::Server { command: name, status, message });
        }
        content.map_err(broken)
    }
}

impl Drop for Debugger {
    fn drop(&mut self) {
        let _ = self.leave();
    }
}

/// Where the protocol begins. Only this machine, unless a host is allowed by name.
fn checked_address(options: &DebugOptions) -> Outcome<String> {
    let wrong = |problem| DebugError::Address { address: options.address.clone(), problem };
    let uri: Uri = options.address.parse().map_err(|_| wrong(AddressProblem::Malformed))?;
    if uri.scheme_str() != Some("http") {
        return Err(wrong(AddressProblem::Scheme));
    }
    let authority = uri.authority().filter(|authority| !authority.as_str().contains('@'));
    let Some(host) = authority.filter(|_| uri.query().is_none()) else {
        return Err(wrong(AddressProblem::Malformed));
    };
    let (name, port) = (host.host(), host.port_u16().unwrap_or(DEFAULT_PORT));
    if !base::is_loopback(name) && !options.allowed_hosts.iter().any(|it| it.eq_ignore_ascii_case(name)) {
        return Err(wrong(AddressProblem::Foreign));
    }
    Ok(format!("http://{name}:{port}{}", uri.path().trim_end_matches('/')))
}
