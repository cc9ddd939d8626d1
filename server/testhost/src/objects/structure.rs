//! `Структура`: named values in the order in which they were put in.

use std::cell::RefCell;

use crate::arguments::Arguments;
use crate::builtins::name_list;
use crate::failure::{Failure, Outcome, messages};
use crate::machine::{Machine, Tracer};
use crate::memory;
use crate::name::Name;
use crate::object::Object;
use crate::objects::map::KeyAndValue;
use crate::types::TypeName;
use crate::value::Value;

/// Structures are small; this many fields are charged to each.
const FEW_FIELDS: usize = 8;

#[derive(Default)]
pub struct Structure {
    fields: RefCell<Vec<(Name, Value)>>,
    is_fixed: bool,
}

impl Structure {
    pub fn of(fields: Vec<(Name, Value)>) -> Value {
        Value::object(Self { fields: RefCell::new(fields), is_fixed: false })
    }

    pub fn field(&self, name: &Name) -> Option<Value> {
        self.fields.borrow().iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())
    }

    /// Names with their values, in the order of insertion.
    pub(crate) fn fields(&self) -> Vec<(Name, Value)> {
        self.fields.borrow().clone()
    }

    /// Puts a value in whose name comes from outside.
    pub(crate) fn insert_checked(&self, name: Name, value: Value) -> Outcome<()> {
        self.insert(valid(name)?, value);
        Ok(())
    }

    fn insert(&self, name: Name, value: Value) {
        let mut fields = self.fields.borrow_mut();
        let old = match fields.iter_mut().find(|(key, _)| *key == name) {
            Some((_, old)) => std::mem::replace(old, value),
            None => {
                fields.push((name, value));
                Value::Undefined
            }
        };
        drop(fields);
        drop(old);
    }
}

/// `Новый Структура("Имя, Другое", Значение1, Значение2)`, or a copy of a structure.
pub(super) fn construct(machine: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    machine.charge_items(FEW_FIELDS);
    Ok(Value::object(filled(Structure::default(), arguments)?))
}

/// `Новый ФиксированнаяСтруктура(…)` takes the same arguments.
pub(super) fn construct_fixed(machine: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    machine.charge_items(FEW_FIELDS);
    Ok(Value::object(filled(Structure { fields: RefCell::default(), is_fixed: true }, arguments)?))
}

impl Drop for Structure {
    fn drop(&mut self) {
        memory::end(self.fields.take().into_iter().map(|(_, value)| value));
    }
}

fn filled(structure: Structure, arguments: &Arguments<'_>) -> Outcome<Structure> {
    match arguments.value(0) {
        Value::Undefined if arguments.is_empty() => {}
        Value::Object(_) => {
            let source = arguments.value(0);
            let source = source.downcast::<Structure>().ok_or_else(|| messages::wrong_type(1))?;
            structure.fields.replace(source.fields.borrow().clone());
        }
        _ => {
            for (index, name) in name_list(&arguments.text(0)?).into_iter().enumerate() {
                structure.insert(valid(name)?, arguments.value(index + 1));
            }
        }
    }
    Ok(structure)
}

fn valid(name: Name) -> Outcome<Name> {
    if Name::is_valid(&name.shown) {
        return Ok(name);
    }
    Err(Failure::runtime(format!("Задано неправильное имя атрибута структуры '{}'", name.shown)))
}

impl Object for Structure {
    fn type_name(&self) -> TypeName {
        if self.is_fixed { TypeName::FIXED_STRUCTURE } else { TypeName::STRUCTURE }
    }

    fn trace(&self, tracer: &mut Tracer) {
        if let Ok(fields) = self.fields.try_borrow() {
            tracer.values(fields.iter().map(|(_, value)| value));
        }
    }

    fn is_filled(&self) -> bool {
        !self.fields.borrow().is_empty()
    }

    fn property_names(&self) -> Vec<Name> {
        self.fields.borrow().iter().map(|(name, _)| name.clone()).collect()
    }

    fn get(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        self.field(name).ok_or_else(|| messages::no_field(&name.shown))
    }

    fn set(&self, _machine: &mut Machine, name: &Name, value: Value) -> Outcome<()> {
        if self.is_fixed {
            let is_there = self.field(name).is_some();
            return Err(if is_there {
                messages::read_only(&name.shown)
            } else {
                messages::no_field(&name.shown)
            });
        }
        let mut fields = self.fields.borrow_mut();
        let Some((_, field)) = fields.iter_mut().find(|(key, _)| key == name) else {
            return Err(messages::no_field(&name.shown));
        };
        let old = std::mem::replace(field, value);
        drop(fields);
        drop(old);
        Ok(())
    }

    fn call(&self, machine: &mut Machine, name: &Name, arguments: &mut Arguments<'_>) -> Outcome {
        let is_reading = matches!(name.folded.as_ref(), "количество" | "count" | "свойство" | "property");
        if self.is_fixed && !is_reading {
            return Err(messages::no_method(&name.shown));
        }
        match name.folded.as_ref() {
            "вставить" | "insert" => {
                arguments.expect(1, 2)?;
                machine.check_size(self.fields.borrow().len())?;
                self.insert(valid(Name::new(&arguments.text(0)?))?, arguments.value(1));
            }
            "удалить" | "delete" => {
                arguments.expect(1, 1)?;
                let name = Name::new(&arguments.text(0)?);
                self.fields.borrow_mut().retain(|(key, _)| *key != name);
            }
            "количество" | "count" => return Ok(self.fields.borrow().len().into()),
            "очистить" | "clear" => drop(self.fields.take()),
            "свойство" | "property" => {
                arguments.expect(1, 2)?;
                let found = self.field(&Name::new(&arguments.text(0)?));
                let is_there = found.is_some();
                arguments.assign(1, found.unwrap_or_default());
                return Ok(is_there.into());
            }
            _ => return Err(messages::no_method(&name.shown)),
        }
        Ok(Value::Undefined)
    }

    fn get_index(&self, machine: &mut Machine, index: &Value) -> Outcome {
        self.get(machine, &Name::new(&index.presentation()))
    }

    fn set_index(&self, machine: &mut Machine, index: &Value, value: Value) -> Outcome<()> {
        self.set(machine, &Name::new(&index.presentation()), value)
    }

    fn item(&self, position: usize) -> Outcome<Option<Value>> {
        let fields = self.fields.borrow();
        let field = fields.get(position);
        Ok(field.map(|(name, value)| KeyAndValue::of(name.shown.as_ref().into(), value.clone())))
    }
}
