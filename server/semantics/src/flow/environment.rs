//! What variables and objects hold as a walk through the code goes on. Every change is written to a log in the
//! order of the text: branches are undone with it, and afterwards it tells what a slot held at any place.

use crate::flow::types::TypeId;

/// A variable or an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Slot(pub u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Write,
    /// A condition tells more about the value.
    Narrowing,
    /// The value of the path that comes next in the text.
    Return,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    /// Index of the first token that sees the value.
    epoch: u32,
    pub slot: Slot,
    old: u32,
    new: u32,
    change: Change,
}

/// A slot that changed since a mark.
#[derive(Clone, Copy, Debug)]
pub(super) struct Changed {
    pub slot: Slot,
    pub before: u32,
    pub now: u32,
    pub is_written: bool,
}

#[derive(Default)]
pub(super) struct Environment {
    current: Vec<u32>,
    log: Vec<Entry>,
    /// The path has ended: what follows is never reached this way.
    pub is_dead: bool,
    /// Position in `changed` per slot, valid if `stamps` says so.
    positions: Vec<(u32, u32)>,
    stamp: u32,
    clock: u32,
    written_at: Vec<u32>,
    read_at: Vec<u32>,
    /// After the walk: entries by slot, and where each slot starts.
    history: Vec<(u32, u32)>,
    starts: Vec<u32>,
}

impl Environment {
    pub(super) fn add_slot(&mut self, initial: u32) -> Slot {
        self.current.push(initial);
        self.positions.push((0, 0));
        self.written_at.push(0);
        self.read_at.push(0);
        Slot(self.current.len() as u32 - 1)
    }

    pub(super) fn get(&self, slot: Slot) -> u32 {
        self.current[slot.0 as usize]
    }

    /// Reads a value and remembers that, for loops.
    pub(super) fn read(&mut self, slot: Slot) -> u32 {
        let index = slot.0 as usize;
        if self.written_at[index] < self.clock {
            self.read_at[index] = self.clock;
        }
        self.current[index]
    }

    pub(super) fn set(&mut self, slot: Slot, new: u32, epoch: u32, change: Change) {
        let index = slot.0 as usize;
        let old = std::mem::replace(&mut self.current[index], new);
        self.written_at[index] = self.clock;
        if old != new || change == Change::Write {
            self.log.push(Entry { epoch, slot, old, new, change });
        }
    }

    pub(super) fn mark(&self) -> usize {
        self.log.len()
    }

    /// Starts to watch what is read before it is written; returns what `was_read` wants.
    pub(super) fn start_loop(&mut self) -> u32 {
        self.clock += 1;
        self.clock
    }

    pub(super) fn was_read(&self, slot: Slot, since: u32) -> bool {
        self.read_at[slot.0 as usize] >= since
    }

    /// Slots that changed since a mark, each once, in the order of their first change.
    pub(super) fn changes(&mut self, mark: usize) -> Vec<Changed> {
        let mut changed: Vec<Changed> = Vec::new();
        self.stamp += 1;
        for entry in &self.log[mark..] {
            let is_written = entry.change == Change::Write;
            let position = &mut self.positions[entry.slot.0 as usize];
            if position.0 == self.stamp {
                changed[position.1 as usize].is_written |= is_written;
                continue;
            }
            *position = (self.stamp, changed.len() as u32);
            let now = self.current[entry.slot.0 as usize];
            changed.push(Changed { slot: entry.slot, before: entry.old, now, is_written });
        }
        changed
    }

    /// Everything that was written since a mark, on whatever path.
    pub(super) fn written(&self, mark: usize) -> Vec<(Slot, u32)> {
        let written = self.log[mark..].iter().filter(|entry| entry.change == Change::Write);
        written.map(|entry| (entry.slot, entry.new)).collect()
    }

    /// Goes back to the values at a mark; the text goes on.
    pub(super) fn restore(&mut self, changed: &[Changed], epoch: u32) {
        for each in changed {
            self.set(each.slot, each.before, epoch, Change::Return);
        }
    }

    /// Goes back to a mark as if nothing had happened.
    pub(super) fn forget(&mut self, mark: usize) {
        while self.log.len() > mark {
            if let Some(entry) = self.log.pop() {
                self.current[entry.slot.0 as usize] = entry.old;
            }
        }
    }

    /// Gives slots other values at a mark, and wherever the old value is still there behind it.
    pub(super) fn replace(&mut self, mark: usize, replaced: &[(Slot, u32, u32)], epoch: u32) {
        self.stamp += 1;
        for (index, (slot, ..)) in replaced.iter().enumerate() {
            self.positions[slot.0 as usize] = (self.stamp, index as u32);
        }
        for entry in &mut self.log[mark..] {
            let position = self.positions[entry.slot.0 as usize];
            if position.0 == self.stamp {
                let (_, old, new) = replaced[position.1 as usize];
                if entry.old == old {
                    entry.old = new;
                }
                if entry.new == old && entry.change == Change::Return {
                    entry.new = new;
                }
            }
        }
        let entries = replaced.iter().map(|(slot, old, new)| Entry {
            epoch,
            slot: *slot,
            old: *old,
            new: *new,
            change: Change::Write,
        });
        self.log.splice(mark..mark, entries);
    }

    /// Sorts the log by slots. Nothing is written afterwards.
    pub(super) fn finish(&mut self) {
        let mut starts = vec![0_u32; self.current.len() + 1];
        for entry in &self.log {
            starts[entry.slot.0 as usize + 1] += 1;
        }
        for index in 1..starts.len() {
            starts[index] += starts[index - 1];
        }
        let mut next = starts.clone();
        self.history = vec![(0, 0); self.log.len()];
        for entry in &self.log {
            let at = &mut next[entry.slot.0 as usize];
            self.history[*at as usize] = (entry.epoch, entry.new);
            *at += 1;
        }
        self.starts = starts;
    }

    /// What a slot holds where a token stands.
    pub(super) fn at(&self, slot: Slot, epoch: u32) -> u32 {
        let Some([start, end]) = self.starts.get(slot.0 as usize..slot.0 as usize + 2) else {
            return TypeId::UNASSIGNED.0;
        };
        let history = &self.history[*start as usize..*end as usize];
        let behind = history.partition_point(|(from, _)| *from <= epoch);
        behind.checked_sub(1).map_or(TypeId::UNASSIGNED.0, |last| history[last].1)
    }

    /// Everything that a slot holds somewhere, in order.
    pub(super) fn all(&self, slot: Slot) -> impl Iterator<Item = (u32, u32)> {
        let range = self.starts.get(slot.0 as usize..slot.0 as usize + 2);
        let range = range.map_or(0..0, |range| range[0] as usize..range[1] as usize);
        self.history[range].iter().copied()
    }
}
