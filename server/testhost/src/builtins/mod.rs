//! The global context: functions, properties and constructors, in both languages.

mod binary;
mod conversion;
mod dates;
mod errors;
mod files;
mod format;
mod json;
mod numbers;
mod regular_expressions;
mod session;
mod strings;
mod template;

use std::sync::LazyLock;

use platform::Platform;
use rustc_hash::FxHashMap;

pub(crate) use self::binary::{Encoding, base64};
pub(crate) use self::conversion::name_list;
pub(crate) use self::dates::UNIX_EPOCH;
pub(crate) use self::errors::{cause_of, failure_of};
pub(crate) use self::regular_expressions::Patterns;
pub(crate) use self::session::SystemInfo;

use crate::arguments::Arguments;
use crate::failure::{Failure, FailureKind, Outcome, messages};
use crate::machine::Machine;
use crate::name::Name;
use crate::object::Object;
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

/// All functions and their numbers by name.
struct Functions {
    list: Vec<Builtin>,
    numbers: FxHashMap<String, u16>,
}

static FUNCTIONS: LazyLock<Functions> = LazyLock::new(|| {
    let tables = [
        strings::TABLE,
        template::TABLE,
        numbers::TABLE,
        dates::TABLE,
        conversion::TABLE,
        format::TABLE,
        errors::TABLE,
        session::TABLE,
        binary::TABLE,
        files::TABLE,
        json::TABLE,
        regular_expressions::TABLE,
    ];
    let mut functions = Functions { list: Vec::new(), numbers: FxHashMap::default() };
    for (russian, english, least, most, function) in tables.into_iter().flatten() {
        let number = functions.list.len() as u16;
        functions.list.push(Builtin { function: *function, least: *least, most: *most });
        functions.numbers.insert(base::fold_case(russian).to_string(), number);
        functions.numbers.insert(base::fold_case(english).to_string(), number);
    }
    functions
});

/// Number of a function by one of its names.
pub(crate) fn number(name: &Name) -> Option<u16> {
    FUNCTIONS.numbers.get(name.folded.as_ref()).copied()
}

/// A function by its number.
pub(crate) fn function(number: u16) -> Option<Builtin> {
    FUNCTIONS.list.get(usize::from(number)).copied()
}

/// A property of the global context.
pub(crate) fn property(name: &Name) -> Option<Value> {
    let is =
        |russian, english| base::same_name(&name.shown, russian) || base::same_name(&name.shown, english);
    if is("Символы", "Chars") {
        return Some(Value::object(strings::Characters));
    }
    if is("ОбработкаОшибок", "ErrorProcessing") {
        return Some(Value::object(errors::ErrorProcessing));
    }
    crate::objects::enumeration(&name.shown)
}

/// A name that code may read: one of the host, or one that only the platform has.
pub(crate) fn is_property(name: &Name) -> bool {
    let platform = Platform::embedded();
    property(name).is_some() || platform.property(&name.shown).is_some()
}

/// A member that the platform has and this host lacks is not «not found» but unsupported, by its name.
#[cold]
pub(crate) fn missing_member(failure: Box<Failure>, object: &dyn Object, name: &Name) -> Box<Failure> {
    if failure.kind != FailureKind::Runtime || !failure.stack.is_empty() {
        return failure;
    }
    let platform = Platform::embedded();
    let type_name = object.type_name();
    let Some(id) = platform.type_id(type_name.russian()) else { return failure };
    let is_known = (failure.message == messages::no_method(&name.shown).message
        && platform.method(id, &name.shown).is_some())
        || (failure.message == messages::no_field(&name.shown).message
            && platform.member_property(id, &name.shown).is_some());
    if is_known { Failure::unsupported(format!("{}.{}", type_name.russian(), name.shown)) } else { failure }
}

/// `Новый Имя(…)`.
pub(crate) fn construct(machine: &mut Machine, name: &Name, arguments: &mut Arguments<'_>) -> Outcome {
    if let Some(constructor) = objects::constructor(name) {
        return constructor(machine, arguments);
    }
    match objects::construct_record(name, arguments) {
        Some(record) => record,
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
