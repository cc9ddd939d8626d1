//! Looking at running code from outside: measurements and debuggers.

use std::rc::Rc;

use crate::failure::Outcome;
use crate::machine::{Machine, Measurement};
use crate::name::Name;
use crate::value::Value;

/// Is told of every line before it runs.
pub trait Observer {
    fn line(&self, machine: &mut Machine, module: &Rc<str>, line: u32) -> Outcome<()>;
}

impl Machine {
    /// Has an observer told of every line from the next call on.
    pub fn set_observer(&mut self, observer: Option<Rc<dyn Observer>>) {
        self.observer = observer;
        self.budget.check_at.set(0);
    }

    pub fn start_measurement(&mut self) {
        self.measurement = Some(Measurement::new(self.clock.now()));
        self.budget.check_at.set(0);
    }

    pub fn stop_measurement(&mut self) -> Option<Measurement> {
        let now = self.clock.now();
        let mut measurement = self.measurement.take()?;
        measurement.leave_line(now);
        Some(measurement)
    }

    /// Named variables of a running method; 0 is the innermost one.
    pub fn variables(&self, frame: usize) -> Vec<(Name, Value)> {
        let Some(index) = self.frames.len().checked_sub(frame + 1) else { return Vec::new() };
        let frame = &self.frames[index];
        let locals = frame.method.locals.iter().enumerate().filter(|(_, name)| !name.shown.is_empty());
        locals
            .filter_map(|(slot, name)| Some((name.clone(), self.stack.get(frame.base + slot)?.resolved())))
            .collect()
    }

    /// Tells who looks that a line begins.
    pub(super) fn observe_line(&mut self, line: u32) -> Outcome<()> {
        let Some(frame) = self.frames.last_mut() else { return Ok(()) };
        if let Some(measurement) = &mut self.measurement {
            let now = self.clock.now();
            measurement.add_total(&frame.module.name, frame.line, now - frame.line_start);
            measurement.enter_line(&frame.module.name, line, now);
            frame.line_start = now;
        }
        frame.line = line;
        let module = frame.module.name.clone();
        // The price of a statement belongs to its own line.
        self.clock.statement();
        match self.observer.clone() {
            Some(observer) => observer.line(self, &module, line),
            None => Ok(()),
        }
    }
}
