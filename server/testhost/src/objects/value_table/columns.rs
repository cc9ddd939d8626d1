//! Columns of a table.

use std::rc::Rc;

use super::Data;
use crate::arguments::Arguments;
use crate::failure::{Failure, Outcome, messages};
use crate::machine::Machine;
use crate::name::Name;
use crate::object::Object;
use crate::objects::type_description::TypeDescription;
use crate::types::TypeName;
use crate::value::Value;

#[derive(Clone)]
pub(crate) struct Column {
    pub(crate) name: Name,
    pub(crate) title: Option<Rc<str>>,
    /// `ОписаниеТипов`, or Неопределено for any type.
    pub(crate) value_type: Value,
}

impl Column {
    pub(crate) fn new(name: Name) -> Self {
        Self { name, title: None, value_type: Value::Undefined }
    }

    fn description(&self) -> Option<&TypeDescription> {
        self.value_type.downcast()
    }

    /// What a new row holds here.
    pub(crate) fn initial(&self) -> Value {
        self.description().map(TypeDescription::initial).unwrap_or_default()
    }

    /// A value as a column of this type keeps it.
    pub(crate) fn adjusted(&self, value: Value) -> Value {
        match self.description() {
            Some(description) => description.adjusted(value),
            None => value,
        }
    }
}

/// `Таблица.Колонки`.
pub(crate) struct Columns {
    pub(crate) data: Rc<Data>,
}

impl Columns {
    fn column(&self, index: usize) -> Value {
        match self.data.columns.borrow().get(index) {
            Some(column) => {
                Value::object(ColumnObject { data: self.data.clone(), name: column.name.clone() })
            }
            None => Value::Undefined,
        }
    }

    fn add(&self, place: usize, arguments: &Arguments<'_>, first: usize) -> Outcome {
        let shown = arguments.text_or(first, "")?;
        let length = self.data.columns.borrow().len();
        let name = if shown.is_empty() { format!("Колонка{}", length + 1) } else { shown.to_string() };
        if !Name::is_valid(&name) {
            return Err(Failure::runtime(format!("Недопустимое имя колонки ({name})")));
        }
        let mut column = Column::new(Name::new(&name));
        if self.data.column(&column.name).is_some() {
            return Err(Failure::runtime(format!("Колонка с таким именем уже существует ({name})")));
        }
        column.value_type = arguments.value(first + 1);
        column.title = arguments.is_given(first + 2).then(|| arguments.text(first + 2)).transpose()?;
        let place = place.min(length);
        let initial = column.initial();
        self.data.columns.borrow_mut().insert(place, column);
        for row in self.data.rows.borrow().iter() {
            row.values.borrow_mut().insert(place, initial.clone());
        }
        Ok(self.column(place))
    }

    fn place(&self, given: &Value) -> Outcome<usize> {
        match given {
            Value::Number(number) => {
                let index = number.to_i64().and_then(|index| usize::try_from(index).ok());
                index
                    .filter(|index| *index < self.data.columns.borrow().len())
                    .ok_or_else(messages::out_of_bounds)
            }
            value => {
                let name = match value.downcast::<ColumnObject>() {
                    Some(column) => column.name(),
                    None => Name::new(&value.presentation()),
                };
                self.data.required_column(&name)
            }
        }
    }
}

impl Object for Columns {
    fn type_name(&self) -> TypeName {
        TypeName::VALUE_TABLE_COLUMNS
    }

    fn get(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        let index = self.data.column(name).ok_or_else(|| messages::no_field(&name.shown))?;
        Ok(self.column(index))
    }

    fn call(&self, _machine: &mut Machine, name: &Name, arguments: &mut Arguments<'_>) -> Outcome {
        let moves_others =
            !matches!(name.folded.as_ref(), "добавить" | "add" | "количество" | "count" | "найти" | "find");
        if moves_others && self.data.is_of_tree.get() {
            return Err(Failure::unsupported(format!("Колонки дерева значений: {}", name.shown)));
        }
        match name.folded.as_ref() {
            "добавить" | "add" => return self.add(usize::MAX, arguments, 0),
            "вставить" | "insert" => {
                let place = usize::try_from(arguments.integer(0)?).unwrap_or(0);
                return self.add(place, arguments, 1);
            }
            "количество" | "count" => return Ok(self.data.columns.borrow().len().into()),
            "найти" | "find" => {
                let index = self.data.column(&Name::new(&arguments.text(0)?));
                return Ok(index.map_or(Value::Undefined, |index| self.column(index)));
            }
            "удалить" | "delete" => {
                let place = self.place(&arguments.value(0))?;
                self.data.columns.borrow_mut().remove(place);
                for row in self.data.rows.borrow().iter() {
                    row.values.borrow_mut().remove(place);
                }
            }
            "очистить" | "clear" => {
                self.data.columns.borrow_mut().clear();
                for row in self.data.rows.borrow().iter() {
                    row.values.borrow_mut().clear();
                }
            }
            _ => return Err(messages::no_method(&name.shown)),
        }
        Ok(Value::Undefined)
    }

    fn get_index(&self, _machine: &mut Machine, index: &Value) -> Outcome {
        Ok(self.column(self.place(&index.resolved())?))
    }

    fn item(&self, position: usize) -> Outcome<Option<Value>> {
        let length = self.data.columns.borrow().len();
        Ok((position < length).then(|| self.column(position)))
    }
}

/// One column as code sees it.
pub(super) struct ColumnObject {
    data: Rc<Data>,
    name: Name,
}

impl ColumnObject {
    pub(super) fn name(&self) -> Name {
        self.name.clone()
    }
}

impl Object for ColumnObject {
    fn type_name(&self) -> TypeName {
        TypeName::VALUE_TABLE_COLUMN
    }

    fn key(&self) -> Option<String> {
        Some(format!("{:p}.{}", Rc::as_ptr(&self.data), self.name.folded))
    }

    fn is_equal(&self, other: &dyn Object) -> bool {
        self.key() == other.key()
    }

    fn get(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        let columns = self.data.columns.borrow();
        let column = columns.iter().find(|column| column.name == self.name);
        Ok(match (name.folded.as_ref(), column) {
            ("имя" | "name", _) => self.name.shown.as_ref().into(),
            ("заголовок" | "title", Some(column)) => {
                Value::Text(column.title.clone().unwrap_or_else(|| column.name.shown.clone()))
            }
            ("типзначения" | "valuetype", Some(column)) => match &column.value_type {
                Value::Undefined => Value::object(TypeDescription::default()),
                description => description.clone(),
            },
            _ => return Err(messages::no_field(&name.shown)),
        })
    }

    fn set(&self, _machine: &mut Machine, name: &Name, value: Value) -> Outcome<()> {
        let mut columns = self.data.columns.borrow_mut();
        let column = columns.iter_mut().find(|column| column.name == self.name);
        match (name.folded.as_ref(), column) {
            ("заголовок" | "title", Some(column)) => column.title = Some(value.presentation()),
            _ => return Err(messages::read_only(&name.shown)),
        }
        Ok(())
    }
}

/// `Таблица.Индексы`: searches need none here.
pub(super) struct Indexes;

impl Object for Indexes {
    fn type_name(&self) -> TypeName {
        TypeName::VALUE_TABLE_INDEXES
    }

    fn call(&self, _machine: &mut Machine, name: &Name, _arguments: &mut Arguments<'_>) -> Outcome {
        match name.folded.as_ref() {
            "добавить" | "add" | "удалить" | "delete" | "очистить" | "clear" => {
                Ok(Value::Undefined)
            }
            _ => Err(messages::no_method(&name.shown)),
        }
    }
}
