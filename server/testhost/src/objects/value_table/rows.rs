//! Rows: their fields, their order, whole columns of values.

use std::cell::RefCell;
use std::rc::Rc;

use super::{Row, ValueTable, column_of};
use crate::arguments::Arguments;
use crate::failure::{Outcome, messages};
use crate::machine::{Machine, Tracer};
use crate::memory;
use crate::name::Name;
use crate::object::Object;
use crate::objects::Array;
use crate::objects::order::sort_by;
use crate::objects::value_list::is_descending;
use crate::objects::value_table::columns::ColumnObject;
use crate::types::TypeName;
use crate::value::Value;

impl ValueTable {
    pub(super) fn insert_row(&self, place: i64) -> Outcome {
        self.push_row(Vec::new());
        let mut rows = self.data.rows.borrow_mut();
        let Some(row) = rows.pop() else { return Ok(Value::Undefined) };
        let place = usize::try_from(place).unwrap_or(0).min(rows.len());
        rows.insert(place, row.clone());
        Ok(Value::Object(row))
    }

    pub(super) fn move_row(&self, row: &Value, offset: i64) -> Outcome<()> {
        let place = self.place(row)?;
        let mut rows = self.data.rows.borrow_mut();
        let target = (place as i64).saturating_add(offset);
        let target = usize::try_from(target).ok().filter(|target| *target < rows.len());
        let target = target.ok_or_else(messages::out_of_bounds)?;
        let row = rows.remove(place);
        rows.insert(target, row);
        Ok(())
    }

    /// `"Дата, Сумма Убыв"`
    pub(super) fn sort(&self, list: &str) -> Outcome<()> {
        let mut keys = Vec::new();
        for part in list.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let mut words = part.split_whitespace();
            let column = self.data.required_column(&Name::new(words.next().unwrap_or_default()))?;
            keys.push((column, words.next().is_some_and(is_descending)));
        }
        let mut rows = self.data.rows.borrow_mut();
        sort_by(&mut rows, |row| {
            let values = row.values.borrow();
            keys.iter().map(|(column, is_descending)| (values[*column].clone(), *is_descending)).collect()
        });
        Ok(())
    }

    fn given_column(&self, column: &Value) -> Outcome<usize> {
        match column {
            Value::Number(number) => {
                let index = number.to_i64().and_then(|index| usize::try_from(index).ok());
                index
                    .filter(|index| *index < self.data.columns.borrow().len())
                    .ok_or_else(messages::out_of_bounds)
            }
            column => {
                let name = match column.downcast::<ColumnObject>() {
                    Some(column) => column.name(),
                    None => Name::new(&column.presentation()),
                };
                self.data.required_column(&name)
            }
        }
    }

    pub(super) fn unload_column(&self, column: &Value) -> Outcome {
        let column = self.given_column(column)?;
        let rows = self.data.rows.borrow();
        Ok(Array::of(rows.iter().map(|row| row.values.borrow()[column].clone()).collect()))
    }

    pub(super) fn load_column(&self, values: &Value, column: &Value) -> Outcome<()> {
        let column = self.given_column(column)?;
        let values = values.downcast::<Array>().ok_or_else(|| messages::wrong_type(1))?.values();
        for (row, value) in self.data.rows.borrow().iter().zip(values) {
            row.assign(column, value);
        }
        Ok(())
    }
}

impl Drop for Row {
    fn drop(&mut self) {
        memory::end(self.values.take());
    }
}

impl Row {
    /// Rows are named by their table and by code.
    pub(super) fn trace_once(self: &Rc<Self>, tracer: &mut Tracer) {
        let row: Rc<dyn Object> = self.clone();
        tracer.value(&Value::Object(row));
    }

    fn place(&self, name: &Name) -> Outcome<usize> {
        column_of(&self.columns.borrow(), self.shape.get(), name)
            .filter(|place| *place < self.values.borrow().len())
            .ok_or_else(|| messages::no_field(&name.shown))
    }

    /// Keeps a value as the type of its column wants it.
    fn assign(&self, place: usize, value: Value) {
        let value = self.adjusted(place, value);
        let value = match self.columns.borrow().get(place) {
            Some(column) => column.adjusted(value),
            None => value,
        };
        let old = std::mem::replace(&mut self.values.borrow_mut()[place], value);
        drop(old);
    }

    fn indexed(&self, index: &Value) -> Outcome<usize> {
        match index.resolved() {
            Value::Number(number) => {
                let place = number.to_i64().and_then(|place| usize::try_from(place).ok());
                place.filter(|place| *place < self.values.borrow().len()).ok_or_else(messages::out_of_bounds)
            }
            value => match value.downcast::<ColumnObject>() {
                Some(column) => self.place(&column.name()),
                None => self.place(&Name::new(&value.presentation())),
            },
        }
    }
}

impl Object for Row {
    fn type_name(&self) -> TypeName {
        self.shape.get().map_or(TypeName::VALUE_TABLE_ROW, |shape| shape.row_type.clone())
    }

    fn trace(&self, tracer: &mut Tracer) {
        if let Ok(values) = self.values.try_borrow() {
            tracer.values(values.iter());
        }
    }

    fn property_names(&self) -> Vec<Name> {
        self.columns.borrow().iter().map(|column| column.name.clone()).collect()
    }

    fn get(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        let place = self.place(name)?;
        Ok(self.values.borrow()[place].clone())
    }

    fn set(&self, _machine: &mut Machine, name: &Name, value: Value) -> Outcome<()> {
        let place = self.place(name)?;
        self.assign(place, value);
        Ok(())
    }

    fn call(&self, _machine: &mut Machine, name: &Name, arguments: &mut Arguments<'_>) -> Outcome {
        match name.folded.as_ref() {
            "получить" | "get" => {
                let place = self.indexed(&arguments.value(0))?;
                Ok(self.values.borrow()[place].clone())
            }
            "установить" | "set" => {
                let place = self.indexed(&arguments.value(0))?;
                self.assign(place, arguments.value(1));
                Ok(Value::Undefined)
            }
            "владелец" | "owner" => Ok(match self.data.upgrade() {
                Some(data) => Value::object(ValueTable { data }),
                None => Value::Undefined,
            }),
            _ => Err(messages::no_method(&name.shown)),
        }
    }

    fn get_index(&self, _machine: &mut Machine, index: &Value) -> Outcome {
        let place = self.indexed(index)?;
        Ok(self.values.borrow()[place].clone())
    }

    fn set_index(&self, _machine: &mut Machine, index: &Value, value: Value) -> Outcome<()> {
        let place = self.indexed(index)?;
        self.assign(place, value);
        Ok(())
    }

    fn item(&self, position: usize) -> Outcome<Option<Value>> {
        Ok(self.values.borrow().get(position).cloned())
    }
}

/// A new row for rows that are made from outside of the table.
pub(super) fn row_of(table: &ValueTable, values: Vec<Value>) -> Rc<Row> {
    let row = Rc::new(Row {
        data: Rc::downgrade(&table.data),
        columns: table.data.columns.clone(),
        shape: table.data.shape.clone(),
        values: RefCell::new(values),
    });
    let object: Rc<dyn Object> = row.clone();
    memory::register(&object);
    row
}
