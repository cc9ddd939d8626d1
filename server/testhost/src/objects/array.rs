//! `Массив`.

use std::cell::RefCell;

use crate::arguments::Arguments;
use crate::failure::{Outcome, messages};
use crate::machine::{Machine, Tracer};
use crate::memory;
use crate::name::Name;
use crate::object::Object;
use crate::types::TypeName;
use crate::value::Value;

/// A list of values, counted from zero. A fixed one never changes.
#[derive(Default)]
pub struct Array {
    items: RefCell<Vec<Value>>,
    is_fixed: bool,
}

impl Array {
    pub fn of(items: Vec<Value>) -> Value {
        Value::object(Self { items: RefCell::new(items), is_fixed: false })
    }

    pub fn values(&self) -> Vec<Value> {
        self.items.borrow().clone()
    }

    fn place(&self, index: &Value, length: usize) -> Outcome<usize> {
        let Value::Number(number) = index.resolved() else { return Err(messages::wrong_type(1)) };
        let place = number.to_i64().and_then(|place| usize::try_from(place).ok());
        place.filter(|place| *place < length).ok_or_else(messages::out_of_bounds)
    }
}

/// `Новый Массив(Размер1, Размер2, …)`; a fixed array becomes an ordinary one.
pub(super) fn construct(machine: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    if let Some(source) = arguments.value(0).downcast::<Array>() {
        machine.charge_items(source.items.borrow().len());
        return Ok(Array::of(source.values()));
    }
    let mut sizes = Vec::new();
    for index in 0..arguments.len() {
        let size = arguments.integer(index)?;
        sizes.push(usize::try_from(size).map_err(|_| messages::wrong_value(index + 1))?);
    }
    let total = sizes.iter().try_fold(1_usize, |total, size| total.checked_mul(*size));
    let total = total.unwrap_or(usize::MAX);
    machine.check_size(total)?;
    machine.charge_items(total);
    Ok(nested(&sizes))
}

/// `Новый ФиксированныйМассив(Массив)`
pub(super) fn construct_fixed(machine: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    arguments.expect(1, 1)?;
    let given = arguments.value(0);
    let items = given.downcast::<Array>().ok_or_else(|| messages::wrong_type(1))?.values();
    machine.charge_items(items.len());
    Ok(Value::object(Array { items: RefCell::new(items), is_fixed: true }))
}

impl Drop for Array {
    fn drop(&mut self) {
        memory::end(self.items.take());
    }
}

fn nested(sizes: &[usize]) -> Value {
    match sizes {
        [] => Array::of(Vec::new()),
        [size] => Array::of(vec![Value::Undefined; *size]),
        [size, rest @ ..] => Array::of((0..*size).map(|_| nested(rest)).collect()),
    }
}

impl Object for Array {
    fn type_name(&self) -> TypeName {
        if self.is_fixed { TypeName::FIXED_ARRAY } else { TypeName::ARRAY }
    }

    fn trace(&self, tracer: &mut Tracer) {
        if let Ok(items) = self.items.try_borrow() {
            tracer.values(items.iter());
        }
    }

    fn is_filled(&self) -> bool {
        !self.items.borrow().is_empty()
    }

    fn call(&self, machine: &mut Machine, name: &Name, arguments: &mut Arguments<'_>) -> Outcome {
        let is_reading = matches!(
            name.folded.as_ref(),
            "количество" | "count" | "вграница" | "ubound" | "найти" | "find" | "получить" | "get"
        );
        if self.is_fixed && !is_reading {
            return Err(messages::no_method(&name.shown));
        }
        let mut items = self.items.borrow_mut();
        match name.folded.as_ref() {
            "добавить" | "add" => {
                arguments.expect(0, 1)?;
                machine.check_size(items.len())?;
                items.push(arguments.value(0));
            }
            "вставить" | "insert" => {
                arguments.expect(1, 2)?;
                machine.check_size(items.len())?;
                let place = self.place(&arguments.value(0), items.len() + 1)?;
                machine.work(items.len() - place);
                items.insert(place, arguments.value(1));
            }
            "удалить" | "delete" => {
                arguments.expect(1, 1)?;
                let place = self.place(&arguments.value(0), items.len())?;
                machine.work(items.len() - place);
                let removed = items.remove(place);
                drop(items);
                drop(removed);
            }
            "количество" | "count" => return Ok(items.len().into()),
            "вграница" | "ubound" => return Ok((items.len() as i64 - 1).into()),
            "очистить" | "clear" => {
                let cleared = std::mem::take(&mut *items);
                drop(items);
                memory::end(cleared);
            }
            "найти" | "find" => {
                arguments.expect(1, 1)?;
                let wanted = arguments.value(0);
                machine.work(items.len());
                return Ok(items
                    .iter()
                    .position(|item| *item == wanted)
                    .map_or(Value::Undefined, Value::from));
            }
            "получить" | "get" => {
                arguments.expect(1, 1)?;
                return Ok(items[self.place(&arguments.value(0), items.len())?].clone());
            }
            "установить" | "set" => {
                arguments.expect(2, 2)?;
                let place = self.place(&arguments.value(0), items.len())?;
                items[place] = arguments.value(1);
            }
            _ => return Err(messages::no_method(&name.shown)),
        }
        Ok(Value::Undefined)
    }

    fn get_index(&self, _machine: &mut Machine, index: &Value) -> Outcome {
        let items = self.items.borrow();
        Ok(items[self.place(index, items.len())?].clone())
    }

    fn set_index(&self, _machine: &mut Machine, index: &Value, value: Value) -> Outcome<()> {
        if self.is_fixed {
            return Err(crate::failure::Failure::runtime("Индексированное значение недоступно для записи"));
        }
        let mut items = self.items.borrow_mut();
        let place = self.place(index, items.len())?;
        let old = std::mem::replace(&mut items[place], value);
        drop(items);
        drop(old);
        Ok(())
    }

    fn item(&self, position: usize) -> Outcome<Option<Value>> {
        Ok(self.items.borrow().get(position).cloned())
    }
}
