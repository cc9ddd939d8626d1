//! Measurements that an editor starts and stops: one at a time, in a thread of its own, so that nobody waits for a debug
//! server. What was measured is shown like one that was imported.

use std::path::PathBuf;
use std::sync::{Arc, Weak};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use base::{CancelToken, Locale};
use parking_lot::Mutex;
use profile::Profile;
use rdbg::{DebugError, DebugOptions};
use serde_json::{Value, json};
use tokio::sync::{oneshot, watch};
use tower_lsp::jsonrpc::{Error, Result};

use crate::lsp::{Errand, Snapshot, Step, World, follow, project_options};
use crate::measured::{LiveError, Measured, Size, find_sources, measure, module_names, resolve};
use crate::settings::DebugServerSettings;

pub(crate) const START: &str = "strizh.profile.start";
pub(crate) const STOP: &str = "strizh.profile.stop";

/// Between polls of the server.
const PAUSE: Duration = Duration::from_millis(250);
const ATTEMPT: Duration = Duration::from_secs(10);

/// The measurement of a session.
#[derive(Default)]
pub(crate) struct Measuring(Mutex<Option<Running>>);

struct Running {
    /// Take what was measured.
    stop: CancelToken,
    /// Leave without it.
    cancel: CancelToken,
    ended: watch::Receiver<Option<Outcome>>,
    thread: JoinHandle<()>,
}

impl Running {
    fn is_under_way(&self) -> bool {
        self.ended.borrow().is_none() && !self.thread.is_finished()
    }
}

/// What became of it: the size of what is shown, or why nothing is.
type Outcome = std::result::Result<Size, String>;

impl Measuring {
    /// Ends it without results; nothing is waited for.
    pub(crate) fn cancel(&self) {
        if let Some(running) = self.0.lock().as_ref() {
            running.cancel.cancel();
        }
    }

    /// Waits until the infobase is free for others, but not for a server that is silent.
    pub(crate) fn wait_for_end(&self, limit: Duration) {
        let deadline = Instant::now() + limit;
        let is_running = || self.0.lock().as_ref().is_some_and(|running| !running.thread.is_finished());
        while is_running() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Starts a thread; what it says first is whether it measures. `None`: another one measures.
    fn start(&self, measurer: Measurer) -> Option<oneshot::Receiver<std::result::Result<(), String>>> {
        let mut slot = self.0.lock();
        if slot.as_ref().is_some_and(Running::is_under_way) {
            return None;
        }
        let (started, has_started) = oneshot::channel();
        let (ending, ended) = watch::channel(None);
        let (stop, cancel) = (measurer.stop.clone(), measurer.options.cancel.clone());
        let thread = std::thread::Builder::new().name("measurement".to_owned());
        // Whoever waits sees by the end of the channels that there is no thread.
        let thread = thread.spawn(move || measurer.run(started, &ending));
        let thread = thread.inspect_err(|error| tracing::error!("a measurement cannot be started: {error}"));
        *slot = thread.ok().map(|thread| Running { stop, cancel, ended, thread });
        Some(has_started)
    }

    /// The end of what runs; `None` if nothing does.
    fn ended(&self, is_stopped: bool) -> Option<watch::Receiver<Option<Outcome>>> {
        let slot = self.0.lock();
        let running = slot.as_ref().filter(|running| running.is_under_way())?;
        if is_stopped {
            running.stop.cancel();
        }
        Some(running.ended.clone())
    }
}

/// What the thread of a measurement knows.
struct Measurer {
    world: Weak<World>,
    options: DebugOptions,
    projects: Vec<PathBuf>,
    language: Locale,
    stop: CancelToken,
}

impl Measurer {
    fn run(
        self,
        started: oneshot::Sender<std::result::Result<(), String>>,
        ending: &watch::Sender<Option<Outcome>>,
    ) {
        let mut started = Some(started);
        let names = || module_names(&self.projects, |problem| tracing::warn!("{problem}"));
        let note_start = || {
            // Whoever asked may have gone.
            let _ = started.take().map(|started| started.send(Ok(())));
        };
        let measured = measure(self.options.clone(), names, note_start, || self.stop.is_cancelled());
        let is_cancelled = matches!(measured, Err(LiveError::Debug(DebugError::Cancelled)));
        let outcome = match measured {
            Ok(profile) => Ok(self.show(profile)),
            Err(error) => Err(error.text(self.language)),
        };
        // Before anybody is told: whoever hears of the end may start the next one.
        ending.send_replace(Some(outcome.clone()));
        if let Some(started) = started {
            let _ = started.send(outcome.map(drop));
            return;
        }
        if let Some(world) = self.world.upgrade().filter(|_| !is_cancelled) {
            let (kind, message) = match &outcome {
                Ok(size) => (3, size.text(self.language)),
                Err(why) => (2, not_measured(why, self.language)),
            };
            world.outbox.send_blocking("window/showMessage", &json!({"type": kind, "message": message}));
        }
    }

    /// Lines are found in today's texts, which are the measured ones.
    fn show(&self, mut profile: Profile) -> Size {
        let sources = self.projects.iter().filter_map(|project| find_sources(project).ok());
        resolve(&mut profile, &sources.collect::<Vec<_>>(), true);
        let size = Size::of(&profile);
        if let Some(world) = self.world.upgrade() {
            world.set_measured(Measured::new(profile));
        }
        size
    }
}

/// Runs one of the commands above; `None` for another one.
pub(crate) async fn run_command(
    world: &Arc<World>,
    command: &str,
    arguments: &[Value],
) -> Option<Result<Option<Value>>> {
    let snapshot = world.snapshot();
    let answered = match command {
        START => start(world, &snapshot, arguments).await,
        STOP => stop(world).await,
        _ => return None,
    };
    Some(answered.map_err(|problem| {
        let message = not_measured(&problem.text, snapshot.settings.language);
        if !problem.is_told {
            world.outbox.send_or_drop("window/showMessage", &json!({"type": 2, "message": message}));
        }
        Error::invalid_params(message)
    }))
}

/// Why a command did nothing.
struct Problem {
    text: String,
    /// The user has seen it already.
    is_told: bool,
}

impl From<String> for Problem {
    fn from(text: String) -> Self {
        Self { text, is_told: false }
    }
}

/// Arguments: the address of the debug server and the name of the infobase; what is missing stands in the settings.
async fn start(
    world: &Arc<World>,
    snapshot: &Snapshot,
    arguments: &[Value],
) -> std::result::Result<Option<Value>, Problem> {
    let language = snapshot.settings.language;
    let options = debug_options(snapshot, arguments)?;
    let (server, infobase) = (options.address.clone(), options.infobase.clone());
    let measurer = Measurer {
        world: Arc::downgrade(world),
        options,
        projects: project_options(snapshot).folders,
        language,
        stop: CancelToken::new(),
    };
    let has_started = world.measuring.start(measurer).ok_or_else(|| match language {
        Locale::Ru => "замер уже идёт".to_owned(),
        Locale::En => "a measurement runs already".to_owned(),
    })?;
    has_started.await.unwrap_or_else(|_| Err("the thread of the measurement has failed".to_owned()))?;
    world.send_errand(Errand::ShowMeasuring);
    if !snapshot.session.progress {
        let message = match language {
            Locale::Ru => format!("Strizh: идёт замер базы {infobase} ({server})."),
            Locale::En => format!("Strizh: the infobase {infobase} is being measured ({server})."),
        };
        world.outbox.send_or_drop("window/showMessage", &json!({"type": 3, "message": message}));
    }
    Ok(Some(json!({"server": server, "infobase": infobase})))
}

async fn stop(world: &Arc<World>) -> std::result::Result<Option<Value>, Problem> {
    let Some(mut ended) = world.measuring.ended(true) else {
        let text = match world.snapshot().settings.language {
            Locale::Ru => "никакой замер не идёт",
            Locale::En => "no measurement runs",
        };
        return Err(text.to_owned().into());
    };
    let outcome = ended.wait_for(Option::is_some).await;
    let outcome = outcome.ok().and_then(|outcome| outcome.clone());
    match outcome.unwrap_or_else(|| Err("the thread of the measurement has failed".to_owned())) {
        Ok(Size { modules, lines }) => Ok(Some(json!({"modules": modules, "lines": lines}))),
        Err(text) => Err(Problem { text, is_told: true }),
    }
}

/// What the user allows: nothing in a workspace that is not trusted, other hosts only by name.
fn debug_options(snapshot: &Snapshot, arguments: &[Value]) -> std::result::Result<DebugOptions, String> {
    let language = snapshot.settings.language;
    if snapshot.session.is_untrusted {
        return Err(match language {
            Locale::Ru => "рабочей области не доверяют".to_owned(),
            Locale::En => "the workspace is not trusted".to_owned(),
        });
    }
    let DebugServerSettings { url, infobase, user, password_variable, allowed_hosts } =
        snapshot.settings.debug_server.as_ref();
    let argument = |index: usize, or: &str| {
        let text = arguments.get(index).and_then(Value::as_str).unwrap_or_default().trim();
        if text.is_empty() { or.to_owned() } else { text.to_owned() }
    };
    let address = argument(0, url);
    if address.is_empty() {
        return Err(match language {
            Locale::Ru => "не указан сервер отладки; он задаётся настройкой strizh.profile.debugServer.url",
            Locale::En => "no debug server is named; the setting strizh.profile.debugServer.url does it",
        }
        .to_owned());
    }
    let credentials = match password_variable.as_str() {
        "" => String::new(),
        name => std::env::var(name).map_err(|error| format!("{name}: {error}"))?,
    };
    Ok(DebugOptions {
        address,
        infobase: argument(1, infobase),
        user: user.clone(),
        credentials,
        allowed_hosts: allowed_hosts.clone(),
        timeout: ATTEMPT,
        pause: PAUSE,
        ..DebugOptions::default()
    })
}

/// Shows that a measurement runs.
pub(crate) async fn show(world: &Arc<World>) {
    let Some(mut ended) = world.measuring.ended(false) else { return };
    let language = world.snapshot().settings.language;
    let started = Instant::now();
    let step = || {
        let seconds = started.elapsed().as_secs();
        let message = match language {
            Locale::Ru => format!("{seconds} с"),
            Locale::En => format!("{seconds} s"),
        };
        Step { percentage: None, message }
    };
    let title = match language {
        Locale::Ru => "Strizh: идёт замер",
        Locale::En => "Strizh: measuring",
    };
    // The end of the thread ends it as well.
    let end = async { drop(ended.wait_for(Option::is_some).await) };
    follow(world, title, None, step, end).await;
}

fn not_measured(why: &str, language: Locale) -> String {
    match language {
        Locale::Ru => format!("Strizh: замера нет: {why}"),
        Locale::En => format!("Strizh: no measurement: {why}"),
    }
}
