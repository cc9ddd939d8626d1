//! The language server over stdin and stdout.

mod backend;
mod background;
mod capabilities;
mod check_workspace;
mod diagnostics;
mod in_order;
mod inbox;
mod index;
mod locations;
mod open_files;
mod open_project;
mod outbox;
mod parent;
mod positions;
mod progress;
mod proto;
mod schedule;
mod session;
mod work;
mod world;

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, watch};
use tower_lsp::{LspService, Server};

use crate::assistant::prepare_ahead;
use crate::lsp::backend::Backend;
use crate::lsp::in_order::InOrder;

pub(crate) use background::Errand;
pub(crate) use capabilities::CHECK_WORKSPACE;
pub(crate) use diagnostics::{diagnostics, hot_diagnostic, hot_findings};
pub(crate) use in_order::SNAPSHOT;
pub(crate) use index::options as project_options;
pub(crate) use locations::Locations;
pub(crate) use open_files::OpenFiles;
pub(crate) use progress::{Step, follow};
pub(crate) use proto::{Converter, SOURCE, position_after, progress_token, workspace_edit};
pub(crate) use session::CompletionSupport;
pub(crate) use tower_lsp::gen_lsp_types::Uri;
pub(crate) use work::{CancelOnDrop, run, run_in_project, run_on};
pub(crate) use world::{OpenDocument, Snapshot, World, path_of};

/// Enables requests that only tests need.
pub(crate) const TEST_REQUESTS: &str = "STRIZH_TEST_REQUESTS";
/// Far above what an editor has in flight; the limit that counts is the number of worker threads.
const REQUESTS_IN_FLIGHT: usize = 256;
/// Threads that checks of documents never take.
const MIN_REQUEST_THREADS: usize = 4;
/// How long answers may take to leave after the end of the session.
const FLUSH_DEADLINE: Duration = Duration::from_secs(1);
/// How long requests may take to notice the end of the input.
const CLOSING_DEADLINE: Duration = Duration::from_millis(500);
/// How long a measurement may take to leave the infobase.
const LEAVING_DEADLINE: Duration = Duration::from_secs(2);

/// Serves one session and ends the process: 0 after an orderly shutdown, else 1.
pub(crate) fn serve() -> anyhow::Result<std::convert::Infallible> {
    avoid_huge_pages();
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(cores + cores.max(MIN_REQUEST_THREADS))
        .thread_stack_size(8 * 1024 * 1024)
        .enable_time()
        .build()?;
    let is_shut_down = runtime.block_on(session(cores));
    // Worker threads may still be busy; the operating system ends them.
    std::process::exit(if is_shut_down { 0 } else { 1 });
}

async fn session(cores: usize) -> bool {
    let (closing_sender, mut closing) = watch::channel(false);
    let (outbox, output, writer) = outbox::start(std::io::stdout());
    let (errands_sender, errands) = mpsc::channel(background::QUEUED_ERRANDS);
    let world = Arc::new(World::new(outbox, errands_sender, closing.clone()));
    world.reloads.attach(&world);
    let mut client = None;
    let builder = LspService::build(|it| {
        client = Some(it);
        Backend::new(world.clone())
    });
    let (service, socket) = backend::with_own_methods(builder).finish();
    let input = inbox::start(std::io::stdin(), closing_sender.clone());
    let service = InOrder::new(service, world.clone());
    // Owned by this function: they end with the process.
    tokio::spawn(diagnostics::publish_diagnostics(world.clone(), cores));
    if let Some(client) = client {
        tokio::spawn(background::run_errands(world.clone(), client, errands));
    }
    tokio::spawn(prepare_ahead(world.clone()));
    tokio::spawn(parent::watch(world.clone(), closing_sender));
    let serve = Server::new(input, output, socket).concurrency_level(REQUESTS_IN_FLIGHT).serve(service);
    tokio::select! {
        () = serve => {}
        () = async {
            let _ = closing.wait_for(|is_closing| *is_closing).await;
            world.cancel_all();
            tokio::time::sleep(CLOSING_DEADLINE).await;
        } => {}
    }
    world.cancel_all();
    world.measuring.wait_for_end(LEAVING_DEADLINE);
    flush(writer);
    world.is_shut_down()
}

/// The allocator asks for huge pages, which makes a batch run faster and a resident server twice as big.
fn avoid_huge_pages() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::thread::disable_transparent_huge_pages(true) {
        tracing::debug!("huge pages stay on: {error}");
    }
}

/// Waits for the writing thread, but not for a client that has stopped reading.
fn flush(writer: std::thread::JoinHandle<()>) {
    let deadline = Instant::now() + FLUSH_DEADLINE;
    while !writer.is_finished() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(1));
    }
}
