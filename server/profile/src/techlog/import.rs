//! From journals to a profile: files are given one after another, those of one process in the order of hours.

use std::io::{self, Read};

use base::fold_case;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::context::{Contexts, NO_STACK};
use super::event::{Event, EventKind};
use super::head::Head;
use super::json::Pairs;
use super::moment::{HOUR_US, Moment};
use super::nesting::{Inside, Thread};
use super::packed::{Packing, each_member};
use super::problems::{ProblemKind, Problems};
use super::properties::each_property;
use super::reader::{Chunk, ChunkKind, EventReader};
use super::repeats::Repeats;
use crate::builder::{FrameName, ProfileBuilder};
use crate::measure::Measure;
use crate::model::{CountMeaning, Period, Profile, Source, SourceKind};

/// Threads that are remembered at a time.
const MAX_THREADS: usize = 10_000;
const MAX_NAMES: usize = 200;

/// Which events count. Names are compared without case.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub from: Option<Moment>,
    pub to: Option<Moment>,
    /// `rphost`, `rphost_4120` or the name of an infobase.
    pub process: Option<String>,
    pub user: Option<String>,
}

/// A file of a journal as its path tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogFile {
    /// How problems name it.
    pub name: String,
    /// `rphost_4120`.
    pub process: String,
    pub hour: Option<Moment>,
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    pub files: u64,
    pub bytes: u64,
    pub events: u64,
    /// Those that a filter left out.
    pub filtered: u64,
    /// How many events of each name there were, the most frequent first.
    pub names: Vec<(SmolStr, u64)>,
    pub problems: Problems,
    pub period: Option<(Moment, Moment)>,
}

/// Reads journals. Several may work side by side and be merged.
#[derive(Default)]
pub struct TechLogImporter {
    filter: Filter,
    contexts: Contexts,
    repeats: Repeats,
    threads: FxHashMap<u64, Thread>,
    process: String,
    has_calls: bool,
    summary: Summary,
    buffer: Vec<u8>,
}

impl LogFile {
    /// Reads the process and the hour from a path such as `logs/rphost_4120/26112012.log`.
    pub fn from_path(path: &str) -> Self {
        let parts: Vec<&str> = path.split(['/', '\\']).filter(|part| !part.is_empty()).collect();
        let file = parts.last().copied().unwrap_or_default();
        let stem = file.split('.').next().unwrap_or_default();
        let start = stem.len().saturating_sub(8);
        let (before, digits) = stem.split_at_checked(start).unwrap_or((stem, ""));
        let folder =
            parts.len().checked_sub(2).and_then(|index| parts.get(index)).copied().unwrap_or_default();
        // Files that all lie in one folder have the process in their names.
        let process = if before.is_empty() { folder } else { before.trim_end_matches(['_', '-', '.']) };
        Self { name: path.to_owned(), process: process.to_owned(), hour: hour_of_digits(digits) }
    }
}

fn hour_of_digits(digits: &str) -> Option<Moment> {
    if digits.len() != 8 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |start: usize| digits.get(start..start + 2)?.parse::<u32>().ok();
    Moment::of_hour(2000 + part(0)?, part(2)?, part(4)?, part(6)?)
}

impl TechLogImporter {
    pub fn new(filter: Filter) -> Self {
        Self { filter, ..Self::default() }
    }

    /// Reads a file that may be packed: the name says how. A member of an archive is of the process and of the hour that its
    /// own name says, else of those of the archive.
    pub fn read_packed_file(&mut self, file: &LogFile, source: impl Read) -> io::Result<()> {
        each_member(Packing::of_path(&file.name), source, |name, source| {
            if name.is_empty() {
                return self.read_file(file, source);
            }
            if name.ends_with('/') {
                return Ok(());
            }
            let own = LogFile::from_path(name);
            let member = LogFile {
                name: format!("{}/{name}", file.name),
                process: if own.process.is_empty() { file.process.clone() } else { own.process },
                hour: own.hour.or(file.hour),
            };
            self.read_file(&member, source)
        })
    }

    /// Reads a file to its end.
    pub fn read_file(&mut self, file: &LogFile, source: impl Read) -> io::Result<()> {
        if self.process != file.process {
            self.finish_process();
            self.process.clone_from(&file.process);
        }
        self.summary.files += 1;
        let mut reader = EventReader::new(source, std::mem::take(&mut self.buffer));
        let mut told_hour = file.hour.is_some();
        let result = loop {
            let chunk = match reader.next() {
                Ok(Some(chunk)) => chunk,
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            };
            let is_used = match chunk.kind {
                ChunkKind::Event => self.text_event(file, &chunk, &mut told_hour),
                ChunkKind::Json => self.json_event(file, &chunk),
                ChunkKind::Stray => {
                    if !chunk.bytes.trim_ascii().is_empty() {
                        self.problem(file, chunk.line, ProblemKind::StrayLine);
                    }
                    Ok(true)
                }
                ChunkKind::TooLong => Err((chunk.line, ProblemKind::TooLong)),
            };
            match is_used {
                Ok(true) => {}
                // The whole hour is out of the window.
                Ok(false) => break Ok(()),
                Err((line, kind)) => {
                    let is_cut = kind == ProblemKind::UnclosedQuote || kind == ProblemKind::BadJson;
                    let is_cut = is_cut && reader.is_finished();
                    self.problem(file, line, if is_cut { ProblemKind::Incomplete } else { kind });
                }
            }
        };
        self.summary.bytes += reader.bytes_read;
        self.buffer = reader.into_buffer();
        result
    }

    /// Adds what another importer has read.
    pub fn merge(&mut self, mut other: Self) {
        self.finish_process();
        other.finish_process();
        self.has_calls |= other.has_calls;
        let frames = self.contexts.merge(&other.contexts);
        for ((frame, digest), repeat) in other.repeats.found {
            if let Some(frame) = frames.get(frame as usize).copied().flatten() {
                self.repeats.merge((frame, digest), repeat);
            }
        }
        self.summary.merge(other.summary);
    }

    /// The profile of all that was read, and what there was to say about reading.
    pub fn finish(mut self, title: &str) -> (Profile, Summary) {
        self.finish_process();
        let mut builder = ProfileBuilder::new();
        let frames = &self.contexts.frames;
        for stack in &self.contexts.stacks {
            let mut measure = stack.measure;
            if measure.is_empty() {
                continue;
            }
            // Without journals of a server nobody else has the time of its calls.
            if !self.has_calls {
                measure.own_ns = measure.own_ns.saturating_add(std::mem::take(&mut measure.server_call_ns));
            }
            let names: Vec<FrameName<'_>> = stack
                .frames
                .iter()
                .filter_map(|frame| frames.get(*frame as usize))
                .map(|frame| FrameName {
                    module: &frame.module,
                    line: frame.line,
                    method: &frame.method,
                    text: &frame.text,
                })
                .collect();
            builder.add_stack(&names, &measure);
        }
        for ((frame, _), repeat) in std::mem::take(&mut self.repeats.found) {
            if let Some(frame) = frames.get(frame as usize) {
                builder.add_repeat(&frame.module, frame.line, repeat);
            }
        }
        self.summary.names.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
        let period =
            self.summary.period.map(|(from, to)| Period { from: from.to_string(), to: to.to_string() });
        let source = Source {
            kind: SourceKind::TechLog,
            counts: CountMeaning::Events,
            title: title.to_owned(),
            period,
        };
        (builder.finish(source), self.summary)
    }

    fn problem(&mut self, file: &LogFile, line: u64, kind: ProblemKind) {
        self.summary.problems.add(&file.name, line, kind);
    }

    /// False if the rest of the file cannot be in the window either.
    fn text_event(
        &mut self,
        file: &LogFile,
        chunk: &Chunk<'_>,
        told_hour: &mut bool,
    ) -> Result<bool, (u64, ProblemKind)> {
        let Some(head) = Head::parse(chunk.bytes) else { return Err((chunk.line, ProblemKind::StrayLine)) };
        let (Some(duration), true) = (head.duration, head.is_time) else {
            return Err((chunk.line, ProblemKind::BadNumber));
        };
        if head.hour.is_none() && !*told_hour {
            *told_hour = true;
            self.problem(file, chunk.line, ProblemKind::BadFileName);
        }
        let hour = head.hour.or(file.hour).unwrap_or_default();
        if head.hour.is_none() && !self.filter.holds_hour(hour) {
            return Ok(false);
        }
        self.count_name(head.name);
        let mut event = Event {
            kind: EventKind::of_name(head.name),
            end: hour.0 + head.micros,
            duration,
            depth: head.depth,
            ..Event::default()
        };
        let bytes = &chunk.bytes[head.length..];
        let problems = &mut self.summary.problems;
        let mut is_broken = false;
        each_property(
            bytes,
            |name, value| event.set(name, value),
            |problem| {
                let line = chunk.line + memchr::memchr_iter(b'\n', &bytes[..problem.offset]).count() as u64;
                if problem.kind == ProblemKind::UnclosedQuote {
                    is_broken = true;
                } else {
                    problems.add(&file.name, line, problem.kind);
                }
            },
        );
        if is_broken {
            return Err((chunk.line, ProblemKind::UnclosedQuote));
        }
        self.filtered_event(file, chunk.line, &event);
        Ok(true)
    }

    fn json_event(&mut self, file: &LogFile, chunk: &Chunk<'_>) -> Result<bool, (u64, ProblemKind)> {
        if chunk.bytes.trim_ascii().is_empty() {
            return Ok(true);
        }
        let place = |kind| (chunk.line, kind);
        let pairs = Pairs::parse(chunk.bytes).map_err(place)?;
        let (event, name) = pairs.event(file.hour).map_err(place)?;
        self.count_name(name.as_bytes());
        self.filtered_event(file, chunk.line, &event);
        Ok(true)
    }

    fn filtered_event(&mut self, file: &LogFile, line: u64, event: &Event<'_>) {
        if !self.filter.holds(file, event) {
            self.summary.filtered += 1;
            return;
        }
        if std::str::from_utf8(event.context.raw).is_err() {
            self.problem(file, line, ProblemKind::BadText);
        }
        let moment = Moment(event.end);
        let period = self.summary.period.get_or_insert((moment, moment));
        *period = (period.0.min(moment), period.1.max(moment));
        self.apply(event);
    }

    fn count_name(&mut self, name: &[u8]) {
        self.summary.events += 1;
        let names = &mut self.summary.names;
        if let Some(known) = names.iter_mut().find(|known| known.0.as_bytes() == name) {
            known.1 += 1;
        } else if names.len() < MAX_NAMES {
            names.push((String::from_utf8_lossy(name).into(), 1));
        }
    }

    fn apply(&mut self, event: &Event<'_>) {
        if event.kind == EventKind::Other {
            return;
        }
        if self.threads.len() >= MAX_THREADS {
            self.finish_process();
        }
        let thread = self.threads.entry(event.thread_key()).or_default();
        let pending = thread.pending.take();
        let mut stack = self.contexts.of_context(&event.context);
        if event.kind == EventKind::Context {
            if let Some(measure) = pending {
                self.contexts.measure(stack).add(&measure);
            }
            return;
        }
        if let Some(measure) = pending {
            self.contexts.measure(NO_STACK).add(&measure);
        }
        if stack == NO_STACK && event.kind == EventKind::Exception {
            stack = self.contexts.of_description(&event.description);
        }
        let is_statement = event.is_statement();
        let inside = thread.enter(event.end, event.duration, event.depth, stack, is_statement);
        let measure = measure(event, inside);
        if stack == NO_STACK {
            thread.pending = Some(measure);
        } else {
            self.contexts.measure(stack).add(&measure);
        }
        if is_statement
            && measure.sql_count > 0
            && let Some(frame) = self.contexts.innermost_line(stack)
        {
            let statements = &mut thread.statements;
            self.repeats.add(statements, frame, &event.statement, measure.own_ns, event.rows);
        }
        if event.kind == EventKind::Call {
            self.has_calls = true;
            self.repeats.finish_call(&mut thread.statements);
        }
    }

    /// Nothing that follows belongs to what is open.
    fn finish_process(&mut self) {
        let mut threads: Vec<(u64, Thread)> = self.threads.drain().collect();
        threads.sort_by_key(|(key, _)| *key);
        for (_, mut thread) in threads {
            self.repeats.finish_call(&mut thread.statements);
            if let Some(measure) = thread.pending {
                self.contexts.measure(NO_STACK).add(&measure);
            }
        }
    }
}

/// What an event adds to its place.
fn measure(event: &Event<'_>, inside: Inside) -> Measure {
    let own_ns = (event.duration - inside.duration).max(0).unsigned_abs().saturating_mul(1000);
    let count = u64::from(!inside.is_same_stack);
    let timed = Measure { count, own_ns, ..Measure::default() };
    match event.kind {
        EventKind::Database | EventKind::Sdbl => {
            let sql_count = u64::from(event.is_statement() && !inside.has_statement);
            Measure { sql_count, sql_ns: own_ns, sql_rows: event.rows * sql_count, ..timed }
        }
        EventKind::Call => Measure { transferred: event.bytes, memory_peak: event.memory_peak, ..timed },
        EventKind::ClientCall => {
            Measure { own_ns: 0, server_calls: 1, server_call_ns: own_ns, transferred: event.bytes, ..timed }
        }
        EventKind::Lock if !event.wait_connections.is_empty() => {
            Measure { lock_waits: 1, lock_ns: own_ns, ..timed }
        }
        EventKind::Timeout => Measure { timeouts: 1, lock_ns: own_ns, ..timed },
        EventKind::Deadlock => Measure { deadlocks: 1, lock_ns: own_ns, ..timed },
        EventKind::Exception => Measure { errors: 1, own_ns: 0, ..timed },
        EventKind::Lock | EventKind::Context | EventKind::Other => timed,
    }
}

impl Filter {
    fn holds(&self, file: &LogFile, event: &Event<'_>) -> bool {
        let moment = Moment(event.end);
        let is_in_time = self.from.is_none_or(|from| from <= moment) && self.to.is_none_or(|to| moment < to);
        is_in_time && self.holds_process(file, event) && self.holds_user(event)
    }

    fn holds_hour(&self, hour: Moment) -> bool {
        self.from.is_none_or(|from| from.0 < hour.0 + HOUR_US) && self.to.is_none_or(|to| hour < to)
    }

    fn holds_process(&self, file: &LogFile, event: &Event<'_>) -> bool {
        let Some(process) = &self.process else { return true };
        let kind = file.process.split('_').next().unwrap_or_default();
        [&*file.process, kind, &*event.process.text(), &*event.infobase.text()]
            .iter()
            .any(|name| base::same_name(name, process))
    }

    fn holds_user(&self, event: &Event<'_>) -> bool {
        let Some(user) = &self.user else { return true };
        fold_case(&event.user.text()) == fold_case(user)
    }
}

impl Summary {
    fn merge(&mut self, other: Self) {
        self.files += other.files;
        self.bytes += other.bytes;
        self.events += other.events;
        self.filtered += other.filtered;
        for (name, count) in other.names {
            match self.names.iter_mut().find(|known| known.0 == name) {
                Some(known) => known.1 += count,
                None => self.names.push((name, count)),
            }
        }
        self.problems.merge(other.problems);
        let periods = [self.period, other.period].into_iter().flatten();
        self.period = periods.reduce(|left, right| (left.0.min(right.0), left.1.max(right.1)));
    }
}
