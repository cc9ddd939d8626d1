//! A service behind a socket of this machine.

use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response};
use loopback::{BodyError, check_headers, read_body, response, serve_connection};
use parking_lot::Mutex;

use crate::service::{MAX_REQUEST, Reply, Service};

/// For the head of a request, for its body, and between requests.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running server; it ends when this is dropped.
pub type DebugServer = loopback::Server;

/// Serves on a listener, which has to be one of the loopback.
pub fn serve(listener: TcpListener, service: Service) -> io::Result<DebugServer> {
    serve_patiently(listener, service, PATIENCE)
}

pub(crate) fn serve_patiently(
    listener: TcpListener,
    service: Service,
    patience: Duration,
) -> io::Result<DebugServer> {
    let address = listener.local_addr()?;
    if !address.ip().is_loopback() {
        return Err(io::Error::other(format!("{address} is no address of this machine alone")));
    }
    let shared = Arc::new(Shared { service: Mutex::new(service), started: Instant::now(), patience });
    loopback::start("debug server", listener, move |stream, _| {
        let shared = Arc::clone(&shared);
        async move {
            serve_connection(stream, patience, |request| answer(request, Arc::clone(&shared))).await;
        }
    })
}

struct Shared {
    service: Mutex<Service>,
    started: Instant,
    patience: Duration,
}

async fn answer(request: Request<Incoming>, shared: Arc<Shared>) -> Response<Full<Bytes>> {
    let Reply { status, body } = match reply(request, shared).await {
        Ok(reply) | Err(reply) => reply,
    };
    let kind = if body.starts_with("<html") { "text/html" } else { "application/xml; charset=utf-8" };
    response(status, kind, body)
}

async fn reply(request: Request<Incoming>, shared: Arc<Shared>) -> Result<Reply, Reply> {
    let refused = |status, why: &dyn ToString| Reply { status, body: why.to_string() };
    check_headers(request.headers(), &[]).map_err(|foreign| refused(403, &foreign))?;
    let method = request.method().to_string();
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str()).to_owned();
    let body = read_body(request, MAX_REQUEST, shared.patience).await.map_err(|error| match error {
        BodyError::TooLarge => refused(413, &format!("the body is longer than {MAX_REQUEST} bytes")),
        BodyError::TooSlow => refused(408, &"the body took too long"),
        BodyError::Broken(why) => refused(400, &why),
    })?;
    // The code that is measured may take its time to stop.
    let handle = move || {
        let now = shared.started.elapsed().as_millis() as u64;
        shared.service.lock().handle(&method, &target, &body, now)
    };
    tokio::task::spawn_blocking(handle).await.map_err(|_| refused(500, &"the host has failed"))
}
