//! Attacks on a server under way, over real connections: each is refused with its reason and leaves a row in the audit.
//! The certificates were made for these tests; their keys protect nothing.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use base::{CancelToken, Locale};
use parking_lot::Mutex;
use resilience::{Clock, SystemClock};
use serde_json::{Value, json};

use crate::change::AppliesTo;
use crate::digest::{Digest, hex, sha256};
use crate::manager::{Options, Session, State, Submission};
use crate::message::{ReloadReply, ReloadRequest, Status};
use crate::module::ModuleReference;
use crate::security::{AccessEntry, AccessList, AuditLog, AuditProblem, Identity, Role, Secret, verify};
use crate::serve::{Guard, GuardOptions, Host, Server, start};
use crate::transport::{Certificates, HttpOptions, HttpTransport, Transport};

const PATH: &str = "CommonModules/Prices/Ext/Module.bsl";
const TOKEN: &str = "invented-token";
const CODE: &str = "Function Version() Export\n\tReturn 2;\nEndFunction\n";

#[derive(Clone, Default)]
struct Recorder {
    applied: Arc<Mutex<Vec<ReloadRequest>>>,
}

impl Host for Recorder {
    fn apply(&mut self, request: &ReloadRequest, _file: &Path) -> (u16, ReloadReply) {
        self.applied.lock().push(request.clone());
        let reply = ReloadReply {
            status: Status::Applied,
            backend: "interpreter".to_owned(),
            applies_to: AppliesTo::Immediately,
            ..ReloadReply::default()
        };
        (200, reply)
    }

    fn applied_digest(&mut self, path: &str) -> Option<String> {
        let applied = self.applied.lock();
        let last = applied.iter().rev().find(|request| request.path == path)?;
        Some(hex(&sha256(last.code.as_bytes())))
    }
}

struct Stand {
    folder: tempfile::TempDir,
    server: Server,
    host: Recorder,
    clock: Arc<dyn Clock>,
}

fn identity(user: &str, role: Role) -> Identity {
    Identity { user: user.to_owned(), role }
}

fn stand_with(change: impl FnOnce(&mut GuardOptions), certificates: Option<&Certificates>) -> Stand {
    let folder = tempfile::tempdir().expect("a folder");
    let module = folder.path().join("root").join(PATH);
    std::fs::create_dir_all(module.parent().expect("a folder")).expect("folders");
    std::fs::write(&module, CODE).expect("written");
    std::fs::write(folder.path().join("secret.bsl"), "").expect("written");
    let clock = SystemClock::shared();
    let token = |user, role, token: &str, expires: u64| {
        AccessEntry::with_token(identity(user, role), &Secret::new(token), Duration::from_secs(expires))
    };
    let later = clock.unix().as_secs() + 3600;
    let entries = vec![
        token("anna", Role::Developer, TOKEN, later),
        token("boris", Role::Viewer, "viewer-token", later),
        token("vera", Role::Admin, "old-token", 1_600_000_000),
    ];
    let audit = AuditLog::new(folder.path().join("audit.jsonl"));
    let mut options = GuardOptions::new(folder.path().join("root"), AccessList { entries }, audit);
    change(&mut options);
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let host = Recorder::default();
    let guard = Guard::new(options, Arc::clone(&clock));
    let server = start(listener, guard, Box::new(host.clone()), certificates).expect("a server");
    Stand { folder, server, host, clock }
}

fn stand() -> Stand {
    stand_with(|_| (), None)
}

/// A request letter by letter; what is set here can be replaced.
struct Letter {
    line: String,
    headers: Vec<(&'static str, String)>,
    body: String,
}

impl Stand {
    fn letter(&self) -> Letter {
        let port = self.server.address.port();
        let body = json!({
            "module": "Module", "code": CODE, "timestamp": "2026-01-15T10:20:30", "path": PATH,
        });
        Letter {
            line: "POST /hotReload HTTP/1.1".to_owned(),
            headers: vec![
                ("Host", format!("127.0.0.1:{port}")),
                ("Authorization", format!("Bearer {TOKEN}")),
                ("X-Strizh-Time", self.clock.unix().as_secs().to_string()),
                ("X-Strizh-Nonce", crate::digest::random_text().expect("random")),
                ("Content-Type", "application/json".to_owned()),
            ],
            body: body.to_string(),
        }
    }

    fn send(&self, letter: &Letter) -> (u16, Value) {
        let mut stream = TcpStream::connect(self.server.address).expect("connected");
        let mut text = format!("{}\r\n", letter.line);
        for (name, value) in &letter.headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        if !letter.headers.iter().any(|(name, _)| matches!(*name, "Content-Length" | "Transfer-Encoding")) {
            text.push_str(&format!("Content-Length: {}\r\n", letter.body.len()));
        }
        text.push_str("Connection: close\r\n\r\n");
        stream.write_all(text.as_bytes()).expect("sent");
        // A server that has refused does not read the rest.
        let _ = stream.write_all(letter.body.as_bytes());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer);
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        (status, serde_json::from_str(body).unwrap_or_default())
    }

    fn rows(&self) -> Vec<(String, bool, String)> {
        let text = std::fs::read_to_string(self.audit()).unwrap_or_default();
        let row = |line: &str| {
            let row: Value = serde_json::from_str(line).expect("a row");
            let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
            (text("user_id"), row["allowed"] == true, text("reason"))
        };
        text.lines().map(row).collect()
    }

    fn audit(&self) -> PathBuf {
        self.folder.path().join("audit.jsonl")
    }

    /// Waits for a row about a connection that has no answer.
    fn wait_for_row(&self) -> (String, bool, String) {
        for _ in 0..1000 {
            if let Some(row) = self.rows().pop() {
                return row;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("the audit has no row");
    }

    #[track_caller]
    fn check_refused(&self, letter: &Letter, status: u16, user: &str, reason: &str) {
        let applied = self.host.applied.lock().len();
        let (answered, reply) = self.send(letter);
        let said = reply["reason"].as_str().unwrap_or_default();
        assert!(said.contains(reason), "{answered} {reply}");
        assert_eq!((answered, reply["status"].as_str()), (status, Some("rejected")));
        let (who, is_allowed, why) = self.rows().pop().expect("a row");
        assert_eq!((who.as_str(), is_allowed, why.as_str()), (user, false, said));
        assert_eq!(self.host.applied.lock().len(), applied, "nothing was applied");
    }
}

impl Letter {
    fn with(mut self, name: &str, value: &str) -> Self {
        for header in self.headers.iter_mut().filter(|(known, _)| known.eq_ignore_ascii_case(name)) {
            value.clone_into(&mut header.1);
        }
        self
    }

    fn and(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self
    }

    fn with_body(mut self, change: impl FnOnce(&mut Value)) -> Self {
        let mut body: Value = serde_json::from_str(&self.body).expect("a body");
        change(&mut body);
        self.body = body.to_string();
        self
    }
}

#[test]
fn who_is_known_gets_through() {
    let stand = stand();
    let (status, reply) = stand.send(&stand.letter());
    assert_eq!((status, reply["status"].as_str()), (200, Some("applied")));
    assert_eq!(stand.host.applied.lock()[0].code, CODE);
    let rows: Vec<_> =
        stand.rows().into_iter().map(|(user, allowed, why)| format!("{user} {allowed} {why}")).collect();
    assert_eq!(rows, ["anna true requested", "anna true applied"]);
    let mut letter = stand.letter();
    letter.line = format!("GET /hotReload?path={} HTTP/1.1", PATH.replace('/', "%2F"));
    letter.body.clear();
    let (status, reply) = stand.send(&letter);
    assert_eq!((status, reply["sha256"].as_str()), (200, Some(hex(&sha256(CODE.as_bytes())).as_str())));
}

#[test]
fn tokens() {
    let stand = stand();
    let letter = || stand.letter();
    stand.check_refused(&letter().without("Authorization"), 401, "", "no token");
    stand.check_refused(&letter().with("Authorization", "Basic abc"), 401, "", "no token");
    stand.check_refused(&letter().with("Authorization", "Bearer "), 401, "", "no token");
    stand.check_refused(&letter().with("Authorization", "Bearer guess"), 401, "", "wrong token");
    stand.check_refused(&letter().with("Authorization", "Bearer old-token"), 401, "", "has expired");
    for _ in 0..9 {
        stand.check_refused(&letter().with("Authorization", "Bearer guess"), 401, "", "wrong token");
    }
    stand.check_refused(&letter().with("Authorization", "Bearer guess"), 429, "", "too many");
    assert_eq!(stand.send(&letter()).0, 200, "who knows the token does not wait");
}

#[test]
fn roles() {
    let stand = stand();
    let viewer = || stand.letter().with("Authorization", "Bearer viewer-token");
    stand.check_refused(&viewer(), 403, "boris", "Insufficient permissions");
    assert_eq!(stand.send(&viewer().with_body(|body| body["dryRun"] = json!(true))).0, 200);
}

#[test]
fn paths_that_escape() {
    let stand = stand();
    for path in [
        "../secret.bsl",
        "CommonModules/../../secret.bsl",
        "/etc/passwd",
        "C:\\m.bsl",
        "",
        "CommonModules\\..\\x.bsl",
    ] {
        let letter = stand.letter().with_body(|body| body["path"] = json!(path));
        stand.check_refused(&letter, 403, "anna", "path");
    }
    let other_case = stand.letter().with_body(|body| body["path"] = json!(PATH.to_lowercase()));
    stand.check_refused(&other_case, 403, "anna", PATH.to_lowercase().as_str());
    #[cfg(unix)]
    {
        let link = stand.folder.path().join("root/link.bsl");
        std::os::unix::fs::symlink(stand.folder.path().join("secret.bsl"), link).expect("a link");
        let letter = stand.letter().with_body(|body| body["path"] = json!("link.bsl"));
        stand.check_refused(&letter, 403, "anna", "leads out of the configuration");
    }
}

#[test]
fn foreign_hosts_and_pages() {
    let stand = stand();
    let port = stand.server.address.port();
    for host in [
        format!("evil.example:{port}"),
        "10.0.0.1".to_owned(),
        "localhost.evil.example".to_owned(),
        String::new(),
    ] {
        stand.check_refused(&stand.letter().with("Host", &host), 403, "", "meant for the host");
    }
    let two = stand.letter().and("Host", "evil.example");
    assert_ne!(stand.send(&two).0, 200);
    let page = stand.letter().and("Origin", "http://127.0.0.1:8080");
    stand.check_refused(&page, 403, "", "may not send requests");
    for host in ["localhost", "LOCALHOST:1", "[::1]:1"] {
        assert_eq!(stand.send(&stand.letter().with("Host", host)).0, 200, "{host}");
    }
}

#[test]
fn replayed_requests() {
    let stand = stand();
    let letter = stand.letter();
    assert_eq!(stand.send(&letter).0, 200);
    stand.check_refused(&letter, 401, "", "was sent before");
    stand.check_refused(&stand.letter().with("X-Strizh-Time", "1600000000"), 401, "", "too old");
    stand.check_refused(&stand.letter().without("X-Strizh-Nonce"), 401, "", "no time and nonce");
    stand.check_refused(&stand.letter().without("X-Strizh-Time"), 401, "", "no time and nonce");
}

#[test]
fn oversized_and_malformed_bodies() {
    let stand = stand_with(|options| options.body_limit = 2000, None);
    let big = stand.letter().with_body(|body| body["code"] = json!("x".repeat(5000)));
    stand.check_refused(&big, 413, "", "longer than 2000 bytes");
    let mut chunked = stand.letter().and("Transfer-Encoding", "chunked");
    chunked.body = format!("1388\r\n{}\r\n0\r\n\r\n", "x".repeat(5000));
    stand.check_refused(&chunked, 413, "anna", "longer than 2000 bytes");
    let mut broken = stand.letter();
    broken.body = "{".to_owned();
    stand.check_refused(&broken, 400, "anna", "malformed");
    let incomplete = stand.letter().with_body(|body| drop(body.as_object_mut().map(|it| it.remove("code"))));
    stand.check_refused(&incomplete, 400, "anna", "missing field `code`");
    let changed = stand.letter().with_body(|body| body["sha256"] = json!("00"));
    stand.check_refused(&changed, 400, "anna", "digest");
    let mut other = stand.letter();
    other.line = "POST /rte HTTP/1.1".to_owned();
    stand.check_refused(&other, 404, "anna", "only /hotReload");
    other = stand.letter();
    other.line = "DELETE /hotReload HTTP/1.1".to_owned();
    stand.check_refused(&other, 405, "anna", "only POST");
}

#[test]
fn a_tampered_audit_shows() {
    let stand = stand();
    stand.check_refused(&stand.letter().with("Authorization", "Bearer guess"), 401, "", "wrong token");
    assert_eq!(stand.send(&stand.letter()).0, 200);
    assert_eq!(
        verify(&stand.audit()).map(|it| (it.records, it.refused, it.problems)).ok(),
        Some((3, 1, Vec::new()))
    );
    let text = std::fs::read_to_string(stand.audit()).expect("readable");
    std::fs::write(stand.audit(), text.replacen("wrong token", "hello", 1)).expect("written");
    let problems = verify(&stand.audit()).expect("readable").problems;
    assert_eq!(problems, [(1, AuditProblem::Changed)]);
}

#[test]
fn other_interfaces_need_a_name_and_certificates() {
    let folder = tempfile::tempdir().expect("a folder");
    let start_on = |allowed: &[&str]| {
        let audit = AuditLog::new(folder.path().join("audit.jsonl"));
        let mut options = GuardOptions::new(folder.path().to_owned(), AccessList::default(), audit);
        options.allowed_hosts = allowed.iter().map(|host| (*host).to_owned()).collect();
        let listener = TcpListener::bind(("0.0.0.0", 0)).expect("a free port");
        let guard = Guard::new(options, SystemClock::shared());
        start(listener, guard, Box::new(Recorder::default()), None).map(drop).map_err(|error| error.0)
    };
    assert!(start_on(&[]).is_err_and(|error| error.contains("not among the allowed hosts")));
    assert!(start_on(&["0.0.0.0"]).is_err_and(|error| error.contains("encrypted")));
}

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/serve/testdata").join(name)
}

fn certificates(name: &str) -> Certificates {
    Certificates {
        authorities: Some(data("ca.pem")),
        certificate: Some(data(&format!("{name}.pem"))),
        key: Some(data(&format!("{name}-key.pem"))),
    }
}

fn fingerprint(name: &str) -> Digest {
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject;
    sha256(&CertificateDer::from_pem_file(data(&format!("{name}.pem"))).expect("a certificate"))
}

/// A client as editors use it.
fn session(stand: &Stand, url: &str, token: Option<&str>, certificates: Certificates) -> Session {
    let options = HttpOptions {
        server: url.to_owned(),
        allowed_hosts: Vec::new(),
        token: token.map(Secret::new),
        certificates,
    };
    let transport = HttpTransport::new(options, Arc::clone(&stand.clock)).expect("a transport");
    let options = Options {
        identity: identity("anna", Role::Developer),
        is_production: false,
        extension: String::new(),
        audit: AuditLog::new(stand.folder.path().join("client.jsonl")),
        locale: Locale::En,
        retry: resilience::RetryPreset { attempts: 1, ..resilience::RetryPreset::B },
        attempt_limit: Duration::from_secs(20),
        total_limit: Duration::from_secs(20),
        root: stand.folder.path().join("root"),
    };
    Session::new(options, vec![Box::new(transport) as Box<dyn Transport>], Arc::clone(&stand.clock))
}

fn submit(session: &mut Session) -> (State, String) {
    let submission = Submission::new(ModuleReference::from_path(PATH), CODE.to_owned());
    let event = session.process(submission, &CancelToken::new(), &mut |_| ());
    (event.state, event.message)
}

#[test]
fn our_own_client_knows_the_way() {
    let stand = stand();
    let url = format!("http://localhost:{}", stand.server.address.port());
    let mut good = session(&stand, &url, Some(TOKEN), Certificates::default());
    assert_eq!(submit(&mut good), (State::Applied, "applied".to_owned()));
    assert_eq!(submit(&mut good).0, State::Unchanged);
    let mut again = session(&stand, &url, Some(TOKEN), Certificates::default());
    assert_eq!(submit(&mut again).0, State::Unchanged, "the server says what is applied");
    let mut nobody = session(&stand, &url, Some("guess"), Certificates::default());
    let (state, message) = submit(&mut nobody);
    assert_eq!((state, message.as_str()), (State::Rejected, "User not authenticated: wrong token"));
}

#[test]
fn certificates_take_the_place_of_tokens() {
    let access = |stand: &mut GuardOptions, name: &str, expires: &str| {
        let written = json!([{
            "user": name, "role": "developer", "expires": expires, "certificateSha256": hex(&fingerprint(name)),
        }]);
        stand.access = AccessList::from_json(&written.to_string()).expect("a list");
    };
    let server = certificates("server");
    let check = |name: &str, expires: &str, client: Certificates| {
        let stand = stand_with(|options| access(options, name, expires), Some(&server));
        let url = format!("https://localhost:{}", stand.server.address.port());
        let (state, message) = submit(&mut session(&stand, &url, Some(TOKEN), client));
        let (_, is_allowed, reason) =
            if state == State::Applied { stand.rows().pop().expect("a row") } else { stand.wait_for_row() };
        (state, message, is_allowed, reason)
    };
    let (state, message, is_allowed, _) = check("client", "2100-01-01", certificates("client"));
    assert_eq!((state, is_allowed), (State::Applied, true), "{message}");

    let (state, message, is_allowed, reason) = check("client", "2021-01-01", certificates("client"));
    assert_eq!((state, is_allowed), (State::Rejected, false));
    assert_eq!(message, "User not authenticated: the certificate has expired");
    assert_eq!(reason, message);

    for (client, expected) in [
        (certificates("expired"), "the certificate has expired"),
        (certificates("stranger"), "unknown client certificate"),
        (Certificates { certificate: None, key: None, ..certificates("client") }, "no client certificate"),
    ] {
        let (state, message, is_allowed, reason) = check("client", "2100-01-01", client);
        assert_eq!((state, is_allowed), (State::Rejected, false), "{message}");
        assert_eq!(reason, format!("User not authenticated: {expected}"));
    }
    // Nobody else's server is spoken to.
    let stand = stand_with(|options| access(options, "client", "2100-01-01"), Some(&server));
    let url = format!("https://localhost:{}", stand.server.address.port());
    let own = Certificates { authorities: None, ..certificates("client") };
    let (state, message) = submit(&mut session(&stand, &url, None, own));
    assert_eq!(state, State::Rejected);
    assert!(message.contains("certificate"), "{message}");
}
