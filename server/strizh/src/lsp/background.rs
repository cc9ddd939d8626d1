//! Everything that waits for the client: settings, registrations, refreshes, progress. Handlers only leave an
//! errand here; one owned task runs them, each with a timeout, so a silent client blocks nothing.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde_json::json;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tower_lsp::Client;
use tower_lsp::gen_lsp_types as lsp;

use crate::assistant;
use crate::lsp::check_workspace::check_workspace;
use crate::lsp::index::{load_project, refresh_project};
use crate::lsp::progress::{create_progress, show_job};
use crate::lsp::world::World;
use crate::measuring;
use crate::reload::{self, Question};
use crate::settings::SETTINGS_FILE;

pub(crate) const QUEUED_ERRANDS: usize = 64;
/// Modules and metadata of both layouts.
const WATCHED_EXTENSIONS: &str = "bsl,os,xml,mdo,form,rights,project";
const CLIENT_TIMEOUT: Duration = Duration::from_secs(10);
const POLL_PERIOD: Duration = Duration::from_secs(2);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Errand {
    PullConfiguration,
    RegisterWatcher,
    /// Looks at the settings file itself: the client cannot watch files.
    PollSettings,
    RefreshHints,
    RefreshDiagnostics,
    RefreshLenses,
    LoadProject,
    WriteRulePages,
    RefreshProject,
    ApplyEdit(Box<lsp::WorkspaceEdit>),
    /// Asks whether a change may be made that needs a yes.
    AskForReload(Box<Question>),
    /// Shows a hot reload until it ends: number of the submission and the token of the client, if it sent one.
    ShowReload(u64, Option<String>),
    /// Tells the client of a job that takes its time: the token of its progress.
    ShowProgress(String),
    /// Shows that a measurement runs until it ends.
    ShowMeasuring,
    StartAssistant,
    LearnProject,
    /// The token of the client, if it sent one.
    CheckWorkspace(Option<String>),
}

/// Runs errands until the session ends.
pub(crate) async fn run_errands(world: Arc<World>, client: Client, mut errands: mpsc::Receiver<Errand>) {
    let mut running = JoinSet::new();
    loop {
        tokio::select! {
            Some(_) = running.join_next(), if !running.is_empty() => {}
            errand = errands.recv() => {
                let Some(errand) = errand else { return };
                let mut batch = vec![errand];
                while let Ok(errand) = errands.try_recv() {
                    if !batch.contains(&errand) {
                        batch.push(errand);
                    }
                }
                for errand in batch {
                    start(&world, &client, errand, &mut running);
                }
            }
        }
    }
}

fn start(world: &Arc<World>, client: &Client, errand: Errand, running: &mut JoinSet<()>) {
    if running.len() >= QUEUED_ERRANDS {
        tracing::warn!("the client does not answer: dropped {errand:?}");
        return;
    }
    let (world, client) = (world.clone(), client.clone());
    running.spawn(async move {
        match errand {
            Errand::PullConfiguration => pull_configuration(&world, &client).await,
            Errand::RegisterWatcher => register_watcher(&client).await,
            Errand::PollSettings => poll_settings(&world).await,
            Errand::RefreshHints => {
                let _ = tokio::time::timeout(CLIENT_TIMEOUT, client.inlay_hint_refresh()).await;
            }
            Errand::RefreshDiagnostics => {
                let _ = tokio::time::timeout(CLIENT_TIMEOUT, client.workspace_diagnostic_refresh()).await;
            }
            Errand::RefreshLenses => {
                let _ = tokio::time::timeout(CLIENT_TIMEOUT, client.code_lens_refresh()).await;
            }
            Errand::LoadProject => {
                let (token, is_shown) = create_progress(&world, &client).await;
                let load = move || load_project(&world, &token, is_shown);
                if tokio::task::spawn_blocking(load).await.is_err() {
                    tracing::error!("loading the project failed");
                }
            }
            Errand::WriteRulePages => {
                let pages = world.snapshot().session.rule_pages.clone();
                let write = move || pages.map_or(Ok(()), |pages| pages.write());
                if let Ok(Err(error)) = tokio::task::spawn_blocking(write).await {
                    tracing::warn!("the help of rules cannot be written: {error}");
                }
            }
            Errand::RefreshProject => {
                if tokio::task::spawn_blocking(move || refresh_project(&world)).await.is_err() {
                    tracing::error!("reading changed files failed");
                }
            }
            Errand::ApplyEdit(edit) => {
                if !matches!(tokio::time::timeout(CLIENT_TIMEOUT, client.apply_edit(*edit)).await, Ok(Ok(_)))
                {
                    tracing::warn!("the client did not make the edit");
                }
            }
            Errand::AskForReload(question) => reload::ask(&world, &client, *question).await,
            Errand::ShowReload(number, token) => {
                let (token, is_shown) = match token {
                    Some(token) => (token, true),
                    None => create_progress(&world, &client).await,
                };
                reload::show_progress(&world, number, &token, is_shown).await;
            }
            Errand::ShowProgress(token) => show_job(&world, &client, token).await,
            Errand::ShowMeasuring => measuring::show(&world).await,
            Errand::StartAssistant => {
                if tokio::task::spawn_blocking(move || assistant::start(&world)).await.is_err() {
                    tracing::error!("starting completion by a model failed");
                }
            }
            Errand::LearnProject => {
                if tokio::task::spawn_blocking(move || assistant::learn_project(&world)).await.is_err() {
                    tracing::error!("learning the lines of the project failed");
                }
            }
            Errand::CheckWorkspace(token) => {
                let (token, is_shown) = match token {
                    Some(token) => (token, true),
                    None => create_progress(&world, &client).await,
                };
                check_workspace(world, token, is_shown).await;
            }
        }
    });
}

async fn pull_configuration(world: &World, client: &Client) {
    let item = lsp::ConfigurationItem { scope_uri: None, section: Some("strizh".to_owned()) };
    match tokio::time::timeout(CLIENT_TIMEOUT, client.configuration(vec![item])).await {
        Ok(Ok(values)) => {
            if let Some(value) = values.first().filter(|value| value.is_object()) {
                world.set_client_settings(value);
            }
        }
        Ok(Err(error)) => tracing::warn!("the client refused its settings: {error}"),
        Err(_) => tracing::warn!("the client did not answer workspace/configuration"),
    }
}

async fn register_watcher(client: &Client) {
    let registration = lsp::Registration {
        id: "strizh-files".to_owned(),
        method: "workspace/didChangeWatchedFiles".to_owned(),
        register_options: Some(json!({"watchers": [
            {"globPattern": format!("**/{SETTINGS_FILE}")},
            {"globPattern": format!("**/*.{{{WATCHED_EXTENSIONS}}}")},
        ]})),
    };
    match tokio::time::timeout(CLIENT_TIMEOUT, client.register_capability(vec![registration])).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!("the client refused to watch files: {error}"),
        Err(_) => tracing::warn!("the client did not answer client/registerCapability"),
    }
}

async fn poll_settings(world: &World) {
    let paths: Vec<PathBuf> =
        world.snapshot().session.roots.iter().map(|root| root.join(SETTINGS_FILE)).collect();
    let state = || -> Vec<Option<SystemTime>> {
        paths.iter().map(|path| std::fs::metadata(path).and_then(|it| it.modified()).ok()).collect()
    };
    let mut last = state();
    while !paths.is_empty() {
        tokio::time::sleep(POLL_PERIOD).await;
        let now = state();
        if now != last {
            last = now;
            world.reload_settings_file();
        }
    }
}
