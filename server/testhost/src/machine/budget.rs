//! What a run has used up: statements, time, memory.
//!
//! Memory is not counted per value. Whatever makes values charges their bytes; when the charges have grown enough,
//! the values that live are measured, and the charges start again from there.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Instant;

use rustc_hash::FxHashSet;

use crate::failure::{Failure, FailureKind, Outcome};
use crate::machine::{Clock, Machine};
use crate::memory;
use crate::object::Object;
use crate::value::Value;

/// Statements between two looks at the time.
const DEADLINE_EVERY: u64 = 4096;
/// Work that equals one statement: bytes copied, items looked at.
const WORK_PER_STEP: u64 = 64;
const ITEM_BYTES: usize = size_of::<Value>();
/// What an object or a text takes besides its contents.
const BLOCK_BYTES: u64 = 32;

pub(super) struct Budget {
    pub(super) steps: u64,
    /// The number of statements at which the slow look at the budgets is due.
    pub(super) check_at: Cell<u64>,
    /// Bytes charged since the living values were measured, with what they took then.
    charged: Cell<u64>,
    measure_at: Cell<u64>,
    work: Cell<u64>,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            steps: 0,
            check_at: Cell::new(0),
            charged: Cell::new(0),
            measure_at: Cell::new(0),
            work: Cell::new(0),
        }
    }
}

fn out_of_memory() -> Box<Failure> {
    Failure::new(FailureKind::Limit, "Превышен максимальный расход памяти сервера за один вызов")
}

impl Machine {
    /// Complains when a collection grows beyond its budget.
    pub(crate) fn check_size(&self, items: usize) -> Outcome<()> {
        if items > self.limits.size || items.saturating_mul(ITEM_BYTES) > self.limits.memory {
            return Err(out_of_memory());
        }
        self.charge(ITEM_BYTES * 2);
        Ok(())
    }

    /// New lists of values take this much memory.
    pub(crate) fn charge_items(&self, items: usize) {
        self.charge(items.saturating_mul(ITEM_BYTES));
    }

    /// Complains when a text grows beyond its budget.
    pub(crate) fn check_text(&self, bytes: usize) -> Outcome<()> {
        if bytes > self.limits.size || bytes > self.limits.memory {
            return Err(out_of_memory());
        }
        self.charge(bytes);
        Ok(())
    }

    /// New values take this much memory.
    #[inline]
    pub(crate) fn charge(&self, bytes: usize) {
        let budget = &self.budget;
        let charged = budget.charged.get().saturating_add(bytes as u64);
        budget.charged.set(charged);
        if charged >= budget.measure_at.get() {
            budget.check_at.set(0);
        }
    }

    /// A built-in method looked at this many items.
    pub(crate) fn work(&self, items: usize) {
        let budget = &self.budget;
        let work = budget.work.get() + items as u64 / WORK_PER_STEP;
        budget.work.set(work);
        if work >= DEADLINE_EVERY {
            budget.check_at.set(0);
        }
    }

    /// Counts a statement or a jump back that the loop of instructions does not count itself.
    pub(crate) fn count_step(&mut self) -> Outcome<()> {
        self.budget.steps += 1;
        if self.budget.steps >= self.budget.check_at.get() { self.check_budgets() } else { Ok(()) }
    }

    /// Complains when a budget is used up, and sets the time of the next look.
    #[cold]
    pub(super) fn check_budgets(&mut self) -> Outcome<()> {
        self.budget.steps = self.budget.steps.saturating_add(self.budget.work.take());
        let steps = self.budget.steps;
        if steps > self.limits.steps {
            return Err(Failure::new(FailureKind::Limit, "Исчерпан предел числа операторов"));
        }
        if self.limits.deadline.is_some_and(|deadline| Instant::now() > deadline) {
            return Err(Failure::new(FailureKind::Limit, "Исчерпано время выполнения"));
        }
        if self.budget.charged.get() >= self.budget.measure_at.get() {
            self.measure_memory()?;
        }
        let next = (steps + DEADLINE_EVERY).min(self.limits.steps.saturating_add(1));
        // Who looks at lines has to see each of them.
        let next = if self.is_observed() { 0 } else { next };
        self.budget.check_at.set(next);
        Ok(())
    }

    /// Measures the values that live.
    fn measure_memory(&mut self) -> Outcome<()> {
        let mut tracer = Tracer::default();
        tracer.values(&self.stack);
        tracer.values(self.properties.values());
        tracer.values(self.storage.values());
        if let Some(database) = &self.database {
            database.trace(&mut tracer);
        }
        // Objects that only name each other live too.
        tracer.values(&memory::living());
        for frame in &self.frames {
            tracer.values(frame.instance.variables.borrow().iter());
        }
        tracer.bytes += self.output.iter().map(|line| line.len() as u64 + BLOCK_BYTES).sum::<u64>();
        tracer.follow();
        let limit = self.limits.memory as u64;
        if tracer.bytes > limit {
            return Err(out_of_memory());
        }
        self.budget.charged.set(tracer.bytes);
        // Half of what is left at the least, so that measuring costs little beside what is measured.
        self.budget.measure_at.set(tracer.bytes + ((limit - tracer.bytes) / 2).max(limit / 64));
        Ok(())
    }

    /// True when somebody looks at every statement: they may not be counted in bulk.
    pub(super) fn is_observed(&self) -> bool {
        self.measurement.is_some() || self.observer.is_some() || matches!(self.clock, Clock::Virtual { .. })
    }
}

/// Adds up the memory of values, each object and text once.
#[derive(Default)]
pub struct Tracer {
    seen: FxHashSet<usize>,
    pending: Vec<Rc<dyn Object>>,
    bytes: u64,
}

impl Tracer {
    pub fn values<'a>(&mut self, values: impl IntoIterator<Item = &'a Value>) {
        for value in values {
            self.value(value);
        }
    }

    pub fn value(&mut self, value: &Value) {
        self.bytes += ITEM_BYTES as u64;
        match value {
            Value::Text(text) => self.block(Rc::as_ptr(text).cast::<u8>().addr(), text.len()),
            Value::Object(object) if self.seen.insert(Rc::as_ptr(object).cast::<u8>().addr()) => {
                self.bytes += BLOCK_BYTES;
                self.pending.push(object.clone());
            }
            Value::Reference(variable) => {
                if self.seen.insert(Rc::as_ptr(variable).addr())
                    && let Ok(value) = variable.try_borrow()
                {
                    self.value(&value);
                }
            }
            _ => {}
        }
    }

    /// Something else that takes memory: its address and its bytes.
    pub fn block(&mut self, address: usize, bytes: usize) {
        if self.seen.insert(address) {
            self.bytes += bytes as u64 + BLOCK_BYTES;
        }
    }

    fn follow(&mut self) {
        while let Some(object) = self.pending.pop() {
            object.trace(self);
        }
    }
}
