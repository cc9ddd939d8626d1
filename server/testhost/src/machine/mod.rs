//! The stack machine: frames, calls, errors, budgets.

mod budget;
mod dynamic;
mod frame;
mod host;
mod instance;
mod limits;
mod measure;
mod observe;
pub(crate) mod operators;
mod step;

use std::rc::Rc;

use base::Locale;
use platform::Platform;
use rustc_hash::FxHashMap;

pub use self::budget::Tracer;
pub(crate) use self::host::Host;
pub use self::instance::{CommonModule, Instance};
pub use self::limits::{Clock, Limits};
pub use self::measure::{LineMeasure, Measurement};
pub use self::observe::Observer;

use self::budget::Budget;
use self::frame::Frame;
use crate::arguments::Arguments;
use crate::builtins;
use crate::code::{CompileError, Module};
use crate::compile::{self, Environment};
use crate::failure::{Failure, Outcome, messages};
use crate::grants::Grants;
use crate::name::Name;
use crate::transactions::Transactions;
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
    observer: Option<Rc<dyn Observer>>,
    /// Of messages of errors.
    pub language: Locale,
    /// What `Сообщить` said.
    pub output: Vec<Rc<str>>,
    /// Which files and hosts code may use: none at first.
    pub grants: Grants,
    /// The temporary storage of the session, by address.
    pub(crate) storage: FxHashMap<Rc<str>, Value>,
    /// Transactions that are open, and whether one of them has failed.
    pub(crate) transactions: Transactions,
    budget: Budget,
    /// Queries within queries that are being run.
    pub(crate) query_depth: usize,
    /// Regular expressions that were compiled.
    pub(crate) patterns: builtins::Patterns,
    /// Lists for arguments that are free to be used again.
    spare: Vec<Vec<Value>>,
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
            observer: None,
            language: Locale::Ru,
            output: Vec::new(),
            grants: Grants::default(),
            storage: FxHashMap::default(),
            transactions: Transactions::default(),
            budget: Budget::default(),
            query_depth: 0,
            patterns: builtins::Patterns::default(),
            spare: Vec::new(),
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
        let compiled = compile::compile(name, text, &MachineNames { machine: self, this });
        compiled.map(Rc::new).map_err(|error| CompileError {
            message: Failure::message_in(&error.message, self.language),
            ..error
        })
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
        // Limits and observers may be new ones.
        self.budget.check_at.set(0);
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

    /// Gives queries their tables.
    pub fn set_database(&mut self, database: Rc<dyn crate::query::Database>) {
        self.database = Some(database);
    }

    pub(crate) fn database(&self) -> Option<Rc<dyn crate::query::Database>> {
        self.database.clone()
    }

    /// Statements that were executed so far.
    pub fn steps(&self) -> u64 {
        self.budget.steps
    }

    /// Tells the user something.
    pub(crate) fn say(&mut self, text: Rc<str>) -> Outcome<()> {
        self.check_text(text.len() + size_of::<Value>())?;
        self.output.push(text);
        Ok(())
    }

    /// Calls a function by name: one of the object whose module runs, of the module around `Выполнить`, or a global one.
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
        if let Some(instance) = self.frames.last().map(|frame| frame.instance.clone())
            && instance.module().find(name).is_some()
        {
            return self.call(&instance, &name.shown, arguments.to_vec());
        }
        match builtins::number(name) {
            Some(number) => self.call_builtin(number, arguments),
            None => Err(Failure::unsupported(&name.shown)),
        }
    }

    fn call_builtin(&mut self, number: u16, arguments: &mut [Value]) -> Outcome {
        let Some(builtin) = builtins::function(number) else { return Ok(Value::Undefined) };
        let mut arguments = Arguments::new(arguments);
        arguments.expect(builtin.least, builtin.most)?;
        (builtin.function)(self, &mut arguments)
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
            || builtins::is_property(name)
    }

    fn is_method(&self, name: &Name) -> bool {
        builtins::number(name).is_some()
            || self.machine.missing_functions.contains_key(&name.folded)
            || Platform::embedded().function(&name.shown).is_some()
            || self.is_own_method(name)
    }

    fn is_own_method(&self, name: &Name) -> bool {
        self.machine.host.is_method(name) || self.this_has(|object| object.has_method(name))
    }
}
