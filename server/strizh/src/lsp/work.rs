//! The only way to start work: on the blocking pool, inside a tracing span, with panics turned into errors and
//! a token that is cancelled as soon as nobody waits for the result.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use base::CancelToken;
use ide::ProjectDocument;
use tower_lsp::gen_lsp_types::Uri;
use tower_lsp::jsonrpc::{Error, Result};

use crate::lsp::in_order::SNAPSHOT;
use crate::lsp::world::{OpenDocument, Snapshot, path_of};

/// Cancels its token when dropped: the framework drops the handler's future to cancel a request.
pub(crate) struct CancelOnDrop(pub(crate) CancelToken);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// Runs `work` on the snapshot of the current message.
pub(crate) async fn run<T, F>(name: &'static str, work: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce(&Snapshot, &CancelToken) -> T + Send + 'static,
{
    let snapshot = SNAPSHOT.with(Clone::clone);
    let token = CancelToken::new();
    let _cancel_on_drop = CancelOnDrop(token.clone());
    let mut closing = snapshot.closing();
    let work_token = token.clone();
    let job = tokio::task::spawn_blocking(move || {
        if work_token.is_cancelled() {
            return Err(Error::request_cancelled());
        }
        let _span = tracing::debug_span!("request", name).entered();
        let started = Instant::now();
        let result = catch(name, || work(&snapshot, &work_token));
        tracing::debug!(milliseconds = started.elapsed().as_secs_f64() * 1e3, "done");
        if work_token.is_cancelled() { Err(Error::request_cancelled()) } else { result }
    });
    tokio::select! {
        result = job => result.unwrap_or_else(|_| Err(Error::request_cancelled())),
        _ = closing.wait_for(|is_closing| *is_closing) => Err(Error::request_cancelled()),
    }
}

/// Runs `work` on an open document; `None` if the client has not opened it.
pub(crate) async fn run_on<T, F>(name: &'static str, uri: Uri, work: F) -> Result<Option<T>>
where
    T: Send + 'static,
    F: FnOnce(&Arc<OpenDocument>, &Snapshot, &CancelToken) -> T + Send + 'static,
{
    run(name, move |snapshot, token| Some(work(snapshot.document(&uri)?, snapshot, token))).await
}

/// Runs `work` on an open document as a module of the project; `None` if the client has not opened it.
pub(crate) async fn run_in_project<T, F>(name: &'static str, uri: Uri, work: F) -> Result<Option<T>>
where
    T: Send + 'static,
    F: FnOnce(ProjectDocument<'_>, &Snapshot, &CancelToken) -> T + Send + 'static,
{
    run(name, move |snapshot, token| {
        let open = snapshot.document(&uri)?;
        let project = snapshot.project();
        let module = project.module_by_path(&path_of(&uri))?;
        let document = ProjectDocument { document: &open.document, project: &project, module };
        Some(work(document, snapshot, token))
    })
    .await
}

fn catch<T>(name: &str, work: impl FnOnce() -> T) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let mut error = Error::internal_error();
        error.message = format!("{name} failed: {}", panic_message(&*panic)).into();
        tracing::error!("{}", error.message);
        error
    })
}

/// What a panic said.
pub(crate) fn panic_message(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("unknown panic")
}
