//! `Запрос`, its result and the walk over it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::arguments::Arguments;
use crate::failure::{Failure, Outcome, messages};
use crate::machine::Machine;
use crate::name::Name;
use crate::object::Object;
use crate::objects::enumeration::{enumeration_value, value_name};
use crate::objects::value_tree::ValueTree;
use crate::objects::{Array, Structure, ValueTable};
use crate::query::totals::Walk;
use crate::query::{Run, Table, TemporaryTables, parse};
use crate::types::TypeName;
use crate::value::Value;

#[derive(Default)]
struct Query {
    text: RefCell<Rc<str>>,
    parameters: RefCell<FxHashMap<Rc<str>, Value>>,
    manager: RefCell<Value>,
}

/// `МенеджерВременныхТаблиц`.
#[derive(Default)]
struct TablesManager {
    tables: TemporaryTables,
}

/// `РезультатЗапроса`.
struct QueryResult {
    table: Rc<Table>,
}

/// `ВыборкаИзРезультатаЗапроса`: stands before the first row until `Следующий` is called.
struct Selection {
    table: Rc<Table>,
    /// Places of the rows of a walk over groups; `None` for all rows.
    places: Option<Vec<usize>>,
    next: Cell<usize>,
}

/// The function behind `Новый Запрос` and `Новый МенеджерВременныхТаблиц`.
pub(crate) fn construct(name: &Name) -> Option<crate::builtins::Function> {
    match name.folded.as_ref() {
        "запрос" | "query" => Some(|_, arguments| {
            let query = Query::default();
            *query.text.borrow_mut() = arguments.text_or(0, "")?;
            Ok(Value::object(query))
        }),
        "менеджервременныхтаблиц" | "temptablesmanager" => {
            Some(|_, _| Ok(Value::object(TablesManager::default())))
        }
        _ => None,
    }
}

impl Query {
    fn run(&self, machine: &mut Machine) -> Outcome<Vec<Rc<Table>>> {
        let text = self.text.borrow().clone();
        let tree = parse(&text)?;
        let parameters = self.parameters.borrow().clone();
        let manager = self.manager.borrow().clone();
        let temporary =
            manager.downcast::<TablesManager>().map(|manager| manager.tables.clone()).unwrap_or_default();
        Run { text: &text, tree: &tree, parameters: &parameters, temporary: &temporary }.package(machine)
    }
}

impl Object for Query {
    fn type_name(&self) -> TypeName {
        TypeName::QUERY
    }

    fn get(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        Ok(match name.folded.as_ref() {
            "текст" | "text" => Value::Text(self.text.borrow().clone()),
            "менеджервременныхтаблиц" | "temptablesmanager" => {
                self.manager.borrow().clone()
            }
            "параметры" | "parameters" => {
                let parameters = self.parameters.borrow();
                let mut fields: Vec<_> =
                    parameters.iter().map(|(name, value)| (Name::new(name), value.clone())).collect();
                fields.sort_by(|left, right| left.0.folded.cmp(&right.0.folded));
                Structure::of(fields)
            }
            _ => return Err(messages::no_field(&name.shown)),
        })
    }

    fn set(&self, _machine: &mut Machine, name: &Name, value: Value) -> Outcome<()> {
        match name.folded.as_ref() {
            "текст" | "text" => *self.text.borrow_mut() = value.presentation(),
            "менеджервременныхтаблиц" | "temptablesmanager" => {
                *self.manager.borrow_mut() = value
            }
            _ => return Err(messages::no_field(&name.shown)),
        }
        Ok(())
    }

    fn call(&self, machine: &mut Machine, name: &Name, arguments: &mut Arguments<'_>) -> Outcome {
        let called = name.shown.clone();
        match name.folded.as_ref() {
            "установитьпараметр" | "setparameter" => {
                arguments.expect(1, 2)?;
                let name = Name::new(&arguments.text(0)?);
                self.parameters.borrow_mut().insert(name.folded, arguments.value(1));
                Ok(Value::Undefined)
            }
            "выполнить" | "execute" => {
                let results = self.run(machine).map_err(|failure| failure.in_context_method(&called))?;
                let table = results.into_iter().next_back().unwrap_or_default();
                Ok(Value::object(QueryResult { table }))
            }
            "выполнитьпакет" | "executebatch" => {
                let results = self.run(machine).map_err(|failure| failure.in_context_method(&called))?;
                Ok(Array::of(results.into_iter().map(|table| Value::object(QueryResult { table })).collect()))
            }
            _ => Err(messages::no_method(&name.shown)),
        }
    }
}

impl Object for TablesManager {
    fn type_name(&self) -> TypeName {
        TypeName::made("МенеджерВременныхТаблиц", "TempTablesManager")
    }

    fn call(&self, _machine: &mut Machine, name: &Name, _arguments: &mut Arguments<'_>) -> Outcome {
        match name.folded.as_ref() {
            "закрыть" | "close" => {
                self.tables.borrow_mut().clear();
                Ok(Value::Undefined)
            }
            _ => Err(messages::no_method(&name.shown)),
        }
    }
}

pub(crate) fn value_table(table: &Table) -> ValueTable {
    let values = ValueTable::with_columns(table.columns.iter().map(|name| name.shown.as_ref()));
    for row in &table.rows {
        values.push_row(row.as_ref().clone());
    }
    values
}

impl Object for QueryResult {
    fn type_name(&self) -> TypeName {
        TypeName::QUERY_RESULT
    }

    fn get(&self, machine: &mut Machine, name: &Name) -> Outcome {
        match name.folded.as_ref() {
            "колонки" | "columns" => {
                let empty = Table { columns: self.table.columns.clone(), ..Table::default() };
                value_table(&empty).get(machine, name)
            }
            _ => Err(messages::no_field(&name.shown)),
        }
    }

    fn call(&self, machine: &mut Machine, name: &Name, arguments: &mut Arguments<'_>) -> Outcome {
        match name.folded.as_ref() {
            "пустой" | "isempty" => Ok(self.table.rows.is_empty().into()),
            "выгрузить" | "unload" => {
                machine.charge_items(self.table.rows.len() * (self.table.columns.len() + 2));
                if let Some(walk) = walk(&arguments.value(0))? {
                    return Ok(value_tree(&self.table, walk));
                }
                Ok(Value::object(value_table(&self.table)))
            }
            "выбрать" | "select" => selected(&self.table, None, arguments),
            _ => Err(messages::no_method(&name.shown)),
        }
    }
}

impl Object for Selection {
    fn type_name(&self) -> TypeName {
        TypeName::QUERY_SELECTION
    }

    fn property_names(&self) -> Vec<Name> {
        self.table.columns.clone()
    }

    fn get(&self, _machine: &mut Machine, name: &Name) -> Outcome {
        let column = self.table.column(name);
        let column = column.ok_or_else(|| messages::no_field(&name.shown))?;
        let row = self.current().and_then(|place| self.table.rows.get(place));
        Ok(row.and_then(|row| row.get(column)).cloned().unwrap_or_default())
    }

    fn call(&self, machine: &mut Machine, name: &Name, arguments: &mut Arguments<'_>) -> Outcome {
        match name.folded.as_ref() {
            "следующий" | "next" => {
                let place = self.next.get();
                let has_row = place < self.len();
                self.next.set(if has_row { place + 1 } else { self.len() + 1 });
                Ok(has_row.into())
            }
            "количество" | "count" => Ok(self.len().into()),
            "выбрать" | "select" if !self.table.marks.is_empty() => {
                let parent = self.current().ok_or_else(|| Failure::runtime("Выборка не позиционирована"))?;
                selected(&self.table, Some(parent), arguments)
            }
            "группировка" | "group" => {
                let mark = self.current().and_then(|place| self.table.marks.get(place));
                let grouping = mark.and_then(|mark| mark.grouping.as_ref());
                Ok(grouping.map_or("".into(), |name| name.shown.as_ref().into()))
            }
            "уровень" | "level" => {
                let mark = self.current().and_then(|place| self.table.marks.get(place));
                Ok(mark.map_or(0, |mark| mark.level).into())
            }
            "типзаписи" | "recordtype" => {
                let mark = self.current().and_then(|place| self.table.marks.get(place));
                let kind = match mark.map(|mark| &mark.grouping) {
                    Some(Some(name)) if name.shown.is_empty() => "ОбщийИтог",
                    Some(Some(_)) if mark.is_some_and(|mark| mark.is_folder) => "ИтогПоИерархии",
                    Some(Some(_)) => "ИтогПоГруппировке",
                    _ => "ДетальнаяЗапись",
                };
                Ok(enumeration_value("ТипЗаписиЗапроса", kind))
            }
            "сбросить" | "reset" => {
                self.next.set(0);
                Ok(Value::Undefined)
            }
            "найтиследующий" | "findnext" => {
                arguments.expect(1, 2)?;
                let Some(wanted) = arguments.value(0).downcast::<Structure>().map(Structure::property_names)
                else {
                    return Err(messages::wrong_type(1));
                };
                let filter = arguments.value(0);
                for place in self.next.get()..self.len() {
                    let row = &self.table.rows[self.row(place)];
                    let fits = wanted.iter().all(|name| {
                        let column = self.table.columns.iter().position(|column| column == name);
                        let value = filter.downcast::<Structure>().and_then(|filter| filter.field(name));
                        column.and_then(|column| row.get(column)) == value.as_ref()
                    });
                    if fits {
                        self.next.set(place + 1);
                        return Ok(true.into());
                    }
                }
                Ok(false.into())
            }
            // A selection of objects knows what its references know: `ПолучитьОбъект`.
            _ => match self.get(machine, &Name::new("Ссылка")) {
                Ok(Value::Object(reference)) => reference.call(machine, name, arguments),
                _ => Err(messages::no_method(&name.shown)),
            },
        }
    }
}

/// A walk over a table.
pub(crate) fn selection_of(table: Rc<Table>) -> Value {
    Value::object(Selection { table, places: None, next: Cell::new(0) })
}

/// `None` for a walk over all rows.
fn walk(mode: &Value) -> Outcome<Option<Walk>> {
    match value_name(mode) {
        None | Some("Прямой") => Ok(None),
        Some("ПоГруппировкам") => Ok(Some(Walk::Groups)),
        Some("ПоГруппировкамСИерархией") => Ok(Some(Walk::Hierarchy)),
        Some(other) => Err(Failure::unsupported(format!("ОбходРезультатаЗапроса.{other}"))),
    }
}

/// `Выбрать(ТипОбхода, Группировки)` of a result, or of the row that a selection stands on.
fn selected(table: &Rc<Table>, parent: Option<usize>, arguments: &Arguments<'_>) -> Outcome {
    let grouping = arguments.text_or(1, "")?;
    let walk = walk(&arguments.value(0))?.or(parent.map(|_| Walk::Groups));
    let places = walk.map(|walk| {
        let grouping = (!grouping.is_empty()).then(|| Name::new(&grouping));
        table.below(parent, grouping.as_ref(), walk)
    });
    // Without totals there are no groups, and the walk goes over all rows.
    let places = places.filter(|_| !table.marks.is_empty());
    Ok(Value::object(Selection { table: table.clone(), places, next: Cell::new(0) }))
}

/// The result as a tree: rows of totals with the rows below them.
fn value_tree(table: &Table, walk: Walk) -> Value {
    let tree = ValueTree::with_columns(table.columns.clone());
    let mut above = Vec::new();
    for (place, row) in table.rows.iter().enumerate() {
        let level = table.marks.get(place).map_or(0, |mark| match walk {
            Walk::Groups => mark.number,
            Walk::Hierarchy => mark.level,
        });
        above.truncate(level);
        let added = tree.add_row(above.last(), row.as_ref().clone());
        above.push(added);
    }
    Value::object(tree)
}

impl Selection {
    fn len(&self) -> usize {
        self.places.as_ref().map_or(self.table.rows.len(), Vec::len)
    }

    /// Place in the table of a row of the walk.
    fn row(&self, place: usize) -> usize {
        self.places.as_ref().map_or(place, |places| places[place])
    }

    /// Place in the table of the row that the walk stands on.
    fn current(&self) -> Option<usize> {
        let place = self.next.get().checked_sub(1)?;
        (place < self.len()).then(|| self.row(place))
    }
}
