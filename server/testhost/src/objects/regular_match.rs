//! `РезультатПоискаПоРегулярномуВыражению` and its groups.

use std::rc::Rc;

use crate::arguments::Arguments;
use crate::failure::{Outcome, messages};
use crate::machine::{Machine, Tracer};
use crate::name::Name;
use crate::object::Object;
use crate::objects::Array;
use crate::types::TypeName;
use crate::value::Value;

/// A piece of a text; characters count from one, zero stands for nothing found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Span {
    pub(crate) value: Rc<str>,
    pub(crate) start: usize,
    pub(crate) length: usize,
}

impl Span {
    fn get(&self, name: &Name) -> Outcome {
        Ok(match name.folded.as_ref() {
            "значение" | "value" => Value::Text(self.value.clone()),
            "начальнаяпозиция" | "startindex" => self.start.into(),
            "длина" | "length" => self.length.into(),
            _ => return Err(messages::no_field(&name.shown)),
        })
    }
}

/// What was found, or nothing.
#[derive(Debug)]
pub(crate) struct RegularMatch {
    pub(crate) whole: Span,
    /// In the order of their opening brackets.
    pub(crate) groups: Vec<Span>,
}

struct Group {
    span: Span,
}

impl RegularMatch {
    pub(crate) fn nothing() -> Self {
        Self { whole: Span::default(), groups: Vec::new() }
    }
}

impl Object for RegularMatch {
    fn type_name(&self) -> TypeName {
        TypeName::REGULAR_MATCH
    }

    fn trace(&self, tracer: &mut Tracer) {
        for span in self.groups.iter().chain([&self.whole]) {
            tracer.block(span.value.as_ptr().addr(), span.value.len());
        }
    }

    fn get(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        self.whole.get(name)
    }

    fn call(&self, machine: &mut Machine, name: &Name, arguments: &mut Arguments<'_>) -> Outcome {
        match name.folded.as_ref() {
            "получитьгруппы" | "getgroups" => {
                arguments.expect(0, 0)?;
                machine.charge_items(self.groups.len());
                let groups = self.groups.iter().cloned().map(|span| Value::object(Group { span }));
                Ok(Array::of(groups.collect()))
            }
            _ => Err(messages::no_method(&name.shown)),
        }
    }
}

impl Object for Group {
    fn type_name(&self) -> TypeName {
        TypeName::REGULAR_GROUP
    }

    fn trace(&self, tracer: &mut Tracer) {
        tracer.block(self.span.value.as_ptr().addr(), self.span.value.len());
    }

    fn get(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        self.span.get(name)
    }
}
