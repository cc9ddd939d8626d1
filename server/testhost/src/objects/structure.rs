//! `Структура`: named values in the order in which they were put in.

use std::cell::RefCell;

use crate::arguments::Arguments;
use crate::builtins::name_list;
use crate::failure::{Failure, Outcome, messages};
use crate::machine::Machine;
use crate::name::Name;
use crate::object::Object;
use crate::objects::map::KeyAndValue;
use crate::types::TypeName;
use crate::value::Value;

#[derive(Default)]
pub struct Structure {
    fields: RefCell<Vec<(Name, Value)>>,
}

impl Structure {
    pub fn of(fields: Vec<(Name, Value)>) -> Value {
        Value::object(Self { fields: RefCell::new(fields) })
    }

    pub fn field(&self, name: &Name) -> Option<Value> {
        self.fields.borrow().iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())
    }

    /// All fields in their order.
    pub(crate) fn fields(&self) -> Vec<(Name, Value)> {
        self.fields.borrow().clone()
    }

    fn insert(&self, name: Name, value: Value) {
        let mut fields = self.fields.borrow_mut();
        match fields.iter_mut().find(|(key, _)| *key == name) {
            Some((_, old)) => *old = value,
            None => fields.push((name, value)),
        }
    }
}

/// `Новый Структура("Имя, Другое", Значение1, Значение2)`, or a copy of a structure.
pub(super) fn construct(_: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    let structure = Structure::default();
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
    Ok(Value::object(structure))
}

fn valid(name: Name) -> Outcome<Name> {
    if Name::is_valid(&name.shown) {
        return Ok(name);
    }
    Err(Failure::runtime(format!("Задано неправильное имя атрибута структуры '{}'", name.shown)))
}

impl Object for Structure {
    fn type_name(&self) -> TypeName {
        TypeName::STRUCTURE
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
        match self.fields.borrow_mut().iter_mut().find(|(key, _)| key == name) {
            Some((_, old)) => {
                *old = value;
                Ok(())
            }
            None => Err(messages::no_field(&name.shown)),
        }
    }

    fn call(&self, machine: &mut Machine, name: &Name, arguments: &mut Arguments<'_>) -> Outcome {
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
            "очистить" | "clear" => self.fields.borrow_mut().clear(),
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
