//! A module that is loaded: its code, which may be replaced while it lives, and its variables.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use crate::arguments::Arguments;
use crate::code::Module;
use crate::failure::{Outcome, messages};
use crate::machine::Machine;
use crate::name::Name;
use crate::object::Object;
use crate::types::TypeName;
use crate::value::Value;

/// A loaded module. Frames keep the code they began with; calls made after a replacement run the new one. The object
/// whose module it is holds its instance, so the way back is weak; frames keep the object alive.
pub struct Instance {
    module: RefCell<Rc<Module>>,
    pub(super) variables: RefCell<Vec<Value>>,
    this: Option<Weak<dyn Object>>,
}

impl Instance {
    pub fn new(module: Rc<Module>, this: Option<Value>) -> Self {
        let variables = RefCell::new(vec![Value::Undefined; module.variables.len()]);
        let this = match this {
            Some(Value::Object(object)) => Some(Rc::downgrade(&object)),
            _ => None,
        };
        Self { module: RefCell::new(module), variables, this }
    }

    pub fn module(&self) -> Rc<Module> {
        self.module.borrow().clone()
    }

    /// The object whose module this is.
    pub fn this(&self) -> Option<Value> {
        self.this.as_ref()?.upgrade().map(Value::Object)
    }

    /// Replaces the code; variables keep their values by name.
    pub fn replace(&self, module: Rc<Module>) {
        let old = self.module();
        let mut variables = self.variables.borrow_mut();
        let value_of = |name: &Name| {
            let index = old.variables.iter().position(|variable| variable.name == *name)?;
            variables.get(index).cloned()
        };
        let values =
            module.variables.iter().map(|variable| value_of(&variable.name).unwrap_or_default()).collect();
        *variables = values;
        *self.module.borrow_mut() = module;
    }

    /// An exported variable.
    pub fn variable(&self, name: &Name) -> Option<Value> {
        let module = self.module();
        let index =
            module.variables.iter().position(|variable| variable.is_export && variable.name == *name)?;
        self.variables.borrow().get(index).map(Value::resolved)
    }

    pub fn set_variable(&self, name: &Name, value: Value) -> bool {
        let module = self.module();
        let Some(index) =
            module.variables.iter().position(|variable| variable.is_export && variable.name == *name)
        else {
            return false;
        };
        match self.variables.borrow_mut().get_mut(index) {
            Some(Value::Reference(variable)) => *variable.borrow_mut() = value,
            Some(variable) => *variable = value,
            None => return false,
        }
        true
    }
}

pub(super) fn is_this(name: &Name) -> bool {
    base::same_name(&name.shown, "ЭтотОбъект") || base::same_name(&name.shown, "ThisObject")
}

/// A common module as code sees it.
pub struct CommonModule {
    pub instance: Rc<Instance>,
}

impl Object for CommonModule {
    fn type_name(&self) -> TypeName {
        TypeName::MODULE
    }

    fn instance(&self, _machine: &mut Machine) -> Outcome<Option<Rc<Instance>>> {
        Ok(Some(self.instance.clone()))
    }

    fn get(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        self.instance.variable(name).ok_or_else(|| messages::no_field(&name.shown))
    }

    fn set(&self, _machine: &mut Machine, name: &Name, value: Value) -> Outcome<()> {
        if self.instance.set_variable(name, value) { Ok(()) } else { Err(messages::no_field(&name.shown)) }
    }

    fn call(&self, _machine: &mut Machine, name: &Name, _arguments: &mut Arguments<'_>) -> Outcome {
        Err(messages::no_method(&name.shown))
    }
}
