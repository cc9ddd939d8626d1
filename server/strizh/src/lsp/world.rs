//! The only mutable state of a session. It changes in `apply` and `initialize`, synchronously and in message
//! order; everything else works on snapshots, which are a handful of shared pointers.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use base::CancelToken;
use lints::{Finding, ModuleInfo, ModuleLints, ProjectModule, RuleSet};
use parking_lot::Mutex;
use rustc_hash::{FxHashMap, FxHashSet};
use semantics::{ModuleFacts, OpenFacts, Project};
use serde::de::DeserializeOwned;
use serde_json::Value;
use syntax::{Change, Document, PositionEncoding};
use tokio::sync::{mpsc, watch};
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::gen_lsp_types::Uri;

use crate::analysis::rule_options;
use crate::assistant::Assistant;
use crate::lsp::background::Errand;
use crate::lsp::index::Index;
use crate::lsp::open_project::{DiskProject, OpenProject};
use crate::lsp::outbox::Outbox;
use crate::lsp::progress::Job;
use crate::lsp::proto;
use crate::lsp::schedule::Schedule;
use crate::lsp::session::{Session, initial_settings};
use crate::measured::Measured;
use crate::measuring::Measuring;
use crate::object_filter::ObjectRules;
use crate::reload::{Reloads, Wish};
use crate::requests::explain_error::OfferedRepair;
use crate::settings::{ClientSettings, FileSettings, SETTINGS_FILE, Settings, Trigger};

const STATE_CHANGES: &[&str] = &[
    "textDocument/didOpen",
    "textDocument/didChange",
    "textDocument/didClose",
    "textDocument/didSave",
    "workspace/didChangeWatchedFiles",
    "workspace/didChangeConfiguration",
    "window/workDoneProgress/cancel",
    "initialized",
];

/// One open document at one revision.
#[derive(Clone)]
pub(crate) struct OpenDocument {
    pub(crate) uri: Uri,
    /// As the client counts.
    pub(crate) version: i32,
    /// Unique over all documents and revisions of the session.
    pub(crate) generation: u64,
    pub(crate) document: Document,
    pub(crate) module: ModuleInfo,
    lints: Arc<Mutex<ModuleLints>>,
    facts: Arc<Mutex<OpenFacts>>,
}

/// What a message sees: the world at its arrival.
#[derive(Clone)]
pub(crate) struct Snapshot {
    documents: Arc<FxHashMap<Uri, Arc<OpenDocument>>>,
    pub(crate) disk: Arc<DiskProject>,
    open_project: Arc<OpenProject>,
    pub(crate) settings: Arc<Settings>,
    pub(crate) rules: Arc<RuleSet>,
    /// Whose findings are left out.
    pub(crate) objects: Arc<ObjectRules>,
    /// Grows with every change of the settings.
    pub(crate) rules_generation: u64,
    pub(crate) session: Arc<Session>,
    pub(crate) measured: Measured,
    pub(crate) reloads: Arc<Reloads>,
    /// Number of the message among those that the newest wins; 0 for all others.
    pub(crate) number: u64,
    /// Of the error that was explained last.
    pub(crate) repairs: Arc<Mutex<Vec<OfferedRepair>>>,
    closing: watch::Receiver<bool>,
}

pub(crate) struct World {
    state: Mutex<State>,
    pub(crate) schedule: Schedule,
    pub(crate) outbox: Outbox,
    pub(crate) index: Index,
    pub(crate) assistant: Assistant,
    pub(crate) reloads: Arc<Reloads>,
    pub(crate) measuring: Measuring,
    /// By the tokens of their progress.
    pub(crate) jobs: Mutex<FxHashMap<String, Job>>,
    errands: mpsc::Sender<Errand>,
    is_shut_down: AtomicBool,
}

struct State {
    now: Snapshot,
    client_settings: ClientSettings,
    file_settings: FileSettings,
    last_generation: u64,
    /// Held back until the client says `initialized`.
    messages: Option<Vec<lsp::ShowMessageParams>>,
    shown: FxHashSet<String>,
    /// The running check of the workspace, by its progress token.
    progress: FxHashMap<String, CancelToken>,
}

impl Snapshot {
    pub(crate) fn document(&self, uri: &Uri) -> Option<&Arc<OpenDocument>> {
        self.documents.get(uri)
    }

    pub(crate) fn documents(&self) -> impl Iterator<Item = (&Uri, &Arc<OpenDocument>)> {
        self.documents.iter()
    }

    /// What is on the disk with the open documents as they are.
    pub(crate) fn project(&self) -> Project {
        self.open_project.at(self)
    }

    /// Becomes true when the session ends.
    pub(crate) fn closing(&self) -> watch::Receiver<bool> {
        self.closing.clone()
    }
}

impl OpenDocument {
    /// Findings sorted by position; `None` if cancelled.
    pub(crate) fn findings(&self, snapshot: &Snapshot, token: &CancelToken) -> Option<Vec<Finding>> {
        let is_wanted = snapshot.settings.trigger != Trigger::Never
            && snapshot.disk.allows(&snapshot.objects, &path_of(&self.uri));
        if !is_wanted {
            return Some(Vec::new());
        }
        let mut lints = loop {
            if token.is_cancelled() {
                return None;
            }
            if let Some(lints) = self.lints.try_lock_for(Duration::from_millis(5)) {
                break lints;
            }
        };
        // What has not been read yet must not look missing.
        let is_known = snapshot.disk.is_complete && snapshot.rules.needs_project();
        let project = is_known.then(|| snapshot.project());
        let text = |range| self.document.slice(range);
        let project = project.as_ref().and_then(|project| {
            let module = project.module_by_path(&path_of(&self.uri))?;
            Some(ProjectModule { project, module, text: &text })
        });
        lints.update(&self.document, &snapshot.rules, &self.module, project, token)
    }

    pub(crate) fn facts(&self) -> ModuleFacts {
        self.facts.lock().update(&self.document)
    }
}

impl World {
    pub(crate) fn new(outbox: Outbox, errands: mpsc::Sender<Errand>, closing: watch::Receiver<bool>) -> Self {
        let settings = Settings::default();
        let reloads = Arc::<Reloads>::default();
        let (rules, _) = RuleSet::new(&rule_options(&settings).0);
        let now = Snapshot {
            documents: Arc::default(),
            disk: Arc::default(),
            open_project: Arc::default(),
            settings: Arc::new(settings),
            rules: Arc::new(rules),
            objects: Arc::default(),
            rules_generation: 0,
            session: Arc::default(),
            measured: Measured::default(),
            reloads: Arc::clone(&reloads),
            number: 0,
            repairs: Arc::default(),
            closing,
        };
        let state = State {
            now,
            client_settings: ClientSettings::default(),
            file_settings: FileSettings::default(),
            last_generation: 0,
            messages: Some(Vec::new()),
            shown: FxHashSet::default(),
            progress: FxHashMap::default(),
        };
        let schedule = Schedule::default();
        Self {
            state: Mutex::new(state),
            schedule,
            outbox,
            index: Index::default(),
            assistant: Assistant::default(),
            reloads,
            measuring: Measuring::default(),
            jobs: Mutex::default(),
            errands,
            is_shut_down: AtomicBool::new(false),
        }
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        self.state.lock().now.clone()
    }

    pub(crate) fn note_shutdown(&self) {
        self.is_shut_down.store(true, Ordering::SeqCst);
        // The infobase stays closed to other debuggers until it is told.
        self.measuring.cancel();
    }

    pub(crate) fn is_shut_down(&self) -> bool {
        self.is_shut_down.load(Ordering::SeqCst)
    }

    pub(crate) fn is_state_change(method: &str) -> bool {
        STATE_CHANGES.contains(&method)
    }

    /// Agrees on capabilities and reads the first settings; false if the parameters make no sense.
    pub(crate) fn initialize(&self, params: Option<&Value>) -> bool {
        let Some(params) =
            params.cloned().and_then(|params| parse::<lsp::InitializeParams>("initialize", params))
        else {
            return false;
        };
        let session = Session::new(&params);
        // Nothing is read yet, but something will be.
        let is_complete = session.roots.is_empty();
        {
            let mut state = self.state.lock();
            state.now.session = Arc::new(session);
            state.now.disk = Arc::new(DiskProject::new(Project::default(), 0, is_complete));
        }
        if let Some(value) = initial_settings(&params) {
            self.set_client_settings(value);
        }
        self.reload_settings_file();
        true
    }

    /// Applies a message that changes state.
    pub(crate) fn apply(&self, method: &str, params: Value) {
        match method {
            "textDocument/didOpen" => with(method, params, |params| self.did_open(params)),
            "textDocument/didChange" => with(method, params, |params| self.did_change(params)),
            "textDocument/didClose" => with(method, params, |params| self.did_close(params)),
            "textDocument/didSave" => with(method, params, |params| self.did_save(params)),
            "workspace/didChangeWatchedFiles" => with(method, params, |params| self.did_change_files(params)),
            "workspace/didChangeConfiguration" => with(method, params, |params| self.did_configure(params)),
            "window/workDoneProgress/cancel" => with(method, params, |params| self.cancel_progress(params)),
            "initialized" => self.initialized(),
            _ => tracing::error!("{method} is not a state change"),
        }
    }

    fn did_open(&self, params: lsp::DidOpenTextDocumentParams) {
        let lsp::TextDocumentItem { uri, version, text, .. } = params.text_document;
        let document = Document::new(&text);
        self.reloads.note_open(&uri, &text, &self.snapshot().settings.infobase);
        let mut state = self.state.lock();
        let open = OpenDocument {
            uri: uri.clone(),
            version,
            generation: state.next_generation(),
            document,
            module: ModuleInfo::from_path(&path_of(&uri).to_string_lossy()),
            lints: Arc::default(),
            facts: Arc::default(),
        };
        Arc::make_mut(&mut state.now.documents).insert(uri.clone(), Arc::new(open));
        self.schedule.touch(uri, Duration::ZERO);
        drop(state);
        self.send_errand(Errand::StartAssistant);
    }

    fn did_change(&self, params: lsp::DidChangeTextDocumentParams) {
        let lsp::VersionedTextDocumentIdentifier { version, text_document_identifier } = params.text_document;
        let uri = text_document_identifier.uri;
        let mut state = self.state.lock();
        let generation = state.next_generation();
        let encoding = state.now.session.encoding;
        let Some(open) = Arc::make_mut(&mut state.now.documents).get_mut(&uri) else {
            tracing::warn!("ignored a change of {uri}, which is not open");
            return;
        };
        let open = Arc::make_mut(open);
        open.version = version;
        open.generation = generation;
        let changes: Vec<_> = params.content_changes.into_iter().map(proto::change).collect();
        if let Err(error) = open.document.apply(&changes, encoding) {
            tracing::error!("{uri} version {version}: {error}");
        } else if let Some((offset, line)) = changes.last().and_then(|it| end_of(it, open, encoding)) {
            self.assistant.note_edit(open, offset, line);
        }
        let settings = &state.now.settings;
        if settings.trigger == Trigger::OnType {
            self.schedule.touch(uri, settings.debounce);
        }
    }

    fn did_close(&self, params: lsp::DidCloseTextDocumentParams) {
        let uri = params.text_document.uri;
        self.assistant.recent.lock().forget(&uri);
        self.reloads.forget(&uri);
        Arc::make_mut(&mut self.state.lock().now.documents).remove(&uri);
        self.schedule.touch(uri, Duration::ZERO);
    }

    fn did_save(&self, params: lsp::DidSaveTextDocumentParams) {
        let uri = params.text_document.uri;
        self.index.note_changes([path_of(&uri)]);
        self.send_errand(Errand::RefreshProject);
        self.reload_saved(&uri);
        self.schedule.touch(uri, Duration::ZERO);
    }

    fn reload_saved(&self, uri: &Uri) {
        let snapshot = self.snapshot();
        if snapshot.settings.infobase.on_save {
            self.reloads.submit(self, &snapshot, uri, Wish::Saved);
        }
    }

    fn did_change_files(&self, params: lsp::DidChangeWatchedFilesParams) {
        if params.changes.iter().any(|change| change.uri.path().ends_with(SETTINGS_FILE)) {
            self.reload_settings_file();
        }
        let paths = params.changes.iter().filter_map(|change| change.uri.to_file_path().ok());
        self.index.note_changes(paths);
        self.send_errand(Errand::RefreshProject);
    }

    fn did_configure(&self, params: lsp::DidChangeConfigurationParams) {
        let has_section = params.settings.get("strizh").is_some_and(Value::is_object);
        if has_section {
            self.set_client_settings(&params.settings);
        }
        if self.state.lock().now.session.configuration && !has_section {
            self.send_errand(Errand::PullConfiguration);
        }
    }

    fn initialized(&self) {
        let (messages, session) = {
            let mut state = self.state.lock();
            (state.messages.take(), state.now.session.clone())
        };
        for message in messages.into_iter().flatten() {
            self.outbox.send_or_drop("window/showMessage", &message);
        }
        self.reload_project();
        if session.rule_pages.is_some() {
            self.send_errand(Errand::WriteRulePages);
        }
        self.send_errand(if session.watches_files { Errand::RegisterWatcher } else { Errand::PollSettings });
        if session.configuration {
            self.send_errand(Errand::PullConfiguration);
        }
    }

    /// Settings of the editor, sent by it or asked from it.
    pub(crate) fn set_client_settings(&self, value: &Value) {
        let (settings, warnings) = ClientSettings::parse(value);
        self.report(lsp::MessageType::Warning, warnings);
        let mut state = self.state.lock();
        if state.client_settings != settings {
            state.client_settings = settings;
            self.settings_changed(state);
        }
    }

    /// Reads the project file again; a broken one leaves the last good settings in force.
    pub(crate) fn reload_settings_file(&self) {
        let roots = self.state.lock().now.session.roots.clone();
        let paths = roots.iter().map(|root| root.join(SETTINGS_FILE));
        let path = paths.clone().find(|path| path.is_file()).or(paths.clone().next());
        match path.as_deref().map_or_else(|| Ok(Default::default()), FileSettings::read) {
            Ok((settings, warnings)) => {
                self.report(lsp::MessageType::Warning, warnings);
                let mut state = self.state.lock();
                state.file_settings = settings;
                self.settings_changed(state);
            }
            Err(error) => self.report(lsp::MessageType::Error, vec![error]),
        }
    }

    fn settings_changed(&self, mut state: parking_lot::MutexGuard<'_, State>) {
        let mut client = state.client_settings.clone();
        if state.now.session.is_untrusted {
            client.ai.distrust();
            client.infobase.distrust();
            client.debug_server.distrust();
        }
        let settings = Settings::resolve(&client, &state.file_settings);
        let (options, mut problems) = rule_options(&settings);
        let (rules, rule_problems) = RuleSet::new(&options);
        problems.extend(rule_problems);
        let objects = ObjectRules::from_section(&settings.diagnostics).unwrap_or_else(|problem| {
            problems.push(problem);
            ObjectRules::default()
        });
        state.now.objects = Arc::new(objects);
        state.now.settings = Arc::new(settings);
        state.now.rules = Arc::new(rules);
        state.now.rules_generation += 1;
        let uris: Vec<Uri> = state.now.documents.keys().cloned().collect();
        let refreshes = state.now.session.refreshes_diagnostics && !uris.is_empty();
        drop(state);
        self.report(lsp::MessageType::Warning, problems);
        for uri in uris {
            self.schedule.touch(uri, Duration::ZERO);
        }
        self.send_errand(Errand::StartAssistant);
        if refreshes {
            self.send_errand(Errand::RefreshDiagnostics);
        }
    }

    /// Shows messages to the user, each text once.
    fn report(&self, kind: lsp::MessageType, messages: Vec<String>) {
        let mut state = self.state.lock();
        for message in messages {
            tracing::warn!("{message}");
            // A broken file may be broken again in the same way after it was repaired.
            if kind != lsp::MessageType::Error && !state.shown.insert(message.clone()) {
                continue;
            }
            let params = lsp::ShowMessageParams { kind, message };
            match &mut state.messages {
                Some(held_back) => held_back.push(params),
                None => self.outbox.send_or_drop("window/showMessage", &params),
            }
        }
    }

    /// A full queue holds the same errand already.
    pub(crate) fn send_errand(&self, errand: Errand) {
        let _ = self.errands.try_send(errand);
    }

    pub(crate) fn reload_project(&self) {
        self.send_errand(Errand::LoadProject);
    }

    /// Shows a problem of the project's files, once.
    pub(crate) fn complain(&self, message: String) {
        self.report(lsp::MessageType::Warning, vec![message]);
    }

    /// What the loader found replaces what was known.
    pub(crate) fn set_project(&self, project: Project, is_complete: bool) {
        let mut state = self.state.lock();
        // What was shown so far knew too little.
        let refreshes_hints = state.now.session.refreshes_hints && !state.now.documents.is_empty();
        state.now.disk = Arc::new(state.now.disk.followed_by(project, is_complete));
        let uris: Vec<Uri> = state.now.documents.keys().cloned().collect();
        // Uses in other modules are counted there.
        let refreshes_lenses = state.now.session.refreshes_lenses && is_complete && !uris.is_empty();
        drop(state);
        if refreshes_lenses {
            self.send_errand(Errand::RefreshLenses);
        }
        for uri in uris {
            self.schedule.touch(uri, Duration::ZERO);
        }
        if refreshes_hints && is_complete {
            self.send_errand(Errand::RefreshHints);
        }
        if is_complete {
            self.send_errand(Errand::LearnProject);
        }
    }

    /// Shows another measurement, or none.
    pub(crate) fn set_measured(&self, measured: Measured) {
        let mut state = self.state.lock();
        state.now.measured = measured;
        let uris: Vec<Uri> = state.now.documents.keys().cloned().collect();
        let session = state.now.session.clone();
        drop(state);
        if uris.is_empty() {
            return;
        }
        for uri in uris {
            self.schedule.touch(uri, Duration::ZERO);
        }
        for (is_wanted, errand) in [
            (session.refreshes_hints, Errand::RefreshHints),
            (session.refreshes_lenses, Errand::RefreshLenses),
            (session.refreshes_diagnostics, Errand::RefreshDiagnostics),
        ] {
            if is_wanted {
                self.send_errand(errand);
            }
        }
    }

    /// Registers a long task; `None` if one is running already.
    pub(crate) fn start_progress(&self, token: &str) -> Option<CancelToken> {
        let mut state = self.state.lock();
        if !state.progress.is_empty() {
            return None;
        }
        let cancel = CancelToken::new();
        state.progress.insert(token.to_owned(), cancel.clone());
        Some(cancel)
    }

    pub(crate) fn end_progress(&self, token: &str) {
        self.state.lock().progress.remove(token);
    }

    fn cancel_progress(&self, params: lsp::WorkDoneProgressCancelParams) {
        let token = proto::progress_token(&params.token);
        if let Some(cancel) = self.state.lock().progress.get(&token) {
            cancel.cancel();
        }
        if let Some(cancel) = self.jobs.lock().get(&token).and_then(|job| job.cancel.as_ref()) {
            cancel.cancel();
        }
    }

    /// Stops everything that runs.
    pub(crate) fn cancel_all(&self) {
        self.schedule.cancel_all();
        self.index.cancel();
        self.assistant.cancel_all();
        self.reloads.cancel();
        self.measuring.cancel();
        self.jobs.lock().values().filter_map(|job| job.cancel.as_ref()).for_each(CancelToken::cancel);
        self.state.lock().progress.values().for_each(CancelToken::cancel);
    }
}

impl State {
    fn next_generation(&mut self) -> u64 {
        self.last_generation += 1;
        self.last_generation
    }
}

fn with<P: DeserializeOwned>(method: &str, params: Value, apply: impl FnOnce(P)) {
    if let Some(params) = parse(method, params) {
        apply(params);
    }
}

fn parse<P: DeserializeOwned>(method: &str, params: Value) -> Option<P> {
    serde_json::from_value(params)
        .inspect_err(|error| tracing::error!("ignored {method}: its parameters are wrong: {error}"))
        .ok()
}

/// Where the text of a change ends in the changed document, and in which line.
fn end_of(change: &Change, open: &OpenDocument, encoding: PositionEncoding) -> Option<(u32, u32)> {
    let (start, _) = change.range?;
    let offset = open.document.to_offset(start, encoding)? + change.text.len() as u32;
    let line = open.document.to_position(offset, encoding).line;
    Some((offset, line))
}

/// Path of a document for rules and messages.
pub(crate) fn path_of(uri: &Uri) -> std::path::PathBuf {
    uri.to_file_path().unwrap_or_else(|()| Path::new(uri.path()).to_path_buf())
}
