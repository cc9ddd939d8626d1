//! The rows of all tables, with transactions.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::failure::{Failure, Outcome};
use crate::infobase::entity::{Entity, Role};
use crate::machine::Machine;
use crate::query::Table;
use crate::value::Value;

/// A row with the lines of its tabular sections.
#[derive(Debug, Default)]
pub(crate) struct Row {
    pub(crate) values: Rc<Vec<Value>>,
    pub(crate) sections: Vec<Vec<Rc<Vec<Value>>>>,
}

/// Rows by identifier, found by key: code, number, recorder or dimensions.
#[derive(Default)]
pub(crate) struct DataTable {
    rows: BTreeMap<u64, Rc<Row>>,
    last: u64,
    /// Fields of the key.
    pub(crate) key: Vec<usize>,
    index: FxHashMap<Vec<Value>, Vec<u64>>,
    /// The greatest number that was given to a code.
    pub(crate) last_code: i64,
    /// What queries read, until a row changes.
    read: FxHashMap<Option<usize>, Rc<Table>>,
}

impl DataTable {
    pub(crate) fn of(entity: &Entity) -> Self {
        let role = |role| entity.role(role);
        let key = if entity.has_recorder {
            role(Role::Recorder).into_iter().collect()
        } else if entity.kind == metadata::ObjectKind::InformationRegister {
            let is_key = |role| matches!(role, Role::Dimension | Role::Period);
            (0..entity.fields.len()).filter(|place| is_key(entity.fields[*place].role)).collect()
        } else {
            role(Role::Code).into_iter().collect()
        };
        Self { key, ..Self::default() }
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = (u64, &Rc<Row>)> {
        self.rows.iter().map(|(id, row)| (*id, row))
    }

    pub(crate) fn row(&self, id: u64) -> Option<&Rc<Row>> {
        self.rows.get(&id)
    }

    pub(crate) fn new_id(&mut self) -> u64 {
        self.last += 1;
        self.last
    }

    /// Identifiers of the rows with a key.
    pub(crate) fn find(&self, key: &[Value]) -> &[u64] {
        self.index.get(key).map_or(&[], Vec::as_slice)
    }

    fn key_of(&self, row: &Row) -> Vec<Value> {
        self.key.iter().map(|place| row.values.get(*place).cloned().unwrap_or_default()).collect()
    }

    fn put(&mut self, id: u64, row: Option<Rc<Row>>) -> Option<Rc<Row>> {
        self.read.clear();
        self.last = self.last.max(id);
        let old = match &row {
            Some(row) => self.rows.insert(id, row.clone()),
            None => self.rows.remove(&id),
        };
        if let Some(old) = &old {
            let key = self.key_of(old);
            if let Some(ids) = self.index.get_mut(&key) {
                ids.retain(|other| *other != id);
                if ids.is_empty() {
                    self.index.remove(&key);
                }
            }
        }
        if let Some(row) = &row {
            let key = self.key_of(row);
            self.index.entry(key).or_default().push(id);
        }
        old
    }

    /// What queries read of the table, or of one of its sections.
    pub(crate) fn read(&mut self, section: Option<usize>, make: impl FnOnce(&Self) -> Table) -> Rc<Table> {
        if let Some(table) = self.read.get(&section) {
            return table.clone();
        }
        let table = Rc::new(make(self));
        self.read.insert(section, table.clone());
        table
    }
}

/// What a row was before a transaction changed it.
struct Undo {
    table: usize,
    id: u64,
    row: Option<Rc<Row>>,
}

/// All tables, by the number of their entity.
#[derive(Default)]
pub(crate) struct Store {
    pub(crate) tables: Vec<RefCell<DataTable>>,
    undo: RefCell<Vec<Undo>>,
    depth: Cell<usize>,
    is_spoilt: Cell<bool>,
}

impl Store {
    pub(crate) fn of(tables: Vec<RefCell<DataTable>>) -> Self {
        Self { tables, ..Self::default() }
    }

    pub(crate) fn put(&self, table: usize, id: u64, row: Option<Row>) {
        let old = self.tables[table].borrow_mut().put(id, row.map(Rc::new));
        if self.depth.get() > 0 {
            self.undo.borrow_mut().push(Undo { table, id, row: old });
        }
    }

    pub(crate) fn row(&self, table: usize, id: u64) -> Option<Rc<Row>> {
        self.tables.get(table)?.borrow().row(id).cloned()
    }

    pub(crate) fn is_in_transaction(&self) -> bool {
        self.depth.get() > 0
    }

    pub(crate) fn begin(&self) {
        self.depth.set(self.depth.get() + 1);
    }

    pub(crate) fn commit(&self) -> Outcome<()> {
        self.check_active()?;
        self.check_spoilt()?;
        self.leave();
        Ok(())
    }

    /// An inner rollback spoils the outer transactions, which can only be rolled back too.
    pub(crate) fn roll_back(&self) -> Outcome<()> {
        self.check_active()?;
        self.undo_to(0);
        self.is_spoilt.set(true);
        self.leave();
        Ok(())
    }

    /// A session that ended with an open transaction changes nothing.
    pub(crate) fn abandon(&self) {
        self.undo_to(0);
        self.depth.set(1);
        self.leave();
    }

    fn check_active(&self) -> Outcome<()> {
        if self.depth.get() > 0 {
            Ok(())
        } else {
            Err(Failure::runtime("Транзакция не активна"))
        }
    }

    pub(crate) fn check_spoilt(&self) -> Outcome<()> {
        if self.is_spoilt.get() {
            return Err(Failure::runtime("В данной транзакции уже происходили ошибки!"));
        }
        Ok(())
    }

    fn leave(&self) {
        self.depth.set(self.depth.get().saturating_sub(1));
        if self.depth.get() == 0 {
            self.undo.borrow_mut().clear();
            self.is_spoilt.set(false);
        }
    }

    fn undo_to(&self, mark: usize) {
        let undone = self.undo.borrow_mut().split_off(mark);
        for undo in undone.into_iter().rev() {
            self.tables[undo.table].borrow_mut().put(undo.id, undo.row);
        }
    }

    /// Runs a change that happens as a whole or not at all.
    pub(crate) fn atomically<T>(
        &self,
        machine: &mut Machine,
        change: impl FnOnce(&mut Machine) -> Outcome<T>,
    ) -> Outcome<T> {
        self.check_spoilt()?;
        let mark = self.undo.borrow().len();
        self.begin();
        let result = change(machine);
        if result.is_err() {
            self.undo_to(mark.min(self.undo.borrow().len()));
            self.is_spoilt.set(true);
        }
        self.leave();
        result
    }
}
