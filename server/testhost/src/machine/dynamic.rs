//! `Выполнить` and `Вычислить`: code that is text. It sees the variables of the method around it.

use std::rc::Rc;

use crate::compile::{self, Environment};
use crate::failure::{Failure, FailureKind, Outcome};
use crate::machine::{Instance, Machine, MachineNames};
use crate::name::Name;
use crate::value::Value;

/// Names of the module around the text, besides those of the machine.
struct DynamicNames<'a> {
    outer: MachineNames<'a>,
    instance: &'a Instance,
}

impl Environment for DynamicNames<'_> {
    fn is_own_property(&self, name: &Name) -> bool {
        self.outer.is_own_property(name)
    }

    fn is_property(&self, name: &Name) -> bool {
        self.outer.is_property(name)
    }

    fn is_method(&self, name: &Name) -> bool {
        self.outer.is_method(name) || self.is_own_method(name)
    }

    fn is_own_method(&self, name: &Name) -> bool {
        self.outer.is_own_method(name) || self.instance.module().find(name).is_some()
    }
}

impl Machine {
    /// Executes statements.
    pub(crate) fn execute(&mut self, code: &str) -> Outcome<()> {
        self.run_text("Процедура", code, "КонецПроцедуры").map(drop)
    }

    /// Computes an expression.
    pub(crate) fn evaluate(&mut self, expression: &str) -> Outcome {
        self.run_text("Функция", &format!("Возврат {expression}\n;"), "КонецФункции")
    }

    fn run_text(&mut self, begin: &str, code: &str, end: &str) -> Outcome {
        let Some(frame) = self.frames.last() else { return Ok(Value::Undefined) };
        let (instance, base) = (frame.instance.clone(), frame.base);
        let locals: Vec<(usize, Rc<str>)> = frame
            .method
            .locals
            .iter()
            .enumerate()
            .filter(|(_, name)| !name.shown.is_empty())
            .map(|(index, name)| (index, name.shown.clone()))
            .collect();
        let names = locals.iter().map(|(_, name)| name.as_ref()).collect::<Vec<_>>().join(", ");
        let text = format!("{begin} Текст({names}) {code}\n{end}");
        let this = instance.this();
        let names =
            DynamicNames { outer: MachineNames { machine: self, this: this.as_ref() }, instance: &instance };
        let module = compile::compile("<Неизвестный модуль>", &text, &names)
            .map_err(|error| Failure::new(FailureKind::Runtime, error.to_string()))?;
        let module = Rc::new(module);
        let method = module.methods[0].clone();
        for (index, _) in &locals {
            let reference = super::step::refer(&mut self.stack[base + index]);
            self.stack.push(reference);
        }
        self.push_frame(instance, module, method, locals.len())?;
        self.run_pushed_frame()
    }
}
