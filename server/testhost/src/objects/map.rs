//! `Соответствие`, and what iterations over keyed collections give.

use std::cell::RefCell;

use rustc_hash::FxHashMap;

use crate::arguments::Arguments;
use crate::failure::{Outcome, messages};
use crate::machine::{Machine, Tracer};
use crate::memory;
use crate::name::Name;
use crate::object::Object;
use crate::types::TypeName;
use crate::value::Value;

/// Values by keys of any type; iterations follow the order of insertion.
#[derive(Default)]
pub struct Map {
    contents: RefCell<Contents>,
    is_fixed: bool,
}

#[derive(Default)]
struct Contents {
    /// `None` where a key was deleted.
    entries: Vec<Option<(Value, Value)>>,
    places: FxHashMap<Value, usize>,
}

impl Map {
    /// Keys with their values, in the order of insertion.
    pub(crate) fn entries(&self) -> Vec<(Value, Value)> {
        self.contents.borrow().entries.iter().flatten().cloned().collect()
    }

    pub(crate) fn of(entries: impl IntoIterator<Item = (Value, Value)>) -> Value {
        let map = Self::default();
        for (key, value) in entries {
            map.insert(key, value);
        }
        Value::object(map)
    }

    fn find(&self, key: &Value) -> Option<Value> {
        let contents = self.contents.borrow();
        let place = contents.places.get(key)?;
        contents.entries.get(*place)?.as_ref().map(|(_, value)| value.clone())
    }

    fn insert(&self, key: Value, value: Value) {
        let contents = &mut *self.contents.borrow_mut();
        match contents.places.get(&key) {
            Some(place) => contents.entries[*place] = Some((key, value)),
            None => {
                contents.places.insert(key.clone(), contents.entries.len());
                contents.entries.push(Some((key, value)));
            }
        }
    }

    fn delete(&self, key: &Value) {
        let contents = &mut *self.contents.borrow_mut();
        if let Some(place) = contents.places.remove(key) {
            contents.entries[place] = None;
        }
        // Deleted places are dropped when most are empty, so that iterations stay cheap.
        if contents.entries.len() > 16 && contents.places.len() * 2 < contents.entries.len() {
            contents.entries.retain(Option::is_some);
            let keys = contents.entries.iter().flatten().map(|(key, _)| key.clone());
            contents.places = keys.enumerate().map(|(place, key)| (key, place)).collect();
        }
    }

    fn len(&self) -> usize {
        self.contents.borrow().places.len()
    }
}

pub(super) fn construct(machine: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    arguments.expect(0, 1)?;
    filled(machine, arguments, false)
}

/// `Новый ФиксированноеСоответствие(Соответствие)`
pub(super) fn construct_fixed(machine: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    arguments.expect(1, 1)?;
    filled(machine, arguments, true)
}

fn filled(machine: &Machine, arguments: &Arguments<'_>, is_fixed: bool) -> Outcome {
    let map = Map { contents: RefCell::default(), is_fixed };
    let given = arguments.value(0);
    if arguments.is_given(0) {
        let source = given.downcast::<Map>().ok_or_else(|| messages::wrong_type(1))?;
        machine.charge_items(source.len() * 3);
        for (key, value) in source.contents.borrow().entries.iter().flatten() {
            map.insert(key.clone(), value.clone());
        }
    }
    Ok(Value::object(map))
}

impl Drop for Map {
    fn drop(&mut self) {
        let contents = self.contents.take();
        memory::end(contents.places.into_keys());
        memory::end(contents.entries.into_iter().flatten().flat_map(|(key, value)| [key, value]));
    }
}

impl Object for Map {
    fn type_name(&self) -> TypeName {
        if self.is_fixed { TypeName::FIXED_MAP } else { TypeName::MAP }
    }

    fn trace(&self, tracer: &mut Tracer) {
        if let Ok(contents) = self.contents.try_borrow() {
            for (key, value) in contents.entries.iter().flatten() {
                tracer.values([key, value, key]);
            }
        }
    }

    fn is_filled(&self) -> bool {
        self.len() > 0
    }

    fn call(&self, machine: &mut Machine, name: &Name, arguments: &mut Arguments<'_>) -> Outcome {
        let is_reading = matches!(name.folded.as_ref(), "количество" | "count" | "получить" | "get");
        if self.is_fixed && !is_reading {
            return Err(messages::no_method(&name.shown));
        }
        match name.folded.as_ref() {
            "вставить" | "insert" => {
                arguments.expect(1, 2)?;
                machine.check_size(self.len())?;
                self.insert(arguments.value(0), arguments.value(1));
            }
            "получить" | "get" => {
                arguments.expect(1, 1)?;
                return Ok(self.find(&arguments.value(0)).unwrap_or_default());
            }
            "удалить" | "delete" => {
                arguments.expect(1, 1)?;
                self.delete(&arguments.value(0));
            }
            "количество" | "count" => return Ok(self.len().into()),
            "очистить" | "clear" => drop(self.contents.take()),
            _ => return Err(messages::no_method(&name.shown)),
        }
        Ok(Value::Undefined)
    }

    fn get_index(&self, _machine: &mut Machine, index: &Value) -> Outcome {
        Ok(self.find(&index.resolved()).unwrap_or_default())
    }

    fn set_index(&self, machine: &mut Machine, index: &Value, value: Value) -> Outcome<()> {
        if self.is_fixed {
            return Err(crate::failure::Failure::runtime("Индексированное значение недоступно для записи"));
        }
        machine.check_size(self.len())?;
        self.insert(index.resolved(), value);
        Ok(())
    }

    fn item(&self, position: usize) -> Outcome<Option<Value>> {
        let contents = self.contents.borrow();
        // Deleted places are few, see `delete`.
        let entry = if contents.places.len() == contents.entries.len() {
            contents.entries.get(position).and_then(Option::as_ref)
        } else {
            contents.entries.iter().flatten().nth(position)
        };
        Ok(entry.map(|(key, value)| KeyAndValue::of(key.clone(), value.clone())))
    }
}

/// `КлючИЗначение`.
pub(super) struct KeyAndValue {
    key: Value,
    value: Value,
}

impl KeyAndValue {
    pub(super) fn of(key: Value, value: Value) -> Value {
        Value::passing_object(Self { key, value })
    }
}

impl Object for KeyAndValue {
    fn type_name(&self) -> TypeName {
        TypeName::KEY_AND_VALUE
    }

    fn property_names(&self) -> Vec<Name> {
        vec![Name::new("Ключ"), Name::new("Значение")]
    }

    fn get(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        match name.folded.as_ref() {
            "ключ" | "key" => Ok(self.key.clone()),
            "значение" | "value" => Ok(self.value.clone()),
            _ => Err(messages::no_field(&name.shown)),
        }
    }
}
