//! What an infobase adds to the global context: functions, constructors, types, global modules.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::arguments::Arguments;
use crate::builtins;
use crate::code::Method;
use crate::failure::Outcome;
use crate::machine::{Instance, Machine};
use crate::name::Name;
use crate::object::Object;
use crate::types::TypeName;

/// A function that a host gives to code.
pub(crate) type HostFunction = Rc<dyn Fn(&mut Machine, &mut Arguments<'_>) -> Outcome>;

/// Additions by name in lower case.
#[derive(Default)]
pub(crate) struct Host {
    functions: FxHashMap<Rc<str>, HostFunction>,
    constructors: FxHashMap<Rc<str>, HostFunction>,
    types: FxHashMap<Rc<str>, TypeName>,
    /// Exported methods of global modules with the modules, which are loaded when they are called.
    global_methods: FxHashMap<Rc<str>, Rc<dyn Object>>,
}

impl Host {
    pub(crate) fn add_function(&mut self, names: [&str; 2], function: HostFunction) {
        for name in names {
            self.functions.insert(Name::new(name).folded, function.clone());
        }
    }

    pub(crate) fn add_constructor(&mut self, names: [&str; 2], function: HostFunction) {
        for name in names {
            self.constructors.insert(Name::new(name).folded, function.clone());
        }
    }

    pub(crate) fn add_type(&mut self, name: &TypeName) {
        self.types.insert(Name::new(name.russian()).folded, name.clone());
        self.types.insert(Name::new(name.english()).folded, name.clone());
    }

    pub(crate) fn add_global_method(&mut self, name: &Name, module: Rc<dyn Object>) {
        self.global_methods.insert(name.folded.clone(), module);
    }

    pub(crate) fn function(&self, name: &Name) -> Option<HostFunction> {
        self.functions.get(&name.folded).cloned()
    }

    /// A type of a metadata object: `СправочникСсылка.Товары`, `CatalogRef.Товары`.
    pub(crate) fn type_name(&self, name: &str) -> Option<TypeName> {
        self.types.get(base::fold_case(name).as_ref()).cloned()
    }

    pub(crate) fn is_method(&self, name: &Name) -> bool {
        self.functions.contains_key(&name.folded) || self.global_methods.contains_key(&name.folded)
    }
}

impl Machine {
    /// An exported method of a global module.
    pub(super) fn global_method(&mut self, name: &Name) -> Outcome<Option<(Rc<Instance>, Rc<Method>)>> {
        let Some(owner) = self.host.global_methods.get(&name.folded).cloned() else { return Ok(None) };
        let Some(instance) = owner.instance(self)? else { return Ok(None) };
        let module = instance.module();
        let method = module.find(name).map(|number| module.methods[usize::from(number)].clone());
        Ok(method.filter(|method| method.is_export).map(|method| (instance, method)))
    }

    /// `Новый Имя(…)`.
    pub(crate) fn construct(&mut self, name: &Name, arguments: &mut Arguments<'_>) -> Outcome {
        match self.host.constructors.get(&name.folded).cloned() {
            Some(constructor) => constructor(self, arguments),
            None => builtins::construct(self, name, arguments),
        }
    }
}
