//! A call that is running.

use std::rc::Rc;

use crate::code::{Method, Module, Target};
use crate::failure::{self, Failure, Outcome, messages};
use crate::machine::{Instance, Machine};
use crate::value::Value;

pub(super) struct Frame {
    pub(super) instance: Rc<Instance>,
    /// The object whose module runs.
    pub(super) this: Option<Value>,
    pub(super) module: Rc<Module>,
    pub(super) method: Rc<Method>,
    /// The next instruction.
    pub(super) next: usize,
    /// Where the locals begin on the stack.
    pub(super) base: usize,
    pub(super) line: u32,
    /// When the line began, for measurements.
    pub(super) line_start: u64,
    /// Handlers of the open `Попытка`.
    pub(super) tries: Vec<Target>,
    /// Errors of the open except parts.
    pub(super) errors: Vec<Rc<Failure>>,
    /// Its end returns to the caller in Rust.
    pub(super) is_boundary: bool,
}

impl Frame {
    pub(super) fn place(&self) -> failure::Frame {
        failure::Frame {
            module: self.module.name.clone(),
            line: self.line,
            source: self.module.line_text(self.line).into(),
        }
    }
}

impl Machine {
    /// Makes a frame of a method whose arguments are on top of the stack.
    pub(super) fn push_frame(
        &mut self,
        instance: Rc<Instance>,
        module: Rc<Module>,
        method: Rc<Method>,
        arguments: usize,
    ) -> Outcome<()> {
        let base = self.stack.len() - arguments;
        if let Err(failure) = self.bind_arguments(&method, base, arguments) {
            self.stack.truncate(base);
            return Err(failure);
        }
        if self.frames.len() >= self.limits.depth {
            self.stack.truncate(base);
            return Err(Failure::runtime("Переполнение стека встроенного языка на сервере"));
        }
        self.stack.resize(base + method.locals.len(), Value::Undefined);
        let line = method.line;
        let line_start = self.measurement.as_ref().map_or(0, |_| self.clock.now());
        let this = instance.this();
        self.frames.push(Frame {
            instance,
            this,
            module,
            method,
            next: 0,
            base,
            line,
            line_start,
            tries: Vec::new(),
            errors: Vec::new(),
            is_boundary: false,
        });
        Ok(())
    }

    fn bind_arguments(&mut self, method: &Method, base: usize, count: usize) -> Outcome<()> {
        if count > method.parameters.len() {
            return Err(messages::too_many_arguments());
        }
        for (index, parameter) in method.parameters.iter().enumerate() {
            if index >= count {
                self.stack.push(Value::Omitted);
            }
            let slot = &mut self.stack[base + index];
            match slot {
                Value::Omitted => match &parameter.default {
                    Some(default) => *slot = default.clone(),
                    None => return Err(messages::not_enough_arguments()),
                },
                Value::Reference(_) if parameter.is_by_value => *slot = slot.resolved(),
                _ => {}
            }
        }
        Ok(())
    }

    /// Takes the innermost frame away with its part of the stack.
    pub(super) fn drop_frame(&mut self) -> Option<Frame> {
        let frame = self.frames.pop()?;
        self.stack.truncate(frame.base);
        if let Some(measurement) = &mut self.measurement {
            let now = self.clock.now();
            measurement.leave_line(now);
            measurement.add_total(&frame.module.name, frame.line, now - frame.line_start);
            match self.frames.last() {
                Some(caller) => measurement.resume_line(&caller.module.name, caller.line, now),
                None => measurement.rest(),
            }
        }
        Some(frame)
    }

    /// Finds the handler of an error among the frames above `depth`; gives the error back if there is none.
    pub(super) fn unwind(&mut self, mut failure: Box<Failure>, depth: usize) -> Outcome<()> {
        if failure.stack.is_empty() {
            failure = failure.in_language(self.language);
            failure.stack = self.stack_lines();
        }
        loop {
            let is_catchable = failure.is_catchable();
            let Some(frame) = self.frames.last_mut() else { return Err(failure) };
            if is_catchable && let Some(handler) = frame.tries.pop() {
                let locals = frame.base + frame.method.locals.len();
                frame.next = handler as usize;
                frame.errors.push(Rc::from(failure));
                self.stack.truncate(locals);
                return Ok(());
            }
            let is_last = self.frames.len() <= depth;
            self.drop_frame();
            if is_last {
                return Err(failure);
            }
        }
    }
}
