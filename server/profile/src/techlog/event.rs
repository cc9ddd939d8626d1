//! What the importer wants to know of an event, from either form.

use super::properties::Value;

/// Kinds of events whose time belongs to code, and those that tell of trouble.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum EventKind {
    /// A statement as the database got it.
    Database,
    /// The same in the platform's own words, around the former.
    Sdbl,
    Call,
    /// The client's side of a call.
    ClientCall,
    Lock,
    Timeout,
    Deadlock,
    Exception,
    /// The context of the event before.
    Context,
    #[default]
    Other,
}

impl EventKind {
    pub(super) fn of_name(name: &[u8]) -> Self {
        match name {
            b"CALL" => Self::Call,
            b"SCALL" => Self::ClientCall,
            b"SDBL" => Self::Sdbl,
            b"TLOCK" => Self::Lock,
            b"TTIMEOUT" => Self::Timeout,
            b"TDEADLOCK" => Self::Deadlock,
            b"EXCP" => Self::Exception,
            b"Context" => Self::Context,
            _ if name.starts_with(b"DB") => Self::Database,
            _ => Self::Other,
        }
    }
}

/// An event. Values point into the journal.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Event<'a> {
    pub(super) kind: EventKind,
    /// Microseconds, see `Moment`.
    pub(super) end: i64,
    pub(super) duration: i64,
    pub(super) depth: u32,
    pub(super) thread: Option<Value<'a>>,
    pub(super) client: Option<Value<'a>>,
    pub(super) session: Option<Value<'a>>,
    pub(super) process: Value<'a>,
    pub(super) infobase: Value<'a>,
    pub(super) user: Value<'a>,
    pub(super) context: Value<'a>,
    pub(super) description: Value<'a>,
    pub(super) statement: Value<'a>,
    /// `Func` of SDBL: transactions and connections.
    pub(super) function: Value<'a>,
    pub(super) wait_connections: Value<'a>,
    pub(super) rows: u64,
    pub(super) bytes: u64,
    pub(super) memory_peak: Option<u64>,
}

impl<'a> Event<'a> {
    /// Takes a property if it is of interest.
    pub(super) fn set(&mut self, name: &[u8], value: Value<'a>) {
        match name {
            b"OSThread" => self.thread = Some(value),
            b"t:clientID" => self.client = Some(value),
            b"SessionID" => self.session = Some(value),
            b"process" => self.process = value,
            b"p:processName" => self.infobase = value,
            b"Usr" => self.user = value,
            b"Context" => self.context = value,
            b"Descr" => self.description = value,
            b"Sql" | b"Sdbl" => self.statement = value,
            b"Func" => self.function = value,
            b"WaitConnections" => self.wait_connections = value,
            b"Rows" | b"RowsAffected" => self.rows = self.rows.max(value.number().unwrap_or_default()),
            b"InBytes" | b"OutBytes" => {
                self.bytes = self.bytes.saturating_add(value.number().unwrap_or_default());
            }
            b"MemoryPeak" => self.memory_peak = value.number(),
            _ => {}
        }
    }

    /// What tells apart the threads of a process.
    pub(super) fn thread_key(&self) -> u64 {
        let given = [(1, self.thread), (2, self.client), (3, self.session)];
        let found = given.iter().find_map(|(kind, value)| Some((*kind, (*value)?)));
        found.map_or(0, |(kind, value)| xxhash_rust::xxh3::xxh3_64_with_seed(value.raw, kind))
    }

    /// A statement that reads or writes something, not the start or end of a transaction.
    pub(super) fn is_statement(&self) -> bool {
        match self.kind {
            EventKind::Database => !is_service(self.statement.raw),
            EventKind::Sdbl => self.function.is_empty() && !self.statement.is_empty(),
            _ => false,
        }
    }
}

fn is_service(statement: &[u8]) -> bool {
    let is = |word: &&str| {
        statement.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
    };
    ["begin", "commit", "rollback", "set "].iter().any(is)
}
