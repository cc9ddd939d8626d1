//! What a line, a method, a module or a stack cost.

use serde::{Deserialize, Serialize};

/// Numbers of one place. All times are nanoseconds. Sums saturate: files may say anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Measure {
    /// How often it ran, or how many events it caused: see `CountMeaning`.
    #[serde(skip_serializing_if = "is_zero")]
    pub count: u64,
    /// With what it called.
    #[serde(skip_serializing_if = "is_zero")]
    pub total_ns: u64,
    /// Without what it called. Time in the database and in waits belongs to the line that caused it.
    #[serde(skip_serializing_if = "is_zero")]
    pub own_ns: u64,
    /// Statements sent to the database.
    #[serde(skip_serializing_if = "is_zero")]
    pub sql_count: u64,
    /// Part of the own time.
    #[serde(skip_serializing_if = "is_zero")]
    pub sql_ns: u64,
    /// Rows that the statements returned or changed, where the source tells.
    #[serde(skip_serializing_if = "is_zero")]
    pub sql_rows: u64,
    /// Locks that were waited for.
    #[serde(skip_serializing_if = "is_zero")]
    pub lock_waits: u64,
    /// Part of the own time.
    #[serde(skip_serializing_if = "is_zero")]
    pub lock_ns: u64,
    #[serde(skip_serializing_if = "is_zero")]
    pub timeouts: u64,
    #[serde(skip_serializing_if = "is_zero")]
    pub deadlocks: u64,
    /// Exceptions raised here.
    #[serde(skip_serializing_if = "is_zero")]
    pub errors: u64,
    /// Calls from the client to the server.
    #[serde(skip_serializing_if = "is_zero")]
    pub server_calls: u64,
    /// How long they took. Part of the total time only: the server has its own lines for it.
    #[serde(skip_serializing_if = "is_zero")]
    pub server_call_ns: u64,
    /// Bytes that the calls sent and received.
    #[serde(skip_serializing_if = "is_zero")]
    pub transferred: u64,
    /// The largest peak of memory in bytes, where the source tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_peak: Option<u64>,
}
fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Measure {
    /// Puts another measure of the same place on top.
    pub fn add(&mut self, other: &Self) {
        self.add_own(other);
        self.total_ns = self.total_ns.saturating_add(other.total_ns);
    }

    /// Everything but the total time: what parts of a whole have in common may have been counted in each of them.
    pub fn add_own(&mut self, other: &Self) {
        let pairs = [
            (&mut self.count, other.count),
            (&mut self.own_ns, other.own_ns),
            (&mut self.sql_count, other.sql_count),
            (&mut self.sql_ns, other.sql_ns),
            (&mut self.sql_rows, other.sql_rows),
            (&mut self.lock_waits, other.lock_waits),
            (&mut self.lock_ns, other.lock_ns),
            (&mut self.timeouts, other.timeouts),
            (&mut self.deadlocks, other.deadlocks),
            (&mut self.errors, other.errors),
            (&mut self.server_calls, other.server_calls),
            (&mut self.server_call_ns, other.server_call_ns),
            (&mut self.transferred, other.transferred),
        ];
        for (sum, number) in pairs {
            *sum = sum.saturating_add(number);
        }
        self.memory_peak = self.memory_peak.max(other.memory_peak);
    }

    /// The same with the total time of a place that called nothing but the server.
    pub(crate) fn with_total(&self) -> Self {
        Self { total_ns: self.own_ns.saturating_add(self.server_call_ns), ..*self }
    }

    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
