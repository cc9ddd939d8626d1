//! `ПараметрыСеанса`: set by the module of the session when they are read for the first time.

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::failure::{Failure, Outcome, messages};
use crate::infobase::World;
use crate::machine::{Instance, Machine};
use crate::name::Name;
use crate::object::Object;
use crate::objects::Array;
use crate::types::TypeName;
use crate::value::Value;

const HANDLERS: [&str; 2] = ["УстановкаПараметровСеанса", "SessionParametersSetting"];

pub(crate) struct SessionParameters {
    world: Rc<World>,
    values: RefCell<FxHashMap<Rc<str>, Value>>,
    instance: RefCell<Option<Rc<Instance>>>,
}

impl SessionParameters {
    pub(crate) fn new(world: Rc<World>) -> Self {
        Self { world, values: RefCell::default(), instance: RefCell::new(None) }
    }

    fn place(&self, name: &Name) -> Outcome<usize> {
        let place = self.world.session_parameters.iter().position(|(known, _)| known == name);
        place.ok_or_else(|| messages::no_field(&name.shown))
    }

    /// Has the module of the session set a parameter.
    fn ask_module(&self, machine: &mut Machine, name: &Name) -> Outcome<()> {
        if self.instance.borrow().is_none()
            && let Some(slot) = &self.world.session_module
        {
            let loaded = slot.load(machine, self.world.files.as_ref(), None)?;
            self.instance.replace(loaded);
        }
        let Some(instance) = self.instance.borrow().clone() else { return Ok(()) };
        let module = instance.module();
        let Some(handler) = HANDLERS.into_iter().find(|handler| module.find(&Name::new(handler)).is_some())
        else {
            return Ok(());
        };
        let names = Array::of(vec![name.shown.as_ref().into()]);
        machine.call(&instance, handler, vec![names]).map(drop)
    }
}

impl Object for SessionParameters {
    fn type_name(&self) -> TypeName {
        TypeName::made("ПараметрыСеанса", "SessionParameters")
    }

    fn get(&self, machine: &mut Machine, name: &Name) -> Outcome {
        self.place(name)?;
        if !self.values.borrow().contains_key(&name.folded) {
            self.ask_module(machine, name)?;
        }
        let value = self.values.borrow().get(&name.folded).cloned();
        value.ok_or_else(|| {
            Failure::runtime(format!("Не установлено значение параметра сеанса ({})", name.shown))
        })
    }

    fn set(&self, _machine: &mut Machine, name: &Name, value: Value) -> Outcome<()> {
        let place = self.place(name)?;
        let value = self.world.session_parameters[place].1.adjusted(&self.world, value);
        self.values.borrow_mut().insert(name.folded.clone(), value);
        Ok(())
    }
}
