//! Connections: hyper speaks HTTP/1.1 over loopback or over TLS with certificates on both sides.

use std::fmt;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use parking_lot::Mutex;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{Semaphore, oneshot};
use tokio_rustls::TlsAcceptor;

use crate::message::{ReloadReply, ReloadRequest};
use crate::security::{Action, Identity, Refusal, check_listen_address};
use crate::serve::Host;
use crate::serve::guard::{Guard, Peer, Row, action_of};
use crate::transport::Certificates;

/// Connections at once.
const MAX_CONNECTIONS: usize = 64;
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

/// A server under way; dropping it ends it.
pub struct Server {
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the server has failed");
        }
    }
}

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
    listener.set_nonblocking(true).map_err(failed)?;
    let shared =
        Shared { guard, host: Mutex::new(host), tls: tls.map(|config| TlsAcceptor::from(Arc::new(config))) };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
    let (stop, stopped) = oneshot::channel();
    let serve = move || {
        runtime.block_on(async {
            tokio::select! {
                () = accept(listener, Arc::new(shared)) => {}
                _ = stopped => {}
            }
        });
        runtime.shutdown_timeout(Duration::from_secs(1));
    };
    let thread =
        std::thread::Builder::new().name("hot reload server".to_owned()).spawn(serve).map_err(failed)?;
    Ok(Server { address, stop: Some(stop), thread: Some(thread) })
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let listener = match tokio::net::TcpListener::from_std(listener) {
        Ok(listener) => listener,
        Err(error) => {
            tracing::error!("cannot listen: {error}");
            return;
        }
    };
    let permits = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        let Ok(permit) = Arc::clone(&permits).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, address)) => {
                // Answers are short and wanted at once.
                let _ = stream.set_nodelay(true);
                let shared = Arc::clone(&shared);
                tokio::spawn(async move {
                    connect(stream, address, shared).await;
                    drop(permit);
                });
            }
            Err(error) => {
                tracing::warn!("a connection failed: {error}");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
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
    let service = service_fn(move |request| {
        let (peer, shared) = (peer.clone(), Arc::clone(&shared));
        async move { Ok::<_, std::convert::Infallible>(answer(request, peer, shared).await) }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Some(PATIENCE))
        .serve_connection(TokioIo::new(stream), service);
    if let Err(error) = connection.await {
        tracing::debug!("a connection broke: {error}");
    }
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
    let body = Limited::new(request.into_body(), limit).collect();
    let body = match tokio::time::timeout(PATIENCE, body).await {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(error)) if error.downcast_ref::<LengthLimitError>().is_some() => {
            return Err(Refusal::BodyTooLarge { limit });
        }
        Ok(Err(error)) => return Err(Refusal::Malformed(error.to_string())),
        Err(_) => return Err(Refusal::Malformed("the body took too long".to_owned())),
    };
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
    let mut response = Response::new(Full::new(Bytes::from(text)));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    response
}
