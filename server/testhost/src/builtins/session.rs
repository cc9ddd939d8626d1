//! The session: messages to the user, modes that do nothing here.

use crate::builtins::Entry;
use crate::failure::Outcome;
use crate::machine::Machine;
use crate::value::Value;

pub(super) const TABLE: &[Entry] = &[
    ("Сообщить", "Message", 1, 2, |machine, arguments| {
        let text = arguments.value(0).presentation();
        machine.output.push(text);
        Ok(Value::Undefined)
    }),
    ("УстановитьПривилегированныйРежим", "SetPrivilegedMode", 1, 1, nothing),
    ("ПривилегированныйРежим", "PrivilegedMode", 0, 0, |_, _| Ok(true.into())),
    ("ОбработкаПрерыванияПользователя", "UserInterruptProcessing", 0, 0, nothing),
    ("ИмяПользователя", "UserName", 0, 0, |_, _| Ok("".into())),
    ("ПравоДоступа", "AccessRight", 2, 4, |_, _| Ok(true.into())),
];

fn nothing(_: &mut Machine, _: &mut crate::arguments::Arguments<'_>) -> Outcome {
    Ok(Value::Undefined)
}
