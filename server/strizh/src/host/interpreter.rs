//! The interpreter in a thread of its own: sessions of the test host belong to one thread.

use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, bail};
use base::Locale;
use infobase::change::AppliesTo;
use infobase::{Diagnostic, ReloadReply, ReloadRequest, Status, hex, sha256};
use rustc_hash::FxHashMap;
use testhost::{Configuration, Limits, LineMeasure, Machine, ReplaceError};

use crate::files::Disk;
use crate::host::kept_files::KeptFiles;

/// For one call from outside.
const CALL_LIMIT: Duration = Duration::from_secs(10);
const CALL_STEPS: u64 = 200_000_000;

/// What a call returned and printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Called {
    pub(crate) value: String,
    pub(crate) output: Vec<String>,
}

enum Work {
    Apply(Box<ReloadRequest>, SyncSender<(u16, ReloadReply)>),
    Digest(String, SyncSender<Option<String>>),
    Call(String, SyncSender<Result<Called, String>>),
    StartMeasurement,
    StopMeasurement(SyncSender<Vec<MeasuredLine>>),
}

/// A line that ran: the module as stacks name it, the number of the line, what it cost.
pub(crate) type MeasuredLine = (String, u32, LineMeasure);

/// Speaks to the thread. Cloning shares it; it ends with its last owner.
#[derive(Clone)]
pub(crate) struct Interpreter {
    work: Sender<Work>,
    root: PathBuf,
}

impl Interpreter {
    /// Reads the configuration in a folder and starts a session that tells of errors in a language.
    pub(crate) fn start(folder: &Path, locale: Locale) -> anyhow::Result<Self> {
        let folder =
            std::fs::canonicalize(folder).with_context(|| format!("cannot open {}", folder.display()))?;
        let (work, incoming) = channel();
        let (ready, readiness) = sync_channel(1);
        let run = move || match Session::open(&folder, locale) {
            Ok((mut session, root)) => {
                // Nobody waits any more if this fails.
                let _ = ready.send(Ok(root));
                session.run(&incoming);
            }
            Err(error) => drop(ready.send(Err(error))),
        };
        // Code calls code deeply.
        std::thread::Builder::new().name("interpreter".to_owned()).stack_size(64 << 20).spawn(run)?;
        let root = readiness.recv().map_err(|_| anyhow!("the interpreter has failed"))??;
        Ok(Self { work, root })
    }

    /// Folder of the configuration.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Calls an exported method: `ОбщийМодуль.Метод`.
    pub(crate) fn call(&self, path: &str) -> anyhow::Result<Called> {
        let (sender, receiver) = sync_channel(1);
        self.send(Work::Call(path.to_owned(), sender))?;
        receiver.recv().map_err(|_| anyhow!("the interpreter has failed"))?.map_err(|error| anyhow!(error))
    }

    /// From now on lines count, those of calls under way included.
    pub(crate) fn start_measurement(&self) {
        // An interpreter that has ended has nothing to measure.
        let _ = self.send(Work::StartMeasurement);
    }

    /// Lines that ran since then.
    pub(crate) fn stop_measurement(&self) -> Vec<MeasuredLine> {
        let (sender, receiver) = sync_channel(1);
        let sent = self.send(Work::StopMeasurement(sender)).ok();
        sent.and_then(|()| receiver.recv().ok()).unwrap_or_default()
    }

    fn send(&self, work: Work) -> anyhow::Result<()> {
        self.work.send(work).map_err(|_| anyhow!("the interpreter has ended"))
    }
}

impl infobase::serve::Host for Interpreter {
    fn apply(&mut self, request: &ReloadRequest, _file: &Path) -> (u16, ReloadReply) {
        let (sender, receiver) = sync_channel(1);
        let reply = self.send(Work::Apply(Box::new(request.clone()), sender)).ok();
        let reply = reply.and_then(|()| receiver.recv().ok());
        reply.unwrap_or_else(|| (500, ReloadReply::rejected("the interpreter has failed")))
    }

    fn applied_digest(&mut self, path: &str) -> Option<String> {
        let (sender, receiver) = sync_channel(1);
        self.send(Work::Digest(path.to_owned(), sender)).ok()?;
        receiver.recv().ok().flatten()
    }
}

/// What lives in the thread.
struct Session {
    configuration: Configuration,
    machine: Machine,
    files: Rc<KeptFiles>,
    root: PathBuf,
    /// Digests of texts, by the path in the configuration.
    digests: FxHashMap<String, String>,
    generation: u64,
}

impl Session {
    fn open(folder: &Path, locale: Locale) -> anyhow::Result<(Self, PathBuf)> {
        let (metadata, problems) = metadata::load(&Disk, folder);
        for problem in &problems {
            tracing::warn!("{}: {}", problem.path.display(), problem.message);
        }
        let roots = metadata.roots().find(|(_, root)| !root.is_extension());
        let Some((id, root)) = roots else { bail!("{}: there is no configuration", folder.display()) };
        let root = root.folder().folder.clone();
        let files = Rc::new(KeptFiles::default());
        let configuration = Configuration::open(&metadata, id, Rc::clone(&files) as Rc<dyn base::Files>)
            .ok_or_else(|| anyhow!("{}: the configuration cannot be opened", folder.display()))?;
        for (_, path) in configuration.modules() {
            files.keep(path);
        }
        let mut machine = Machine::new(Limits::default());
        machine.language = locale;
        configuration.attach(&mut machine).map_err(|failure| anyhow!(failure.description()))?;
        let digests = FxHashMap::default();
        Ok((Self { configuration, machine, files, root: root.clone(), digests, generation: 0 }, root))
    }

    fn run(&mut self, incoming: &Receiver<Work>) {
        // An error of an answer means that nobody waits for it.
        while let Ok(work) = incoming.recv() {
            match work {
                Work::Apply(request, answer) => drop(answer.send(self.apply(&request))),
                Work::Digest(path, answer) => drop(answer.send(self.digest(&path))),
                Work::Call(path, answer) => drop(answer.send(self.call(&path))),
                Work::StartMeasurement => self.machine.start_measurement(),
                Work::StopMeasurement(answer) => drop(answer.send(self.measured())),
            }
        }
    }

    fn call(&mut self, path: &str) -> Result<Called, String> {
        self.machine.limits.steps = self.machine.steps() + CALL_STEPS;
        self.machine.limits.deadline = Some(Instant::now() + CALL_LIMIT);
        self.machine.output.clear();
        let result = self.configuration.call(&mut self.machine, path, Vec::new());
        let output = self.machine.output.iter().map(ToString::to_string).collect();
        match result {
            Ok(value) => Ok(Called { value: value.presentation().to_string(), output }),
            Err(failure) => Err(failure.detailed().to_string()),
        }
    }

    fn measured(&mut self) -> Vec<MeasuredLine> {
        let measurement = self.machine.stop_measurement().unwrap_or_default();
        let lines = measurement.lines.iter();
        let mut lines: Vec<MeasuredLine> =
            lines.map(|((module, line), measure)| (module.to_string(), *line, *measure)).collect();
        lines.sort_by(|left, right| (&left.0, left.1).cmp(&(&right.0, right.1)));
        lines
    }

    fn file(&self, path: &str) -> PathBuf {
        path.split('/').fold(self.root.clone(), |folder, part| folder.join(part))
    }

    fn digest(&mut self, path: &str) -> Option<String> {
        if let Some(digest) = self.digests.get(path) {
            return Some(digest.clone());
        }
        let digest = hex(&sha256(self.files.text(&self.file(path))?.as_bytes()));
        self.digests.insert(path.to_owned(), digest.clone());
        Some(digest)
    }

    fn apply(&mut self, request: &ReloadRequest) -> (u16, ReloadReply) {
        let started = Instant::now();
        let (status, reply) = self.replace(request);
        let elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let generation = self.generation.to_string();
        (status, ReloadReply { backend: "interpreter".to_owned(), elapsed_ms, generation, ..reply })
    }

    fn replace(&mut self, request: &ReloadRequest) -> (u16, ReloadReply) {
        let applied = ReloadReply {
            status: Status::Applied,
            applies_to: AppliesTo::Immediately,
            ..ReloadReply::default()
        };
        let known = self.digest(&request.path).unwrap_or_default();
        if !request.base_sha256.is_empty() && request.base_sha256 != known {
            let reason = "another text is applied than the request is based on";
            return (409, ReloadReply { sha256: known, ..ReloadReply::rejected(reason) });
        }
        let digest = hex(&sha256(request.code.as_bytes()));
        if digest == known {
            return (200, ReloadReply { sha256: digest, ..applied });
        }
        let file = self.file(&request.path);
        let name = file.to_string_lossy().into_owned();
        let result = if request.dry_run {
            self.configuration.check_module(&self.machine, &name, &request.code)
        } else {
            self.configuration.replace_module(&mut self.machine, &name, &request.code)
        };
        match result {
            Err(ReplaceError::Unknown(_)) => {
                let reason = format!("the host does not run {}", request.path);
                (501, ReloadReply { status: Status::Unsupported, ..ReloadReply::rejected(reason) })
            }
            Err(ReplaceError::Compile(error)) => {
                let diagnostics = vec![Diagnostic {
                    line: error.line,
                    column: error.column,
                    message: error.message.clone(),
                    ..Diagnostic::default()
                }];
                (422, ReloadReply { diagnostics, ..ReloadReply::rejected(error.to_string()) })
            }
            Ok(()) if request.dry_run => {
                (200, ReloadReply { reason: "nothing was applied".to_owned(), ..applied })
            }
            Ok(()) => {
                self.files.put(&file, request.code.clone().into_bytes());
                self.digests.insert(request.path.clone(), digest.clone());
                self.generation += 1;
                (200, ReloadReply { sha256: digest, ..applied })
            }
        }
    }
}
