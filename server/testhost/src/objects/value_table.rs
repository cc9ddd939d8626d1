//! `ТаблицаЗначений`: columns and rows. A row is an object of its own and keeps its values when it is moved.

mod columns;
mod grouping;
mod rows;
mod shape;

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

pub(crate) use self::columns::{Column, Columns};
pub(crate) use self::shape::Shape;

use crate::arguments::Arguments;
use crate::builtins::name_list;
use crate::failure::{Outcome, messages};
use crate::machine::{Machine, Tracer};
use crate::name::Name;
use crate::object::Object;
use crate::objects::{Array, Structure};
use crate::types::TypeName;
use crate::value::Value;

/// What a table and its rows share.
#[derive(Default)]
pub(crate) struct Data {
    pub(crate) columns: Rc<RefCell<Vec<Column>>>,
    pub(crate) rows: RefCell<Vec<Rc<Row>>>,
    /// The rows are those of a tree, which are not here.
    pub(crate) is_of_tree: Cell<bool>,
    /// What the lines of a tabular section have besides.
    pub(crate) shape: Rc<std::cell::OnceCell<Shape>>,
}

#[derive(Default)]
pub struct ValueTable {
    pub(crate) data: Rc<Data>,
}

/// `СтрокаТаблицыЗначений`.
pub struct Row {
    data: Weak<Data>,
    /// The columns live as long as a row of theirs.
    columns: Rc<RefCell<Vec<Column>>>,
    shape: Rc<std::cell::OnceCell<Shape>>,
    pub(crate) values: RefCell<Vec<Value>>,
}

/// Place of a column by one of its names.
fn column_of(columns: &[Column], shape: Option<&Shape>, name: &Name) -> Option<usize> {
    let found = columns.iter().position(|column| column.name == *name);
    found.or_else(|| shape?.other_names.iter().position(|other| other == name))
}

impl Data {
    pub(crate) fn column(&self, name: &Name) -> Option<usize> {
        column_of(&self.columns.borrow(), self.shape.get(), name)
    }

    fn required_column(&self, name: &Name) -> Outcome<usize> {
        self.column(name).ok_or_else(|| {
            crate::failure::Failure::runtime(format!(
                "Колонка с указанным именем не найдена ({})",
                name.shown
            ))
        })
    }

    /// Columns of a list of names, all of them if it is empty.
    fn columns_of(&self, list: &str) -> Outcome<Vec<usize>> {
        let names = name_list(list);
        if names.is_empty() {
            return Ok((0..self.columns.borrow().len()).collect());
        }
        names.iter().map(|name| self.required_column(name)).collect()
    }
}

impl ValueTable {
    /// A table with columns of these names.
    pub fn with_columns<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let table = Self::default();
        table.data.columns.borrow_mut().extend(names.into_iter().map(|name| Column::new(Name::new(name))));
        table
    }

    pub fn push_row(&self, values: Vec<Value>) {
        let mut values = values;
        values.extend(self.data.columns.borrow().iter().skip(values.len()).map(Column::initial));
        let row = rows::row_of(self, values);
        self.data.rows.borrow_mut().push(row);
    }

    pub fn column_names(&self) -> Vec<Name> {
        self.data.columns.borrow().iter().map(|column| column.name.clone()).collect()
    }

    /// Values of the rows, for whoever reads a table from outside.
    pub fn rows(&self) -> Vec<Vec<Value>> {
        self.data.rows.borrow().iter().map(|row| row.values.borrow().clone()).collect()
    }

    fn row_value(row: &Rc<Row>) -> Value {
        Value::Object(row.clone())
    }

    /// Place of a row that is given itself or by its number.
    fn place(&self, given: &Value) -> Outcome<usize> {
        let rows = self.data.rows.borrow();
        let found = match given {
            Value::Number(number) => number.to_i64().and_then(|place| usize::try_from(place).ok()),
            Value::Object(object) => {
                rows.iter().position(|row| std::ptr::addr_eq(Rc::as_ptr(row), Rc::as_ptr(object)))
            }
            _ => None,
        };
        found.filter(|place| *place < rows.len()).ok_or_else(messages::out_of_bounds)
    }

    /// Rows whose columns hold the values of a structure, or those of an array of rows.
    fn chosen_rows(&self, filter: &Value) -> Outcome<Vec<Rc<Row>>> {
        if let Some(list) = filter.downcast::<Array>() {
            let rows = self.data.rows.borrow();
            return list.values().iter().map(|row| Ok(rows[self.place(row)?].clone())).collect();
        }
        let Some(structure) = filter.downcast::<Structure>() else {
            return Ok(self.data.rows.borrow().clone());
        };
        let mut wanted = Vec::new();
        for name in structure.property_names() {
            let value = structure.field(&name).unwrap_or_default();
            wanted.push((self.data.required_column(&name)?, value));
        }
        let rows = self.data.rows.borrow();
        let fits = |row: &&Rc<Row>| {
            let values = row.values.borrow();
            wanted.iter().all(|(column, value)| values[*column] == *value)
        };
        Ok(rows.iter().filter(fits).cloned().collect())
    }

    fn copy(&self, filter: &Value, columns: &str) -> Outcome<Self> {
        let columns = self.data.columns_of(columns)?;
        let copy = Self::default();
        let kept = columns.iter().map(|index| self.data.columns.borrow()[*index].clone()).collect();
        copy.data.columns.replace(kept);
        for row in self.chosen_rows(filter)? {
            let values = row.values.borrow();
            copy.push_row(columns.iter().map(|index| values[*index].clone()).collect());
        }
        Ok(copy)
    }

    fn find(&self, wanted: &Value, columns: &str) -> Outcome {
        let columns = self.data.columns_of(columns)?;
        let rows = self.data.rows.borrow();
        let fits = |row: &&Rc<Row>| {
            let values = row.values.borrow();
            columns.iter().any(|column| values[*column] == *wanted)
        };
        Ok(rows.iter().find(fits).map_or(Value::Undefined, Self::row_value))
    }

    fn total(&self, column: &str) -> Outcome {
        let column = self.data.required_column(&Name::new(column))?;
        let mut total = crate::number::Number::ZERO;
        for row in self.data.rows.borrow().iter() {
            if let Value::Number(number) = &row.values.borrow()[column] {
                total = total.plus(*number)?;
            }
        }
        Ok(total.into())
    }
}

pub(super) fn construct(_: &mut Machine, arguments: &mut Arguments<'_>) -> Outcome {
    arguments.expect(0, 0)?;
    Ok(Value::object(ValueTable::default()))
}

impl Object for ValueTable {
    fn type_name(&self) -> TypeName {
        TypeName::VALUE_TABLE
    }

    fn is_filled(&self) -> bool {
        !self.data.rows.borrow().is_empty()
    }

    fn trace(&self, tracer: &mut Tracer) {
        if let Ok(rows) = self.data.rows.try_borrow() {
            for row in rows.iter() {
                row.trace_once(tracer);
            }
        }
    }

    fn get(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        match name.folded.as_ref() {
            "колонки" | "columns" => Ok(Value::object(Columns { data: self.data.clone() })),
            "индексы" | "indexes" => Ok(Value::object(columns::Indexes)),
            _ => Err(messages::no_field(&name.shown)),
        }
    }

    fn call(&self, machine: &mut Machine, name: &Name, arguments: &mut Arguments<'_>) -> Outcome {
        match name.folded.as_ref() {
            "добавить" | "add" => {
                machine.check_size(self.data.rows.borrow().len())?;
                self.push_row(Vec::new());
                return Ok(self.data.rows.borrow().last().map_or(Value::Undefined, Self::row_value));
            }
            "вставить" | "insert" => return self.insert_row(arguments.integer(0)?),
            "количество" | "count" => return Ok(self.data.rows.borrow().len().into()),
            "очистить" | "clear" => self.data.rows.borrow_mut().clear(),
            "удалить" | "delete" => {
                arguments.expect(1, 1)?;
                let place = self.place(&arguments.value(0))?;
                self.data.rows.borrow_mut().remove(place);
            }
            "получить" | "get" => return self.get_index(machine, &arguments.value(0)),
            "индекс" | "indexof" => {
                let place = self.place(&arguments.value(0));
                return Ok(place.map_or(-1, |place| place as i64).into());
            }
            "найти" | "find" => {
                arguments.expect(1, 2)?;
                machine.work(self.data.rows.borrow().len());
                return self.find(&arguments.value(0), &arguments.text_or(1, "")?);
            }
            "найтистроки" | "findrows" => {
                arguments.expect(1, 1)?;
                machine.work(self.data.rows.borrow().len());
                let rows = self.chosen_rows(&arguments.value(0))?;
                machine.charge_items(rows.len());
                return Ok(Array::of(rows.iter().map(Self::row_value).collect()));
            }
            "скопировать" | "copy" => {
                let copy = self.copy(&arguments.value(0), &arguments.text_or(1, "")?)?;
                machine.charge_items(copy.data.rows.borrow().len() * (copy.data.columns.borrow().len() + 2));
                return Ok(Value::object(copy));
            }
            "скопироватьколонки" | "copycolumns" => {
                let copy = self.copy(&Array::of(Vec::new()), &arguments.text_or(0, "")?)?;
                return Ok(Value::object(copy));
            }
            "итог" | "total" => return self.total(&arguments.text(0)?),
            "выгрузитьколонку" | "unloadcolumn" => {
                machine.charge_items(self.data.rows.borrow().len());
                return self.unload_column(&arguments.value(0));
            }
            "загрузитьколонку" | "loadcolumn" => {
                self.load_column(&arguments.value(0), &arguments.value(1))?
            }
            "заполнитьзначения" | "fillvalues" => {
                let columns = self.data.columns_of(&arguments.text_or(1, "")?)?;
                for row in self.data.rows.borrow().iter() {
                    for column in &columns {
                        row.values.borrow_mut()[*column] = arguments.value(0);
                    }
                }
            }
            "сортировать" | "sort" => self.sort(&arguments.text(0)?)?,
            "свернуть" | "groupby" => self.group(&arguments.text(0)?, &arguments.text_or(1, "")?)?,
            "сдвинуть" | "move" => self.move_row(&arguments.value(0), arguments.integer(1)?)?,
            _ => return Err(messages::no_method(&name.shown)),
        }
        Ok(Value::Undefined)
    }

    fn get_index(&self, _machine: &mut Machine, index: &Value) -> Outcome {
        let place = self.place(&index.resolved())?;
        Ok(Self::row_value(&self.data.rows.borrow()[place]))
    }

    fn item(&self, position: usize) -> Outcome<Option<Value>> {
        Ok(self.data.rows.borrow().get(position).map(Self::row_value))
    }
}
