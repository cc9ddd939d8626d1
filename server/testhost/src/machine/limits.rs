//! Budgets and the clock.

use std::time::Instant;

/// How much one run may use.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Statements.
    pub steps: u64,
    /// Calls within calls.
    pub depth: usize,
    /// Calls from built-in methods back into code, which need the stack of the thread.
    pub native_depth: usize,
    /// Real time; checked every few thousand statements.
    pub deadline: Option<Instant>,
    /// Bytes of one text and items of one collection.
    pub size: usize,
    /// Bytes of all values that live at one time.
    pub memory: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            steps: 1_000_000_000,
            depth: 10_000,
            native_depth: 40,
            deadline: None,
            size: 50_000_000,
            memory: 512 << 20,
        }
    }
}

/// Time as measurements see it: the real one, or a virtual one on which every statement and every query has its price,
/// so that a measurement is the same on every machine.
#[derive(Clone, Copy, Debug)]
pub enum Clock {
    Real(Instant),
    Virtual {
        now_ns: u64,
        statement_ns: u64,
        query_ns: u64,
    },
    /// Real time to which every query adds its price: a database in memory is faster than a real one.
    Priced {
        start: Instant,
        added_ns: u64,
        query_ns: u64,
    },
}

impl Default for Clock {
    fn default() -> Self {
        Self::Real(Instant::now())
    }
}

impl Clock {
    /// Nanoseconds since the clock began.
    pub fn now(&self) -> u64 {
        match self {
            Self::Real(start) => u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX),
            Self::Virtual { now_ns, .. } => *now_ns,
            Self::Priced { start, added_ns, .. } => {
                u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX).saturating_add(*added_ns)
            }
        }
    }

    pub(crate) fn statement(&mut self) {
        if let Self::Virtual { now_ns, statement_ns, .. } = self {
            *now_ns += *statement_ns;
        }
    }

    /// A query ran.
    pub fn query(&mut self) {
        match self {
            Self::Virtual { now_ns, query_ns, .. } => *now_ns += *query_ns,
            Self::Priced { added_ns, query_ns, .. } => *added_ns += *query_ns,
            Self::Real(_) => {}
        }
    }

    /// Code waited.
    pub fn advance(&mut self, nanoseconds: u64) {
        if let Self::Virtual { now_ns, .. } = self {
            *now_ns += nanoseconds;
        }
    }
}
