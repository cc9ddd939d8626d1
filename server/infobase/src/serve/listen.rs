//! Connections and their requests: plain over loopback, or over TLS with certificates on both sides.

use std::fmt;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::{Method, Request, Response};
use loopback::{BodyError, Server, read_body, response};
use parking_lot::Mutex;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsAcceptor;

use crate::message::{ReloadReply, ReloadRequest};
use crate::security::{Action, Identity, Refusal, check_listen_address};
use crate::serve::Host;
use crate::serve::guard::{Guard, Peer, Row, action_of};
use crate::transport::Certificates;

/// For a handshake, for headers, for a body.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub struct ServeError(pub String);

impl fmt::Display for ServeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for ServeError {}

struct Shared {
    guard: Guard,
    host: Mutex<Box<dyn Host>>,
    tls: Option<TlsAcceptor>,
}

/// Serves in a thread of its own. Other interfaces than this machine's need certificates.
pub fn start(
    listener: TcpListener,
    guard: Guard,
    host: Box<dyn Host>,
    certificates: Option<&Certificates>,
) -> Result<Server, ServeError> {
    let failed = |error: std::io::Error| ServeError(error.to_string());
    let address = listener.local_addr().map_err(failed)?;
    check_listen_address(address, &guard.options.allowed_hosts, certificates.is_some())
        .map_err(|error| ServeError(error.to_string()))?;
    let tls = certificates.map(Certificates::server).transpose();
    let tls = tls.map_err(|error| ServeError(error.to_string()))?;
    let shared = Arc::new(Shared {
        guard,
        host: Mutex::new(host),
        tls: tls.map(|config| TlsAcceptor::from(Arc::new(config))),
    });
    let connect = move |stream, address| connect(stream, address, Arc::clone(&shared));
    loopback::start("hot reload server", listener, connect).map_err(failed)
}

async fn connect(stream: tokio::net::TcpStream, address: SocketAddr, shared: Arc<Shared>) {
    let Some(acceptor) = shared.tls.clone() else {
        return serve(stream, Peer { address, certificate: None }, shared).await;
    };
    match tokio::time::timeout(PATIENCE, acceptor.accept(stream)).await {
        Ok(Ok(stream)) => {
            let certificates = stream.get_ref().1.peer_certificates();
            let certificate = certificates.and_then(|it| it.first()).map(|it| it.as_ref().to_vec());
            // The verifier lets nobody through without one.
            let Some(certificate) = certificate else { return };
            serve(stream, Peer { address, certificate: Some(certificate) }, shared).await;
        }
        Ok(Err(error)) => {
            shared.guard.record_refusal("", Action::Connect, &address.to_string(), &handshake(&error))
        }
        Err(_) => {
            let refusal = Refusal::BrokenHandshake("it took too long".to_owned());
            shared.guard.record_refusal("", Action::Connect, &address.to_string(), &refusal);
        }
    }
}

fn handshake(error: &std::io::Error) -> Refusal {
    use rustls::{CertificateError, Error};
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
    match inner {
        Some(Error::InvalidCertificate(
            CertificateError::Expired | CertificateError::ExpiredContext { .. },
        )) => Refusal::ExpiredCertificate,
        Some(Error::NoCertificatesPresented) => Refusal::NoCertificate,
        Some(Error::InvalidCertificate(_)) => Refusal::UnknownCertificate,
        Some(error) => Refusal::BrokenHandshake(error.to_string()),
        None => Refusal::BrokenHandshake(error.to_string()),
    }
}

async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: Peer,
    shared: Arc<Shared>,
) {
    let answer = |request| answer(request, peer.clone(), Arc::clone(&shared));
    loopback::serve_connection(stream, PATIENCE, answer).await;
}

async fn answer(request: Request<Incoming>, peer: Peer, shared: Arc<Shared>) -> Response<Full<Bytes>> {
    let guard = &shared.guard;
    let target = format!("{} {}", request.method(), request.uri());
    let identity = match guard.admit(&peer, request.headers()) {
        Ok(identity) => identity,
        Err(refusal) => return refuse(guard, "", Action::Connect, &target, &refusal),
    };
    let refusal = match (request.uri().path(), request.method()) {
        ("/hotReload", &Method::GET) => return state(request.uri().query(), &identity, &shared).await,
        ("/hotReload", &Method::POST) => None,
        ("/hotReload", _) => Some(Refusal::Method),
        _ => Some(Refusal::UnknownResource),
    };
    if let Some(refusal) = refusal {
        return refuse(guard, &identity.user, Action::Connect, &target, &refusal);
    }
    let written = match read(request, guard.options.body_limit).await {
        Ok(written) => written,
        Err(refusal) => return refuse(guard, &identity.user, Action::Reload, &target, &refusal),
    };
    let action = action_of(&written);
    let file = match guard.authorize(&identity, &written) {
        Ok(file) => file,
        Err(refusal) => return refuse(guard, &identity.user, action, &written.path, &refusal),
    };
    let row = Row { is_allowed: true, reason: "requested", new: &written.sha256, ..Row::default() };
    if !guard.record(&identity.user, action, &written.path, row) {
        return json(500, &ReloadReply::rejected("the audit cannot be written"));
    }
    let (status, reply, written) = apply(written, file, Arc::clone(&shared)).await;
    let outcome = serde_json::to_value(reply.status).unwrap_or_default();
    let mut reason = outcome.as_str().unwrap_or_default().to_owned();
    if !reply.reason.is_empty() {
        reason = format!("{reason}: {}", reply.reason);
    }
    let row = Row {
        is_allowed: true,
        reason: &reason,
        backend: &reply.backend,
        old: &written.base_sha256,
        new: &written.sha256,
    };
    shared.guard.record(&identity.user, action, &written.path, row);
    json(status, &reply)
}

/// The digest of the text that is applied: `GET /hotReload?path=…`.
async fn state(query: Option<&str>, identity: &Identity, shared: &Arc<Shared>) -> Response<Full<Bytes>> {
    let path = path_of_query(query.unwrap_or_default());
    let guard = &shared.guard;
    let contained = crate::security::contain(&guard.options.root, &path).map_err(Refusal::Path);
    if let Err(refusal) = contained {
        return refuse(guard, &identity.user, Action::Read, &path, &refusal);
    }
    let (of_host, asked) = (Arc::clone(shared), path.clone());
    let digest = tokio::task::spawn_blocking(move || of_host.host.lock().applied_digest(&asked)).await;
    let row = Row { is_allowed: true, reason: "read", ..Row::default() };
    guard.record(&identity.user, Action::Read, &path, row);
    match digest {
        Ok(Some(digest)) => text_response(200, serde_json::json!({ "sha256": digest }).to_string()),
        _ => json(404, &ReloadReply::rejected("the module is not loaded")),
    }
}

fn path_of_query(query: &str) -> String {
    let value = query.split('&').find_map(|pair| pair.strip_prefix("path=")).unwrap_or_default();
    let value = value.replace('+', " ");
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let code = behind.get(..2).filter(|_| *first == b'%');
        let code = code.and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &behind[2..];
            }
            None => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

async fn read(request: Request<Incoming>, limit: usize) -> Result<ReloadRequest, Refusal> {
    let body = read_body(request, limit, PATIENCE).await.map_err(|error| match error {
        BodyError::TooLarge => Refusal::BodyTooLarge { limit },
        BodyError::TooSlow => Refusal::Malformed("the body took too long".to_owned()),
        BodyError::Broken(why) => Refusal::Malformed(why),
    })?;
    serde_json::from_slice(&body).map_err(|error| Refusal::Malformed(error.to_string()))
}

/// One at a time: the host is behind a lock.
async fn apply(
    request: ReloadRequest,
    file: std::path::PathBuf,
    shared: Arc<Shared>,
) -> (u16, ReloadReply, ReloadRequest) {
    let kept = request.clone();
    let work = move || {
        let (status, reply) = shared.host.lock().apply(&request, &file);
        (status, reply, request)
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(_) => (500, ReloadReply::rejected("the host has failed"), kept),
    }
}

fn refuse(
    guard: &Guard,
    user: &str,
    action: Action,
    resource: &str,
    refusal: &Refusal,
) -> Response<Full<Bytes>> {
    guard.record_refusal(user, action, resource, refusal);
    json(refusal.status(), &ReloadReply::rejected(refusal.to_string()))
}

fn json(status: u16, reply: &ReloadReply) -> Response<Full<Bytes>> {
    text_response(status, serde_json::to_string(reply).unwrap_or_default())
}

fn text_response(status: u16, text: String) -> Response<Full<Bytes>> {
    response(status, "application/json; charset=utf-8", text)
}
