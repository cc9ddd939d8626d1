//! `ДеревоЗначений`: rows with rows below them; all of them share the columns.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use crate::arguments::Arguments;
use crate::failure::{Outcome, messages};
use crate::machine::Machine;
use crate::name::Name;
use crate::object::Object;
use crate::objects::Array;
use crate::objects::value_table::{Columns, Data};
use crate::types::TypeName;
use crate::value::Value;

/// The columns are those of a table without rows.
#[derive(Default)]
pub struct ValueTree {
    columns: Rc<Data>,
    rows: Rc<RefCell<Vec<Rc<TreeRow>>>>,
}

struct TreeRow {
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
        let row = Rc::new_cyclic(|this| TreeRow {
            this: this.clone(),
            columns: self.columns.clone(),
            parent: self.parent.clone(),
            values: RefCell::default(),
            rows: Rc::default(),
        });
        let mut rows = self.rows.borrow_mut();
        let place = place.min(rows.len());
        rows.insert(place, row.clone());
        Value::Object(row)
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
    fn find(&self, wanted: &Value, columns: &str, is_deep: bool, found: &mut Vec<Value>) {
        let names = crate::builtins::name_list(columns);
        for row in self.rows.borrow().iter() {
            let fits = self.columns.columns.borrow().iter().enumerate().any(|(index, column)| {
                let is_asked = names.is_empty() || names.contains(&column.name);
                is_asked && row.values.borrow().get(index).is_some_and(|value| value == wanted)
            });
            if fits {
                found.push(Value::Object(row.clone()));
            }
            if is_deep {
                row.below().find(wanted, columns, true, found);
            }
        }
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
                let mut found = Vec::new();
                let columns = arguments.text_or(1, "")?;
                self.find(&arguments.value(0), &columns, arguments.boolean_or(2, false)?, &mut found);
                return Ok(found.into_iter().next().unwrap_or_default());
            }
            "выгрузитьколонку" | "unloadcolumn" => {
                let column = self.columns.column(&Name::new(&arguments.text(0)?));
                let column = column.ok_or_else(|| messages::wrong_value(1))?;
                let rows = self.rows.borrow();
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

impl TreeRow {
    fn below(&self) -> TreeRows {
        TreeRows { columns: self.columns.clone(), parent: Some(self.this.clone()), rows: self.rows.clone() }
    }
}

impl Object for TreeRow {
    fn type_name(&self) -> TypeName {
        TypeName::VALUE_TREE_ROW
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
