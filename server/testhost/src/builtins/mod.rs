//! The global context: functions, properties and constructors, in both languages.

mod conversion;
mod dates;
mod errors;
mod format;
mod numbers;
mod session;
mod strings;
mod template;

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

pub(crate) use self::conversion::name_list;
pub(crate) use self::errors::{cause_of, failure_of};

use crate::arguments::Arguments;
use crate::failure::{Failure, Outcome, messages};
use crate::machine::Machine;
use crate::name::Name;
use crate::objects;
use crate::types::TypeName;
use crate::value::Value;

pub(crate) type Function = fn(&mut Machine, &mut Arguments<'_>) -> Outcome;

/// A function of the global context with how many arguments it takes.
#[derive(Clone, Copy)]
pub(crate) struct Builtin {
    pub(crate) function: Function,
    pub(crate) least: usize,
    pub(crate) most: usize,
}

/// A line of a table of functions: both names, least and most arguments, the function.
pub(crate) type Entry = (&'static str, &'static str, usize, usize, Function);

static FUNCTIONS: LazyLock<FxHashMap<String, Builtin>> = LazyLock::new(|| {
    let tables = [
        strings::TABLE,
        template::TABLE,
        numbers::TABLE,
        dates::TABLE,
        conversion::TABLE,
        format::TABLE,
        errors::TABLE,
        session::TABLE,
    ];
    let mut functions = FxHashMap::default();
    for (russian, english, least, most, function) in tables.into_iter().flatten() {
        let builtin = Builtin { function: *function, least: *least, most: *most };
        functions.insert(base::fold_case(russian).to_string(), builtin);
        functions.insert(base::fold_case(english).to_string(), builtin);
    }
    functions
});

pub(crate) fn find(name: &Name) -> Option<Builtin> {
    FUNCTIONS.get(name.folded.as_ref()).copied()
}

/// A property of the global context.
pub(crate) fn property(name: &Name) -> Option<Value> {
    let is =
        |russian, english| base::same_name(&name.shown, russian) || base::same_name(&name.shown, english);
    if is("Символы", "Chars") {
        return Some(Value::object(strings::Characters));
    }
    None
}

/// `Новый Имя(…)`.
pub(crate) fn construct(machine: &mut Machine, name: &Name, arguments: &mut Arguments<'_>) -> Outcome {
    match objects::constructor(name) {
        Some(constructor) => constructor(machine, arguments),
        None if TypeName::find(&name.shown).is_some() => {
            Err(Failure::runtime(format!("Конструктор не найден ({})", name.shown)))
        }
        None => Err(Failure::unsupported(format!("Новый {}", name.shown))),
    }
}

/// `Новый("Имя", МассивПараметров)`.
pub(crate) fn construct_by_name(machine: &mut Machine, arguments: &mut [Value]) -> Outcome {
    let arguments = Arguments::new(arguments);
    arguments.expect(1, 2)?;
    let name = match arguments.value(0) {
        Value::Type(name) => Name::new(name.russian()),
        _ => Name::new(&arguments.text(0)?),
    };
    let mut values = match arguments.value(1) {
        Value::Undefined => Vec::new(),
        list => list.downcast::<objects::Array>().ok_or_else(|| messages::wrong_type(2))?.values(),
    };
    machine.construct(&name, &mut Arguments::new(&mut values))
}
