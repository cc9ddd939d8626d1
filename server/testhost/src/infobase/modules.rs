//! Modules of the configuration: read and compiled when they are first needed, replaced while they run.

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::{Rc, Weak};

use base::{Files, TextRange};
use syntax::{NodeId, Role, SyntaxTree, TokenKind, parse_text};

use crate::arguments::Arguments;
use crate::code::{CompileError, Module};
use crate::failure::{Failure, FailureKind, Outcome, messages};
use crate::machine::{Instance, Machine};
use crate::name::Name;
use crate::object::Object;
use crate::types::TypeName;
use crate::value::Value;

/// Makes an object whose properties and methods a module may use without a dot.
pub(crate) type MakeThis = Box<dyn Fn() -> Option<Value>>;

/// A module of the configuration, whether it was read or not.
pub(crate) struct ModuleSlot {
    /// As stacks name it: `ОбщийМодуль.Цены.Модуль`, `CommonModule.Prices.Module`.
    pub(crate) name: Rc<str>,
    /// The same in the other language.
    pub(crate) other_name: Rc<str>,
    pub(crate) path: PathBuf,
    make_this: MakeThis,
    state: RefCell<State>,
    /// Instances that live, for replacements.
    instances: RefCell<Vec<Weak<Instance>>>,
}

#[derive(Clone)]
enum State {
    Unread,
    Absent,
    Compiled(Rc<Module>),
}

impl ModuleSlot {
    pub(crate) fn new(name: String, other_name: String, path: PathBuf, make_this: MakeThis) -> Self {
        Self {
            name: name.into(),
            other_name: other_name.into(),
            path,
            make_this,
            state: RefCell::new(State::Unread),
            instances: RefCell::default(),
        }
    }

    /// True if a text names this module: its name in either language, or the end of its path.
    pub(crate) fn is_named(&self, text: &str) -> bool {
        let is_path = || self.path.ends_with(text) && text.contains(['/', '\\']);
        base::same_name(&self.name, text) || base::same_name(&self.other_name, text) || is_path()
    }

    pub(crate) fn text(&self, files: &dyn Files) -> Outcome<Option<String>> {
        let Ok(bytes) = files.read(&self.path) else { return Ok(None) };
        let decoded = base::encoding::decode(bytes).map_err(|error| {
            Failure::new(FailureKind::Syntax, format!("{}: {error}", self.path.display()))
        })?;
        Ok(Some(decoded.text.to_string()))
    }

    /// The compiled module; `None` if there is no file.
    fn module(&self, machine: &mut Machine, files: &dyn Files) -> Outcome<Option<Rc<Module>>> {
        let state = self.state.borrow().clone();
        match state {
            State::Absent => Ok(None),
            State::Compiled(module) => Ok(Some(module)),
            State::Unread => {
                let Some(text) = self.text(files)? else {
                    self.state.replace(State::Absent);
                    return Ok(None);
                };
                let module = self
                    .compile(machine, &text)
                    .map_err(|error| Failure::new(FailureKind::Syntax, error.to_string()))?;
                self.state.replace(State::Compiled(module.clone()));
                Ok(Some(module))
            }
        }
    }

    pub(crate) fn compile(&self, machine: &Machine, text: &str) -> Result<Rc<Module>, CompileError> {
        machine.compile(&self.name, text, (self.make_this)().as_ref())
    }

    /// A loaded module for an object; its body has run.
    pub(crate) fn load(
        &self,
        machine: &mut Machine,
        files: &dyn Files,
        this: Option<Value>,
    ) -> Outcome<Option<Rc<Instance>>> {
        let Some(module) = self.module(machine, files)? else { return Ok(None) };
        let instance = Rc::new(Instance::new(module, this));
        let mut instances = self.instances.borrow_mut();
        if instances.len() == instances.capacity() {
            instances.retain(|instance| instance.strong_count() > 0);
        }
        instances.push(Rc::downgrade(&instance));
        drop(instances);
        machine.run_body(&instance)?;
        Ok(Some(instance))
    }

    /// Replaces the code everywhere; what runs goes on with the old one.
    pub(crate) fn replace(&self, module: &Rc<Module>) {
        self.state.replace(State::Compiled(module.clone()));
        for instance in self.instances.borrow().iter().filter_map(Weak::upgrade) {
            instance.replace(module.clone());
        }
    }

    pub(crate) fn compiled(&self) -> Option<Rc<Module>> {
        match &*self.state.borrow() {
            State::Compiled(module) => Some(module.clone()),
            _ => None,
        }
    }
}

/// Names of the exported methods of a text, without compiling it.
pub(crate) fn exported_methods(text: &str) -> Vec<Name> {
    let mut tree = SyntaxTree::default();
    tree.lower(&parse_text(text), TextRange::from(0..text.len()), text);
    let is_exported =
        |node: &NodeId| tree.kind(*node).is_method() && tree.own_token(*node, TokenKind::Export).is_some();
    let name = |node| {
        let name = tree.child(node, Role::Name)?;
        Some(Name::new(tree.range(name).slice(text)))
    };
    tree.children(SyntaxTree::ROOT).filter(is_exported).filter_map(name).collect()
}

/// A common module as code sees it: loaded when something of it is used.
pub(crate) struct LazyModule {
    pub(crate) name: Name,
    pub(crate) slot: Rc<ModuleSlot>,
    pub(crate) files: Rc<dyn Files>,
    pub(crate) instance: RefCell<Option<Rc<Instance>>>,
}

impl LazyModule {
    fn required(&self, machine: &mut Machine) -> Outcome<Rc<Instance>> {
        if let Some(instance) = self.instance.borrow().clone() {
            return Ok(instance);
        }
        let loaded = self.slot.load(machine, self.files.as_ref(), None)?;
        let instance =
            loaded.ok_or_else(|| Failure::unsupported(format!("модуль без текста {}", self.slot.name)))?;
        self.instance.replace(Some(instance.clone()));
        Ok(instance)
    }
}

impl Object for LazyModule {
    fn type_name(&self) -> TypeName {
        TypeName::MODULE
    }

    fn presentation(&self) -> String {
        self.name.shown.to_string()
    }

    fn instance(&self, machine: &mut Machine) -> Outcome<Option<Rc<Instance>>> {
        self.required(machine).map(Some)
    }

    fn get(&self, machine: &mut Machine, name: &Name) -> Outcome {
        self.required(machine)?.variable(name).ok_or_else(|| messages::no_field(&name.shown))
    }

    fn set(&self, machine: &mut Machine, name: &Name, value: Value) -> Outcome<()> {
        if self.required(machine)?.set_variable(name, value) {
            return Ok(());
        }
        Err(messages::no_field(&name.shown))
    }

    fn call(&self, _machine: &mut Machine, name: &Name, _arguments: &mut Arguments<'_>) -> Outcome {
        Err(messages::no_method(&name.shown))
    }
}
