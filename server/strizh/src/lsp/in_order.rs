//! Wraps the framework's service. State changes are applied here, synchronously and in arrival order; every
//! other message gets the snapshot of its arrival. Handlers therefore never see another revision.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::{Context, Poll};

use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use tower_lsp::jsonrpc::{Error, Id, Request, Response};
use tower_service::Service;

use crate::lsp::inbox::MALFORMED;
use crate::lsp::world::{Snapshot, World};

tokio::task_local! {
    pub(crate) static SNAPSHOT: Snapshot;
}

pub(crate) struct InOrder<S> {
    inner: S,
    world: Arc<World>,
    is_initialized: bool,
}

impl<S> InOrder<S> {
    pub(crate) fn new(inner: S, world: Arc<World>) -> Self {
        Self { inner, world, is_initialized: false }
    }

    fn apply(&self, request: Request) {
        let (method, _id, params) = request.into_parts();
        if !self.is_initialized {
            tracing::warn!("ignored {method}: the session is not initialized");
            return;
        }
        let params = params.unwrap_or_default();
        if catch_unwind(AssertUnwindSafe(|| self.world.apply(&method, params))).is_err() {
            tracing::error!("{method} failed; its changes are lost until the document is opened again");
        }
    }
}

impl<S> Service<Request> for InOrder<S>
where
    S: Service<Request, Response = Option<Response>>,
    S::Future: Send + 'static,
    S::Error: Send + 'static,
{
    type Response = Option<Response>;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<Option<Response>, S::Error>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        match request.method() {
            "initialize" if !self.is_initialized => {
                self.is_initialized = self.world.initialize(request.params());
            }
            "shutdown" => self.world.note_shutdown(),
            MALFORMED => return Box::pin(ready(Ok(Some(malformed_answer(&request))))),
            "$/cancelRequest" => {
                // Polled at once: in the queue it would wait behind the requests that it is to cancel.
                let _ = self.inner.call(request).now_or_never();
                return Box::pin(ready(Ok(None)));
            }
            method if World::is_state_change(method) => {
                self.apply(request);
                return Box::pin(ready(Ok(None)));
            }
            _ => {}
        }
        let mut snapshot = self.world.snapshot();
        if request.method() == "textDocument/inlineCompletion" {
            snapshot.number = self.world.assistant.desk.number();
        }
        Box::pin(SNAPSHOT.scope(snapshot, self.inner.call(request)))
    }
}

fn malformed_answer(request: &Request) -> Response {
    let message = request.params().and_then(|params| params.get("message")?.as_str());
    let mut error = Error::parse_error();
    error.message = message.unwrap_or("malformed frame").to_owned().into();
    Response::from_error(Id::Null, error)
}
