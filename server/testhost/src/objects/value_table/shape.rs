//! What tables of values share with tabular sections and record sets: columns with types and second names.

use super::{Row, ValueTable};
use crate::name::Name;
use crate::object::Object;
use crate::types::TypeName;
use crate::value::Value;

/// Columns of a tabular section or of a register.
pub(crate) struct Shape {
    /// Names of the columns in the other language.
    pub(crate) other_names: Vec<Name>,
    pub(crate) row_type: TypeName,
    /// Brings a value to the type of a column.
    pub(crate) adjust: Box<dyn Fn(usize, Value) -> Value>,
}

impl Row {
    /// The value as the column keeps it.
    pub(super) fn adjusted(&self, column: usize, value: Value) -> Value {
        match self.shape.get() {
            Some(shape) => (shape.adjust)(column, value),
            None => value,
        }
    }
}

impl ValueTable {
    /// Makes the table a tabular section; done once, before it has rows.
    pub(crate) fn set_shape(&self, shape: Shape) {
        let _ = self.data.shape.set(shape);
    }

    pub(crate) fn len(&self) -> usize {
        self.data.rows.borrow().len()
    }

    pub(crate) fn clear(&self) {
        self.data.rows.borrow_mut().clear();
    }

    pub(crate) fn column(&self, name: &Name) -> Option<usize> {
        self.data.column(name)
    }

    pub(crate) fn last_row(&self) -> Value {
        self.item(self.len().wrapping_sub(1)).ok().flatten().unwrap_or_default()
    }

    pub(crate) fn fill_row(&self, row: &Value, values: &[Value]) {
        if let Some(row) = row.downcast::<Row>() {
            row.values.replace(values.to_vec());
        }
    }

    /// Counts the rows in a column, from one.
    pub(crate) fn number_rows(&self, column: usize) {
        for (place, row) in self.data.rows.borrow().iter().enumerate() {
            if let Some(value) = row.values.borrow_mut().get_mut(column) {
                *value = Value::from(place + 1);
            }
        }
    }
}
