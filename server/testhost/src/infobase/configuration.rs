//! A configuration that can be run: its modules are called, replaced while they run, and keep their data in memory.

use std::fmt;
use std::path::Path;
use std::rc::Rc;

use base::Files;
use metadata::{Metadata, ObjectKind, RootId};

use crate::code::{CompileError, Module};
use crate::failure::{Failure, Outcome, messages};
use crate::infobase::modules::exported_methods;
use crate::infobase::{World, builder, session};
use crate::machine::{Instance, Machine};
use crate::name::Name;
use crate::value::Value;

/// An infobase in memory with a configuration. Several machines may be its sessions; all of them, and it, belong to one
/// thread.
#[derive(Clone)]
pub struct Configuration {
    world: Rc<World>,
}

/// Why a module was not replaced.
#[derive(Clone, Debug)]
pub enum ReplaceError {
    /// No module has this name or path.
    Unknown(String),
    Compile(CompileError),
}

impl fmt::Display for ReplaceError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(name) => write!(formatter, "no module is named {name}"),
            Self::Compile(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for ReplaceError {}

impl Configuration {
    /// `None` if there is no such root. Modules are read and compiled when they are needed.
    pub fn open(metadata: &Metadata, root: RootId, files: Rc<dyn Files>) -> Option<Self> {
        builder::build(metadata, root, files).map(|world| Self { world })
    }

    /// Makes a machine a session of this infobase.
    pub fn attach(&self, machine: &mut Machine) -> Outcome<()> {
        session::attach(&self.world, machine)
    }

    /// Calls an exported method: `ОбщийМодуль.Метод`, `Справочники.Товары.Метод`, `Метод` of a global module. A transaction
    /// that the call leaves open is rolled back.
    pub fn call(&self, machine: &mut Machine, path: &str, arguments: Vec<Value>) -> Outcome {
        let found = self.find_method(machine, path);
        let (instance, method) = found.map_err(|failure| failure.in_language(machine.language))?;
        let result = machine.call(&instance, &method, arguments);
        if self.world.store.is_in_transaction() {
            self.world.store.abandon();
        }
        result
    }

    fn find_method(&self, machine: &mut Machine, path: &str) -> Outcome<(Rc<Instance>, String)> {
        let parts: Vec<&str> = path.split('.').map(str::trim).collect();
        let (owner, method) = match parts.as_slice() {
            [method] => (self.global_module(method)?, *method),
            [module, method] => (self.common_module(module)?, *method),
            [collection, name, method] => (self.manager(collection, name)?, *method),
            _ => return Err(Failure::runtime(format!("Неверное имя метода ({path})"))),
        };
        let Value::Object(owner) = owner else { return Err(messages::no_method(method)) };
        let Some(instance) = owner.instance(machine)? else { return Err(messages::no_method(method)) };
        let module = instance.module();
        let number = module.find(&Name::new(method)).ok_or_else(|| messages::no_method(method))?;
        if !module.methods[usize::from(number)].is_export {
            return Err(messages::no_method(method));
        }
        Ok((instance, method.to_owned()))
    }

    fn common_module(&self, name: &str) -> Outcome {
        let name = Name::new(name);
        let module = self.world.common_modules.iter().find(|module| module.name == name);
        module
            .map(|module| Value::Object(module.clone()))
            .ok_or_else(|| Failure::runtime(format!("Общий модуль не найден ({})", name.shown)))
    }

    fn global_module(&self, method: &str) -> Outcome {
        let name = Name::new(method);
        for module in &self.world.global_modules {
            let text = module.slot.text(self.world.files.as_ref())?.unwrap_or_default();
            if exported_methods(&text).contains(&name) {
                return Ok(Value::Object(module.clone()));
            }
        }
        Err(messages::no_method(method))
    }

    fn manager(&self, collection: &str, name: &str) -> Outcome {
        let kind = ObjectKind::from_collection(collection).or_else(|| ObjectKind::from_name(collection));
        let number = kind.and_then(|kind| self.world.number(kind, name));
        number
            .map(|number| self.world.manager(number))
            .ok_or_else(|| Failure::runtime(format!("Объект не найден ({collection}.{name})")))
    }

    /// Replaces the text of a module, named as stacks name it in either language, or by the end of its path. Objects and
    /// their data live on; what runs ends with the old code, later calls run the new one. Variables of the module keep
    /// their values by name.
    pub fn replace_module(&self, machine: &mut Machine, name: &str, text: &str) -> Result<(), ReplaceError> {
        let slot = self.world.slots.iter().find(|slot| slot.is_named(name));
        let slot = slot.ok_or_else(|| ReplaceError::Unknown(name.to_owned()))?;
        // New exports of a global module are known at once, also to itself.
        let global = self.world.global_modules.iter().find(|module| Rc::ptr_eq(&module.slot, slot));
        if let Some(module) = global {
            for method in exported_methods(text) {
                machine.host.add_global_method(&method, module.clone());
            }
        }
        let module = slot.compile(machine, text).map_err(ReplaceError::Compile)?;
        slot.replace(&module);
        Ok(())
    }

    /// Compiles a text as a module of the configuration without replacing it.
    pub fn check_module(&self, machine: &Machine, name: &str, text: &str) -> Result<(), ReplaceError> {
        let slot = self.world.slots.iter().find(|slot| slot.is_named(name));
        let slot = slot.ok_or_else(|| ReplaceError::Unknown(name.to_owned()))?;
        slot.compile(machine, text).map(drop).map_err(ReplaceError::Compile)
    }

    /// All modules that may have a text: name in stacks and path.
    pub fn modules(&self) -> impl Iterator<Item = (&str, &Path)> {
        self.world.slots.iter().map(|slot| (slot.name.as_ref(), slot.path.as_path()))
    }

    /// A module that was compiled, by its name in stacks.
    pub fn module(&self, name: &str) -> Option<Rc<Module>> {
        self.world.slots.iter().find(|slot| slot.is_named(name))?.compiled()
    }

    /// Modules that were compiled so far, by their names in stacks.
    pub fn loaded_modules(&self) -> Vec<String> {
        let loaded = self.world.slots.iter().filter(|slot| slot.compiled().is_some());
        loaded.map(|slot| slot.name.to_string()).collect()
    }
}
