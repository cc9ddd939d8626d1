//! Objects that are little more than their properties: qualifiers, messages, storages of a value.

use std::cell::RefCell;

use crate::arguments::Arguments;
use crate::failure::{Failure, Outcome, messages};
use crate::machine::{Machine, Tracer};
use crate::memory;
use crate::name::Name;
use crate::object::Object;
use crate::objects::enumeration::enumeration_value;
use crate::types::TypeName;
use crate::value::Value;

/// What a kind of records is.
pub(super) struct Kind {
    type_name: fn() -> TypeName,
    /// Both names and the default of each property, in the order of the constructor.
    properties: &'static [(&'static str, &'static str, Initial)],
    is_writable: bool,
}

#[derive(Clone, Copy)]
enum Initial {
    Undefined,
    Empty,
    Zero,
    Text(&'static str),
    Boolean(bool),
    Enumeration(&'static str, &'static str),
}

/// An object with the properties of its kind.
pub(crate) struct Record {
    kind: &'static Kind,
    values: RefCell<Vec<Value>>,
}

macro_rules! kinds {
    ($($constant:ident = $type_name:ident, $is_writable:literal, [$($property:expr),*];)*) => {
        $(pub(super) static $constant: Kind = Kind {
            type_name: || TypeName::$type_name,
            properties: &[$($property),*],
            is_writable: $is_writable,
        };)*
    };
}

kinds! {
    NUMBER_QUALIFIERS = NUMBER_QUALIFIERS, false, [
        ("Разрядность", "Digits", Initial::Zero),
        ("РазрядностьДробнойЧасти", "FractionDigits", Initial::Zero),
        ("ДопустимыйЗнак", "AllowedSign", Initial::Enumeration("ДопустимыйЗнак", "Любой"))
    ];
    STRING_QUALIFIERS = STRING_QUALIFIERS, false, [
        ("Длина", "Length", Initial::Zero),
        ("ДопустимаяДлина", "AllowedLength", Initial::Enumeration("ДопустимаяДлина", "Переменная"))
    ];
    DATE_QUALIFIERS = DATE_QUALIFIERS, false, [
        ("ЧастиДаты", "DateFractions", Initial::Enumeration("ЧастиДаты", "ДатаВремя"))
    ];
    USER_MESSAGE = USER_MESSAGE, true, [
        ("Текст", "Text", Initial::Empty),
        ("Поле", "Field", Initial::Empty),
        ("ПутьКДанным", "DataPath", Initial::Empty),
        ("КлючДанных", "DataKey", Initial::Undefined),
        ("ИдентификаторНазначения", "TargetID", Initial::Undefined)
    ];
    NOTIFY_DESCRIPTION = NOTIFY_DESCRIPTION, false, [
        ("ИмяПроцедуры", "ProcedureName", Initial::Empty),
        ("Модуль", "Module", Initial::Undefined),
        ("ДополнительныеПараметры", "AdditionalParameters", Initial::Undefined),
        ("ИмяПроцедурыОбработкиОшибки", "ErrorHandlerProcedureName", Initial::Empty),
        ("МодульОбработкиОшибки", "ErrorHandlerModule", Initial::Undefined)
    ];
    VALUE_STORAGE = VALUE_STORAGE, false, [("Значение", "Value", Initial::Undefined)];
    COMPRESSION = COMPRESSION, false, [("Уровень", "Level", Initial::Zero)];
    VALUE_COMPARISON = VALUE_COMPARISON, false, [];
    JSON_SETTINGS = JSON_SETTINGS, true, [
        ("ПереносСтрок", "NewLines", Initial::Enumeration("ПереносСтрокJSON", "Авто")),
        ("СимволыОтступа", "PaddingSymbols", Initial::Empty)
    ];
    XML_SETTINGS = XML_SETTINGS, false, [
        ("Кодировка", "Encoding", Initial::Empty),
        ("Версия", "Version", Initial::Text("1.0")),
        ("Отступ", "Indent", Initial::Boolean(true)),
        ("ОтступАтрибутов", "IndentAttributes", Initial::Boolean(false)),
        ("СимволыОтступа", "IndentChars", Initial::Text("\t"))
    ];
}

/// The kind that `Новый Имя` makes.
pub(super) fn kind(name: &str) -> Option<&'static Kind> {
    let kinds = [
        &NUMBER_QUALIFIERS,
        &STRING_QUALIFIERS,
        &DATE_QUALIFIERS,
        &USER_MESSAGE,
        &NOTIFY_DESCRIPTION,
        &VALUE_STORAGE,
        &COMPRESSION,
        &VALUE_COMPARISON,
        &JSON_SETTINGS,
        &XML_SETTINGS,
    ];
    kinds.into_iter().find(|kind| (kind.type_name)().is_named(&Name::new(name)))
}

pub(super) fn construct(kind: &'static Kind, arguments: &Arguments<'_>) -> Outcome {
    // The storage of a value may be told how to compress it; who is told sorts does not take arguments at all.
    let most = if std::ptr::eq(kind, &VALUE_STORAGE) { 2 } else { kind.properties.len() };
    arguments.expect(0, most)?;
    let value = |(index, (_, _, initial)): (usize, &(&str, &str, Initial))| {
        if arguments.is_given(index) {
            return arguments.value(index);
        }
        match initial {
            Initial::Undefined => Value::Undefined,
            Initial::Empty => "".into(),
            Initial::Zero => 0_i64.into(),
            Initial::Text(text) => (*text).into(),
            Initial::Boolean(value) => (*value).into(),
            Initial::Enumeration(enumeration, name) => enumeration_value(enumeration, name),
        }
    };
    let values = kind.properties.iter().enumerate().map(value).collect();
    Ok(Value::object(Record { kind, values: RefCell::new(values) }))
}

impl Record {
    pub(crate) fn is(&self, name: &TypeName) -> bool {
        (self.kind.type_name)() == *name
    }

    /// A property by its number.
    pub(crate) fn value(&self, index: usize) -> Value {
        self.values.borrow().get(index).cloned().unwrap_or_default()
    }

    fn place(&self, name: &Name) -> Option<usize> {
        self.kind.properties.iter().position(|(russian, english, _)| {
            base::same_name(russian, &name.shown) || base::same_name(english, &name.shown)
        })
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        memory::end(self.values.take());
    }
}

impl Object for Record {
    fn type_name(&self) -> TypeName {
        (self.kind.type_name)()
    }

    fn trace(&self, tracer: &mut Tracer) {
        if let Ok(values) = self.values.try_borrow() {
            tracer.values(values.iter());
        }
    }

    fn property_names(&self) -> Vec<Name> {
        self.kind.properties.iter().map(|(russian, _, _)| Name::new(russian)).collect()
    }

    fn get(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        let is_storage = std::ptr::eq(self.kind, &VALUE_STORAGE);
        let place = self.place(name).filter(|_| !is_storage);
        place.map(|place| self.value(place)).ok_or_else(|| messages::no_field(&name.shown))
    }

    fn set(&self, _machine: &mut Machine, name: &Name, value: Value) -> Outcome<()> {
        let place = self.place(name).ok_or_else(|| messages::no_field(&name.shown))?;
        if !self.kind.is_writable {
            return Err(messages::read_only(&name.shown));
        }
        self.values.borrow_mut()[place] = value;
        Ok(())
    }

    fn call(&self, machine: &mut Machine, name: &Name, arguments: &mut Arguments<'_>) -> Outcome {
        let is = |kind: &Kind| std::ptr::eq(self.kind, kind);
        match name.folded.as_ref() {
            "сообщить" | "message" if is(&USER_MESSAGE) => {
                let text = self.value(0).presentation();
                machine.say(text)?;
                Ok(Value::Undefined)
            }
            "установитьданные" | "setdata" if is(&USER_MESSAGE) => Ok(Value::Undefined),
            "получить" | "get" if is(&VALUE_STORAGE) => Ok(self.value(0)),
            "сравнить" | "compare" if is(&VALUE_COMPARISON) => {
                arguments.expect(2, 2)?;
                let order = crate::objects::order::order(&arguments.value(0), &arguments.value(1));
                Ok((order as i64).into())
            }
            _ => Err(messages::no_method(&name.shown)),
        }
    }
}

/// Calls the procedure that a description of a notification names.
pub(crate) fn notify(machine: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    let description = arguments.value(0);
    let record = description.downcast::<Record>().filter(|record| record.is(&TypeName::NOTIFY_DESCRIPTION));
    let record = record.ok_or_else(|| messages::wrong_type(1))?;
    let (procedure, module, parameters) = (record.value(0).presentation(), record.value(1), record.value(2));
    let Value::Object(module) = module else {
        return Err(Failure::runtime(format!("Процедура оповещения не найдена ({procedure})")));
    };
    let instance = module.instance(machine)?.ok_or_else(|| messages::no_method(&procedure))?;
    machine.call(&instance, &procedure, vec![arguments.value(1), parameters])
}
