//! The order of values of any types, for sorting.

use std::cmp::Ordering;

use crate::machine::operators::compare;
use crate::value::Value;

/// Sorts by keys, each with whether it is descending; equal items keep their order.
pub(crate) fn sort_by<T>(items: &mut [T], keys: impl Fn(&T) -> Vec<(Value, bool)>) {
    items.sort_by_cached_key(|item| Keys(keys(item)));
}

struct Keys(Vec<(Value, bool)>);

impl PartialEq for Keys {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Keys {}

impl PartialOrd for Keys {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Keys {
    fn cmp(&self, other: &Self) -> Ordering {
        let orders = self.0.iter().zip(&other.0).map(|((left, is_descending), (right, _))| {
            let order = order(left, right);
            if *is_descending { order.reverse() } else { order }
        });
        orders.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }
}

/// Values of one type by value, others by the rank of their types.
pub(crate) fn order(left: &Value, right: &Value) -> Ordering {
    compare(left, right).unwrap_or_else(|_| {
        let by_rank = rank(left).cmp(&rank(right));
        by_rank.then_with(|| left.presentation().cmp(&right.presentation()))
    })
}

fn rank(value: &Value) -> u8 {
    match value {
        Value::Undefined | Value::Omitted => 0,
        Value::Null => 1,
        Value::Boolean(_) => 2,
        Value::Number(_) => 3,
        Value::Date(_) => 4,
        Value::Text(_) => 5,
        Value::Type(_) => 6,
        Value::Object(_) | Value::Reference(_) => 7,
    }
}
