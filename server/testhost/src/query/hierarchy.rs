//! Values of a grouping as the trees that their parents make.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::failure::{Failure, Outcome};
use crate::machine::Machine;
use crate::name::Name;
use crate::value::Value;

pub(super) type Rows = Vec<Rc<Vec<Value>>>;

/// Folders within folders; real ones need a few.
const MAX_DEPTH: usize = 100;
/// `Родитель` in the language of the configuration.
const PARENT: [&str; 2] = ["Родитель", "Parent"];

/// A value with its own rows and what is below it.
pub(super) struct Branch {
    pub(super) value: Value,
    pub(super) rows: Rows,
    pub(super) children: Vec<usize>,
}

/// All values, in the order in which the rows name them.
#[derive(Default)]
pub(super) struct Forest {
    pub(super) branches: Vec<Branch>,
    pub(super) roots: Vec<usize>,
}

/// Rows by the value of a column, in the order of the rows.
pub(super) fn groups_of(rows: Rows, column: usize) -> Vec<(Value, Rows)> {
    let mut places: FxHashMap<Value, usize> = FxHashMap::default();
    let mut groups: Vec<(Value, Rows)> = Vec::new();
    for row in rows {
        let key = row.get(column).cloned().unwrap_or(Value::Null);
        let place = *places.entry(key.clone()).or_insert_with(|| {
            groups.push((key, Vec::new()));
            groups.len() - 1
        });
        groups[place].1.push(row);
    }
    groups
}

impl Forest {
    pub(super) fn of(machine: &mut Machine, groups: Vec<(Value, Rows)>) -> Outcome<Self> {
        let mut forest = Self::default();
        let mut known: FxHashMap<Value, usize> = FxHashMap::default();
        for (value, rows) in groups {
            let place = forest.place(machine, &mut known, value, 0)?;
            if let Some(branch) = forest.branches.get_mut(place) {
                branch.rows = rows;
            }
        }
        Ok(forest)
    }

    /// The place of a value; its parents get theirs first.
    fn place(
        &mut self,
        machine: &mut Machine,
        known: &mut FxHashMap<Value, usize>,
        value: Value,
        depth: usize,
    ) -> Outcome<usize> {
        if let Some(place) = known.get(&value) {
            return Ok(*place);
        }
        if depth > MAX_DEPTH {
            return Err(Failure::runtime("Вложенность запроса слишком велика"));
        }
        let parent = match parent_of(machine, &value) {
            Some(parent) => Some(self.place(machine, known, parent, depth + 1)?),
            None => None,
        };
        let place = self.branches.len();
        self.branches.push(Branch { value: value.clone(), rows: Vec::new(), children: Vec::new() });
        known.insert(value, place);
        match parent.and_then(|parent| self.branches.get_mut(parent)) {
            Some(parent) => parent.children.push(place),
            None => self.roots.push(place),
        }
        Ok(place)
    }

    /// The rows of a value and of all that is below it.
    pub(super) fn rows_below(&self, root: usize) -> Rows {
        let (mut rows, mut pending) = (Vec::new(), vec![root]);
        while let Some(branch) = pending.pop().and_then(|place| self.branches.get(place)) {
            rows.extend(branch.rows.iter().cloned());
            pending.extend(branch.children.iter().rev());
        }
        rows
    }
}

/// What a reference of a hierarchical table is in.
fn parent_of(machine: &mut Machine, value: &Value) -> Option<Value> {
    let Value::Object(object) = value else { return None };
    let parent = PARENT.iter().find_map(|name| object.query_field(machine, &Name::new(name)).ok())?;
    (parent.type_name() == value.type_name() && parent.is_filled()).then_some(parent)
}
