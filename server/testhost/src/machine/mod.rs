//! The stack machine: frames, calls, errors, budgets.

mod dynamic;
mod frame;
mod host;
mod instance;
mod limits;
mod measure;
pub(crate) mod operators;
mod step;

use std::rc::Rc;

use rustc_hash::FxHashMap;

pub(crate) use self::host::Host;
pub use self::instance::{CommonModule, Instance};
pub use self::limits::{Clock, Limits};
pub use self::measure::{LineMeasure, Measurement};

use self::frame::Frame;
use crate::arguments::Arguments;
use crate::builtins::{self, Builtin};
use crate::code::{CompileError, Module};
use crate::compile::{self, Environment};
use crate::failure::{Failure, Outcome, messages};
use crate::name::Name;
use crate::value::Value;

/// Runs code. One machine is one session: its variables, its messages, its budgets.
pub struct Machine {
    stack: Vec<Value>,
    frames: Vec<Frame>,
    /// Names that every module may read: common modules, managers, what the host offers.
    properties: FxHashMap<Rc<str>, Value>,
    /// Functions that the platform has and this machine lacks: code may name them, a call says that they are missing.
    missing_functions: FxHashMap<Rc<str>, ()>,
    database: Option<Rc<dyn crate::query::Database>>,
    /// What the infobase adds to the global context.
    pub(crate) host: Host,
    pub limits: Limits,
    pub clock: Clock,
    measurement: Option<Measurement>,
    /// What `Сообщить` said.
    pub output: Vec<Rc<str>>,
    steps: u64,
}

impl Default for Machine {
    fn default() -> Self {
        Self::new(Limits::default())
    }
}

impl Machine {
    pub fn new(limits: Limits) -> Self {
        Self {
            stack: Vec::new(),
            frames: Vec::new(),
            properties: FxHashMap::default(),
            missing_functions: FxHashMap::default(),
            database: None,
            host: Host::default(),
            limits,
            clock: Clock::default(),
            measurement: None,
            output: Vec::new(),
            steps: 0,
        }
    }

    /// Offers a value under a name to all modules that are compiled from now on.
    pub fn define(&mut self, name: &str, value: Value) {
        self.properties.insert(Name::new(name).folded, value);
    }

    /// Lets code name a function of the platform that is not there.
    pub fn declare_missing(&mut self, name: &str) {
        self.missing_functions.insert(Name::new(name).folded, ());
    }

    pub fn property(&self, name: &Name) -> Option<&Value> {
        self.properties.get(&name.folded)
    }

    /// Compiles a text for this machine; `this` is the object whose module it is.
    pub fn compile(&self, name: &str, text: &str, this: Option<&Value>) -> Result<Rc<Module>, CompileError> {
        compile::compile(name, text, &MachineNames { machine: self, this }).map(Rc::new)
    }

    /// Compiles a module and runs its body.
    pub fn load(&mut self, name: &str, text: &str) -> Outcome<Rc<Instance>> {
        let module = self
            .compile(name, text, None)
            .map_err(|error| Failure::new(crate::failure::FailureKind::Syntax, error.to_string()))?;
        let instance = Rc::new(Instance::new(module, None));
        self.run_body(&instance)?;
        Ok(instance)
    }

    /// Runs what stands outside of the methods of a module.
    pub fn run_body(&mut self, instance: &Rc<Instance>) -> Outcome<()> {
        let module = instance.module();
        let body = module.body.clone();
        self.push_frame(instance.clone(), module, body, 0)?;
        self.run_pushed_frame().map(drop)
    }

    /// Calls a method by name, exported or not, from outside of running code or from a built-in method.
    pub fn call(&mut self, instance: &Rc<Instance>, name: &str, arguments: Vec<Value>) -> Outcome {
        let module = instance.module();
        let number = module.find(&Name::new(name)).ok_or_else(|| messages::no_method(name))?;
        let method = module.methods[usize::from(number)].clone();
        let count = arguments.len();
        self.stack.extend(arguments);
        self.push_frame(instance.clone(), module, method, count)?;
        self.run_pushed_frame()
    }

    /// Runs until the frame that was pushed last returns.
    fn run_pushed_frame(&mut self) -> Outcome {
        let depth = self.frames.len();
        let native_depth = self.limits.native_depth;
        if native_depth == 0 {
            self.drop_frame();
            return Err(Failure::new(
                crate::failure::FailureKind::Limit,
                "Переполнение стека встроенного языка",
            ));
        }
        self.limits.native_depth -= 1;
        if let Some(frame) = self.frames.last_mut() {
            frame.is_boundary = true;
        }
        let result = self.run(depth);
        self.limits.native_depth = native_depth;
        result
    }

    /// The error that the nearest except part around the running code has caught.
    pub fn caught_error(&self) -> Option<Rc<Failure>> {
        self.frames.iter().rev().find_map(|frame| frame.errors.last().cloned())
    }

    /// Lines that are being executed, the innermost first.
    pub fn stack_lines(&self) -> Vec<crate::failure::Frame> {
        self.frames.iter().rev().map(Frame::place).collect()
    }

    pub fn start_measurement(&mut self) {
        self.measurement = Some(Measurement::new(self.clock.now()));
    }

    pub fn stop_measurement(&mut self) -> Option<Measurement> {
        let now = self.clock.now();
        let mut measurement = self.measurement.take()?;
        measurement.leave_line(now);
        Some(measurement)
    }

    /// Gives queries their tables.
    pub fn set_database(&mut self, database: Rc<dyn crate::query::Database>) {
        self.database = Some(database);
    }

    pub(crate) fn database(&self) -> Option<Rc<dyn crate::query::Database>> {
        self.database.clone()
    }

    /// Statements that were executed so far.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    fn builtin(&self, name: &Name) -> Option<Builtin> {
        builtins::find(name)
    }

    /// Calls a function of the global context, or a method of the object whose module runs.
    fn call_global(&mut self, name: &Name, arguments: &mut [Value]) -> Outcome {
        if let Some(this) = self.frames.last().and_then(|frame| frame.this.clone())
            && let Value::Object(object) = &this
            && object.has_method(name)
        {
            return object.call(self, name, &mut Arguments::new(arguments));
        }
        if let Some(function) = self.host.function(name) {
            return function(self, &mut Arguments::new(arguments));
        }
        match self.builtin(name) {
            Some(builtin) => {
                let mut arguments = Arguments::new(arguments);
                arguments.expect(builtin.least, builtin.most)?;
                (builtin.function)(self, &mut arguments)
            }
            // Code of `Выполнить` calls the methods of the module around it.
            None => match self.frames.last().map(|frame| frame.instance.clone()) {
                Some(instance) if instance.module().find(name).is_some() => {
                    self.call(&instance, &name.shown, arguments.to_vec())
                }
                _ => Err(Failure::unsupported(&name.shown)),
            },
        }
    }
}

/// Names that a module on this machine may use.
struct MachineNames<'a> {
    machine: &'a Machine,
    this: Option<&'a Value>,
}

impl MachineNames<'_> {
    fn this_has(&self, test: impl Fn(&dyn crate::object::Object) -> bool) -> bool {
        matches!(self.this, Some(Value::Object(object)) if test(object.as_ref()))
    }
}

impl Environment for MachineNames<'_> {
    fn is_own_property(&self, name: &Name) -> bool {
        self.this_has(|object| object.has_property(name))
    }

    fn is_property(&self, name: &Name) -> bool {
        self.is_own_property(name)
            || self.machine.properties.contains_key(&name.folded)
            || (self.this.is_some() && instance::is_this(name))
            || builtins::property(name).is_some()
    }

    fn is_method(&self, name: &Name) -> bool {
        self.machine.builtin(name).is_some()
            || self.machine.missing_functions.contains_key(&name.folded)
            || self.machine.host.is_method(name)
            || self.this_has(|object| object.has_method(name))
    }
}
