//! The one task that sends diagnostics to clients which do not ask for them. A result leaves only if its
//! document is still at the revision it was computed for.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use base::CancelToken;
use ide::{HotFinding, ProjectDocument};
use lints::Finding;
use parking_lot::Mutex;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::gen_lsp_types::Uri;

use crate::lsp::proto::{Converter, SOURCE};
use crate::lsp::work::panic_message;
use crate::lsp::world::{OpenDocument, Snapshot, World, path_of};
use crate::measured::hot_options;

/// More of them in one module tell nothing new.
const MAX_SYNTAX_ERRORS: usize = 128;

/// Runs until the session ends; owns every check that it starts. At most `checks` run at once, so that
/// threads are left for requests when many documents are opened together.
pub(crate) async fn publish_diagnostics(world: Arc<World>, checks: usize) {
    let permits = Arc::new(Semaphore::new(checks));
    let mut jobs = JoinSet::new();
    // Held while a result is compared with the world and sent, so that an older one cannot overtake.
    let publishing = Arc::new(Mutex::new(()));
    loop {
        tokio::select! {
            Some(_) = jobs.join_next(), if !jobs.is_empty() => {}
            ready = world.schedule.next() => {
                for (uri, token) in ready {
                    let (world, publishing, permits) = (world.clone(), publishing.clone(), permits.clone());
                    jobs.spawn(async move {
                        let Ok(_permit) = permits.acquire().await else { return };
                        let work = move || check_and_publish(&world, &publishing, uri, &token);
                        // An error means that the session has ended: panics are caught inside.
                        let _ = tokio::task::spawn_blocking(work).await;
                    });
                }
            }
        }
    }
}

fn check_and_publish(world: &World, publishing: &Mutex<()>, uri: Uri, token: &CancelToken) {
    let checked = catch_unwind(AssertUnwindSafe(|| check(world, &uri, token)));
    match checked {
        Ok(Some((generation, params))) => {
            let _guard = publishing.lock();
            let current = world.snapshot().document(&uri).map(|open| open.generation);
            if current == generation {
                world.outbox.send_blocking("textDocument/publishDiagnostics", &params);
            }
        }
        Ok(None) => {}
        Err(panic) => tracing::error!("checking {uri} failed: {}", panic_message(&*panic)),
    }
    world.schedule.finished(&uri, token.is_cancelled());
}

/// The generation of the document (`None` if it was closed) and what to send for it.
fn check(
    world: &World,
    uri: &Uri,
    token: &CancelToken,
) -> Option<(Option<u64>, lsp::PublishDiagnosticsParams)> {
    let snapshot = world.snapshot();
    if snapshot.session.pulls_diagnostics {
        return None;
    }
    let Some(open) = snapshot.document(uri) else {
        let params =
            lsp::PublishDiagnosticsParams { uri: uri.clone(), version: None, diagnostics: Vec::new() };
        return Some((None, params));
    };
    let _span = tracing::debug_span!("diagnostics", %uri, version = open.version).entered();
    let diagnostics = diagnostics(open, &snapshot, token)?;
    let params = lsp::PublishDiagnosticsParams { uri: uri.clone(), version: Some(open.version), diagnostics };
    Some((Some(open.generation), params))
}

/// Diagnostics of an open document; `None` if cancelled.
pub(crate) fn diagnostics(
    open: &OpenDocument,
    snapshot: &Snapshot,
    token: &CancelToken,
) -> Option<Vec<lsp::Diagnostic>> {
    let findings = open.findings(snapshot, token)?;
    let converter = Converter::new(&open.document, snapshot.session.encoding);
    let session = &snapshot.session;
    let mut syntax_errors = 0;
    let is_wanted = |finding: &&Finding| {
        syntax_errors += usize::from(finding.rule.info().key == "ParseError");
        finding.rule.info().key != "ParseError" || syntax_errors <= MAX_SYNTAX_ERRORS
    };
    let mut diagnostics: Vec<lsp::Diagnostic> = findings
        .iter()
        .filter(is_wanted)
        .map(|finding| converter.diagnostic(finding, &snapshot.rules, &open.uri, session))
        .collect();
    let hot = hot_findings(open, snapshot, token);
    diagnostics.extend(hot.iter().map(|finding| hot_diagnostic(finding, &converter)));
    diagnostics.extend(snapshot.reloads.diagnostics(open, &converter));
    Some(diagnostics)
}

/// Why measured lines of an open document are slow.
pub(crate) fn hot_findings(open: &OpenDocument, snapshot: &Snapshot, token: &CancelToken) -> Vec<HotFinding> {
    if snapshot.measured.profile().is_none() || !snapshot.settings.profile.diagnostics {
        return Vec::new();
    }
    let project = snapshot.project();
    let Some(module) = project.module_by_path(&path_of(&open.uri)) else { return Vec::new() };
    let of = ProjectDocument { document: &open.document, project: &project, module };
    let Some(lines) = snapshot.measured.lines_of(of) else { return Vec::new() };
    ide::hot_findings(of, &lines, &hot_options(snapshot), snapshot.settings.language, token)
}

pub(crate) fn hot_diagnostic(finding: &HotFinding, converter: &Converter<'_>) -> lsp::Diagnostic {
    let key = finding.cause.map_or("HotLoop", |cause| cause.key());
    lsp::Diagnostic {
        range: converter.range(finding.range),
        severity: Some(lsp::DiagnosticSeverity::Hint),
        code: Some(lsp::Code::String(format!("profile.{key}"))),
        source: Some(SOURCE.to_owned()),
        message: lsp::Message::String(finding.message.clone()),
        ..lsp::Diagnostic::default()
    }
}
