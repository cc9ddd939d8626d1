//! `Свернуть`: rows with equal values become one, numbers are summed up.

use rustc_hash::FxHashMap;

use super::ValueTable;
use super::rows::row_of;
use crate::failure::Outcome;
use crate::number::Number;
use crate::value::Value;

impl ValueTable {
    pub(super) fn group(&self, keys: &str, sums: &str) -> Outcome<()> {
        let keys = if keys.trim().is_empty() { Vec::new() } else { self.data.columns_of(keys)? };
        let sums = if sums.trim().is_empty() { Vec::new() } else { self.data.columns_of(sums)? };
        let mut places: FxHashMap<Vec<Value>, usize> = FxHashMap::default();
        let mut groups: Vec<(Vec<Value>, Vec<Number>)> = Vec::new();
        for row in self.data.rows.borrow().iter() {
            let values = row.values.borrow();
            let key: Vec<Value> = keys.iter().map(|column| values[*column].clone()).collect();
            let place = *places.entry(key.clone()).or_insert_with(|| {
                groups.push((key, vec![Number::ZERO; sums.len()]));
                groups.len() - 1
            });
            for (total, column) in groups[place].1.iter_mut().zip(&sums) {
                if let Value::Number(number) = &values[*column] {
                    *total = total.plus(*number)?;
                }
            }
        }
        let columns = self.data.columns.borrow();
        let kept = keys.iter().chain(&sums).map(|index| columns[*index].clone()).collect();
        drop(columns);
        self.data.columns.replace(kept);
        let rows = groups.into_iter().map(|(mut values, totals)| {
            values.extend(totals.into_iter().map(Value::Number));
            row_of(self, values)
        });
        let rows = rows.collect();
        self.data.rows.replace(rows);
        Ok(())
    }
}
