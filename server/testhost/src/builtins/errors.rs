//! What code sees of errors.

use std::rc::Rc;

use crate::arguments::Arguments;
use crate::builtins::Entry;
use crate::failure::{Failure, Outcome, messages};
use crate::machine::Machine;
use crate::name::Name;
use crate::object::Object;
use crate::objects::enumeration::value_name;
use crate::types::TypeName;
use crate::value::Value;

pub(super) const TABLE: &[Entry] = &[
    ("ИнформацияОбОшибке", "ErrorInfo", 0, 0, |machine, _| {
        Ok(machine.caught_error().map_or(Value::Undefined, |failure| Value::object(ErrorInfo { failure })))
    }),
    ("ОписаниеОшибки", "ErrorDescription", 0, 0, |machine, _| {
        Ok(machine.caught_error().map(|failure| failure.description()).unwrap_or_default().into())
    }),
    (
        "КраткоеПредставлениеОшибки",
        "BriefErrorDescription",
        1,
        1,
        |_, arguments| Ok(info(arguments)?.message.as_ref().into()),
    ),
    (
        "ПодробноеПредставлениеОшибки",
        "DetailErrorDescription",
        1,
        1,
        |_, arguments| Ok(info(arguments)?.detailed().into()),
    ),
];

/// `ОбработкаОшибок`: the same functions as methods.
pub(super) struct ErrorProcessing;

impl Object for ErrorProcessing {
    fn type_name(&self) -> TypeName {
        TypeName::made("МенеджерОбработкиОшибок", "ErrorProcessingManager")
    }

    fn call(&self, _machine: &mut Machine, name: &Name, arguments: &mut Arguments<'_>) -> Outcome {
        let text = match name.folded.as_ref() {
            "краткоепредставлениеошибки"
            | "brieferrordescription"
            | "сообщениеобошибкедляпользователя"
            | "errormessageforuser" => info(arguments)?.message.as_ref().into(),
            "подробноепредставлениеошибки" | "detailerrordescription" => {
                info(arguments)?.detailed().into()
            }
            _ => return Err(messages::no_method(&name.shown)),
        };
        Ok(text)
    }
}

/// An error that code holds.
pub(crate) struct ErrorInfo {
    pub(crate) failure: Rc<Failure>,
}

fn info(arguments: &Arguments<'_>) -> Outcome<Rc<Failure>> {
    let value = arguments.value(0);
    value.downcast::<ErrorInfo>().map(|info| info.failure.clone()).ok_or_else(|| messages::wrong_type(1))
}

/// The error that `ВызватьИсключение ИнформацияОбОшибке` raises again.
pub(crate) fn failure_of(values: &[Value]) -> Option<Box<Failure>> {
    let [value] = values else { return None };
    value.resolved().downcast::<ErrorInfo>().map(|info| Box::new(info.failure.as_ref().clone()))
}

/// An error as the cause of another one.
pub(crate) fn cause_of(value: &Value) -> Option<Box<Failure>> {
    value.resolved().downcast::<ErrorInfo>().map(|info| Box::new(info.failure.as_ref().clone()))
}

impl Object for ErrorInfo {
    fn type_name(&self) -> TypeName {
        TypeName::ERROR_INFO
    }

    fn get(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        let frame = self.failure.stack.first();
        Ok(match name.folded.as_ref() {
            "описание" | "description" => self.failure.message.as_ref().into(),
            "имямодуля" | "modulename" => frame.map_or("", |frame| frame.module.as_ref()).into(),
            "номерстроки" | "linenumber" => frame.map_or(0, |frame| i64::from(frame.line)).into(),
            "исходнаястрока" | "sourceline" => {
                frame.map_or("", |frame| frame.source.as_ref()).into()
            }
            "причина" | "cause" => match &self.failure.cause {
                Some(cause) => Value::object(Self { failure: Rc::new(cause.as_ref().clone()) }),
                None => Value::Undefined,
            },
            _ => return Err(messages::no_field(&name.shown)),
        })
    }

    fn call(&self, _machine: &mut Machine, name: &Name, arguments: &mut Arguments<'_>) -> Outcome {
        match name.folded.as_ref() {
            "этоошибкакатегории" | "iserrorofcategory" => {
                let wanted = arguments.value(0);
                let wanted = value_name(&wanted).ok_or_else(|| messages::wrong_type(1))?;
                Ok((wanted == "ВсеОшибки" || wanted == self.failure.category()).into())
            }
            _ => Err(messages::no_method(&name.shown)),
        }
    }
}
