//! Checks every module of the workspace in the background and shows the findings of those that are not open.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use base::{CancelToken, Locale};
use lints::{ModuleInfo, ModuleLints, ProjectModule};
use syntax::Document;
use tower_lsp::gen_lsp_types as lsp;

use crate::files::{find_modules, read_module};
use crate::lsp::progress::Progress;
use crate::lsp::proto::Converter;
use crate::lsp::world::{Snapshot, World};
use crate::ordered;

/// Owned by the background task that calls it; cancelled by the client or by the end of the session.
pub(crate) async fn check_workspace(world: Arc<World>, token: String, is_shown: bool) {
    let Some(cancel) = world.start_progress(&token) else {
        tracing::info!("the workspace is being checked already");
        return;
    };
    let task = {
        let (world, token) = (world.clone(), token.clone());
        move || check_all(&world, &Progress::begin(&world, &token, is_shown, "Strizh"), &cancel)
    };
    if tokio::task::spawn_blocking(task).await.is_err() {
        tracing::error!("checking the workspace failed");
    }
    world.end_progress(&token);
}

fn check_all(world: &World, progress: &Progress<'_>, cancel: &CancelToken) {
    let snapshot = world.snapshot();
    let roots: Vec<PathBuf> = match &snapshot.settings.configuration_root {
        Some(folder) => snapshot.session.roots.iter().map(|root| root.join(folder)).collect(),
        None => snapshot.session.roots.clone(),
    };
    let modules = find_modules(&roots, &snapshot.settings.exclude_paths).modules;
    let (mut checked, mut found) = (0, 0);
    let check = |path: &PathBuf| {
        if cancel.is_cancelled() { Ok(0) } else { Ok(check_closed(world, &snapshot, path, cancel)) }
    };
    let result = ordered::for_each(&modules, threads(), check, |findings| {
        checked += 1;
        progress.report(checked, modules.len());
        match findings {
            Ok(findings) => found += findings,
            Err(error) => world.complain(error),
        }
        Ok(())
    });
    if let Err(error) = result {
        world.complain(format!("{error:#}"));
    }
    let message = match (cancel.is_cancelled(), snapshot.settings.language) {
        (true, Locale::Ru) => "прервано".to_owned(),
        (true, Locale::En) => "cancelled".to_owned(),
        (false, Locale::Ru) => format!("модулей: {}, замечаний: {found}", modules.len()),
        (false, Locale::En) => format!("modules: {}, findings: {found}", modules.len()),
    };
    progress.end(&message);
}

/// One core is left to the document that is edited.
fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, |cores| cores.get() - 1).max(1)
}

/// Publishes the findings of a module unless it is open, and returns their number.
fn check_closed(world: &World, snapshot: &Snapshot, path: &Path, cancel: &CancelToken) -> usize {
    let Ok(uri) = lsp::Uri::from_file_path(path) else { return 0 };
    if !snapshot.disk.allows(&snapshot.objects, path) {
        return 0;
    }
    let text = match read_module(path) {
        Ok(decoded) => decoded.text,
        Err(error) => {
            tracing::info!("{error}");
            return 0;
        }
    };
    let document = Document::new(&text);
    let module = ModuleInfo::from_path(&path.to_string_lossy());
    let project = snapshot.disk.is_complete.then(|| snapshot.project());
    let text = |range| document.slice(range);
    let project = project.as_ref().and_then(|project| {
        let module = project.module_by_path(path)?;
        Some(ProjectModule { project, module, text: &text })
    });
    let mut lints = ModuleLints::default();
    let Some(findings) = lints.update(&document, &snapshot.rules, &module, project, cancel) else {
        return 0;
    };
    if world.snapshot().document(&uri).is_none() {
        let converter = Converter::new(&document, snapshot.session.encoding);
        let convert = |finding| converter.diagnostic(finding, &snapshot.rules, &uri, &snapshot.session);
        let diagnostics = findings.iter().map(convert).collect();
        let params = lsp::PublishDiagnosticsParams { uri: uri.clone(), version: None, diagnostics };
        world.outbox.send_blocking("textDocument/publishDiagnostics", &params);
    }
    findings.len()
}
