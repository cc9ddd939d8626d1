//! `ДеревоЗначений`: rows with rows below them; all of them share the columns.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use crate::arguments::Arguments;
use crate::failure::{Outcome, messages};
use crate::machine::{Machine, Tracer};
use crate::memory;
use crate::name::Name;
use crate::number::Number;
use crate::object::Object;
use crate::objects::order::sort_by;
use crate::objects::value_list::is_descending;
use crate::objects::value_table::{Column, Columns, Data};
use crate::objects::{Array, Structure};
use crate::types::TypeName;
use crate::value::Value;

/// The columns are those of a table without rows.
#[derive(Default)]
pub struct ValueTree {
    columns: Rc<Data>,
    rows: Rc<RefCell<Vec<Rc<TreeRow>>>>,
}

pub(crate) struct TreeRow {
    /// The row itself, for the rows below it.
    this: Weak<Self>,
    columns: Rc<Data>,
    parent: Option<Weak<Self>>,
    values: RefCell<Vec<Value>>,
    rows: Rc<RefCell<Vec<Rc<TreeRow>>>>,
}

/// `Строки` of the tree or of a row.
struct TreeRows {
    columns: Rc<Data>,
    parent: Option<Weak<TreeRow>>,
    rows: Rc<RefCell<Vec<Rc<TreeRow>>>>,
}

pub(super) fn construct(_: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    arguments.expect(0, 0)?;
    let tree = ValueTree::default();
    tree.columns.is_of_tree.set(true);
    Ok(Value::object(tree))
}

impl ValueTree {
    pub(crate) fn with_columns(names: Vec<Name>) -> Self {
        let tree = Self::default();
        tree.columns.is_of_tree.set(true);
        tree.columns.columns.borrow_mut().extend(names.into_iter().map(Column::new));
        tree
    }

    /// Adds a row below another one, or to the outermost ones.
    pub(crate) fn add_row(&self, above: Option<&Rc<TreeRow>>, values: Vec<Value>) -> Rc<TreeRow> {
        let rows = match above {
            Some(row) => row.below(),
            None => TreeRows { columns: self.columns.clone(), parent: None, rows: self.rows.clone() },
        };
        let row = rows.grown(usize::MAX);
        row.values.replace(values);
        row
    }
}

impl Object for ValueTree {
    fn type_name(&self) -> TypeName {
        TypeName::VALUE_TREE
    }

    fn get(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        match name.folded.as_ref() {
            "колонки" | "columns" => Ok(Value::object(Columns { data: self.columns.clone() })),
            "строки" | "rows" => {
                let (columns, rows) = (self.columns.clone(), self.rows.clone());
                Ok(Value::object(TreeRows { columns, parent: None, rows }))
            }
            _ => Err(messages::no_field(&name.shown)),
        }
    }
}

impl TreeRows {
    fn add(&self, place: usize) -> Value {
        Value::Object(self.grown(place))
    }

    fn grown(&self, place: usize) -> Rc<TreeRow> {
        let row = Rc::new_cyclic(|this| TreeRow {
            this: this.clone(),
            columns: self.columns.clone(),
            parent: self.parent.clone(),
            values: RefCell::default(),
            rows: Rc::default(),
        });
        let object: Rc<dyn Object> = row.clone();
        memory::register(&object);
        let mut rows = self.rows.borrow_mut();
        let place = place.min(rows.len());
        rows.insert(place, row.clone());
        row
    }

    fn place(&self, given: &Value) -> Outcome<usize> {
        let rows = self.rows.borrow();
        let found = match given {
            Value::Number(number) => number.to_i64().and_then(|place| usize::try_from(place).ok()),
            Value::Object(object) => {
                rows.iter().position(|row| std::ptr::addr_eq(Rc::as_ptr(row), Rc::as_ptr(object)))
            }
            _ => None,
        };
        found.filter(|place| *place < rows.len()).ok_or_else(messages::out_of_bounds)
    }

    /// Rows that hold a value in one of the columns, with those below them if wanted.
    fn find(&self, wanted: &Value, columns: &str, is_deep: bool) -> Vec<Rc<TreeRow>> {
        let names = crate::builtins::name_list(columns);
        let mut found = Vec::new();
        let mut pending: Vec<Rc<TreeRow>> = self.rows.borrow().iter().rev().cloned().collect();
        while let Some(row) = pending.pop() {
            let fits = self.columns.columns.borrow().iter().enumerate().any(|(index, column)| {
                let is_asked = names.is_empty() || names.contains(&column.name);
                is_asked && row.values.borrow().get(index).is_some_and(|value| value == wanted)
            });
            if is_deep {
                pending.extend(row.rows.borrow().iter().rev().cloned());
            }
            if fits {
                found.push(row);
            }
        }
        found
    }
}

/// Rows of one level, or of all below it, one level after the other.
fn levels(rows: &RefCell<Vec<Rc<TreeRow>>>, is_deep: bool) -> Vec<Rc<TreeRow>> {
    let mut all: Vec<Rc<TreeRow>> = rows.borrow().clone();
    let mut next = 0;
    while is_deep && next < all.len() {
        let below = all[next].rows.borrow().clone();
        all.extend(below);
        next += 1;
    }
    all
}

impl TreeRows {
    /// Rows whose columns hold the values of a structure.
    fn find_rows(&self, filter: &Value, is_deep: bool) -> Outcome {
        let filter = filter.downcast::<Structure>().ok_or_else(|| messages::wrong_type(1))?;
        let mut wanted = Vec::new();
        for (name, value) in filter.fields() {
            let column = self.columns.column(&name).ok_or_else(|| messages::wrong_value(1))?;
            wanted.push((column, value));
        }
        let fits = |row: &Rc<TreeRow>| {
            let values = row.values.borrow();
            wanted.iter().all(|(column, value)| values.get(*column).unwrap_or(&Value::Undefined) == value)
        };
        let found = levels(&self.rows, is_deep).into_iter().filter(fits);
        Ok(Array::of(found.map(|row| Value::Object(row)).collect()))
    }

    fn sort(&self, list: &str, is_deep: bool) -> Outcome<()> {
        let mut keys = Vec::new();
        for part in list.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let mut words = part.split_whitespace();
            let name = Name::new(words.next().unwrap_or_default());
            let column = self.columns.column(&name).ok_or_else(|| messages::wrong_value(1))?;
            keys.push((column, words.next().is_some_and(is_descending)));
        }
        let key = |row: &Rc<TreeRow>| {
            let values = row.values.borrow();
            keys.iter()
                .map(|(column, is_descending)| {
                    (values.get(*column).cloned().unwrap_or_default(), *is_descending)
                })
                .collect()
        };
        for row in levels(&self.rows, is_deep).into_iter().filter(|_| is_deep) {
            sort_by(&mut row.rows.borrow_mut(), key);
        }
        sort_by(&mut self.rows.borrow_mut(), key);
        Ok(())
    }

    fn total(&self, column: &str, is_deep: bool) -> Outcome {
        let column = self.columns.column(&Name::new(column)).ok_or_else(|| messages::wrong_value(1))?;
        let mut total = Number::ZERO;
        for row in levels(&self.rows, is_deep) {
            if let Some(Value::Number(number)) = row.values.borrow().get(column) {
                total = total.plus(*number)?;
            }
        }
        Ok(total.into())
    }
}

impl Object for TreeRows {
    fn type_name(&self) -> TypeName {
        TypeName::VALUE_TREE_ROWS
    }

    fn call(&self, machine: &mut Machine, name: &Name, arguments: &mut Arguments<'_>) -> Outcome {
        match name.folded.as_ref() {
            "добавить" | "add" => {
                machine.check_size(self.rows.borrow().len())?;
                return Ok(self.add(usize::MAX));
            }
            "вставить" | "insert" => {
                return Ok(self.add(usize::try_from(arguments.integer(0)?).unwrap_or(0)));
            }
            "количество" | "count" => return Ok(self.rows.borrow().len().into()),
            "очистить" | "clear" => self.rows.borrow_mut().clear(),
            "удалить" | "delete" => {
                let place = self.place(&arguments.value(0))?;
                self.rows.borrow_mut().remove(place);
            }
            "получить" | "get" => return self.get_index(machine, &arguments.value(0)),
            "индекс" | "indexof" => {
                let place = self.place(&arguments.value(0));
                return Ok(place.map_or(-1, |place| place as i64).into());
            }
            "найти" | "find" => {
                arguments.expect(1, 3)?;
                let columns = arguments.text_or(1, "")?;
                let found = self.find(&arguments.value(0), &columns, arguments.boolean_or(2, false)?);
                return Ok(found.into_iter().next().map_or(Value::Undefined, |row| Value::Object(row)));
            }
            "найтистроки" | "findrows" => {
                arguments.expect(1, 2)?;
                return self.find_rows(&arguments.value(0), arguments.boolean_or(1, false)?);
            }
            "сортировать" | "sort" => {
                arguments.expect(1, 3)?;
                self.sort(&arguments.text(0)?, arguments.boolean_or(1, false)?)?;
            }
            "итог" | "total" => {
                arguments.expect(1, 2)?;
                return self.total(&arguments.text(0)?, arguments.boolean_or(1, false)?);
            }
            "выгрузитьколонку" | "unloadcolumn" => {
                let column = self.columns.column(&Name::new(&arguments.text(0)?));
                let column = column.ok_or_else(|| messages::wrong_value(1))?;
                let rows = self.rows.borrow();
                machine.charge_items(rows.len());
                let values =
                    rows.iter().map(|row| row.values.borrow().get(column).cloned().unwrap_or_default());
                return Ok(Array::of(values.collect()));
            }
            _ => return Err(messages::no_method(&name.shown)),
        }
        Ok(Value::Undefined)
    }

    fn get_index(&self, _machine: &mut Machine, index: &Value) -> Outcome {
        let place = self.place(&index.resolved())?;
        Ok(Value::Object(self.rows.borrow()[place].clone()))
    }

    fn item(&self, position: usize) -> Outcome<Option<Value>> {
        Ok(self.rows.borrow().get(position).map(|row| Value::Object(row.clone())))
    }
}

impl Drop for TreeRow {
    fn drop(&mut self) {
        memory::end(self.values.take());
        // Rows below may be kept by a collection that code holds.
        if Rc::strong_count(&self.rows) == 1 {
            memory::end(self.rows.take().into_iter().map(|row| Value::Object(row)));
        }
    }
}

impl TreeRow {
    fn below(&self) -> TreeRows {
        TreeRows { columns: self.columns.clone(), parent: Some(self.this.clone()), rows: self.rows.clone() }
    }
}

impl Object for TreeRow {
    fn type_name(&self) -> TypeName {
        TypeName::VALUE_TREE_ROW
    }

    fn trace(&self, tracer: &mut Tracer) {
        if let (Ok(values), Ok(rows)) = (self.values.try_borrow(), self.rows.try_borrow()) {
            tracer.values(values.iter());
            for row in rows.iter() {
                let row: Rc<dyn Object> = row.clone();
                tracer.value(&Value::Object(row));
            }
        }
    }

    fn property_names(&self) -> Vec<Name> {
        self.columns.columns.borrow().iter().map(|column| column.name.clone()).collect()
    }

    fn get(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        if let Some(column) = self.columns.column(name) {
            return Ok(self.values.borrow().get(column).cloned().unwrap_or_default());
        }
        match name.folded.as_ref() {
            "строки" | "rows" => Ok(Value::object(self.below())),
            "родитель" | "parent" => {
                let parent = self.parent.as_ref().and_then(Weak::upgrade);
                Ok(parent.map_or(Value::Undefined, |parent| Value::Object(parent)))
            }
            _ => Err(messages::no_field(&name.shown)),
        }
    }

    fn call(&self, _machine: &mut Machine, name: &Name, _arguments: &mut Arguments<'_>) -> Outcome {
        match name.folded.as_ref() {
            "уровень" | "level" => {
                let mut level = 0_usize;
                let mut above = self.parent.as_ref().and_then(Weak::upgrade);
                while let Some(row) = above {
                    level += 1;
                    above = row.parent.as_ref().and_then(Weak::upgrade);
                }
                Ok(level.into())
            }
            _ => Err(messages::no_method(&name.shown)),
        }
    }

    fn set(&self, _machine: &mut Machine, name: &Name, value: Value) -> Outcome<()> {
        let column = self.columns.column(name).ok_or_else(|| messages::no_field(&name.shown))?;
        let mut values = self.values.borrow_mut();
        if values.len() <= column {
            values.resize(column + 1, Value::Undefined);
        }
        values[column] = value;
        Ok(())
    }
}
