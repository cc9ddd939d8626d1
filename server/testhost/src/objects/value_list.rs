//! `СписокЗначений`.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::arguments::Arguments;
use crate::failure::{Outcome, messages};
use crate::machine::{Machine, Tracer};
use crate::memory;
use crate::name::Name;
use crate::object::Object;
use crate::objects::Array;
use crate::objects::order::sort_by;
use crate::types::TypeName;
use crate::value::Value;

/// Values with how they are shown and whether they are marked.
#[derive(Default)]
pub struct ValueList {
    items: RefCell<Vec<Value>>,
}

/// `ЭлементСпискаЗначений`.
struct Item {
    value: RefCell<Value>,
    presentation: RefCell<Rc<str>>,
    is_marked: Cell<bool>,
}

impl ValueList {
    fn push(&self, value: Value, presentation: Rc<str>, is_marked: bool) -> Value {
        let item = Value::object(Item {
            value: RefCell::new(value),
            presentation: RefCell::new(presentation),
            is_marked: Cell::new(is_marked),
        });
        self.items.borrow_mut().push(item.clone());
        item
    }

    /// Place of an item that is given itself or by its number.
    fn place(&self, given: &Value) -> Outcome<usize> {
        let items = self.items.borrow();
        let found = match given {
            Value::Number(number) => number.to_i64().and_then(|place| usize::try_from(place).ok()),
            item => items.iter().position(|other| other == item),
        };
        found.filter(|place| *place < items.len()).ok_or_else(messages::out_of_bounds)
    }

    fn find(&self, wanted: &Value) -> Value {
        let items = self.items.borrow();
        let is_wanted =
            |item: &&Value| item.downcast::<Item>().is_some_and(|item| *item.value.borrow() == *wanted);
        items.iter().find(is_wanted).cloned().unwrap_or_default()
    }

    fn sort(&self, arguments: &Arguments<'_>, key: impl Fn(&Item) -> Value) -> Outcome<()> {
        let is_descending = is_descending(&arguments.value(0).presentation());
        let mut items = self.items.borrow_mut();
        let keys = |item: &Value| item.downcast::<Item>().map(&key).unwrap_or_default();
        sort_by(&mut items, |item| vec![(keys(item), is_descending)]);
        Ok(())
    }
}

pub(super) fn is_descending(word: &str) -> bool {
    ["Убыв", "Desc"].iter().any(|spelling| base::same_name(word, spelling))
}

pub(super) fn construct(_: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    arguments.expect(0, 0)?;
    Ok(Value::object(ValueList::default()))
}

impl Object for ValueList {
    fn type_name(&self) -> TypeName {
        TypeName::VALUE_LIST
    }

    /// The presentations of the items.
    fn presentation(&self) -> String {
        let items = self.items.borrow();
        let shown: Vec<String> = items.iter().map(|item| item.presentation().to_string()).collect();
        shown.join("; ")
    }

    fn is_filled(&self) -> bool {
        !self.items.borrow().is_empty()
    }

    fn trace(&self, tracer: &mut Tracer) {
        if let Ok(items) = self.items.try_borrow() {
            tracer.values(items.iter());
        }
    }

    fn call(&self, machine: &mut Machine, name: &Name, arguments: &mut Arguments<'_>) -> Outcome {
        match name.folded.as_ref() {
            "добавить" | "add" => {
                arguments.expect(0, 4)?;
                machine.check_size(self.items.borrow().len())?;
                let shown = arguments.text_or(1, "")?;
                return Ok(self.push(arguments.value(0), shown, arguments.boolean_or(2, false)?));
            }
            "вставить" | "insert" => {
                arguments.expect(1, 5)?;
                let place =
                    usize::try_from(arguments.integer(0)?).unwrap_or(0).min(self.items.borrow().len());
                let item =
                    self.push(arguments.value(1), arguments.text_or(2, "")?, arguments.boolean_or(3, false)?);
                let mut items = self.items.borrow_mut();
                items.pop();
                items.insert(place, item.clone());
                return Ok(item);
            }
            "количество" | "count" => return Ok(self.items.borrow().len().into()),
            "очистить" | "clear" => self.items.borrow_mut().clear(),
            "удалить" | "delete" => {
                arguments.expect(1, 1)?;
                let place = self.place(&arguments.value(0))?;
                self.items.borrow_mut().remove(place);
            }
            "получить" | "get" => {
                let place = self.place(&arguments.value(0))?;
                return Ok(self.items.borrow()[place].clone());
            }
            "индекс" | "indexof" => {
                let place = self.place(&arguments.value(0));
                return Ok(place.map_or(-1, |place| place as i64).into());
            }
            "найтипозначению" | "findbyvalue" => {
                arguments.expect(1, 1)?;
                return Ok(self.find(&arguments.value(0)));
            }
            "выгрузитьзначения" | "unloadvalues" => {
                let items = self.items.borrow();
                machine.charge_items(items.len());
                let values =
                    items.iter().filter_map(|item| Some(item.downcast::<Item>()?.value.borrow().clone()));
                return Ok(Array::of(values.collect()));
            }
            "загрузитьзначения" | "loadvalues" => {
                let list = arguments.value(0);
                let values = list.downcast::<Array>().ok_or_else(|| messages::wrong_type(1))?.values();
                machine.charge_items(values.len() * 4);
                self.items.borrow_mut().clear();
                for value in values {
                    self.push(value, "".into(), false);
                }
            }
            "заполнитьпометки" | "fillchecks" => {
                let is_marked = arguments.boolean_or(0, true)?;
                for item in self.items.borrow().iter().filter_map(Value::downcast::<Item>) {
                    item.is_marked.set(is_marked);
                }
            }
            "сортироватьпозначению" | "sortbyvalue" => {
                self.sort(arguments, |item| item.value.borrow().clone())?
            }
            "сортироватьпопредставлению" | "sortbypresentation" => {
                self.sort(arguments, |item| Value::Text(item.presentation.borrow().clone()))?;
            }
            "сдвинуть" | "move" => {
                arguments.expect(2, 2)?;
                let place = self.place(&arguments.value(0))?;
                let target = (place as i64).saturating_add(arguments.integer(1)?);
                let mut items = self.items.borrow_mut();
                let target = usize::try_from(target).ok().filter(|target| *target < items.len());
                let target = target.ok_or_else(messages::out_of_bounds)?;
                let item = items.remove(place);
                items.insert(target, item);
            }
            "скопировать" | "copy" => {
                let copy = Self::default();
                machine.charge_items(self.items.borrow().len() * 4);
                for item in self.items.borrow().iter().filter_map(Value::downcast::<Item>) {
                    copy.push(
                        item.value.borrow().clone(),
                        item.presentation.borrow().clone(),
                        item.is_marked.get(),
                    );
                }
                return Ok(Value::object(copy));
            }
            _ => return Err(messages::no_method(&name.shown)),
        }
        Ok(Value::Undefined)
    }

    fn get_index(&self, _machine: &mut Machine, index: &Value) -> Outcome {
        let place = self.place(&index.resolved())?;
        Ok(self.items.borrow()[place].clone())
    }

    fn item(&self, position: usize) -> Outcome<Option<Value>> {
        Ok(self.items.borrow().get(position).cloned())
    }
}

impl Drop for Item {
    fn drop(&mut self) {
        memory::end([self.value.take()]);
    }
}

impl Object for Item {
    fn type_name(&self) -> TypeName {
        TypeName::VALUE_LIST_ITEM
    }

    fn trace(&self, tracer: &mut Tracer) {
        if let (Ok(value), Ok(shown)) = (self.value.try_borrow(), self.presentation.try_borrow()) {
            tracer.value(&value);
            tracer.block(shown.as_ptr().addr(), shown.len());
        }
    }

    fn presentation(&self) -> String {
        let shown = self.presentation.borrow();
        if shown.is_empty() { self.value.borrow().presentation().to_string() } else { shown.to_string() }
    }

    fn get(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        Ok(match name.folded.as_ref() {
            "значение" | "value" => self.value.borrow().clone(),
            "представление" | "presentation" => Value::Text(self.presentation.borrow().clone()),
            "пометка" | "check" => self.is_marked.get().into(),
            _ => return Err(messages::no_field(&name.shown)),
        })
    }

    fn set(&self, _machine: &mut Machine, name: &Name, value: Value) -> Outcome<()> {
        match name.folded.as_ref() {
            "значение" | "value" => *self.value.borrow_mut() = value,
            "представление" | "presentation" => {
                *self.presentation.borrow_mut() = value.presentation()
            }
            "пометка" | "check" => self.is_marked.set(value == Value::Boolean(true)),
            _ => return Err(messages::no_field(&name.shown)),
        }
        Ok(())
    }
}
