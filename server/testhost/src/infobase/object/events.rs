//! Events of objects: handlers in the module of the object and in subscriptions.

use std::cell::RefCell;
use std::rc::Rc;

use crate::failure::{Failure, Outcome};
use crate::infobase::object::EntityObject;
use crate::machine::Machine;
use crate::name::Name;
use crate::object::Object;
use crate::objects::Array;
use crate::value::Value;

/// Names of an event in both languages; metadata uses the English one.
pub(crate) type Event = [&'static str; 2];

pub(crate) const BEFORE_WRITE: Event = ["ПередЗаписью", "BeforeWrite"];
pub(crate) const ON_WRITE: Event = ["ПриЗаписи", "OnWrite"];
pub(crate) const BEFORE_DELETE: Event = ["ПередУдалением", "BeforeDelete"];
pub(crate) const ON_COPY: Event = ["ПриКопировании", "OnCopy"];
pub(crate) const POSTING: Event = ["ОбработкаПроведения", "Posting"];
pub(crate) const UNDO_POSTING: Event = ["ОбработкаУдаленияПроведения", "UndoPosting"];
pub(crate) const FILLING: Event = ["ОбработкаЗаполнения", "Filling"];
pub(crate) const FILL_CHECK: Event = ["ОбработкаПроверкиЗаполнения", "FillCheckProcessing"];

impl EntityObject {
    /// Calls the handlers of an event, if there are some.
    pub(super) fn event(&self, machine: &mut Machine, event: Event, arguments: Vec<Value>) -> Outcome<()> {
        call_handler(machine, self, event, &arguments)?;
        let world = self.world()?;
        let Some(this) = self.this() else { return Ok(()) };
        world.subscriptions(machine, &self.entity, event, &this, &arguments)
    }

    /// An event whose first argument is `Отказ`; a refusal is an error.
    pub(super) fn vetoed_event(
        &self,
        machine: &mut Machine,
        event: Event,
        others: impl IntoIterator<Item = Value>,
        refusal: impl FnOnce(&Self) -> Box<Failure>,
    ) -> Outcome<()> {
        let veto = flag();
        let arguments = std::iter::once(veto.clone()).chain(others).collect();
        self.event(machine, event, arguments)?;
        if veto.resolved() == Value::Boolean(true) { Err(refusal(self)) } else { Ok(()) }
    }

    pub(super) fn check_filling(&self, machine: &mut Machine) -> Outcome {
        let veto = flag();
        self.event(machine, FILL_CHECK, vec![veto.clone(), Array::of(Vec::new())])?;
        Ok((veto.resolved() != Value::Boolean(true)).into())
    }

    pub(super) fn fill(&self, machine: &mut Machine, data: &Value) -> Outcome<()> {
        let standard = Value::Reference(Rc::new(RefCell::new(true.into())));
        self.event(machine, FILLING, vec![data.clone(), Value::Undefined, standard])
    }
}

/// A variable that handlers may set to true.
pub(crate) fn flag() -> Value {
    Value::Reference(Rc::new(RefCell::new(false.into())))
}

/// Calls the handler of an object's own module. Handlers may take fewer parameters than the event has.
pub(crate) fn call_handler(
    machine: &mut Machine,
    object: &dyn Object,
    event: Event,
    arguments: &[Value],
) -> Outcome<()> {
    let Some(instance) = object.instance(machine)? else { return Ok(()) };
    let module = instance.module();
    let Some(number) = event.iter().find_map(|name| module.find(&Name::new(name))) else { return Ok(()) };
    let method = &module.methods[usize::from(number)];
    let taken = arguments.iter().take(method.parameters.len()).cloned().collect();
    machine.call(&instance, &method.name.shown, taken).map(drop)
}
