//! How often lines ran and how long.

use std::rc::Rc;

use rustc_hash::FxHashMap;

/// What was measured, by module and line.
#[derive(Debug, Default)]
pub struct Measurement {
    pub lines: FxHashMap<(Rc<str>, u32), LineMeasure>,
    current: Option<(Rc<str>, u32)>,
    since: u64,
}

/// One line. Times are nanoseconds of the machine's clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineMeasure {
    pub count: u64,
    /// Without what it called.
    pub own_ns: u64,
    /// With what it called; lines of recursive methods count once per level.
    pub total_ns: u64,
    /// Queries that it ran, those behind the dots of references included, and their part of the own time.
    pub query_count: u64,
    pub query_ns: u64,
}

impl Measurement {
    pub(super) fn new(now: u64) -> Self {
        Self { since: now, ..Self::default() }
    }

    /// Time up to now belongs to the current line.
    pub(super) fn leave_line(&mut self, now: u64) {
        if let Some(place) = &self.current
            && let Some(line) = self.lines.get_mut(place)
        {
            line.own_ns += now - self.since;
        }
        self.since = now;
    }

    pub(super) fn enter_line(&mut self, module: &Rc<str>, line: u32, now: u64) {
        self.leave_line(now);
        let place = (module.clone(), line);
        self.lines.entry(place.clone()).or_default().count += 1;
        self.current = Some(place);
    }

    /// Control came back to a line whose call ended.
    pub(super) fn resume_line(&mut self, module: &Rc<str>, line: u32, now: u64) {
        self.leave_line(now);
        self.current = Some((module.clone(), line));
    }

    /// The outermost method has ended: what passes until the next call belongs to nobody.
    pub(super) fn rest(&mut self) {
        self.current = None;
    }

    /// A query of the current line took so long.
    pub(super) fn add_query(&mut self, elapsed: u64) {
        if let Some(line) = self.current.as_ref().and_then(|place| self.lines.get_mut(place)) {
            line.query_count += 1;
            line.query_ns += elapsed;
        }
    }

    pub(super) fn add_total(&mut self, module: &Rc<str>, line: u32, elapsed: u64) {
        if let Some(measure) = self.lines.get_mut(&(module.clone(), line)) {
            measure.total_ns += elapsed;
        }
    }
}
