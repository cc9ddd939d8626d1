//! Requests to a debug server over plain HTTP: no proxies, no redirects, every size and every wait has a bound.

use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, USER_AGENT};
use hyper::{Method, Request, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::runtime::Runtime;

use crate::body::MAX_BODY;

/// Without this name servers answer otherwise.
const CLIENT: &str = "1CV8";

/// What a server has answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) encoding: String,
    pub(crate) body: Vec<u8>,
}

/// Why there is no answer.
pub(crate) struct NoAnswer {
    /// Nobody listens: nothing was sent.
    pub(crate) is_unreachable: bool,
    pub(crate) message: String,
}

impl NoAnswer {
    fn broken(message: impl ToString) -> Self {
        Self { is_unreachable: false, message: message.to_string() }
    }
}

/// A connection that is kept between requests. It waits in the thread that calls, which must not be one of a runtime.
pub(crate) struct Connection {
    /// Scheme, host, port and the path before that of the protocol.
    base: String,
    timeout: Duration,
    client: Client<HttpConnector, Full<Bytes>>,
    runtime: Runtime,
}

impl Connection {
    pub(crate) fn new(base: String, timeout: Duration) -> Result<Self, String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| error.to_string())?;
        let mut connector = HttpConnector::new();
        connector.set_connect_timeout(Some(timeout));
        connector.set_nodelay(true);
        let client = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(1).build(connector);
        Ok(Self { base, timeout, client, runtime })
    }

    pub(crate) fn send(&self, command: &str, body: &str) -> Result<Answer, NoAnswer> {
        let uri = format!("{}/e1crdbg/rdbg?cmd={command}", self.base);
        let uri: Uri = uri.parse().map_err(NoAnswer::broken)?;
        let request = Request::builder()
            .method(Method::POST)
            .uri(uri)
            .header(USER_AGENT, CLIENT)
            .header(CONTENT_TYPE, "application/xml; charset=utf-8")
            .header(ACCEPT, "application/xml")
            .body(Full::new(Bytes::from(body.to_owned())))
            .map_err(NoAnswer::broken)?;
        let exchange = async { tokio::time::timeout(self.timeout, self.exchange(request)).await };
        self.runtime.block_on(exchange).unwrap_or_else(|_| Err(NoAnswer::broken("no answer in time")))
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<Answer, NoAnswer> {
        let answer = self.client.request(request).await.map_err(|error| describe(&error))?;
        let status = answer.status().as_u16();
        let encoding = answer.headers().get(CONTENT_ENCODING).and_then(|value| value.to_str().ok());
        let encoding = encoding.unwrap_or_default().to_owned();
        let body = Limited::new(answer.into_body(), MAX_BODY).collect().await;
        let body = body.map_err(NoAnswer::broken)?.to_bytes().to_vec();
        Ok(Answer { status, encoding, body })
    }
}

/// The innermost cause says most.
fn describe(error: &hyper_util::client::legacy::Error) -> NoAnswer {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    NoAnswer { is_unreachable: error.is_connect(), message: cause.to_string() }
}
