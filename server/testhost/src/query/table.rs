//! A table in memory, with indexes that are made when a condition asks for one.

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;
use syntax::QueryTokenKind;

use crate::name::Name;
use crate::query::expression::Expression;
use crate::query::totals::Mark;
use crate::value::Value;

/// Tables with fewer rows are searched from the first to the last.
const MIN_INDEXED_ROWS: usize = 16;

/// Places of rows by the value of a column.
type Index = Rc<FxHashMap<Value, Vec<usize>>>;

/// Columns and rows. The rows never change once the table is read.
#[derive(Clone, Debug, Default)]
pub struct Table {
    pub columns: Vec<Name>,
    pub rows: Vec<Rc<Vec<Value>>>,
    /// Names of the columns in the other language; empty if they have none.
    pub(crate) other_names: Vec<Name>,
    pub(crate) indexes: RefCell<FxHashMap<usize, Index>>,
    /// What each row is, if the query asked for totals.
    pub(crate) marks: Vec<Mark>,
}

impl Table {
    /// Number of a column by one of its names.
    pub(crate) fn column(&self, name: &Name) -> Option<usize> {
        let find = |names: &[Name]| names.iter().position(|column| column == name);
        find(&self.columns).or_else(|| find(&self.other_names))
    }

    /// Places of the rows that may fulfil a condition over this table alone.
    pub(super) fn candidates(&self, condition: &Expression) -> Vec<usize> {
        if self.rows.len() < MIN_INDEXED_ROWS {
            return (0..self.rows.len()).collect();
        }
        match equality(condition) {
            Some((column, value)) => self.index(column).get(value).cloned().unwrap_or_default(),
            None => (0..self.rows.len()).collect(),
        }
    }

    fn index(&self, column: usize) -> Index {
        if let Some(index) = self.indexes.borrow().get(&column) {
            return index.clone();
        }
        let mut index: FxHashMap<Value, Vec<usize>> = FxHashMap::default();
        for (place, row) in self.rows.iter().enumerate() {
            index.entry(row.get(column).cloned().unwrap_or(Value::Null)).or_default().push(place);
        }
        let index = Rc::new(index);
        self.indexes.borrow_mut().insert(column, index.clone());
        index
    }
}

/// A column that must be equal to a value.
fn equality(condition: &Expression) -> Option<(usize, &Value)> {
    let Expression::Binary(sign, left, right) = condition else { return None };
    match (sign, left.as_ref(), right.as_ref()) {
        (QueryTokenKind::And, left, right) => equality(left).or_else(|| equality(right)),
        (QueryTokenKind::Equal, Expression::Field { column, .. }, Expression::Constant(value))
        | (QueryTokenKind::Equal, Expression::Constant(value), Expression::Field { column, .. }) => {
            Some((*column, value))
        }
        _ => None,
    }
}
