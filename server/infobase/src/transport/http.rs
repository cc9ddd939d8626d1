//! `POST {server}/hotReload`.

use std::time::Duration;

use base::CancelToken;
use reqwest::{Client, RequestBuilder, Response, Url};
use resilience::{SharedClock, Timeouts};
use serde::Deserialize;
use tokio::runtime::Runtime;

use crate::change::AppliesTo;
use crate::digest::random_text;
use crate::message::{ReloadReply, Status};
use crate::module::ModuleReference;
use crate::security::{NONCE_HEADER, Secret, TIME_HEADER, check_server_address};
use crate::transport::tls::Certificates;
use crate::transport::{Applied, Failure, FailureKind, Plan, Transport, TransportKind, Update};

const LOOK_AROUND: Duration = Duration::from_millis(20);
/// Answers are short.
const MAX_ANSWER: usize = 1 << 20;

/// What connections differ in.
#[derive(Clone, Debug, Default)]
pub struct HttpOptions {
    pub server: String,
    /// Hosts besides this machine that may be spoken to, encrypted.
    pub allowed_hosts: Vec<String>,
    pub token: Option<Secret>,
    pub certificates: Certificates,
}

pub struct HttpTransport {
    url: Url,
    token: Option<Secret>,
    client: Client,
    runtime: Runtime,
    clock: SharedClock,
    is_live: bool,
}

/// The answer to a question about the applied text.
#[derive(Deserialize)]
struct State {
    sha256: String,
}

impl HttpTransport {
    /// Checks the address; the server is first spoken to when something is sent.
    pub fn new(options: HttpOptions, clock: SharedClock) -> Result<Self, String> {
        let base = check_server_address(&options.server, &options.allowed_hosts)
            .map_err(|error| error.to_string())?;
        let mut url = base;
        let path = format!("{}/hotReload", url.path().trim_end_matches('/'));
        url.set_path(&path);
        let tls = options.certificates.client().map_err(|error| error.to_string())?;
        let client = client(tls).map_err(|error| describe(&error))?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| error.to_string())?;
        Ok(Self { url, token: options.token, client, runtime, clock, is_live: false })
    }

    /// Every request has a nonce of its own, a repeated one as well.
    fn signed(&self, request: RequestBuilder) -> Result<RequestBuilder, Failure> {
        let nonce = random_text().map_err(|error| Failure::new(FailureKind::Rejected, error))?;
        let time = self.clock.unix().as_secs().to_string();
        let request = request.header(TIME_HEADER, time).header(NONCE_HEADER, nonce);
        Ok(match &self.token {
            Some(token) => request.bearer_auth(token.reveal()),
            None => request,
        })
    }
}

fn client(tls: rustls::ClientConfig) -> reqwest::Result<Client> {
    use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
    // Whatever the names service says, `localhost` is this machine.
    let localhost = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
    Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .no_proxy()
        .http1_only()
        .user_agent("strizh")
        .connect_timeout(Timeouts::HTTP.connect)
        // A kept connection is closed by the server while nobody reloads, which would cost an attempt and a pause.
        .pool_max_idle_per_host(0)
        .resolve_to_addrs("localhost", &localhost.map(|address| SocketAddr::new(address, 0)))
        .build()
}

impl Transport for HttpTransport {
    fn kind(&self) -> TransportKind {
        TransportKind::Http
    }

    fn plan(&self, update: &Update) -> Plan {
        Plan { steps: vec![format!("POST {}", self.url)], files: vec![update.module.path.clone()] }
    }

    fn apply(&mut self, update: &Update, limit: Duration, cancel: &CancelToken) -> Result<Applied, Failure> {
        let request = self.signed(self.client.post(self.url.clone()).json(&update.request))?;
        let answer = self.runtime.block_on(bounded(answer(request), limit, cancel))?;
        let applied = applied(answer)?;
        self.is_live = applied.applies_to == AppliesTo::Immediately;
        Ok(applied)
    }

    fn applied_digest(&mut self, module: &ModuleReference) -> Option<String> {
        let mut url = self.url.clone();
        url.query_pairs_mut().append_pair("path", &module.path);
        let request = self.signed(self.client.get(url)).ok()?;
        let cancel = CancelToken::new();
        let (status, body) =
            self.runtime.block_on(bounded(answer(request), Timeouts::HTTP.attempt, &cancel)).ok()?;
        if status != 200 {
            return None;
        }
        serde_json::from_slice::<State>(&body).ok().map(|state| state.sha256)
    }

    fn is_live(&self) -> bool {
        self.is_live
    }
}

type Answer = (u16, Vec<u8>);

async fn answer(request: RequestBuilder) -> Result<Answer, Failure> {
    // Until the request is on its way nothing can have happened.
    let response = request.send().await.map_err(|error| {
        if was_refused(&error) {
            return Failure::new(FailureKind::Rejected, describe(&error));
        }
        let failure = Failure::new(FailureKind::Again, describe(&error));
        if error.is_connect() { failure } else { failure.after_a_change() }
    })?;
    let status = response.status().as_u16();
    let body = read_bounded(response).await;
    body.map(|body| (status, body)).map_err(|why| Failure::new(FailureKind::Again, why).after_a_change())
}

async fn read_bounded(mut response: Response) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| describe(&error))? {
        if body.len() + chunk.len() > MAX_ANSWER {
            return Err(format!("the answer is longer than {MAX_ANSWER} bytes"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Ends a wait when time is up or nobody wants the answer any more.
async fn bounded(
    work: impl Future<Output = Result<Answer, Failure>>,
    limit: Duration,
    cancel: &CancelToken,
) -> Result<Answer, Failure> {
    let gone = async {
        while !cancel.is_cancelled() {
            tokio::time::sleep(LOOK_AROUND).await;
        }
    };
    tokio::select! {
        result = tokio::time::timeout(limit, work) => match result {
            Ok(result) => result,
            Err(_) => Err(Failure::new(FailureKind::Again, "no answer in time").after_a_change()),
        },
        () = gone => Err(Failure::new(FailureKind::Cancelled, "cancelled").after_a_change()),
    }
}

/// What an answer means for us.
fn applied((status, body): Answer) -> Result<Applied, Failure> {
    let reply = serde_json::from_slice::<ReloadReply>(&body);
    let reason = |fallback: &str| match &reply {
        Ok(reply) if !reply.reason.is_empty() => reply.reason.clone(),
        _ => format!("the server answered {status}: {fallback}"),
    };
    let kind = match status {
        200 | 202 => match &reply {
            Ok(reply) => return accepted(status, reply),
            // The page of somebody else.
            Err(_) => FailureKind::Unsupported,
        },
        404 | 405 | 501 => FailureKind::Unsupported,
        409 if reply.as_ref().is_ok_and(|reply| !reply.sha256.is_empty()) => FailureKind::Conflict,
        408 | 409 | 425 | 429 | 500.. => FailureKind::Again,
        _ => FailureKind::Rejected,
    };
    let what = match kind {
        FailureKind::Unsupported => "it knows no hot reload",
        FailureKind::Conflict => "another text is applied",
        FailureKind::Again => "it cannot do it now",
        _ => "it refuses",
    };
    let mut failure = Failure::new(kind, reason(what));
    failure.diagnostics = reply.map(|reply| reply.diagnostics).unwrap_or_default();
    failure.may_have_changed = status >= 500 && status != 501;
    Err(failure)
}

fn accepted(status: u16, reply: &ReloadReply) -> Result<Applied, Failure> {
    match reply.status {
        Status::Applied | Status::Queued => Ok(Applied {
            is_queued: status == 202 || reply.status == Status::Queued,
            backend: reply.backend.clone(),
            generation: reply.generation.clone(),
            applies_to: reply.applies_to,
            needs_restart: reply.needs_restart.clone(),
            diagnostics: reply.diagnostics.clone(),
        }),
        Status::Unsupported => Err(Failure::new(FailureKind::Unsupported, reply.reason.clone())),
        Status::Rejected => {
            let diagnostics = reply.diagnostics.clone();
            Err(Failure { diagnostics, ..Failure::new(FailureKind::Rejected, reply.reason.clone()) })
        }
    }
}

/// True if one side does not accept the certificate of the other: nothing was read then. With TLS 1.3 servers say so
/// after the client has begun to send.
fn was_refused(error: &reqwest::Error) -> bool {
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        if let Some(rustls::Error::AlertReceived(_) | rustls::Error::InvalidCertificate(_)) = tls_error(inner)
        {
            return true;
        }
        cause = inner.source();
    }
    false
}

/// Errors of input and output hide what they are made of from the chain of causes.
fn tls_error<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a rustls::Error> {
    error.downcast_ref().or_else(|| tls_error(error.downcast_ref::<std::io::Error>()?.get_ref()?))
}

/// The causes of an error without its address.
fn describe(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "no answer in time".to_owned();
    }
    let mut text =
        if error.is_connect() { "cannot connect".to_owned() } else { "broken connection".to_owned() };
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        cause = inner.source();
        if cause.is_none() {
            text.push_str(": ");
            text.push_str(&inner.to_string());
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_understood() {
        let kind =
            |status: u16, body: &str| applied((status, body.as_bytes().to_vec())).map_err(|it| it.kind);
        assert!(kind(200, r#"{"status":"applied","appliesTo":"immediately"}"#).is_ok());
        assert!(kind(202, r#"{"status":"queued"}"#).is_ok_and(|applied| applied.is_queued));
        for (status, body, expected) in [
            (200, "<html></html>", FailureKind::Unsupported),
            (404, "", FailureKind::Unsupported),
            (501, "{}", FailureKind::Unsupported),
            (409, r#"{"status":"rejected","sha256":"00"}"#, FailureKind::Conflict),
            (409, r#"{"status":"rejected","reason":"locked"}"#, FailureKind::Again),
            (503, "", FailureKind::Again),
            (401, "{}", FailureKind::Rejected),
            (413, "{}", FailureKind::Rejected),
            (422, "{}", FailureKind::Rejected),
            (200, r#"{"status":"rejected"}"#, FailureKind::Rejected),
        ] {
            assert_eq!(kind(status, body), Err(expected), "{status} {body}");
        }
    }

    /// Between two reloads somebody thinks; servers do not keep connections for that long.
    #[cfg(unix)]
    #[test]
    fn a_connection_that_was_closed_meanwhile_costs_no_attempt() {
        use std::io::{BufRead, BufReader, Read, Write};
        use std::sync::mpsc::channel;

        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let server = format!("http://{}", listener.local_addr().expect("an address"));
        let (is_time_up, closes) = channel::<()>();
        let (closed, is_closed) = channel();
        std::thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                let mut reader = BufReader::new(&stream);
                let (mut length, mut line) = (0, String::new());
                while reader.read_line(&mut line).expect("a line") > 2 {
                    if let Some(text) = line.to_lowercase().strip_prefix("content-length:") {
                        length = text.trim().parse().expect("a number");
                    }
                    line.clear();
                }
                reader.read_exact(&mut vec![0; length]).expect("a body");
                let body = r#"{"status":"applied","appliesTo":"immediately"}"#;
                write!(&stream, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len())
                    .expect("written");
                if closes.recv().is_err() {
                    return;
                }
                drop(stream);
                closed.send(()).expect("the test waits");
            }
        });
        let options = HttpOptions { server, ..HttpOptions::default() };
        let mut transport =
            HttpTransport::new(options, resilience::SystemClock::shared()).expect("a transport");
        let update = crate::transport::test_program::update("CommonModules/Версии/Ext/Module.bsl", "А = 1;");
        for _ in 0..3 {
            let applied = transport.apply(&update, Duration::from_secs(60), &CancelToken::new());
            assert!(applied.is_ok(), "{:?}", applied.map_err(|failure| failure.message));
            is_time_up.send(()).expect("the server runs");
            is_closed.recv().expect("the server runs");
        }
    }
}
